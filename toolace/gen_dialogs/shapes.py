"""Dependent calls, drawn over the dataflow graph: chains, one result that feeds two calls, two results that feed one."""

from __future__ import annotations

import random
from collections.abc import Callable

from toolace.gen_dialogs.candidates import TRIES, Candidates, Fits, differs
from toolace.gen_dialogs.dataflow import Edge
from toolace.gen_dialogs.roles import CallSpec, Link
from toolace.gen_dialogs.traits import can_vary
from toolace.records import Api

Steps = list[list[CallSpec]]

SHAPES = {"chain": 0.4, "fan_out": 0.28, "fan_in": 0.22, "beside": 0.1}
"""Shares of the dependent turns: one after the other; one result feeds two calls; two results feed one call; a call that
feeds nothing stands beside the first."""
LONG = 0.3
"""Share of the chains that have three calls."""
ENOUGH = 8
"""A shape that fewer tools than this allow is drawn less often, lest the same few fill it."""
NEAR = 0.85
"""Share of dependent calls whose tools stand in one domain, where the pool has such pairs."""
FOUND = 0.5
"""Chance that an edge from a tool that makes something is given up for another: what is found lends itself to more than
what was made a moment ago."""
TWICE = 0.5
"""Share of the fans out that call one tool with two items of a list, where it could be two tools as well."""


class Shapes:
    """Draws the steps of one dependent turn. `use` takes a tool into the dialog; calls are counted from `first`."""

    def __init__(self, pool: Candidates, rng: random.Random, use: Callable[[Api], str], first: int):
        self.pool, self.flow, self.rng, self._use, self._first = pool, pool.flow, rng, use, first

    def steps(self, fits: Fits, more: int) -> Steps:
        """The calls; `more` (fewer, if negative) than usual. The pool must have a consumer."""
        shape = self._shape(more)
        steps = self._fan_out(fits) if shape == "fan_out" else self._fan_in(fits) if shape == "fan_in" else None
        steps = steps or self._chain(self._edge(fits), long=more >= 0)
        if shape == "beside" or more > 1 or (more > 0 and sum(map(len, steps)) < 3):
            self._beside(steps)
        return steps

    def _shape(self, more: int) -> str:
        """A shape by its share; a plain chain for fewer calls, any other for more."""
        if more < 0:
            return "chain"
        shares = {**SHAPES, "fan_in": SHAPES["fan_in"] * min(1.0, len(self.flow.joiners) / ENOUGH)}
        if more:
            del shares["chain"]
        return self.rng.choices(list(shares), list(shares.values()))[0]

    def _chain(self, edge: Edge, *, long: bool) -> Steps:
        """Two calls, or three where the middle one's result is taken as well."""
        chance = LONG * min(1.0, len(self.flow.middles) / ENOUGH)
        if long and self.flow.middles and self.rng.random() < chance:
            middle = self.rng.choice(self.flow.middles)
            first, last = self.rng.choice(self.flow.edges_into(middle)), self.rng.choice(self.flow.edges_from(middle))
            if last.input.api != first.output.api:
                return [self._call(first.output.api), self._fed(first, 0), self._fed(last, 1)]
        return [self._call(edge.output.api), self._fed(edge, 0)]

    def _fan_out(self, fits: Fits) -> Steps | None:
        """One result feeds two calls: of two tools, or of one tool with the first two items of a list."""
        for _ in range(TRIES):
            edge = self._edge(fits)
            taken = [self.pool.apis[place] for place in (edge.output.api, edge.input.api)]
            others = [
                other
                for other in self.flow.edges_from(edge.output.api)
                if self._fits(other, fits) and all(differs(self.pool.apis[other.input.api], api) for api in taken)
            ]
            if others and not (edge.output.in_list and self.rng.random() < TWICE):
                both = self._fed(edge, 0) + self._fed(self.rng.choice(others), 0)
                return [self._call(edge.output.api), both]
            if edge.output.in_list:
                return [self._call(edge.output.api), self._fed(edge, 0) + self._fed(edge, 0, item=1)]
        return None

    def _fan_in(self, fits: Fits) -> Steps | None:
        """Two results feed one call: in two parameters, or as two items of one."""
        fitting = [one for one in self.flow.joiners if fits is None or fits(self.pool.apis[one])]
        for _ in range(TRIES if fitting else 0):
            consumer = self.rng.choice(fitting)
            joins = self.flow.joins_into(consumer)
            many = [name for name, edges in joins.items() if edges[0].input.many]
            names = self.rng.sample(sorted(joins), 2) if len(joins) > 1 and not many else [self.rng.choice(many)] * 2
            one, other = (self.rng.choice(joins[name]) for name in names)
            source, second = self.pool.apis[one.output.api], self.pool.apis[other.output.api]
            if not (can_vary(source) if source is second else differs(source, second)):
                continue
            links = (self._link(one, 0), self._link(other, 1))
            joined = CallSpec(tool=self._use(self.pool.apis[consumer]), links=links)
            return [self._call(one.output.api) + self._call(other.output.api), [joined]]
        return None

    def _beside(self, steps: Steps) -> None:
        """Another call in the first step, which depends on nothing; links count on."""
        known = [self.pool.apis[self.pool.index[call.tool]] for step in steps for call in step]
        other = self.pool.beside(known[0], self.rng, known)
        if other is None:
            return
        at = self._first + len(steps[0])
        steps[0].append(CallSpec(tool=self._use(other)))
        for step in steps[1:]:
            step[:] = [_shifted(call, at) for call in step]

    def _edge(self, fits: Fits) -> Edge:
        """A dataflow edge, mostly within one domain, into a tool that fits where one is soon found."""
        edge = self._any_edge()
        for _ in range(TRIES):
            if self._fits(edge, fits):
                break
            edge = self._any_edge()
        return edge

    def _fits(self, edge: Edge, fits: Fits) -> bool:
        return fits is None or fits(self.pool.apis[edge.input.api])

    def _any_edge(self) -> Edge:
        edge = self._drawn_edge()
        return edge if self.flow.looks[edge.output.api] or self.rng.random() >= FOUND else self._drawn_edge()

    def _drawn_edge(self) -> Edge:
        near = self.flow.home_consumers
        consumer = self.rng.choice(near if near and self.rng.random() < NEAR else self.flow.consumers)
        edges = self.flow.edges_into(consumer)
        home = self.pool.apis[consumer].domain
        same = [edge for edge in edges if self.pool.apis[edge.output.api].domain == home]
        return self.rng.choice(same or edges)

    def _call(self, api: int) -> list[CallSpec]:
        return [CallSpec(tool=self._use(self.pool.apis[api]))]

    def _fed(self, edge: Edge, call: int, item: int = 0) -> list[CallSpec]:
        """A call that takes from the result of the turn's call of that number."""
        tool = self._use(self.pool.apis[edge.input.api])
        return [CallSpec(tool=tool, links=(self._link(edge, call, item),))]

    def _link(self, edge: Edge, call: int, item: int = 0) -> Link:
        """A link to an item of the lists on the way."""
        path = edge.output.path
        result = ".".join(str(item) if step == "0" else step for step in path.split(".")) if item else path
        return Link(parameter=edge.input.parameter, call=self._first + call, result=result)


def _shifted(call: CallSpec, at: int) -> CallSpec:
    """The call with its links to calls from number `at` on counted one further."""
    links = tuple(link.model_copy(update={"call": link.call + (link.call >= at)}) for link in call.links)
    return call.model_copy(update={"links": links})
