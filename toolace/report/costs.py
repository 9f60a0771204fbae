"""What the paid replies cost, and what that makes for one accepted dialog."""

from __future__ import annotations

from toolace.backends.costs import Totals
from toolace.tables import Cell, Table

_COLUMNS = ("replies", "input tokens", "output tokens", "cost")


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
        (by, name, *_row(row)) for by in ("stage", "role", "model") for name, row in summary[f"by_{by}"].items()
    )
    return [
        Table("cost", "Paid replies", ("what", *_COLUMNS), rows, " ".join(filter(None, notes))),
        Table("cost_parts", "Paid replies by stage, role and model", ("by", "name", *_COLUMNS), parts),
    ]


def _row(summary: dict[str, float]) -> tuple[float, ...]:
    return tuple(summary[name.replace(" ", "_")] for name in _COLUMNS)
