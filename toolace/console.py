"""What people see: a progress bar while a stage runs (on a terminal), one line where there is none, a summary at the end.

Progress and remarks go to stderr; the summary goes to stdout, as text or, with --json, as one JSON object.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from toolace.runner import Counts, Observer
    from toolace.shards import Settled

QUIET_SECONDS = 10.0
"""Without a terminal, one line in this time."""


class Console:
    """Where a command writes."""

    def __init__(
        self, *, as_json: bool = False, verbose: bool = False, log: Callable[[dict[str, Any]], None] | None = None
    ):
        self.as_json, self.verbose = as_json, verbose
        self._log = log
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
        shown = _Bar(stage, total, usage) if sys.stderr.isatty() else _Lines(stage, total, usage)

        def observe(settled: Settled, counts: Counts) -> None:
            if self._log:
                self._log(
                    {"stage": stage, "index": settled.index, "outcome": settled.outcome, "reason": settled.reason}
                )
            shown.update(counts)

        with shown:
            yield observe


class _Lines(contextlib.AbstractContextManager["_Lines"]):
    """Progress where stderr is no terminal: a line now and then."""

    def __init__(self, stage: str, total: int, usage: Callable[[], dict[str, Any]]):
        self._stage, self._total, self._usage = stage, total, usage
        self._start = self._last = time.monotonic()

    def __exit__(self, *error: object) -> None:
        return None

    def update(self, counts: Counts) -> None:
        """One more attempt is settled."""
        now = time.monotonic()
        if now - self._last >= QUIET_SECONDS:
            self._last = now
            print(
                f"{self._stage}: {_facts(counts, self._total, now - self._start, self._usage())}",
                file=sys.stderr,
                flush=True,
            )


class _Bar(contextlib.AbstractContextManager["_Bar"]):
    """Progress on a terminal."""

    def __init__(self, stage: str, total: int, usage: Callable[[], dict[str, Any]]):
        from rich.console import Console as RichConsole
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        self._usage, self._total = usage, total
        self._start = time.monotonic()
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

    def update(self, counts: Counts) -> None:
        """One more attempt is settled."""
        facts = _facts(counts, self._total, time.monotonic() - self._start, self._usage())
        self._progress.update(self._task, completed=min(counts.kept, self._total), facts=facts)


def _facts(counts: Counts, total: int, seconds: float, usage: dict[str, Any]) -> str:
    text = f"{counts.kept}/{total} kept, {counts.rejected} rejected"
    text += f", {counts.errored} errored" if counts.errored else ""
    text += f", {counts.done_here / seconds:.1f}/s" if seconds > 0 else ""
    if usage:
        text += f", {usage.get('input_tokens', 0) + usage.get('output_tokens', 0):,} tokens, cost {usage.get('cost', 0):.4f}"
    return text
