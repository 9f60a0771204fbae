"""This data beside the paper's pool (its Table 1) and beside its published rows, measured on the same defects."""

from __future__ import annotations

from typing import Final

from toolace.report.dialogs import DialogFigures
from toolace.report.pool import PoolFigures
from toolace.tables import Cell, Share, Table, share
from toolace.tells import Tells

_PAPER: Final[tuple[Cell, ...]] = (26_507, 390, "yes", "yes", "yes", "yes")
"""APIs, domains, nested parameters, parallel calls, dependent calls, dialogs without calls (arXiv 2409.00920)."""


def pool_table(pool: PoolFigures, dialogs: DialogFigures) -> Table:
    """The paper's Table 1 for this workspace."""
    kinds = (share(dialogs.kinds[kind], dialogs.number) for kind in ("parallel", "dependent", "none"))
    here: tuple[Cell, ...] = (pool.apis or None, len(pool.domains) or None, pool.nested, *kinds)
    names = (
        "APIs",
        "domains",
        "APIs with nested parameters",
        "dialogs with parallel calls",
        "dialogs with dependent calls",
        "dialogs without calls",
    )
    rows = tuple(zip(names, here, _PAPER, strict=True))
    note = "The paper's Table 1 says yes or no where this says how much."
    return Table("table1", "The pool beside the paper's", ("measure", "here", "paper"), rows, note)


def defects_table(dialogs: DialogFigures, tells: Tells) -> Table:
    """What is known to be wrong with the published rows, measured here; empty where there is no dialog."""
    undeclared = share(dialogs.undeclared, dialogs.number)
    rows: tuple[tuple[Cell, ...], ...] = (
        ("rows", dialogs.number, 11_300),
        ("tool names that are no identifiers", share(dialogs.odd_names, dialogs.tools), Share(0.8)),
        ("calling messages without a tool's reply", share(dialogs.unanswered, dialogs.calling), Share(36 / 181)),
        ("calls that fill every parameter", share(dialogs.full_calls, dialogs.calls), Share(0.79)),
        ("the same, of tools with optional parameters", share(*tells.filled), None),
        ("rows that call a tool they do not declare", undeclared, Share(60 / 11_300)),
        ("empty assistant messages", dialogs.empty, "reported"),
    )
    note = "Names, replies and full calls were measured on parts of the published rows; the rest is reported by others."
    columns = ("measure", "here", "published rows")
    return Table("published", "Known defects of the published rows", columns, rows if dialogs.number else (), note)
