"""Tells: what gives the answer away without the request being read (reported of published data, see Hammer's name
masking).

Each tell is a number and what it would be if the true tool looked like any other candidate. Streaming; memory does not
grow.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from toolace.records import Dialog


class Tell(NamedTuple):
    """One possible shortcut over `cases`: the share observed, the share by chance, their distance in standard errors."""

    name: str
    observed: float
    chance: float
    cases: int
    z: float


class Case(NamedTuple):
    """The first called tool of a dialog and the candidates never called, each as (position from 0 to 1, function
    object)."""

    gold: tuple[float, dict[str, Any]]
    others: list[tuple[float, dict[str, Any]]]


def case_of(dialog: Dialog) -> Case | None:
    """The choice a dialog poses; None where nothing is called or nothing else is offered."""
    called = [call.function.name for message in dialog.messages for call in message.tool_calls or ()]
    last = max(1, len(dialog.tools) - 1)
    placed = [(at / last, tool["function"]) for at, tool in enumerate(dialog.tools)]
    gold = next((one for one in placed if called and one[1]["name"] == called[0]), None)
    others = [one for one in placed if one[1]["name"] not in called]
    return Case(gold, others) if gold and others else None


def properties_of(function: Mapping[str, Any]) -> dict[str, Any]:
    """Parameter schemas by name."""
    properties = (function.get("parameters") or {}).get("properties")
    return properties if isinstance(properties, dict) else {}


def optional_of(function: Mapping[str, Any]) -> set[str]:
    """Names of the parameters that may be left out."""
    return set(properties_of(function)) - set((function.get("parameters") or {}).get("required") or ())


def _any_with(key: str) -> Callable[[float, Mapping[str, Any]], float]:
    return lambda position, function: float(any(key in schema for schema in properties_of(function).values()))


FEATURES: dict[str, Callable[[float, Mapping[str, Any]], float]] = {
    "position": lambda position, function: position,
    "name length": lambda position, function: len(function["name"]),
    "description length": lambda position, function: len(function.get("description") or ""),
    "parameters": lambda position, function: len(properties_of(function)),
    "required parameters": lambda position, function: len(properties_of(function)) - len(optional_of(function)),
    "optional parameters": lambda position, function: len(optional_of(function)),
    "enums": _any_with("enum"),
    "defaults": _any_with("default"),
    "patterns": _any_with("pattern"),
    "nested parameters": _any_with("properties"),
    "lists": _any_with("items"),
    "fields of the definition": lambda position, function: len(function),
}
"""What a candidate looks like without the request: a number each."""


class Tells:
    """Takes dialogs one by one; `found` gives the tells so far."""

    def __init__(self) -> None:
        self._hits: dict[str, float] = dict.fromkeys(_EXTREMES, 0.0)
        self._cases = 0
        self._chance = self._variance = 0.0
        self._calls = self._filled = 0
        self._kinds: Counter[tuple[int, str]] = Counter()
        self._dialogs = 0

    def add(self, dialog: Dialog) -> None:
        """Takes up one dialog."""
        self._dialogs += 1
        self._kinds[len(dialog.tools), dialog.kind] += 1
        functions = {tool["function"]["name"]: tool["function"] for tool in dialog.tools}
        for message in dialog.messages:
            for call in message.tool_calls or ():
                function = functions.get(call.function.name, {})
                if optional_of(function):
                    self._calls += 1
                    self._filled += set(properties_of(function)) <= set(call.function.arguments)
        if case := case_of(dialog):
            self._take(case)

    def found(self) -> list[Tell]:
        """Every tell. `z` beyond 4 either way is no accident."""
        tells = [
            Tell(
                f"true tool: {name}",
                hits / (self._cases or 1),
                self._chance / (self._cases or 1),
                self._cases,
                (hits - self._chance) / math.sqrt(self._variance) if self._variance else 0.0,
            )
            for name, hits in self._hits.items()
        ]
        return [*tells, self._kind_from_candidates()]

    @property
    def filled(self) -> tuple[int, int]:
        """(calls that fill every parameter, calls of tools that have optional ones); 79 % in the published rows."""
        return self._filled, self._calls

    def candidates_by_kind(self) -> dict[str, float]:
        """Mean number of candidates of each kind."""
        totals: Counter[str] = Counter()
        dialogs: Counter[str] = Counter()
        for (candidates, kind), count in self._kinds.items():
            totals[kind] += candidates * count
            dialogs[kind] += count
        return {kind: totals[kind] / dialogs[kind] for kind in sorted(dialogs)}

    def _take(self, case: Case) -> None:
        self._cases += 1
        chance = 1 / (1 + len(case.others))
        self._chance += chance
        self._variance += chance * (1 - chance)
        for name, (feature, sign) in _EXTREMES.items():
            gold = sign * FEATURES[feature](*case.gold)
            values = [sign * FEATURES[feature](*other) for other in case.others]
            if gold >= max(values):
                self._hits[name] += 1 / (1 + values.count(gold))

    def _kind_from_candidates(self) -> Tell:
        """How often the kind is right when guessed from the number of candidates alone, beside always guessing the
        commonest.

        The guess is fitted on what it is measured on, so a little above chance means nothing.
        """
        best: Counter[int] = Counter()
        kinds: Counter[str] = Counter()
        for (candidates, kind), count in self._kinds.items():
            best[candidates] = max(best[candidates], count)
            kinds[kind] += count
        number = self._dialogs or 1
        observed, chance = best.total() / number, max(kinds.values(), default=0) / number
        error = math.sqrt(chance * (1 - chance) / number)
        distance = (observed - chance) / error if error else 0.0
        return Tell("kind by number of candidates", observed, chance, self._dialogs, distance)


_EXTREMES: dict[str, tuple[str, int]] = {
    "first place": ("position", -1),
    "last place": ("position", 1),
    "longest name": ("name length", 1),
    "longest description": ("description length", 1),
    "shortest description": ("description length", -1),
    "most parameters": ("parameters", 1),
    "fewest parameters": ("parameters", -1),
    "most required parameters": ("required parameters", 1),
    "most optional parameters": ("optional parameters", 1),
    "an enum": ("enums", 1),
    "a default": ("defaults", 1),
    "a pattern": ("patterns", 1),
    "nested parameters": ("nested parameters", 1),
    "a list": ("lists", 1),
    "most fields": ("fields of the definition", 1),
}
"""Guesses that a cheat could make: the candidate with the largest (1) or smallest (-1) value; ties are drawn."""


def tells_of(dialogs: Iterable[Dialog]) -> Tells:
    """The tells of a stream of dialogs."""
    tells = Tells()
    for dialog in dialogs:
        tells.add(dialog)
    return tells
