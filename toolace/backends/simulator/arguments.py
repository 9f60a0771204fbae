"""The simulator's true calls: which arguments a user gives, with which values, and the phrase that says each."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from toolace.backends.simulator.mentions import sayable, unsaid
from toolace.backends.simulator.people import partner_of
from toolace.backends.simulator.phrasing import Phrasing
from toolace.backends.simulator.recalling import fits
from toolace.backends.simulator.values import CannotDraw, Draw
from toolace.errors import Unanswerable
from toolace.gen_dialogs.roles import CallSpec
from toolace.gen_dialogs.traits import only_looks
from toolace.meaning import kind_of, words
from toolace.records import Api
from toolace.semantics import ANNOTATION

OPTIONAL = {0: 0.3, 1: 0.31, 2: 0.21, 3: 0.11, 4: 0.07}
"""Share of calls by number of optional parameters that are asked for: most requests leave most of them out, yet a model that
sees few of them given learns to drop what was said."""
LEFT_OUT = 0.5
"""Chance that one is left out where the draw above would fill every parameter."""
_SHARED = frozenset("street_address city email phone postal_code company person_name country".split())
_DATE = re.compile(r"\b\d{4}-\d\d-\d\d")
_TRIES = 12


@dataclass(slots=True)
class Call:
    """A call while it is planned: arguments, and the phrase for each argument the user says."""

    api: Api
    arguments: dict[str, Any]
    phrases: dict[str, str] = field(default_factory=dict)
    linked: bool = False
    varied: tuple[str, ...] = ()
    """Parameters in which it differs from the call before it of which it is a variation."""

    @property
    def properties(self) -> dict[str, dict[str, Any]]:
        """Schemas of the parameters."""
        found: dict[str, dict[str, Any]] = self.api.parameters.get("properties", {})
        return found

    @property
    def required(self) -> frozenset[str]:
        """Names of the required parameters."""
        return frozenset(self.api.parameters.get("required", ()))


class Arguments:
    """Draws calls for one dialog: one random generator, one day."""

    def __init__(self, rng: random.Random, today: str, words: Phrasing):
        self._rng, self._words = rng, words
        self._draw = Draw(rng, today)
        self.shared: dict[str, Any] | None = None
        """Addresses and names of the request in hand, which its later calls take over; None where calls are apart."""
        self.dated = False
        """Whether a date has been said, which only the date of the conversation makes certain."""

    def call(self, spec: CallSpec, api: Api) -> Call:
        """A call with its required arguments and a few optional ones. Raises Unanswerable."""
        linked = _linked(spec, api)
        call = Call(api, dict(linked), linked=bool(linked))
        wanted = self._wanted(call)
        for name, schema in call.properties.items():
            if name in linked or not (name in call.required or name in wanted):
                continue
            if unsaid(name, schema):
                self._take_default(call, name, schema)
            else:
                self._give(call, name, schema, needed=name in call.required)
        call.arguments = {name: call.arguments[name] for name in call.properties if name in call.arguments}
        return call

    def varied(self, base: Call, others: Sequence[Call], names: Sequence[str]) -> Call:
        """The same call with other values for `names`; another person has another address, too. Raises Unanswerable where
        no new value can be found."""
        person = {one for name in names if (other := partner_of(name, base.arguments)) for one in (name, other)}
        names = [*names, *sorted(person - {*names})]
        kept = {name: value for name, value in base.arguments.items() if name not in person}
        for _ in range(_TRIES):
            call = Call(base.api, dict(kept), dict(base.phrases), base.linked, tuple(names))
            given = [self._give(call, name, base.properties[name], needed=False) for name in names]
            if all(given) and all(_differ(call, other, names) for other in others):
                call.arguments = {name: call.arguments[name] for name in base.arguments}
                return call
        raise Unanswerable(f"plan: {base.api.name!r} cannot be called twice with different values")

    def variable(self, call: Call, *, only_required: bool = False) -> list[str]:
        """Parameters whose other value makes another call and leaves no doubt: texts and numbers the user says."""
        names = [
            name
            for name in call.phrases
            if not isinstance(call.arguments[name], bool | list | dict)
            and len(str(call.arguments[name])) <= 40
            and '"' not in call.phrases[name]
            and not call.phrases[name].startswith(("and ", "because "))
            and not call.properties[name].get(ANNOTATION, {}).get("relation")
            and not any(_follows(other, name) for key, other in call.properties.items() if key in call.arguments)
        ]
        required = [name for name in names if name in call.required]
        return required if only_required else required or names

    def _wanted(self, call: Call) -> set[str]:
        optional = [
            name
            for name, schema in call.properties.items()
            if name not in call.required and name not in call.arguments and sayable(schema) and not unsaid(name, schema)
        ]
        count = min(len(optional), self._rng.choices(list(OPTIONAL), list(OPTIONAL.values()))[0])
        if not call.required and not count and optional and not only_looks(call.api):
            return {self._rng.choice(optional)}
        if count == len(optional) and count and self._rng.random() < LEFT_OUT:
            count -= 1
        return set(self._rng.sample(optional, count))

    def _take_default(self, call: Call, name: str, schema: dict[str, Any]) -> None:
        """A required value that no user speaks of is what the definition says it is. Raises Unanswerable."""
        value = schema.get("const", schema.get("default"))
        if value is None:
            raise Unanswerable(f"plan: nobody says the required {name!r} of {call.api.name!r}")
        call.arguments[name] = value

    def _give(self, call: Call, name: str, schema: dict[str, Any], *, needed: bool) -> bool:
        """Draws a value that can be said so that a reader finds it again; an optional one is left out if there is
        none."""
        shared_as = _shared_as(name, schema) if self.shared is not None and needed else None
        if shared_as and self.shared and shared_as in self.shared and fits(self.shared[shared_as], schema):
            call.arguments[name] = self.shared[shared_as]
            return True
        for _ in range(_TRIES):
            try:
                value = self._draw.value(name, schema, call.arguments)
            except CannotDraw:
                continue
            if (
                value in ({}, [], "")
                or _repeats(value, schema, call)
                or (not needed and value == schema.get("default", ...))
            ):
                continue
            phrase = self._words.phrase(value, schema, name)
            if self._words.credited(phrase, value, schema, name):
                call.arguments[name], call.phrases[name] = value, phrase
                if shared_as and self.shared is not None:
                    self.shared[shared_as] = value
                self.dated = self.dated or bool(_DATE.search(str(value)))
                return True
        if needed:
            raise Unanswerable(f"plan: no value for the required {name!r} of {call.api.name!r}")
        return False


def _linked(spec: CallSpec, api: Api) -> dict[str, Any]:
    """The references of a call by parameter; a list where the parameter takes one."""
    properties = api.parameters.get("properties", {})
    linked: dict[str, Any] = {}
    for link in spec.links:
        reference = {"$call": link.call, "$path": link.result}
        if properties.get(link.parameter, {}).get("type") == "array":
            linked.setdefault(link.parameter, []).append(reference)
        else:
            linked[link.parameter] = reference
    return linked


def _shared_as(name: str, schema: dict[str, Any]) -> str | None:
    """What a value is known by to the other calls of a request: two of its calls go to one address."""
    kind, said = kind_of(name, schema), words(name)
    if kind not in _SHARED or "enum" in schema:
        return None
    return kind if " " not in said else f"{kind} {said}"


def _repeats(value: Any, schema: dict[str, Any], call: Call) -> bool:
    """Whether a text says again what another argument says: a trip from Oslo to Oslo."""
    return isinstance(value, str) and "const" not in schema and value in call.arguments.values()


def _differ(call: Call, other: Call, names: Sequence[str]) -> bool:
    """Whether two calls differ in every one of these arguments."""
    return all(call.arguments.get(name) != other.arguments.get(name) for name in names)


def _follows(schema: dict[str, Any], name: str) -> bool:
    relation = schema.get(ANNOTATION, {}).get("relation") if isinstance(schema, dict) else None
    return bool(relation) and relation[1] == name
