"""What the paid replies cost, and what that makes for one accepted dialog."""

from __future__ import annotations

from toolace.backends.costs import PARTS, Totals
from toolace.tables import Cell, Table

_COLUMNS = ("replies", "input tokens", "output tokens", "cost")
_EACH = "cost per accepted dialog"


def cost_tables(totals: Totals, accepted: int) -> list[Table]:
    """Totals, per accepted dialog, and by stage, role and model; none where nothing was paid for."""
    summary = totals.summary()
    if not summary["replies"]:
        return []
    whole = _row(summary)
    each: tuple[Cell, ...] = tuple(round(value / accepted, 6) if accepted else None for value in whole)
    notes = [f"{summary['estimated']:,} replies told no usage: tokens estimated." if summary["estimated"] else ""]
    notes += [f"{summary['unpriced']:,} replies have no price in the configuration." if summary["unpriced"] else ""]
    rows: tuple[tuple[Cell, ...], ...] = (("in all", *whole), (f"per accepted dialog, of {accepted:,}", *each))
    parts = tuple(
        (by, name, *_row(row), round(row["cost"] / accepted, 6) if accepted else None)
        for by in PARTS
        for name, row in summary[f"by_{by}"].items()
    )
    return [
        Table("cost", "Paid replies", ("what", *_COLUMNS), rows, " ".join(filter(None, notes))),
        Table("cost_parts", "Paid replies by stage, role and model", ("by", "name", *_COLUMNS, _EACH), parts),
    ]


def _row(summary: dict[str, float]) -> tuple[float, ...]:
    return tuple(summary[name.replace(" ", "_")] for name in _COLUMNS)
