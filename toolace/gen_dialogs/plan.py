"""The shape of a dialog, drawn before any word: kind, turns, true tools and how calls depend on each other (section 2.2)."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from toolace.config import GenDialogs
from toolace.gen_dialogs.candidates import TRIES, Candidates
from toolace.gen_dialogs.dataflow import Edge
from toolace.gen_dialogs.roles import CallSpec, Link, Persona, TurnSpec
from toolace.gen_dialogs.traits import can_vary, finds_lists, only_looks
from toolace.records import RICHNESS, Api, Kind

T = TypeVar("T")
Fits = Callable[[Api], bool] | None

NEAR = 0.85
"""Share of dependent calls whose tools stand in one domain, where the pool has such pairs."""

_OCCUPATIONS = [
    "nurse",
    "teacher",
    "student",
    "electrician",
    "accountant",
    "baker",
    "retiree",
    "engineer",
    "gardener",
    "lawyer",
    "parent",
    "musician",
    "shopkeeper",
    "researcher",
    "driver",
    "designer",
    "farmer",
    "receptionist",
    "chef",
    "journalist",
    "carpenter",
    "analyst",
    "librarian",
    "pharmacist",
]


@dataclass(frozen=True, slots=True)
class Blueprint:
    """Everything about a dialog that is fixed before its words."""

    kind: Kind
    today: str
    persona: Persona
    turns: tuple[TurnSpec, ...]
    apis: tuple[Api, ...]
    """True tools, and absent ones whose request is made."""
    tools: tuple[Api, ...]
    """Candidates in the order in which they are offered."""
    system: bool
    masked: bool


def schedule(shares: Mapping[Any, float], index: int) -> Any:
    """The item for place `index` of an even sequence with these shares.

    A golden-ratio low-discrepancy sequence: after any number of places each item's count is within one or two of its share.
    """
    point = (0.5 + index * 0.6180339887498949) % 1.0
    total = sum(shares.values())
    for item, share in shares.items():
        point -= share / total
        if point < 0:
            return item
    return next(reversed(list(shares)))


class Planner:
    """Draws blueprints from a pool."""

    def __init__(self, candidates: Candidates, settings: GenDialogs, seed: int):
        self._pool = candidates
        self._settings = settings
        self._seed = seed

    def draw(self, index: int, attempt: int = 0) -> Blueprint:
        """The blueprint of dialog `index`; another `attempt` keeps its kind and draws everything else anew."""
        kind: Kind = schedule(self._settings.mix, index)
        rng = random.Random(f"{self._seed}/plan/{index}/{attempt}")
        draft = _Draft(self._pool, rng)
        count = _choice(rng, self._settings.turns)
        draft.first_turn(kind, self._settings)
        while len(draft.turns) < count:
            draft.next_turn(kind)
        wanted = max(len(draft.apis), _choice(rng, self._settings.candidates))
        true = [api for api in draft.apis if api.name not in draft.absent]
        absent = [api for api in draft.apis if api.name in draft.absent]
        offered = self._pool.offered(true, absent, max(wanted, 1), rng)
        return Blueprint(
            kind=draft.kind(),
            today=(date(2024, 1, 1) + timedelta(days=rng.randrange(0, 1000))).isoformat(),
            persona=_persona(rng),
            turns=tuple(draft.turns),
            apis=tuple(draft.apis),
            tools=tuple(offered),
            system=rng.random() < self._settings.system_share,
            masked=rng.random() < self._settings.masked_names,
        )

    def resized(self, blueprint: Blueprint, wanted: int) -> tuple[Api, ...]:
        """The blueprint's candidates, more or fewer; the true tools stay among them."""
        absent = {turn.absent for turn in blueprint.turns if turn.absent and not turn.tools_added}
        later = {name for turn in blueprint.turns for name in turn.tools_added}
        gone = absent - later
        true = [api for api in blueprint.apis if api.name not in gone]
        rng = random.Random(f"{self._seed}/resize/{blueprint.tools[0].id}/{wanted}")
        return tuple(self._pool.offered(true, [api for api in blueprint.apis if api.name in gone], wanted, rng))


_FITTING: dict[str, Callable[[Api], bool]] = {"empty_result": finds_lists, "changed_mind": only_looks}
"""What a situation asks of the tool that it befalls."""


class _Draft:
    """A dialog's turns while they are drawn; calls are counted over the whole dialog."""

    def __init__(self, pool: Candidates, rng: random.Random):
        self.pool, self.rng = pool, rng
        self.turns: list[TurnSpec] = []
        self.apis: list[Api] = []
        self.absent: set[str] = set()
        self.calls: list[CallSpec] = []

    def kind(self) -> Kind:
        return max((turn.kind for turn in self.turns), key=RICHNESS.index)

    def first_turn(self, kind: Kind, settings: GenDialogs) -> None:
        """The turn that makes the dialog what it is, with what leads up to it."""
        if kind == "none":
            self._without_call(_choice(self.rng, settings.without_calls))
            return
        situation = _choice(self.rng, settings.situations)
        fits = _FITTING.get(situation)
        steps = {"single": self._single, "parallel": self._parallel, "dependent": self._dependent}[kind](fits)
        if situation == "missing_parameter":
            self._ask_first(steps)
        elif situation == "tool_offered_later":
            self._offer_later(steps)
        else:
            self._add(kind, "plain" if situation == "changed_mind" else situation, steps)
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
        elif roll < 0.9 or limit == "single":
            self._add("single", "plain", self._another())
        else:
            self._add("parallel", "plain", self._parallel())

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
        fan_out = 2 if edge.output.in_list and self.rng.random() < 0.25 else 1
        link = (edge.input.parameter, first, edge.output.path)
        steps.append([_linked(consumer.name, link, at) for at in range(fan_out)])
        if fan_out == 1 and self.rng.random() < 0.2:
            self._extend(steps, first + 1, edge.input.api)
        elif fan_out == 1 and self.rng.random() < 0.2:
            self._beside(steps[0], edge.output.api, edge.input.api)
        return steps

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
                    steps.append([_linked(self.pool.apis[consumer].name, link, 0)])
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
            self._add("single", "plain", self._another())
            return
        self._add("single", situation, [[CallSpec(tool=self.calls[place].tool, like=place)]])

    def _ask_first(self, steps: list[list[CallSpec]]) -> None:
        """The user leaves something out, is asked, and gives it."""
        kind: Kind = "dependent" if len(steps) > 1 else "parallel" if len(steps[0]) > 1 else "single"
        self.turns.append(TurnSpec(kind="none", situation="missing_parameter", steps=tuple(map(tuple, steps))))
        self._add(kind, "given", steps)

    def _offer_later(self, steps: list[list[CallSpec]]) -> None:
        """The tool is not there at first; it is offered in the next turn, and the user asks again."""
        kind: Kind = "dependent" if len(steps) > 1 else "parallel" if len(steps[0]) > 1 else "single"
        names = tuple(dict.fromkeys(call.tool for step in steps for call in step))
        absent = TurnSpec(kind="none", situation="tool_absent", steps=tuple(map(tuple, steps)), absent=names[0])
        self.turns.append(absent)
        self._add(kind, "tool_offered_later", steps, tools_added=names)

    def _without_call(self, situation: str) -> None:
        if situation in ("small_talk", "knowledge"):
            self.turns.append(TurnSpec(kind="none", situation=situation))
            return
        if situation in ("no_fitting_tool", "tool_absent"):
            near = self.apis[0] if self.apis else None
            api = self.pool.apart(near, self.rng) if near else self.pool.one(self.rng)
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


def _linked(tool: str, link: tuple[str, int, str], at: int) -> CallSpec:
    parameter, call, path = link
    result = ".".join(str(at) if step == "0" else step for step in path.split(".")) if at else path
    return CallSpec(tool=tool, links=(Link(parameter=parameter, call=call, result=result),))


def _choice(rng: random.Random, shares: Mapping[T, float]) -> T:
    return rng.choices(list(shares), list(shares.values()))[0]


def _persona(rng: random.Random) -> Persona:
    return Persona(
        occupation=rng.choice(_OCCUPATIONS),
        tone=rng.choices(("neutral", "polite", "casual", "terse", "chatty"), (0.3, 0.2, 0.22, 0.14, 0.14))[0],
        directness=rng.choices(("direct", "question", "context_first"), (0.42, 0.34, 0.24))[0],
        typos=rng.random() < 0.05,
    )
