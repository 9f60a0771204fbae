"""Shards: what is written is what is read, whatever happens in between."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import orjson
import pytest

from toolace.errors import UserMistake
from toolace.records import Api
from toolace.shards import Journal, Manifest, Settled, StageFolder, Workspace


def kept(index: int) -> Settled:
    return Settled(index, "kept", line=orjson.dumps({"n": index}))


def folder_with(path: Path, *settled: Settled) -> tuple[StageFolder, Journal]:
    folder = StageFolder(path)
    journal = Journal(0, 0)
    writer = folder.start_journal(journal)
    for one in settled:
        writer.append(one)
        journal.lines.append(one)
    writer.close()
    return folder, journal


def test_a_journal_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    """Kept, rejected and errored attempts survive, texts with quotes and the separator's own characters included."""
    odd = Settled(1, "rejected", 'says ,"line": and "quotes"', b'{"a":",\\"line\\":"}')
    folder, journal = folder_with(tmp_path / "s", kept(0), odd, Settled(2, "errored", "no reply"))
    assert folder.load_journal(0, 0).lines == journal.lines


TORN = [
    b"{",
    b'{"i":1,"outcome":"kept","reason":"","line":{"n":',
    b"\x00\xff",
    b'{"i":7,"outcome":"kept","reason":"","line":{}}',
]


@pytest.mark.parametrize("torn", TORN)
def test_a_torn_last_line_is_dropped(tmp_path: Path, torn: bytes) -> None:
    """Half a line, garbage or a line out of order end the prefix; what stands before them counts."""
    folder, _ = folder_with(tmp_path / "s", kept(0))
    with (tmp_path / "s" / "part-00000.partial").open("ab") as file:
        file.write(torn)
    assert folder.load_journal(0, 0).lines == [kept(0)]


def test_finishing_a_part_writes_kept_lines_and_counts(tmp_path: Path) -> None:
    """The part holds the kept lines in order, the manifest the three counts and reasons, and the journal is gone."""
    folder, journal = folder_with(tmp_path / "s", kept(0), Settled(1, "rejected", "same_name"), kept(2))
    manifest = Manifest(stage="s", fingerprint={})
    folder.finish_part(journal, manifest)
    assert (tmp_path / "s" / "part-00000.jsonl").read_bytes() == b'{"n":0}\n{"n":2}\n'
    read = folder.manifest()
    assert read is not None
    assert read.counts == {"in": 3, "kept": 2, "rejected": 1, "errored": 0}
    assert read.rejected == {"same_name": 1}
    assert sorted(path.name for path in (tmp_path / "s").iterdir()) == ["_manifest.json", "part-00000.jsonl"]


def test_rejected_lines_go_beside(tmp_path: Path) -> None:
    """A stage with a folder beside it writes its rejections there, part by part."""
    workspace = Workspace(tmp_path)
    folder = workspace.stage("verified")
    journal = Journal(0, 0, [kept(0), Settled(1, "rejected", "rule", b'{"v":1}')])
    folder.start_journal(journal).close()
    folder.finish_part(journal, Manifest(stage="verify", fingerprint={}))
    assert (tmp_path / "rejected" / "part-00000.jsonl").read_bytes() == b'{"v":1}\n'


def test_a_broken_record_names_its_place(tmp_path: Path) -> None:
    """The message says file, line, what is wrong, and what to do."""
    folder = StageFolder(tmp_path / "apis")
    folder.path.mkdir()
    (folder.path / "part-00000.jsonl").write_text('{"v":1}\n')
    with pytest.raises(
        UserMistake, match=r"apis/part-00000.jsonl:1: id: Field required; fix the line or rerun synth-apis"
    ):
        list(folder.records(Api))


def test_a_broken_manifest_is_the_users_to_mend(tmp_path: Path) -> None:
    """A manifest that is none is named, with what to do."""
    folder = StageFolder(tmp_path / "apis")
    folder.path.mkdir()
    (folder.path / "_manifest.json").write_text("[]")
    with pytest.raises(UserMistake, match=r"apis/_manifest.json: not a manifest .*delete apis/ and rerun"):
        folder.manifest()


def _hold(root: Path, ready: multiprocessing.synchronize.Event, leave: multiprocessing.synchronize.Event) -> None:
    with Workspace(root).lock():
        ready.set()
        leave.wait(10)


def test_a_second_process_is_refused_and_a_dead_ones_lock_is_taken_over(tmp_path: Path) -> None:
    """While one process holds the workspace another is told so; once it is killed the lock is free."""
    context = multiprocessing.get_context("fork")
    ready, leave = context.Event(), context.Event()
    holder = context.Process(target=_hold, args=(tmp_path, ready, leave))
    holder.start()
    assert ready.wait(10)
    with pytest.raises(UserMistake, match=f"is in use by process {holder.pid}"), Workspace(tmp_path).lock():
        pass
    holder.kill()
    holder.join()
    with Workspace(tmp_path).lock():
        pass


def test_an_unwritable_workspace_is_one_clear_line(tmp_path: Path) -> None:
    """A path below a file cannot become a workspace."""
    (tmp_path / "file").write_text("")
    with pytest.raises(UserMistake, match="cannot be written"), Workspace(tmp_path / "file" / "ws").lock():
        pass
