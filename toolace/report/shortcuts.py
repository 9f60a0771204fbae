"""Tells as tables: how often a guess that never reads the request would be right."""

from __future__ import annotations

from toolace.tables import Share, Table
from toolace.tells import Tells

NOTABLE = 4.0
"""Standard errors from chance beyond which a tell is called out."""


def tells_tables(tells: Tells) -> list[Table]:
    """The guesses, the strongest first, and the candidates that each kind is offered."""
    found = sorted((tell for tell in tells.found() if tell.cases), key=lambda tell: -abs(tell.z))
    rows = tuple(
        (one.name, Share(one.observed), Share(one.chance), one.cases, round(one.z, 1), _word(one.z)) for one in found
    )
    columns = ("guess", "right", "by chance", "cases", "standard errors", "")
    note = f"Beyond {NOTABLE:.0f} standard errors a guess beats chance (tell) or avoids the truth (inverse)."
    kinds = tuple((kind, round(mean, 2)) for kind, mean in tells.candidates_by_kind().items())
    return [
        Table("tells", "What a guess gets without the request", columns, rows, note),
        Table("tells_candidates", "Mean number of candidates by kind", ("kind", "candidates"), kinds, bars=1),
    ]


def _word(distance: float) -> str:
    return "" if abs(distance) <= NOTABLE else "tell" if distance > 0 else "inverse"
