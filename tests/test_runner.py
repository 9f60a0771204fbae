"""The runner: the same files whatever the concurrency and the kills; three counts that add up."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from typing import Any

import orjson
import pytest

from toolace.errors import ReplyError, UserMistake
from toolace.runner import Counts, Plan, run_stage
from toolace.shards import Settled, StageFolder


class Squares:
    """A stage whose attempts take odd times; multiples of seven are rejected, `broken` ones errored."""

    name = "squares"

    def __init__(self, target: int, broken: frozenset[int] = frozenset(), crash_at: int | None = None):
        self.target, self.broken, self.crash_at = target, broken, crash_at
        self.seen: set[int] = set()
        self.attempted: list[int] = []

    def job(self, index: int) -> int | None:
        return index if index < 10_000 else None

    def horizon(self, settled: int) -> int | None:
        return (settled // 8 + 1) * 8

    async def attempt(self, index: int, job: int, ask: Any) -> int:
        self.attempted.append(index)
        await asyncio.sleep(random.random() / 500)
        if index in self.broken:
            raise ReplyError("no valid reply")
        return job * job

    def settle(self, index: int, job: int, result: int) -> Settled:
        if index == self.crash_at:
            raise KeyboardInterrupt
        if index % 7 == 0:
            return Settled(index, "rejected", "seventh")
        self.seen.add(result)
        return Settled(index, "kept", line=orjson.dumps({"square": result, "seen": len(self.seen)}))

    def restore(self, settled: Settled) -> None:
        if settled.outcome == "kept":
            self.seen.add(orjson.loads(settled.line)["square"])

    def wanted(self, kept: int, settled: int) -> int:
        return self.target - kept


class Nobody:
    """A backend that is never asked."""

    name = "nobody"

    async def ask(self, *question: Any) -> Any:
        raise AssertionError("nobody is asked here")


def run(
    path: Path, stage: Squares, *, concurrency: int = 4, processes: int = 1, fingerprint: dict[str, Any] | None = None
) -> Counts:
    plan = Plan(
        StageFolder(path), fingerprint or {"seed": 0}, {}, shard_size=10, concurrency=concurrency, processes=processes
    )
    return asyncio.run(run_stage(stage, Nobody(), plan, lambda settled, counts: None))  # type: ignore[arg-type]


def files(path: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(path.glob("part-*.jsonl"))}


@pytest.mark.parametrize(("concurrency", "processes"), [(1, 1), (3, 1), (64, 1), (16, 2)])
def test_the_files_do_not_depend_on_concurrency(tmp_path: Path, concurrency: int, processes: int) -> None:
    """Tasks or worker processes, few or many: the same bytes."""
    run(tmp_path / "one", Squares(25), concurrency=1)
    counts = run(tmp_path / "other", Squares(25), concurrency=concurrency, processes=processes)
    assert files(tmp_path / "other") == files(tmp_path / "one")
    assert (counts.kept, counts.rejected, counts.errored) == (25, 5, 0)
    assert [len(lines.splitlines()) for lines in files(tmp_path / "other").values()] == [10, 10, 5]


def test_a_finished_stage_does_nothing_again(tmp_path: Path) -> None:
    """A rerun attempts nothing and changes no file."""
    run(tmp_path / "s", Squares(25))
    before = {file: file.stat().st_mtime_ns for file in (tmp_path / "s").iterdir()}
    stage = Squares(25)
    counts = run(tmp_path / "s", stage)
    assert stage.attempted == []
    assert counts.kept == 25
    assert {file: file.stat().st_mtime_ns for file in (tmp_path / "s").iterdir()} == before


@pytest.mark.parametrize("first", [1, 10, 13, 24])
def test_a_larger_target_grows_what_is_there(tmp_path: Path, first: int) -> None:
    """Growing gives the bytes of one run, without attempting anything twice."""
    run(tmp_path / "whole", Squares(25))
    small, large = Squares(first), Squares(25)
    run(tmp_path / "grown", small)
    run(tmp_path / "grown", large)
    assert files(tmp_path / "grown") == files(tmp_path / "whole")
    assert set(small.attempted) & set(large.attempted) == set()


@pytest.mark.parametrize("crash_at", [0, 1, 7, 8, 11, 12, 23])
def test_an_interrupted_stage_goes_on_where_it_stopped(tmp_path: Path, crash_at: int) -> None:
    """Whatever the moment, the resumed run's files equal an undisturbed one's."""
    run(tmp_path / "whole", Squares(25))
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "cut", Squares(25, crash_at=crash_at))
    run(tmp_path / "cut", Squares(25))
    assert files(tmp_path / "cut") == files(tmp_path / "whole")


@pytest.mark.parametrize("manifest_too", [True, False])
def test_a_kill_while_a_part_is_finished_loses_nothing(tmp_path: Path, manifest_too: bool) -> None:
    """Killed after the part's file was written and before its manifest, or before the file: the same bytes after all."""
    run(tmp_path / "whole", Squares(25))
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "cut", Squares(25, crash_at=15))
    folder = tmp_path / "cut"
    partial = folder / "part-00001.partial"
    first = [b'{"i":%d,"outcome":"%s","reason":"%s","line":%s}' % line for line in _settled(tmp_path / "whole")]
    partial.unlink()
    (folder / "part-00000.partial").write_bytes(b"\n".join(first) + b"\n")
    manifest = orjson.loads((folder / "_manifest.json").read_bytes())
    manifest["parts"] = []
    (folder / "_manifest.json").write_bytes(orjson.dumps(manifest))
    if not manifest_too:
        (folder / "part-00000.jsonl").unlink()
    run(folder, Squares(25))
    assert files(folder) == files(tmp_path / "whole")


def _settled(path: Path) -> list[tuple[int, bytes, bytes, bytes]]:
    """The attempts of the first part of `Squares`, as a journal holds them."""
    kept = iter((path / "part-00000.jsonl").read_bytes().splitlines())
    return [
        (index, b"rejected", b"seventh", b"null") if index % 7 == 0 else (index, b"kept", b"", next(kept))
        for index in range(12)
    ]


@pytest.mark.parametrize("broken", [{0}, {3}, {12, 13}, {1, 22}])
def test_errored_attempts_are_owed_and_made_up_for(tmp_path: Path, broken: set[int]) -> None:
    """After a rerun without faults the files equal those of a run that never had any."""
    run(tmp_path / "whole", Squares(25))
    counts = run(tmp_path / "faulty", Squares(25, frozenset(broken)))
    assert counts.errored == len(broken)
    counts = run(tmp_path / "faulty", Squares(25))
    assert (counts.kept, counts.errored) == (25, 0)
    assert files(tmp_path / "faulty") == files(tmp_path / "whole")


def test_a_damaged_part_is_made_again(tmp_path: Path) -> None:
    """A part that is not as its manifest says is dropped, with those after it, and made anew."""
    run(tmp_path / "s", Squares(25))
    whole = files(tmp_path / "s")
    (tmp_path / "s" / "part-00001.jsonl").write_text("something else\n")
    run(tmp_path / "s", Squares(25))
    assert files(tmp_path / "s") == whole


def test_other_settings_are_refused_by_name(tmp_path: Path) -> None:
    """The message names what differs, and both values."""
    run(tmp_path / "s", Squares(5), fingerprint={"seed": 0, "gen": {"votes": 3, "mix": {1: 0.5}}})
    with pytest.raises(UserMistake, match=r"gen\.votes: 3 there, 5 now"):
        run(tmp_path / "s", Squares(5), fingerprint={"seed": 0, "gen": {"votes": 5, "mix": {1: 0.5}}})


def test_the_counts_add_up_in_the_manifest(tmp_path: Path) -> None:
    """in = kept + rejected + errored, over all parts."""
    run(tmp_path / "s", Squares(40, frozenset({5, 30})))
    manifest = StageFolder(tmp_path / "s").manifest()
    assert manifest is not None
    assert (manifest.counts["kept"], manifest.counts["errored"]) == (40, 2)
    assert manifest.counts["in"] == sum(manifest.counts[key] for key in ("kept", "rejected", "errored"))
    assert manifest.counts["in"] == manifest.parts[-1].end
