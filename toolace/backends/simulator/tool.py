"""The simulator as tool: results that fit `returns`, agree with the arguments, and with earlier results of the
dialog."""

from __future__ import annotations

import random
import re
from typing import Any

from toolace.backends.simulator.agreement import DAYS, Demands
from toolace.backends.simulator.computing import CannotCompute, computed, roles_of
from toolace.backends.simulator.presuming import presumed
from toolace.backends.simulator.recalling import fits, place_of, records_of, things_of
from toolace.backends.simulator.settling import in_course, naming_field, ranked, settled, within
from toolace.backends.simulator.values import CannotDraw, Draw
from toolace.backends.simulator.verbs import looks_up
from toolace.errors import Unanswerable
from toolace.gen_dialogs.roles import ToolContext, ToolReply
from toolace.meaning import kind_of, words
from toolace.semantics import ANNOTATION, MASKED

_FAILURES = (
    "The service is temporarily unavailable.",
    "The request timed out before the data could be read.",
    "No entry matches the given values.",
    "The account does not have permission for this operation.",
    "Too many requests; try again in a minute.",
)
LIST = (2, 4)
"""Items of a list in a result: enough to choose from, few enough to read."""
FIELDS, DEPTH, SIZE = 16, 6, 150
"""Optional fields are left out after so many fields of an object, levels, and fields of the whole result."""
ROOM = (9, 6, 4, 2)
"""Fields of an object by its level, where the definition requires none of many."""
HORIZON = 21
"""Days within which what a result announces mostly happens."""
_WHEN = re.compile(r"\d{4}-\d\d-\d\d(T.*)?|\d\d:\d\d")
_TROUBLE = re.compile(r"^(errors?|warnings?|fault|failures?|error (?:code|message|details?))$")
_NOISE = re.compile(
    r"^(kind|e ?tag|self ?links?( with id)?|.*fingerprint|.*metadata|http error .*|client operation id|.*unreachables?"
    r"|operation group id)$"
)
_TELLING = re.compile(
    r"\b(id|name|title|status|state|type|summary|email|count|size|start|end|date|url|description|items)\b"
)
_TOKEN = re.compile(r"^(next (?:page )?token|.*\bpage token|next marker|next link|.*\bcursor)$")
_NEW = re.compile(r"\b(new|copy|next|replacement|other|second|clone|duplicate|restored|resulting|follow-?up)\b", re.I)


def respond(context: ToolContext, rng: random.Random) -> ToolReply:
    """The call's result. The same call made again gives the same result. Raises Unanswerable."""
    if context.outcome == "error":
        notes = context.api.returns.get(ANNOTATION, {})
        return ToolReply(result={"error": str(notes.get("fails") or rng.choice(_FAILURES))})
    for tool, arguments, result in context.earlier:
        if (
            tool == context.api.name
            and arguments == context.arguments
            and "error" not in (result if isinstance(result, dict) else {})
        ):
            return ToolReply(result=result)
    context = _unmasked(context)
    maker = _Result(context, rng)
    try:
        returns = presumed(context.api)
        result = maker.make(returns)
    except (CannotDraw, CannotCompute) as error:
        raise Unanswerable(f"tool: no result for {context.api.name!r}: {error}") from None
    return ToolReply(result=maker.emptied(result, returns) if context.outcome == "empty" else result)


def _unmasked(context: ToolContext) -> ToolContext:
    """The call with its parameters' true names: a result agrees with the arguments by what they are called."""
    properties = context.api.parameters.get("properties", {})
    named = ((name, one.get(ANNOTATION, {}).get(MASKED)) for name, one in properties.items() if isinstance(one, dict))
    names = {name: true for name, true in named if true}
    if not names:
        return context
    parameters = {
        **context.api.parameters,
        "properties": {names.get(name, name): one for name, one in properties.items()},
    }
    arguments = {names.get(name, name): value for name, value in context.arguments.items()}
    return context.model_copy(
        update={"api": context.api.model_copy(update={"parameters": parameters}), "arguments": arguments}
    )


class _Result:
    def __init__(self, context: ToolContext, rng: random.Random):
        self.draw = Draw(rng, context.today, horizon=HORIZON)
        self.rng = rng
        self.api = context.api
        self.looks = looks_up(context.api)
        self.demands = Demands(context.api, context.arguments, context.today)
        self.things = things_of(context)
        self.place = place_of(context)
        self.roles = roles_of(context.arguments, context.api.parameters)
        self.arguments = context.arguments
        self.records = records_of(context.earlier)
        self.size = 0

    def make(self, schema: dict[str, Any]) -> Any:
        """A result for the whole schema."""
        if schema.get("type") != "object" or not schema.get("properties"):
            return {"status": "ok"} if schema.get("type") in (None, "object") else self._field("result", schema, {}, 0)
        return self._object(schema, 0)

    def emptied(self, result: Any, schema: dict[str, Any]) -> Any:
        """The same result with nothing found: every list empty, where the schema allows it, and what counts it zero."""
        if not isinstance(result, dict):
            return [] if isinstance(result, list) else result
        properties = schema.get("properties", {})
        empty = {
            name: [] if isinstance(value, list) and not properties.get(name, {}).get("minItems") else value
            for name, value in result.items()
        }
        return settled(empty, properties, {})

    def _object(self, schema: dict[str, Any], depth: int, *, listed: bool = False) -> dict[str, Any]:
        properties = schema.get("properties", {})
        if listed and (name := naming_field(properties)) and any(_is_identifier(*one) for one in properties.items()):
            return self._thing(name, schema, depth)
        return self._filled(schema, depth, {}, listed=listed)

    def _thing(self, name: str, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        """A thing that is known by its name: whenever it is met again in this dialog, it is as it was."""
        value = self._field(name, schema["properties"][name], {}, depth, listed=True)
        rng = self.rng
        self.rng = self.draw.rng = random.Random(f"{self.demands.today}/{self.api.domain}/{value}/{self.place}")
        try:
            return self._filled(schema, depth, {name: value}, listed=True)
        finally:
            self.rng = self.draw.rng = rng

    def _filled(self, schema: dict[str, Any], depth: int, known: dict[str, Any], *, listed: bool) -> dict[str, Any]:
        made: dict[str, Any] = {}
        properties = schema.get("properties", {})
        small = depth < DEPTH and self.size < SIZE
        explicit = schema.get("required", ())
        required = set(explicit or (self._chosen(properties, depth) if small else ()))
        for name, one in properties.items():
            flows = (kind_of(name, one) or "").startswith("id(") or (not depth and name in self.demands.known)
            if self._is_left_out(name, one, explicit) or not self._is_asked_for(one):
                continue
            if name not in required and not small:
                continue
            if name not in required and not explicit and not flows:
                continue
            if name not in required and not flows and (self.rng.random() < 0.3 or len(made) >= FIELDS):
                continue
            try:
                self.size += 1
                made[name] = known[name] if name in known else self._field(name, one, made, depth, listed=listed)
            except CannotDraw:
                if name in required:
                    raise
        paging = None if depth else self.demands.paging
        made = settled(self._recalled(made, properties), properties, self.demands.known, paging)
        return computed(made, schema, self.roles)

    def _is_left_out(self, name: str, schema: dict[str, Any], required: Any) -> bool:
        """Whether an optional field says nothing: trouble that did not occur, a token of a next page, an empty object."""
        if name in required or not isinstance(schema, dict):
            return False
        said = words(name)
        is_hollow = schema.get("type") == "object" and not schema.get("properties")
        return bool(is_hollow or _TROUBLE.match(said) or _TOKEN.match(said) or _NOISE.match(said))

    def _chosen(self, properties: dict[str, Any], depth: int) -> set[str]:
        """The fields given where a definition requires none: a handful, the telling ones first."""
        room = ROOM[min(depth, len(ROOM) - 1)]
        if len(properties) <= room:
            return set(properties)
        names = sorted(properties, key=lambda name: (not _TELLING.search(words(name)), self.rng.random()))
        return set(names[:room])

    def _is_asked_for(self, schema: dict[str, Any]) -> bool:
        """An answer that comes only when it is included (`when`: parameter and value) is there exactly then."""
        when = schema.get(ANNOTATION, {}).get("when")
        if not when:
            return True
        asked = self.arguments.get(when[0])
        if when[1] is True:
            return asked is True or isinstance(asked, dict)
        return isinstance(asked, list) and when[1] in asked

    def _field(
        self, name: str, schema: dict[str, Any], beside: dict[str, Any], depth: int, *, listed: bool = False
    ) -> Any:
        known = self.demands.echoed(name) if listed else self.demands.known.get(name, self.demands.named(name))
        if known is not None and depth < 2 + listed and fits(known, schema):
            return known
        kind = schema.get("type")
        if kind == "object" and schema.get("properties"):
            return self._object(schema, depth + 1, listed=listed)
        if kind == "array":
            return self._list(name, schema, depth)
        flow = kind_of(name, schema)
        if (
            flow
            and not listed
            and flow in self.things
            and fits(self.things[flow], schema)
            and not _is_new(name, schema)
        ):
            return self.things[flow]
        if flow in ("first_name", "person_name") and self.demands.people:
            return self.rng.choice(self.demands.people)
        if kind == "integer" and (count := self.demands.counted(name)) is not None and fits(count, schema):
            return count
        if kind in ("integer", "number"):
            return self._number(name, schema, beside)
        if kind == "string" and (menu := [one for one in self.demands.chosen(name, flow) if fits(one, schema)]):
            return self.rng.choice(menu)
        whose = {**self.arguments, **beside} if flow == "email" and not listed else beside
        value = self.draw.value(name, schema, whose)
        if flow == "time":
            return self.demands.timed(name, value)
        if flow in DAYS and not depth and isinstance(value, str):
            stamp = self.demands.stamped(name, value, self.rng, looks=self.looks)
            if stamp is not value:
                return stamp
            if (same := self.demands.repeated(name, value)) and fits(same, schema):
                return same
        if flow in DAYS and flow and isinstance(value, str) and "relation" not in schema.get(ANNOTATION, {}):
            return self.demands.dated(name, value, flow, listed=listed)
        return value

    def _number(self, name: str, schema: dict[str, Any], beside: dict[str, Any]) -> Any:
        """A number as it would be anyhow, unless the arguments have set bounds that it breaks."""
        value = self.draw.value(name, schema, beside)
        narrow = self.demands.narrowed(name, schema)
        return value if narrow is schema or within(value, narrow) else self.draw.value(name, narrow, beside)

    def _list(self, name: str, schema: dict[str, Any], depth: int) -> list[Any]:
        items = schema.get("items")
        items = items if isinstance(items, dict) and items else {"type": "string"}
        low = int(schema.get("minItems", 0))
        high = min(int(schema.get("maxItems", LIST[1])), max(low, LIST[1]), max(low, self.demands.length or LIST[1]))
        wanted = self.rng.randint(min(max(low, LIST[0]), high), high) if depth < DEPTH and self.size < SIZE else low
        members = self._members(name, items)
        if menu := self.demands.chosen(name, kind_of(name, items)):
            wanted = min(wanted, max(low, len(menu)))
        if members:
            wanted = min(len(members), max(low, int(schema.get("maxItems", len(members)))))
        found: list[Any] = []
        naming = naming_field(items.get("properties", {})) if isinstance(items.get("properties"), dict) else None
        for _ in range(wanted * 4):
            if len(found) >= wanted:
                break
            one = self._field(name, items, {}, depth + 1, listed=True)
            if members:
                one[members[len(found)][0]] = members[len(found)][1]
            if not any(_same_thing(one, other, naming) for other in found):
                found.append(one)
        if len(found) < low:
            raise CannotDraw(f"{name}: no {low} different items")
        if words(name).endswith(("interval", "range", "bounds")) and all(isinstance(one, int | float) for one in found):
            return sorted(found)
        return self.demands.sorted(in_course(name, self._ordered(found)))

    def _members(self, name: str, items: dict[str, Any]) -> list[tuple[str, Any]]:
        """Field and value of each item where an argument lists them: one stop for each account asked about."""
        for field, schema in items.get("properties", {}).items() if isinstance(items.get("properties"), dict) else ():
            values = self.demands.members.get(words(field))
            if values and all(fits(value, schema) for value in values):
                return [(field, value) for value in dict.fromkeys(values)]
        return []

    def _ordered(self, found: list[Any]) -> list[Any]:
        """Lists that run along days or times stand in their order, others by score, distance or place."""
        if found and all(isinstance(one, str) and _WHEN.fullmatch(one) for one in found):
            return sorted(found)
        if found and isinstance(found[0], dict):
            for name, value in found[0].items():
                if isinstance(value, str) and _WHEN.fullmatch(value) and all(name in one for one in found):
                    return sorted(found, key=lambda one: str(one[name]))
        return ranked(found)

    def _recalled(self, made: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
        """A thing met before keeps what was said about it: same identifier, same name, same price."""
        for name, value in made.items():
            flow = kind_of(name, properties.get(name, {}))
            if flow and flow.startswith("id(") and (known := self.records.get((flow, str(value)))):
                return {
                    key: known[key] if key in known and fits(known[key], properties[key]) else one
                    for key, one in made.items()
                }
        return made


def _same_thing(one: Any, other: Any, naming: str | None) -> bool:
    """Whether two items of a list are the same, or bear the same name."""
    if naming and isinstance(one, dict) and isinstance(other, dict):
        return one == other or (naming in one and one[naming] == other.get(naming))
    return bool(one == other)


def _is_new(name: str, schema: dict[str, Any]) -> bool:
    """Whether a field identifies something that the call has made, not what it was made from."""
    return bool(_NEW.search(f"{words(name)} {schema.get('description', '')}"))


def _is_identifier(name: str, schema: Any) -> bool:
    return isinstance(schema, dict) and (kind_of(name, schema) or "").startswith("id(")
