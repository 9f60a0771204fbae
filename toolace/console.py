"""What people see: progress while a stage runs (a bar on a terminal, else a line now and then), a summary at the end.

Progress and remarks go to stderr; the summary goes to stdout, as text or, with --json, as one JSON object.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from toolace.runner import Counts, Observer
    from toolace.shards import Settled

QUIET_SECONDS = 10.0
"""Without a terminal, one line in this time."""

SLOW_SECONDS = 5.0
"""A reply that takes longer is told about."""


class Console:
    """Where a command writes."""

    def __init__(
        self, *, as_json: bool = False, verbose: bool = False, log: Callable[[dict[str, Any]], None] | None = None
    ):
        self.as_json, self.verbose = as_json, verbose
        self._log = log
        self._idle = _Lines("asking", 0)
        self._shown: _Lines | _Bar = self._idle
        self._summaries: list[dict[str, Any]] = []

    def remark(self, text: str) -> None:
        """One line for people, on stderr."""
        print(text, file=sys.stderr, flush=True)

    def summary(self, facts: dict[str, Any], text: str) -> None:
        """What came out of a stage."""
        self._summaries.append(facts)
        if not self.as_json:
            print(text, flush=True)

    def close(self) -> None:
        """With --json, writes the one JSON object: a single stage's facts, or all of them under `stages`."""
        if self.as_json and self._summaries:
            whole = self._summaries[0] if len(self._summaries) == 1 else {"stages": self._summaries}
            print(json.dumps(whole, ensure_ascii=False), flush=True)

    @contextlib.contextmanager
    def progress(self, stage: str, total: int, usage: Callable[[], dict[str, Any]]) -> Iterator[Observer]:
        """Shows how far a stage is, with rate, kept and rejected, tokens, cost and time left."""
        shown = _Bar(stage, total) if sys.stderr.isatty() else _Lines(stage, total)

        def observe(settled: Settled, counts: Counts) -> None:
            if self._log:
                self._log(_entry(stage, settled))
            shown.counts = counts

        with shown:
            self._shown = shown
            try:
                yield observe
                shown.refresh(usage())
            finally:
                self._shown = self._idle

    def beat(self, usage: Callable[[], dict[str, Any]]) -> None:
        """Keeps the display alive once a second, also while nothing is settled: silence would look like a hang."""
        self._shown.refresh(usage())


class _Lines(contextlib.AbstractContextManager["_Lines"]):
    """Progress where stderr is no terminal: a line now and then. Without a stage, what the backend does."""

    def __init__(self, stage: str, total: int):
        self._stage, self._total = stage, total
        self._start = self._last = time.monotonic()
        self.counts: Counts | None = None

    def __exit__(self, *error: object) -> None:
        return None

    def refresh(self, usage: dict[str, Any]) -> None:
        """Prints a line when the last one is long ago."""
        now = time.monotonic()
        if now - self._last >= QUIET_SECONDS and (facts := _facts(self.counts, self._total, now - self._start, usage)):
            self._last = now
            print(f"{self._stage}: {facts}", file=sys.stderr, flush=True)


class _Bar(contextlib.AbstractContextManager["_Bar"]):
    """Progress on a terminal."""

    def __init__(self, stage: str, total: int):
        from rich.console import Console as RichConsole
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        self._total = total
        self._start = time.monotonic()
        self.counts: Counts | None = None
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[facts]}"),
            TimeRemainingColumn(),
        )
        self._progress = Progress(*columns, console=RichConsole(stderr=True), transient=True)
        self._task = self._progress.add_task(stage, total=total, facts="")

    def __enter__(self) -> _Bar:
        self._progress.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._progress.stop()

    def refresh(self, usage: dict[str, Any]) -> None:
        """Brings the bar up to date."""
        kept = self.counts.kept if self.counts else 0
        facts = _facts(self.counts, self._total, time.monotonic() - self._start, usage)
        self._progress.update(self._task, completed=min(kept, self._total), facts=facts)


def _entry(stage: str, settled: Settled) -> dict[str, Any]:
    """The log file's line for one attempt."""
    what = {"stage": stage, "index": settled.index, "outcome": settled.outcome, "reason": settled.reason}
    return {"time": datetime.now(UTC).isoformat(timespec="milliseconds")} | what


def _facts(counts: Counts | None, total: int, seconds: float, usage: dict[str, Any]) -> str:
    facts = []
    if counts is not None:
        facts += [f"{counts.kept}/{total} kept", f"{counts.rejected} rejected"]
        facts += [f"{counts.errored} errored"] if counts.errored else []
        facts += [f"{counts.done_here / seconds:.1f}/s"] if seconds > 0 else []
    if usage:
        tokens = usage.get("input_tokens", 0) + usage.get("output_tokens", 0)
        facts += [f"{tokens:,} tokens", f"cost {usage.get('cost', 0):.4f}"]
    if usage.get("longest_wait", 0) >= SLOW_SECONDS:
        facts.append(f"{usage['in_flight']} requests wait, the oldest for {usage['longest_wait']:.0f} s")
    return ", ".join(facts)
