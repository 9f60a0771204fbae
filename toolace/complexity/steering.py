"""The seam of loss-based steering: who scores an exchange, and what counts as in range (paper, section 2.2.2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from toolace.errors import ToolaceError
from toolace.records import Message

BANDS = {-1: "easy", 0: "medium", 1: "hard"}
"""A dialog's band by the side of the range on which it lies."""

ROUNDS = 8
"""Played versions of one exchange have numbers below this."""


class Unscorable(ToolaceError):
    """A conversation without a number; `reason` is what is counted: `longer_than_learner_window`, `nothing_to_score`,
    `loss_is_not_finite`."""

    def __init__(self, reason: str, detail: str = ""):
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason


class Range(NamedTuple):
    """Losses between which data is worth training on; None leaves a side open."""

    lower: float | None
    upper: float | None

    def side(self, value: float) -> int:
        """-1 too easy, 0 in range, 1 too hard."""
        if self.lower is not None and value < self.lower:
            return -1
        return 1 if self.upper is not None and value > self.upper else 0

    def distance(self, value: float) -> float:
        """How far outside the range a value lies, 0 inside."""
        side = self.side(value)
        bound = self.lower if side < 0 else self.upper
        return abs(value - bound) if side and bound is not None else 0.0


class Scorer(Protocol):
    """Measures how hard an exchange is for the learner."""

    learner: str
    measure: str
    range: Range
    forks: bool
    """Whether it works on in worker processes that are forked later."""

    async def score(self, tools: Sequence[dict[str, Any]], messages: Sequence[Message]) -> float:
        """Complexity of the assistant's messages, in the measure's unit. Raises Unscorable."""
        ...
