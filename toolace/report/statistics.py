"""One pass over the workspace's records, from which the tables, the tree and the samples of the report come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from toolace.backends.costs import Totals
from toolace.records import Api, Dialog, Rejection
from toolace.report.complexity import ComplexityFigures
from toolace.report.costs import cost_tables
from toolace.report.dialogs import DialogFigures
from toolace.report.pool import PoolFigures
from toolace.report.published import defects_table, pool_table
from toolace.report.rejections import RejectionFigures, funnel_tables
from toolace.report.samples import Samples
from toolace.report.shortcuts import tells_tables
from toolace.shards import Manifest
from toolace.tables import Table, share
from toolace.tells import Tells


@dataclass(frozen=True, slots=True)
class Section:
    """Tables under one heading."""

    id: str
    title: str
    tables: tuple[Table, ...]


class Statistics:
    """Everything that is counted. Memory is flat: counts, a bounded sample, the pool's domains and functionalities."""

    def __init__(self) -> None:
        self.pool = PoolFigures()
        self.dialogs = DialogFigures()
        self.complexity = ComplexityFigures()
        self.rejections = RejectionFigures()
        self.tells = Tells()
        self.samples = Samples()

    def read(self, apis: Iterable[Api], dialogs: Iterable[Dialog], rejections: Iterable[Rejection]) -> None:
        """Takes up the records: the pool, the dialogs that stand, and those that were rejected."""
        for api in apis:
            self.pool.add(api)
        for dialog in dialogs:
            self.dialogs.add(dialog)
            self.complexity.add(dialog)
            self.tells.add(dialog)
            self.samples.accept(dialog)
        for rejection in rejections:
            self.rejections.add(rejection)
            self.samples.reject(rejection.dialog, rejection.findings)

    def sections(
        self, manifests: Mapping[str, Manifest], totals: Totals, more: Mapping[str, Sequence[Table]]
    ) -> list[Section]:
        """The report's sections; `more` are tables made elsewhere, by section. What is empty is left out."""
        verification = [*funnel_tables(manifests), *self.rejections.tables()]
        found = {
            "overview": ("Overview", [pool_table(self.pool, self.dialogs), defects_table(self.dialogs, self.tells)]),
            "pool": ("API pool", self.pool.tables()),
            "dialogs": ("Dialogs", self.dialogs.tables()),
            "complexity": ("Complexity", self.complexity.tables()),
            "verification": ("Verification", verification),
            "tells": ("Tells", tells_tables(self.tells)),
            "people": ("People", []),
            "cost": ("Cost", cost_tables(totals, self.dialogs.number)),
        }
        sections: list[Section] = []
        for id, (title, tables) in found.items():
            filled = tuple(table for table in (*tables, *more.get(id, ())) if table.rows)
            if filled:
                sections.append(Section(id, title, filled))
        return sections

    def headline(self, manifests: Mapping[str, Manifest], totals: Totals) -> dict[str, Any]:
        """The few numbers that lead the report."""
        verified = manifests.get("verified")
        kept = share(verified.counts["kept"], verified.counts["in"]) if verified else None
        return {
            "APIs": self.pool.apis,
            "domains": len(self.pool.domains),
            "verified dialogs" if verified else "dialogs, not verified": self.dialogs.number,
            "calls": self.dialogs.calls,
            "dialogs without calls": share(self.dialogs.kinds["none"], self.dialogs.number),
            "kept by verification": kept,
            "cost": round(totals.cost, 4) if totals.rows else None,
        }
