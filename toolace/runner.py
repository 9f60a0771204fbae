"""Runs a stage: attempts in parallel, settling in order.

Whatever depends on what came before is decided by `Stage.settle`, one attempt after the other in index order, so the
same seed and config give the same files whatever the concurrency, the executor or the kills.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

import orjson

from toolace.errors import ReplyError, UserMistake
from toolace.roles import Ask, Backend
from toolace.shards import Journal, Manifest, Settled, StageFolder, Workspace, digest_of
from toolace.workers import Workers

AHEAD = 4
"""Attempts may run ahead of settling by this many times the concurrency, so that a slow one does not stop the rest."""

SHOWN_ERRORS = 20
"""Errors a summary repeats."""

FLUSH_SECONDS = 0.5
"""A kill loses at most this much of the journal; the replies behind it are in the reply log."""


class Stage(Protocol):
    """What a stage gives the runner. `job` and `settle` run in order in one place; `attempt` runs anywhere."""

    name: str

    def job(self, index: int) -> Any:
        """The input of one attempt; None when there is no such attempt."""
        ...

    def horizon(self, settled: int) -> int | None:
        """Attempts from this index on must wait until more are settled; None when none must."""
        ...

    async def attempt(self, index: int, job: Any, ask: Ask) -> Any:
        """The work. Depends on nothing but its arguments. ReplyError makes the attempt errored and owed."""
        ...

    def settle(self, index: int, job: Any, result: Any) -> Settled:
        """Decides, in attempt order, whether the result is kept."""
        ...

    def restore(self, settled: Settled) -> None:
        """Takes up an earlier decision after a resume."""
        ...

    def wanted(self, kept: int, settled: int) -> int:
        """How many more attempts may still be needed; 0 ends the stage."""
        ...


@dataclass
class Counts:
    """What became of the attempts of a stage, in total and in this run."""

    kept: int = 0
    rejected: int = 0
    errored: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    """Rejections by reason."""
    errors: list[str] = field(default_factory=list)
    """What the errored attempts died of, the first of them; all stand in the manifest."""
    done_here: int = 0

    def add(self, settled: Settled) -> None:
        """Counts one settled attempt."""
        setattr(self, settled.outcome, getattr(self, settled.outcome) + 1)
        if settled.outcome == "rejected":
            self.reasons[settled.reason] = self.reasons.get(settled.reason, 0) + 1
        elif settled.outcome == "errored" and len(self.errors) < SHOWN_ERRORS:
            self.errors.append(settled.reason)


@dataclass(frozen=True)
class Plan:
    """How a stage is run and stored."""

    folder: StageFolder
    fingerprint: dict[str, Any]
    upstream: dict[str, str]
    shard_size: int
    concurrency: int
    processes: int = 1
    by_input: bool = False
    """Parts close after `shard_size` attempts (a stage that goes through input) instead of `shard_size` kept ones."""
    upstream_parts: tuple[str, ...] = ()
    """With `by_input`: the checksum of the input of each part; a part whose input changed is done again."""
    workers: Callable[[Stage, Backend], Any] | None = None
    """What makes the attempts, where it is not `Workers`."""


Observer = Callable[[Settled, Counts], None]


def check_fingerprint(folder: StageFolder, fingerprint: dict[str, Any]) -> Manifest | None:
    """The folder's manifest; raises UserMistake naming the settings that differ from those it was made with."""
    manifest = folder.manifest()
    if manifest is None:
        return None
    different = sorted(_differences(manifest.fingerprint, _as_json(fingerprint)))
    if different:
        raise UserMistake(
            f"{folder.name}/ was made with other settings ({', '.join(different)}); "
            f"use the same ones, another workspace, or delete {folder.name}/ and what follows it"
        )
    return manifest


async def run_stage(stage: Stage, backend: Backend, plan: Plan, observe: Observer) -> Counts:
    """Brings a stage to its end, resuming what is there. Returns the totals; being cancelled leaves a valid journal."""
    manifest = check_fingerprint(plan.folder, plan.fingerprint)
    if manifest is None:
        manifest = Manifest(stage=stage.name, fingerprint=_as_json(plan.fingerprint), upstream=plan.upstream)
    counts = Counts()
    journal = _resume(stage, plan, manifest, counts)
    if (
        manifest.parts
        and not journal.lines[_covered(manifest, journal) :]
        and stage.wanted(counts.kept, journal.end) <= 0
    ):
        return counts
    manifest.upstream = plan.upstream
    plan.folder.save(manifest)
    shards = _Shards(plan, manifest, journal)
    try:
        await _flow(stage, backend, plan, counts, shards, observe)
        shards.finish()
    finally:
        shards.close()
    return counts


def _as_json(value: dict[str, Any]) -> dict[str, Any]:
    """As the manifest gives it back: lists for tuples, text for number keys."""
    read: dict[str, Any] = orjson.loads(orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS))
    return read


def _differences(before: dict[str, Any], after: dict[str, Any], prefix: str = "") -> list[str]:
    found: list[str] = []
    for key in before.keys() | after.keys():
        old, new = before.get(key), after.get(key)
        if isinstance(old, dict) and isinstance(new, dict):
            found += _differences(old, new, f"{prefix}{key}.")
        elif old != new:
            found.append(f"{prefix}{key}: {old!r} there, {new!r} now")
    return found


def _covered(manifest: Manifest, journal: Journal) -> int:
    """How many of the journal's lines the last finished (open) part already holds."""
    return max(0, manifest.parts[-1].end - journal.first) if manifest.parts else 0


def _resume(stage: Stage, plan: Plan, manifest: Manifest, counts: Counts) -> Journal:
    """Restores the stage from finished parts and the journal; drops what is stale, errored or torn."""
    keep = _valid_parts(plan, manifest)
    is_open = keep < len(manifest.parts) and manifest.parts[keep].open
    same_input = not plan.by_input or manifest.upstream == plan.upstream
    first = manifest.parts[keep - 1].end if keep else 0
    usable = is_open or (keep == len(manifest.parts) and same_input)
    journal = plan.folder.load_journal(keep, first) if usable else Journal(keep, first)
    bad = next((at for at, settled in enumerate(journal.lines) if settled.outcome == "errored"), len(journal.lines))
    del journal.lines[bad:]
    if keep < len(manifest.parts) and _covered(manifest, journal) > len(journal.lines):
        plan.folder.drop_from(keep, manifest)
    for part in manifest.parts[:keep]:
        _restore_part(stage, plan.folder, part, counts)
    for settled in journal.lines:
        stage.restore(settled)
        counts.add(settled)
    return journal


def _valid_parts(plan: Plan, manifest: Manifest) -> int:
    """How many finished parts stand: those before the first open, errored, missing or stale one."""
    on_disk = plan.folder.digests()
    for number, part in enumerate(manifest.parts):
        stale = plan.by_input and (number >= len(plan.upstream_parts) or plan.upstream_parts[number] != part.upstream)
        if part.open or part.errored or stale or on_disk.get(part.name) != part.sha256:
            return number
    return len(manifest.parts)


def _restore_part(stage: Stage, folder: StageFolder, part: Any, counts: Counts) -> None:
    with (folder.path / part.name).open("rb") as file:
        for line in file:
            stage.restore(Settled(-1, "kept", line=line.rstrip(b"\n")))
    counts.kept += part.records
    for reason, number in part.rejected.items():
        counts.rejected += number
        counts.reasons[reason] = counts.reasons.get(reason, 0) + number


class _Shards:
    """Puts settled attempts into the journal and closes full parts."""

    def __init__(self, plan: Plan, manifest: Manifest, journal: Journal):
        self.plan, self.manifest, self.journal = plan, manifest, journal
        self._writer = plan.folder.start_journal(journal)
        self._kept = sum(settled.outcome == "kept" for settled in journal.lines)
        self._flushed = time.monotonic()
        self._close_full()  # a kill may have come between the last attempt of a part and its end

    def append(self, settled: Settled) -> None:
        self._writer.append(settled)
        if (now := time.monotonic()) - self._flushed > FLUSH_SECONDS:
            self._writer.flush()
            self._flushed = now
        self.journal.lines.append(settled)
        self._kept += settled.outcome == "kept"
        self._close_full()

    def close(self) -> None:
        """Leaves a valid journal behind, whatever happened."""
        self._writer.close()

    def finish(self) -> None:
        """Closes the last part, which may be short; a first part is written even when it is empty."""
        if self.journal.lines or self.journal.number == 0:
            self._close_part(is_open=not self.plan.by_input)
        else:
            self._writer.close()
            self.plan.folder.finish_empty(self.journal)

    def _close_full(self) -> None:
        held = len(self.journal.lines) if self.plan.by_input else self._kept
        if held >= self.plan.shard_size:
            self._close_part(is_open=False)
            self.journal = Journal(self.journal.number + 1, self.journal.end)
            self._kept = 0
            self._writer = self.plan.folder.start_journal(self.journal)

    def _close_part(self, *, is_open: bool) -> None:
        self._writer.close()
        number = self.journal.number
        upstream = self.plan.upstream_parts[number] if number < len(self.plan.upstream_parts) else ""
        self.plan.folder.finish_part(self.journal, self.manifest, upstream=upstream, is_open=is_open)


async def _flow(stage: Stage, backend: Backend, plan: Plan, counts: Counts, shards: _Shards, observe: Observer) -> None:
    next_index = shards.journal.end
    async for index, job, result in _results(stage, backend, plan, counts, next_index):
        errored = isinstance(result, ReplyError)
        settled = Settled(index, "errored", str(result)) if errored else stage.settle(index, job, result)
        counts.add(settled)
        counts.done_here += 1
        shards.append(settled)
        observe(settled, counts)


async def _results(
    stage: Stage, backend: Backend, plan: Plan, counts: Counts, start: int
) -> AsyncIterator[tuple[int, Any, Any]]:
    """Yields (index, job, result) in index order while up to `concurrency` attempts run."""
    running: dict[int, asyncio.Future[Any]] = {}
    jobs: dict[int, Any] = {}
    settled = launched = start
    exhausted = False
    make = plan.workers or partial(Workers, processes=plan.processes, concurrency=plan.concurrency)
    workers = make(stage, backend)
    try:
        while True:
            wanted = stage.wanted(counts.kept, settled)
            if wanted <= 0:
                return
            limit = settled + min(wanted, workers.capacity * AHEAD)
            horizon = stage.horizon(settled)
            limit = limit if horizon is None else min(limit, horizon)
            batch: list[tuple[int, Any]] = []
            starts = limit - launched >= workers.chunk or settled not in running
            while starts and launched < limit and not exhausted:
                job = stage.job(launched)
                if job is None:
                    exhausted = True
                    break
                jobs[launched] = job
                batch.append((launched, job))
                launched += 1
            running.update(workers.submit(batch))
            if settled not in running:
                return
            result = await running.pop(settled)
            yield settled, jobs.pop(settled), result
            settled += 1
    finally:
        await workers.close(running.values())


def processes_for(backend_kind: str, wanted: int, concurrency: int) -> int:
    """Worker processes: one a core for the simulator, which computes, and no more than attempts may run; else one."""
    if backend_kind != "simulator":
        return 1
    return min(wanted or os.cpu_count() or 1, concurrency)


def stale_note(workspace: Workspace, stage: str, upstream: str) -> str | None:
    """One line when a stage was made from an older state of the stage before it."""
    manifest = workspace.stage(stage).manifest()
    if manifest is None or upstream not in manifest.upstream:
        return None
    now = digest_of(workspace.stage(upstream).digests())
    return (
        None if manifest.upstream[upstream] == now else f"{stage}/ is stale: {upstream}/ has changed since it was made"
    )
