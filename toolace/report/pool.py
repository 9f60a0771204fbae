"""Figures of the API pool: size, domains, parameters, style, coverage of the context tree."""

from __future__ import annotations

from collections import Counter, defaultdict

from toolace.records import Api
from toolace.report.schemas import ParameterFigures
from toolace.report.style import StyleFigures, style_table
from toolace.report.style_reference import REAL
from toolace.tables import Share, Table, counted, mean, share, shown

SHOWN_AREAS = 80
"""Rows of the table of areas; the context tree shows them all."""


class PoolFigures:
    """Figures of one pool, API by API. Memory grows with domains and functionalities, not with APIs."""

    def __init__(self) -> None:
        self.apis = 0
        self.domains: Counter[tuple[str, ...]] = Counter()
        self.covered: Counter[str] = Counter()
        self.levels: Counter[int] = Counter()
        self.indicators: Counter[str] = Counter()
        self.generations: Counter[int] = Counter()
        self.shape = ParameterFigures()
        self.styles: dict[str, StyleFigures] = defaultdict(StyleFigures)

    def add(self, api: Api) -> None:
        """Takes up one API."""
        self.apis += 1
        self.domains[api.domain] += 1
        self.covered.update(api.functionalities)
        self.levels[len(api.functionalities)] += 1
        self.shape.add(api.parameters)
        self.styles[api.lineage.origin].add(api)
        if api.lineage.origin == "synthesized":
            self.indicators.update(api.lineage.indicators)
            self.generations[api.lineage.generation] += 1

    @property
    def nested(self) -> Share | None:
        """Share of the APIs with parameters inside parameters."""
        return share(self.shape.nested, self.apis)

    def tables(self) -> list[Table]:
        """The pool's tables; none where there is no pool."""
        if not self.apis:
            return []
        shape = self.shape
        depths = {(depth or "no parameters"): shape.depths[depth] for depth in sorted(shape.depths)}
        note = f"{shape.parameters:,} parameters at all levels; {shown(mean(shape.parameters, self.apis))} an API."
        per_api = {number: shape.numbers[number] for number in sorted(shape.numbers)}
        levels = {level: self.levels[level] for level in sorted(self.levels) if level}
        indicators = dict(self.indicators.most_common())
        synthesized = self.generations.total()
        return [
            self._areas(),
            counted("types", "Parameter types", "type", dict(shape.types.most_common(30)), note=note),
            counted("depth", "Depth of the parameters", "levels", depths, note="Items of lists are a level."),
            counted("parameters", "Parameters an API", "parameters", per_api, note="At the top level."),
            counted("levels", "Functionalities an API", "functionalities", levels, note="The paper's diversity level."),
            counted(
                "indicators", "Diversity indicators", "indicator", indicators, whole=synthesized,
                note=f"Share of the {synthesized:,} synthesized APIs (paper, section 2.1).",
            ),
            style_table(self.styles, REAL),
        ]  # fmt: skip

    def _areas(self) -> Table:
        apis: Counter[str] = Counter()
        domains: Counter[str] = Counter()
        for path, number in self.domains.items():
            area = path[0] if path else "(none)"
            apis[area] += number
            domains[area] += 1
        rows = tuple(
            (name, domains[name], number, share(number, self.apis)) for name, number in apis.most_common(SHOWN_AREAS)
        )
        left = len(apis) - len(rows)
        note = f"First level of the domain, of {len(apis):,}." + (
            f" {left:,} smaller ones are left out." if left else ""
        )
        return Table("areas", "Areas", ("area", "domains", "APIs", "share"), rows, note, bars=3)
