"""A dialog's turns while they are drawn: which tools are called, in which steps, and what befalls them."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from toolace.config import GenDialogs
from toolace.gen_dialogs.candidates import TRIES, Candidates, Fits, differs
from toolace.gen_dialogs.dataflow import Edge
from toolace.gen_dialogs.roles import CallSpec, Link, TurnSpec
from toolace.gen_dialogs.traits import can_vary, finds_lists, only_looks
from toolace.records import RICHNESS, Api, Kind

T = TypeVar("T")

NEAR = 0.85
"""Share of dependent calls whose tools stand in one domain, where the pool has such pairs."""
FAN_OUT, FAN_IN, CHAIN, BESIDE = 0.25, 0.5, 0.25, 0.2
"""Chances, where the graph allows it: one result feeds two calls, two results feed one call, a third call takes what the
second gives, a call that feeds nothing stands beside the first."""

_FITTING: dict[str, Callable[[Api], bool]] = {"empty_result": finds_lists, "changed_mind": only_looks}
"""What a situation asks of the tool that it befalls."""


class Draft:
    """A dialog's turns while they are drawn; calls are counted over the whole dialog."""

    def __init__(self, pool: Candidates, rng: random.Random):
        self.pool, self.rng = pool, rng
        self.turns: list[TurnSpec] = []
        self.apis: list[Api] = []
        self.absent: set[str] = set()
        self.calls: list[CallSpec] = []
        self.like: Fits = None
        """The trait for which the first turn's tool was chosen."""

    def kind(self) -> Kind:
        return max((turn.kind for turn in self.turns), key=RICHNESS.index)

    def first_turn(self, kind: Kind, settings: GenDialogs) -> None:
        """The turn that makes the dialog what it is, with what leads up to it."""
        if kind == "none":
            self._without_call(choice(self.rng, settings.without_calls))
            return
        situation: str = choice(self.rng, settings.situations)
        self.like = fits = _FITTING.get(situation)
        steps = {"single": self._single, "parallel": self._parallel, "dependent": self._dependent}[kind](fits)
        if situation == "missing_parameter":
            self._ask_first(steps)
        elif situation == "tool_offered_later":
            self._offer_later(steps)
        else:
            self._add(_kind_of(steps), "plain" if situation == "changed_mind" else situation, steps)
            if situation == "changed_mind":
                self._variation("changed_mind")

    def next_turn(self, limit: Kind) -> None:
        """A further turn, no richer than `limit`."""
        if limit == "none":
            self._without_call(self.rng.choice(("small_talk", "knowledge", "no_fitting_tool")))
            return
        roll = self.rng.random()
        repeated = [turn.situation for turn in self.turns[-2:]].count("follow_up")
        if roll < 0.45 and self.calls and repeated < 2:
            self._variation("follow_up")
        elif roll < 0.62:
            self._without_call(self.rng.choice(("small_talk", "knowledge", "no_fitting_tool")))
        else:
            self._call_or_talk(self._another() if roll < 0.9 or limit == "single" else self._parallel())

    def _call_or_talk(self, steps: list[list[CallSpec]]) -> None:
        """A turn with these calls, unless one of their tools has been said to be absent."""
        if self.absent & {call.tool for step in steps for call in step}:
            self._without_call("small_talk")
        else:
            self._add(_kind_of(steps), "plain", steps)

    def _add(self, kind: Kind, situation: str, steps: list[list[CallSpec]], **more: Any) -> None:
        self.turns.append(TurnSpec(kind=kind, situation=situation, steps=tuple(map(tuple, steps)), **more))
        self.calls += [call for step in steps for call in step]

    def _use(self, api: Api) -> str:
        if api.name not in {known.name for known in self.apis}:
            self.apis.append(api)
        return api.name

    def _single(self, fits: Fits = None) -> list[list[CallSpec]]:
        return [[CallSpec(tool=self._use(self.pool.one(self.rng, fits)))]]

    def _another(self) -> list[list[CallSpec]]:
        """A call of a tool near the first one."""
        api = self.pool.beside(self.apis[0], self.rng, self.apis) if self.apis else None
        return [[CallSpec(tool=self._use(api or self.pool.one(self.rng)))]]

    def _parallel(self, fits: Fits = None) -> list[list[CallSpec]]:
        count = self.rng.choices((2, 3, 4), (0.62, 0.27, 0.11))[0]
        first = self.pool.one(self.rng, lambda api: can_vary(api) and (fits is None or fits(api)))
        shape = (
            self.rng.choices(("same", "several", "mixed"), (0.45, 0.4, 0.15))[0]
            if fits is not only_looks
            else "several"
        )
        apis = [first]
        while len(apis) < count:
            other = None if shape == "same" else self.pool.beside(first, self.rng, apis)
            if shape == "mixed" and len(apis) == 1:
                other = None
            apis.append(other or first)
        return [[CallSpec(tool=self._use(api)) for api in apis]]

    def _dependent(self, fits: Fits = None) -> list[list[CallSpec]]:
        """Two or three calls along the dataflow graph: a chain, or one result feeding two calls."""
        consumers = self.pool.flow.consumers
        if not consumers:
            return self._parallel(fits)
        edge = self._edge(consumers)
        for _ in range(TRIES if fits else 0):
            if fits is None or fits(self.pool.apis[edge.input.api]):
                break
            edge = self._edge(consumers)
        producer, consumer = self.pool.apis[edge.output.api], self.pool.apis[edge.input.api]
        self._use(producer), self._use(consumer)
        first = len(self.calls)
        steps = [[CallSpec(tool=producer.name)]]
        link = (edge.input.parameter, first, edge.output.path)
        if (other := self._second_source(edge)) and self.rng.random() < FAN_IN:
            self._use(self.pool.apis[other.output.api])
            steps[0].append(CallSpec(tool=self.pool.apis[other.output.api].name))
            links = (_link(*link), _link(other.input.parameter, first + 1, other.output.path))
            return [*steps, [CallSpec(tool=consumer.name, links=links)]]
        fan_out = 2 if edge.output.in_list and self.rng.random() < FAN_OUT else 1
        steps.append([CallSpec(tool=consumer.name, links=(_link(*link, at=at),)) for at in range(fan_out)])
        if fan_out == 1 and self.rng.random() < CHAIN:
            self._extend(steps, first + 1, edge.input.api)
        elif fan_out == 1 and self.rng.random() < BESIDE:
            self._beside(steps[0], edge.output.api, edge.input.api)
        return steps

    def _second_source(self, edge: Edge) -> Edge | None:
        """Another tool whose result fills another argument of the same consumer."""
        taken = {edge.output.api, edge.input.api}
        others = [
            other
            for other in self.pool.flow.edges_into(edge.input.api)
            if other.input.parameter != edge.input.parameter and other.output.api not in taken
        ]
        return self.rng.choice(others) if others else None

    def _beside(self, step: list[CallSpec], producer: int, consumer: int) -> None:
        """A second call beside the first one, which depends on nothing: a step of two."""
        other = self.pool.beside(self.pool.apis[producer], self.rng, [self.pool.apis[consumer]])
        if other is not None:
            step.append(CallSpec(tool=self._use(other)))

    def _edge(self, consumers: list[int]) -> Edge:
        """A dataflow edge, mostly within one domain."""
        near = self.pool.flow.home_consumers
        consumer = self.rng.choice(near if near and self.rng.random() < NEAR else consumers)
        home = self.pool.apis[consumer].domain
        edges = self.pool.flow.edges_into(consumer)
        same = [edge for edge in edges if self.pool.apis[edge.output.api].domain == home]
        return self.rng.choice(same or edges)

    def _extend(self, steps: list[list[CallSpec]], call: int, producer: int) -> None:
        """A third call that takes what the second one gives, where the graph has one."""
        for consumer in self.rng.sample(self.pool.flow.consumers, min(40, len(self.pool.flow.consumers))):
            for edge in self.pool.flow.edges_into(consumer):
                if edge.output.api == producer and self.pool.apis[consumer].name not in {api.name for api in self.apis}:
                    self._use(self.pool.apis[consumer])
                    link = (edge.input.parameter, call, edge.output.path)
                    steps.append([CallSpec(tool=self.pool.apis[consumer].name, links=(_link(*link),))])
                    return

    def _variation(self, situation: str) -> None:
        """A call of the last turn again with another value: 'and for Rome?', 'actually, make it Rome'."""
        last = [call for step in self.turns[-1].steps for call in step] if self.turns[-1].kind != "none" else []
        first = len(self.calls) - len(last)
        tools = [call.tool for call in last]
        once = [first + at for at, call in enumerate(last) if tools.count(call.tool) == 1 and not call.links]
        known = {api.name: api for api in self.apis}
        if situation == "changed_mind":
            once = [at for at in once if only_looks(known[self.calls[at].tool])] or once
        place = once[-1] if once else len(self.calls) - 1
        if self.calls[place].links:
            self._call_or_talk(self._another())
            return
        self._add("single", situation, [[CallSpec(tool=self.calls[place].tool, like=place)]])

    def _ask_first(self, steps: list[list[CallSpec]]) -> None:
        """The user leaves something out, is asked, and gives it."""
        self.turns.append(TurnSpec(kind="none", situation="missing_parameter", steps=tuple(map(tuple, steps))))
        self._add(_kind_of(steps), "given", steps)

    def _offer_later(self, steps: list[list[CallSpec]]) -> None:
        """The tool is not there at first; it is offered in the next turn, and the user asks again."""
        names = tuple(dict.fromkeys(call.tool for step in steps for call in step))
        absent = TurnSpec(kind="none", situation="tool_absent", steps=tuple(map(tuple, steps)), absent=names[0])
        self.turns.append(absent)
        self._add(_kind_of(steps), "tool_offered_later", steps, tools_added=names)

    def _without_call(self, situation: str) -> None:
        if situation in ("small_talk", "knowledge"):
            self.turns.append(TurnSpec(kind="none", situation=situation))
            return
        if situation in ("no_fitting_tool", "tool_absent"):
            near = self.apis[0] if self.apis else None
            api = self.pool.apart(near, self.rng) if near else self.pool.one(self.rng)
            if not all(differs(api, known) for known in self.apis):
                self.turns.append(TurnSpec(kind="none", situation="knowledge"))
                return
            self._use(api)
            self.absent.add(api.name)
            wanted = ((CallSpec(tool=api.name),),)
            self.turns.append(TurnSpec(kind="none", situation=situation, steps=wanted, absent=api.name))
            return
        api = self.pool.one(self.rng, can_vary)
        steps: tuple[tuple[CallSpec, ...], ...] = ((CallSpec(tool=self._use(api)),),)
        if situation == "ambiguous" and (other := self.pool.beside(api, self.rng)):
            steps = ((CallSpec(tool=api.name), CallSpec(tool=self._use(other))),)
        elif situation == "ambiguous":
            situation = "missing_parameter"
        self.turns.append(TurnSpec(kind="none", situation=situation, steps=steps))


def _kind_of(steps: list[list[CallSpec]]) -> Kind:
    return "dependent" if len(steps) > 1 else "parallel" if len(steps[0]) > 1 else "single"


def _link(parameter: str, call: int, path: str, at: int = 0) -> Link:
    """A link to item `at` of the lists on the way."""
    result = ".".join(str(at) if step == "0" else step for step in path.split(".")) if at else path
    return Link(parameter=parameter, call=call, result=result)


def choice(rng: random.Random, shares: Mapping[T, float]) -> T:
    """An item drawn by its share."""
    return rng.choices(list(shares), list(shares.values()))[0]
