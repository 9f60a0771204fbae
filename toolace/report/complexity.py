"""The learner's loss against what it should rise with: calls, candidates, dissimilarity (paper, section 2.2.2)."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from math import sqrt

from toolace.records import Dialog
from toolace.tables import Share, Table, share

STEP = 0.25
"""Width of a bar of the loss's distribution."""
BANDS = 5
"""Bands of dissimilarity between 0 and 1."""
_WORD = re.compile(r"[a-z0-9]{3,}")


class ComplexityFigures:
    """Losses of the dialogs that were scored. Memory holds sums only."""

    def __init__(self) -> None:
        self.scored = self.number = 0
        self.measures: Counter[str] = Counter()
        self.in_range: Counter[bool | None] = Counter()
        self.values: Counter[int] = Counter()
        self.sums: dict[str, dict[int, _Sum]] = {
            name: defaultdict(_Sum) for name in ("tools", "candidates", "distance")
        }

    def add(self, dialog: Dialog) -> None:
        """Takes up one dialog; one without a score is only counted."""
        self.number += 1
        complexity = dialog.complexity
        if complexity is None:
            return
        self.scored += 1
        self.measures[f"{complexity.measure} of {complexity.learner}"] += 1
        self.in_range[complexity.in_range] += 1
        self.values[int(complexity.value // STEP)] += 1
        called = {call.function.name for message in dialog.messages for call in message.tool_calls or ()}
        distance = dissimilarity(dialog, called)
        places = {
            "tools": len(called),
            "candidates": len(dialog.tools),
            "distance": min(int(distance * BANDS), BANDS - 1),
        }
        for name, place in places.items():
            self.sums[name][place].add(complexity.value)

    def tables(self) -> list[Table]:
        """Its tables; none where nothing was scored."""
        if not self.scored:
            return []
        note = f"{self.scored:,} of {self.number:,} dialogs are scored: {', '.join(sorted(self.measures))}."
        if self.in_range[True] or self.in_range[False]:
            known = self.in_range[True] + self.in_range[False]
            note += f" {Share(self.in_range[True] / known) * 100:.1f} % of them lie in the calibrated range."
        spread = {f"{at * STEP:.2f} to {(at + 1) * STEP:.2f}": self.values[at] for at in sorted(self.values)}
        rows = tuple((name, number, share(number, self.scored)) for name, number in spread.items())
        return [
            Table("losses", "Complexity", ("value", "number", "share"), rows, note, bars=2),
            self._against("tools", "Complexity by tools called", "tools called", "Different tools."),
            self._against("candidates", "Complexity by candidates", "candidate tools", ""),
            self._against(
                "distance", "Complexity by dissimilarity", "dissimilarity",
                "1 − cosine of the user's words and the called tools' descriptions (without calls: all candidates').",
            ),
        ]  # fmt: skip

    def _against(self, name: str, title: str, what: str, note: str) -> Table:
        sums = self.sums[name]
        label = (lambda at: f"{at / BANDS:.1f} to {(at + 1) / BANDS:.1f}") if name == "distance" else str
        rows = tuple(
            (label(at), sums[at].number, round(sums[at].mean, 4), round(sums[at].error, 4)) for at in sorted(sums)
        )
        columns = (what, "dialogs", "mean complexity", "standard error")
        return Table(f"complexity_{name}", title, columns, rows, note, bars=2)


class _Sum:
    """Mean and its standard error of a stream of numbers (Welford)."""

    def __init__(self) -> None:
        self.number, self.mean, self._squares = 0, 0.0, 0.0

    def add(self, value: float) -> None:
        self.number += 1
        step = value - self.mean
        self.mean += step / self.number
        self._squares += step * (value - self.mean)

    @property
    def error(self) -> float:
        return sqrt(self._squares / (self.number - 1) / self.number) if self.number > 1 else 0.0


def dissimilarity(dialog: Dialog, called: set[str]) -> float:
    """1 − cosine of the user's words and those of the called tools' descriptions; without calls, of all candidates'."""
    said = Counter(_WORD.findall(" ".join(one.content or "" for one in dialog.messages if one.role == "user").lower()))
    chosen = [tool["function"] for tool in dialog.tools if not called or tool["function"]["name"] in called]
    described = Counter(_WORD.findall(" ".join(str(one.get("description", "")) for one in chosen).lower()))
    common = sum(number * described[word] for word, number in said.items())
    length = sqrt(sum(n * n for n in said.values()) * sum(n * n for n in described.values()))
    return 1.0 - common / length if length else 1.0
