"""Scores by category, with confidence intervals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any

from toolace.tables import Share, Table

Z = 1.959964
"""Standard normal quantile of a 95 % interval."""


@dataclass(frozen=True, slots=True)
class Score:
    """Right answers of a category. `broken` ones began a call that cannot be read: wrong where calls are due."""

    right: int
    total: int
    broken: int = 0

    def facts(self) -> dict[str, Any]:
        """As JSON."""
        share = self.right / self.total if self.total else None
        return {"right": self.right, "total": self.total, "broken": self.broken, "accuracy": share}


def wilson(share: float, number: float) -> tuple[float, float]:
    """Wilson's 95 % interval of a share seen in `number` items; everything where nothing was seen."""
    if not number:
        return 0.0, 1.0
    spread = Z * Z / number
    middle = (share + spread / 2) / (1 + spread)
    half = Z * sqrt(share * (1 - share) / number + spread / (4 * number)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def scored(verdicts: Iterable[tuple[str, bool, bool]], categories: Iterable[str]) -> dict[str, Score]:
    """Scores from (category, right, broken), in the order of `categories`."""
    counts = {category: [0, 0, 0] for category in categories}
    for category, right, broken in verdicts:
        count = counts[category]
        count[0] += right
        count[1] += 1
        count[2] += broken
    return {category: Score(*count) for category, count in counts.items() if count[1]}


def as_table(title: str, scores: Mapping[str, Score], note: str = "") -> Table:
    """Scores as people read them."""
    rows = []
    for category, score in scores.items():
        low, high = wilson(score.right / score.total, score.total)
        interval = f"{100 * low:.0f}–{100 * high:.0f}"
        rows.append((category, score.right, score.total, Share(score.right / score.total), interval, score.broken))
    columns = ("category", "right", "items", "accuracy", "95 % interval", "unreadable calls")
    return Table("scores", title, columns, tuple(rows), note)
