"""`toolace score` for the runner: one dialog an attempt, its complexity measured anew (ToolACE-R)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from toolace.complexity.steering import BANDS, Scorer, Unscorable
from toolace.records import Complexity, Dialog
from toolace.roles import Ask
from toolace.shards import Settled

Parse = Callable[[int, bytes], Dialog]


class ScoreStage:
    """Goes through dialogs in order. A dialog that cannot be scored is rejected with the reason, never cut to fit."""

    name = "score"

    def __init__(self, lines: Iterator[bytes], total: int, parse: Parse, scorer: Scorer):
        self._lines, self._total, self._parse, self._scorer = lines, total, parse, scorer
        self._next = 0

    def job(self, index: int) -> bytes | None:
        """The index-th line."""
        line: bytes | None = None
        while self._next <= index:
            line = next(self._lines, None)
            self._next += 1
        return line

    def horizon(self, settled: int) -> int | None:
        """Dialogs are scored independently."""
        return None

    async def attempt(self, index: int, job: bytes, ask: Ask) -> Settled:
        """Scores one dialog. Raises ReplyError for a bad row, and when the learner's endpoint keeps failing."""
        dialog = self._parse(index, job)
        try:
            value = await self._scorer.score(dialog.tools, dialog.messages)
        except Unscorable as error:
            return Settled(index, "rejected", error.reason)
        side = self._scorer.range.side(value)
        complexity = Complexity(
            learner=self._scorer.learner,
            measure=self._scorer.measure,
            value=round(value, 6),
            rounds=dialog.complexity.rounds if dialog.complexity else 0,
            in_range=side == 0,
            band=BANDS[side],
        )
        return Settled(index, "kept", line=dialog.model_copy(update={"complexity": complexity}).line())

    def settle(self, index: int, job: bytes, result: Settled) -> Settled:
        """Nothing depends on what came before."""
        return result

    def restore(self, settled: Settled) -> None:
        """Nothing is remembered."""

    def wanted(self, kept: int, settled: int) -> int:
        """Lines left."""
        return max(0, self._total - settled)
