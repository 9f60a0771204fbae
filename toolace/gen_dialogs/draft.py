"""A dialog's turns while they are drawn: which tools are called, in which steps, and what befalls them."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from toolace.config import GenDialogs
from toolace.gen_dialogs.candidates import Candidates, Fits, differs
from toolace.gen_dialogs.roles import CallSpec, TurnSpec
from toolace.gen_dialogs.shapes import Shapes, Steps
from toolace.gen_dialogs.traits import can_vary, finds_lists, only_looks
from toolace.records import RICHNESS, Api, Kind

T = TypeVar("T")

MOST = 6
"""Calls of a parallel turn at most."""

_AT_ANY_TURN = ("no_fitting_tool", "knowledge", "small_talk")
"""What a later turn without a call may be: what asks for nothing that the tools on offer would have to be chosen for."""

_FITTING: dict[str, Callable[[Api], bool]] = {
    "empty_result": finds_lists,
    "changed_mind": lambda api: only_looks(api) and can_vary(api),
    "missing_parameter": can_vary,
}
"""What a situation asks of the tool that it befalls."""


class Draft:
    """A dialog's turns while they are drawn; calls are counted over the whole dialog.

    `more` is how many calls the first turn is to have beyond the usual number (or below it), within its kind. With `most`
    tools in use, further calls are theirs: else the number of tools on offer would tell dialogs with calls from the others.
    """

    def __init__(self, pool: Candidates, rng: random.Random, more: int = 0, most: int = 1):
        self.pool, self.rng, self.more, self.most = pool, rng, more, most
        self.turns: list[TurnSpec] = []
        self.apis: list[Api] = []
        self.absent: set[str] = set()
        self.calls: list[CallSpec] = []
        self.like: Fits = None
        """The trait for which the first turn's tool was chosen."""
        self.first: Api | None = None
        """The tool that a dependent first turn begins with."""

    def kind(self) -> Kind:
        return max((turn.kind for turn in self.turns), key=RICHNESS.index)

    def first_turn(self, kind: Kind, settings: GenDialogs) -> None:
        """The turn that makes the dialog what it is, with what leads up to it."""
        if kind == "none":
            self._without_call(choice(self.rng, settings.without_calls))
            return
        situation: str = choice(self.rng, settings.situations)
        fits = _FITTING.get(situation)
        self.like = _both(can_vary, fits) if kind == "parallel" else fits
        steps = {"single": self._single, "parallel": self._parallel, "dependent": self._dependent}[kind](fits)
        if kind == "dependent":
            self.first = self.pool.apis[self.pool.index[steps[0][0].tool]]
        if situation == "missing_parameter":
            self._ask_first(steps)
        elif situation == "tool_offered_later":
            self._offer_later(steps)
        else:
            self._add(_kind_of(steps), "plain" if situation == "changed_mind" else situation, steps)
            if situation == "changed_mind":
                self._variation("changed_mind")

    def next_turn(self, limit: Kind, settings: GenDialogs) -> None:
        """A further turn, no richer than `limit`."""
        wanted = "none" if limit == "none" else choice(self.rng, settings.later_turns)
        repeated = [turn.situation for turn in self.turns[-2:]].count("follow_up")
        if wanted == "none":
            shares = {name: settings.without_calls.get(name, 0) for name in _AT_ANY_TURN}
            self._without_call(choice(self.rng, shares) if any(shares.values()) else "small_talk")
        elif wanted == "follow_up" and self.calls and repeated < 2:
            self._variation("follow_up")
        elif wanted == "parallel" and limit != "single":
            self._call_or_talk(self._parallel())
        else:
            self._call_or_talk(self._another())

    def _call_or_talk(self, steps: Steps) -> None:
        """A turn with these calls, unless one of their tools has been said to be absent."""
        if self.absent & {call.tool for step in steps for call in step}:
            self._without_call("small_talk")
        else:
            self._add(_kind_of(steps), "plain", steps)

    def _add(self, kind: Kind, situation: str, steps: Steps, **more: Any) -> None:
        self.turns.append(TurnSpec(kind=kind, situation=situation, steps=tuple(map(tuple, steps)), **more))
        self.calls += [call for step in steps for call in step]

    def _use(self, api: Api) -> str:
        if api.name not in {known.name for known in self.apis}:
            self.apis.append(api)
        return api.name

    def _single(self, fits: Fits = None) -> Steps:
        return [[CallSpec(tool=self._use(self.pool.one(self.rng, fits)))]]

    def _another(self) -> Steps:
        """A call of a tool near the first one, or of one that is in use where no other is to come."""
        used = self._used()
        if used and len(used) >= self.most:
            return [[CallSpec(tool=self.rng.choice(used).name)]]
        api = self.pool.beside(self.apis[0], self.rng, self.apis) if self.apis else None
        return [[CallSpec(tool=self._use(api or self.pool.one(self.rng)))]]

    def _used(self) -> list[Api]:
        """The tools of the calls so far."""
        return [api for api in self.apis if api.name not in self.absent]

    def _parallel(self, fits: Fits = None) -> Steps:
        count = self.rng.choices((2, 3, 4), (0.62, 0.27, 0.11))[0]
        if not self.turns:
            count = max(2, min(MOST, count + self.more))
        used = self._used()
        varying = [api for api in used if can_vary(api)]
        again = varying and len(used) >= self.most
        first = self.rng.choice(varying) if again else self.pool.one(self.rng, _both(can_vary, fits))
        shape = self.rng.choices(("same", "several", "mixed"), (0.45, 0.4, 0.15))[0]
        clear = fits is _FITTING["changed_mind"]  # about which call: by its tool
        shape = "several" if clear else shape
        apis = [first]
        while len(apis) < count:
            full = not clear and len({api.name for api in (*used, *apis)}) >= self.most
            other = None if full or shape == "same" else self.pool.beside(first, self.rng, apis)
            if shape == "mixed" and len(apis) == 1:
                other = None
            apis.append(other or first)
        return [[CallSpec(tool=self._use(api)) for api in apis]]

    def _dependent(self, fits: Fits = None) -> Steps:
        """Calls along the dataflow graph; parallel ones where the pool has none."""
        if not self.pool.flow.consumers:
            return self._parallel(fits)
        return Shapes(self.pool, self.rng, self._use, len(self.calls)).steps(fits, self.more)

    def _variation(self, situation: str) -> None:
        """A call of the last turn that calls again, with another value: 'and for Rome?', 'actually, make it Rome'.

        Not one that takes from a result or feeds another call: what is to become of that would be open.
        """
        calling = next(turn for turn in reversed(self.turns) if turn.kind != "none")
        last = [call for step in calling.steps for call in step]
        first = len(self.calls) - len(last)
        tools, fed = [call.tool for call in last], {link.call for call in last for link in call.links}
        free = [first + at for at, call in enumerate(last) if not call.links and first + at not in fed]
        known = {api.name: api for api in self.apis}
        free = [place for place in free if can_vary(known[self.calls[place].tool])]
        once = [place for place in free if tools.count(self.calls[place].tool) == 1] or free[-1:]
        if situation == "changed_mind":
            once = [place for place in once if only_looks(known[self.calls[place].tool])] or once
        if once:
            like = CallSpec(tool=self.calls[once[-1]].tool, like=once[-1])
            self._add("single", situation, [[like]])
        elif situation == "follow_up":
            self._call_or_talk(self._another())

    def _ask_first(self, steps: Steps) -> None:
        """The user leaves something out, is asked, and gives it."""
        self.turns.append(TurnSpec(kind="none", situation="missing_parameter", steps=tuple(map(tuple, steps))))
        self._add(_kind_of(steps), "given", steps)

    def _offer_later(self, steps: Steps) -> None:
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
        self.like = can_vary
        api = self.pool.one(self.rng, can_vary)
        steps: tuple[tuple[CallSpec, ...], ...] = ((CallSpec(tool=self._use(api)),),)
        if situation == "ambiguous" and (other := self.pool.beside(api, self.rng)):
            steps = ((CallSpec(tool=api.name), CallSpec(tool=self._use(other))),)
        elif situation == "ambiguous":
            situation = "missing_parameter"
        self.turns.append(TurnSpec(kind="none", situation=situation, steps=steps))


def _both(one: Callable[[Api], bool], other: Fits) -> Callable[[Api], bool]:
    return lambda api: one(api) and (other is None or other(api))


def _kind_of(steps: Steps) -> Kind:
    return "dependent" if len(steps) > 1 else "parallel" if len(steps[0]) > 1 else "single"


def choice(rng: random.Random, shares: Mapping[T, float]) -> T:
    """An item drawn by its share."""
    return rng.choices(list(shares), list(shares.values()))[0]
