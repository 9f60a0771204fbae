"""What finished cells say: by variant and category the mean accuracy over seeds, with a 95 % interval.

The interval is Wilson's over the items of one seed. All seeds answer the same items, so more seeds do not narrow it;
how far they lie apart is told beside it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation.scores import wilson

from reproduce.cells import VARIANTS, Cell
from toolace.errors import UserMistake

CATEGORIES = ("simple", "multiple", "parallel", "parallel_multiple", "irrelevance")
BEGIN, END = "<!-- reproduction: written by scripts/reproduce/run -->", "<!-- /reproduction -->"


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Mean over seeds, its interval, and the lowest and highest seed."""

    mean: float
    low: float
    high: float
    seeds: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One variant."""

    variant: str
    rows: int
    """Rows trained on, of the first seed."""
    seeds: int
    items: int
    by_category: dict[str, Accuracy]


def facts_of(cells: Iterable[Cell]) -> list[dict[str, Any]]:
    """The finished cells as they are kept in results/cells.json."""
    found = []
    for cell in cells:
        if cell.scores.is_file():
            training = cell.folder / "tuned" / "training.json"
            trained = json.loads(training.read_bytes()) if training.is_file() else None
            if trained:
                trained.pop("losses", None)
            whole = json.loads(cell.scores.read_bytes())
            found.append({"variant": cell.variant, "seed": cell.seed, "training": trained, **whole})
    return found


def lines_of(facts: Sequence[dict[str, Any]]) -> list[Line]:
    """The variants, in the order of VARIANTS; those without a finished cell are left out."""
    lines = []
    for variant in VARIANTS:
        finished = [fact for fact in facts if fact["variant"] == variant]
        cells = [fact["scores"] for fact in finished]
        if cells:
            rows = (finished[0]["training"] or {}).get("rows", 0)
            by_category = {
                name: accuracy([cell[name] for cell in cells])
                for name in CATEGORIES
                if all(name in cell for cell in cells)
            }
            items = min(sum(score["total"] for score in cell.values()) for cell in cells)
            lines.append(Line(variant, rows, len(cells), items, by_category))
    return lines


def accuracy(scores: Sequence[dict[str, Any]]) -> Accuracy:
    """The accuracy of one category over seeds."""
    shares = tuple(score["right"] / score["total"] for score in scores)
    mean = sum(shares) / len(shares)
    return Accuracy(mean, *wilson(mean, min(score["total"] for score in scores)), shares)


def markdown(lines: Sequence[Line]) -> str:
    """The table; where there are several seeds, the lowest and highest stand below the interval."""
    head = ["| trained on | rows | seeds | " + " | ".join(name.replace("_", " ") for name in CATEGORIES) + " |"]
    head.append("|---|--:|--:|" + "--:|" * len(CATEGORIES))
    rows = [
        f"| {VARIANTS[line.variant].title} | {line.rows:,} | {line.seeds} | "
        + " | ".join(_cell(line.by_category.get(name)) for name in CATEGORIES)
        + " |"
        for line in lines
    ]
    return "\n".join([*head, *rows])


def _cell(found: Accuracy | None) -> str:
    if found is None:
        return "–"
    interval = f"{100 * found.mean:.0f} ({100 * found.low:.0f}–{100 * found.high:.0f})"
    if len(found.seeds) == 1:
        return interval
    return f"{interval}<br>seeds {100 * min(found.seeds):.0f}–{100 * max(found.seeds):.0f}"


def into_readme(path: Path, block: str) -> None:
    """Replaces what stands between the markers. Raises UserMistake where they are missing."""
    text = path.read_text(encoding="utf-8")
    start, end = text.find(BEGIN), text.find(END)
    if start < 0 or end < start:
        raise UserMistake(f"{str(path)!r} has no lines {BEGIN!r} and {END!r}; put them where the table belongs")
    path.write_text(f"{text[: start + len(BEGIN)]}\n{block}\n{text[end:]}", encoding="utf-8")
