"""The simulator as tool: results that fit `returns`, agree with the arguments, and with earlier results of the
dialog."""

from __future__ import annotations

import random
import re
from typing import Any

from toolace.backends.simulator.agreement import DAYS, Demands, settled
from toolace.backends.simulator.values import CannotDraw, Draw
from toolace.errors import Unanswerable
from toolace.gen_dialogs.roles import ToolContext, ToolReply
from toolace.meaning import kind_of, words
from toolace.semantics import ANNOTATION

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
_WHEN = re.compile(r"\d{4}-\d\d-\d\d(T.*)?|\d\d:\d\d")
_NAMES = (
    "name",
    "title",
    "hotel",
    "model",
    "item",
    "product",
    "club",
    "city",
    "artist",
    "day",
    "date",
    "variable",
    "label",
)


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
    maker = _Result(context, rng)
    try:
        result = maker.make(context.api.returns)
    except CannotDraw as error:
        raise Unanswerable(f"tool: no result for {context.api.name!r}: {error}") from None
    return ToolReply(result=maker.emptied(result, context.api.returns) if context.outcome == "empty" else result)


class _Result:
    def __init__(self, context: ToolContext, rng: random.Random):
        self.draw = Draw(rng, context.today)
        self.rng = rng
        self.demands = Demands(context.api, context.arguments, context.today)
        self.things = _things(context)
        self.arguments = context.arguments
        self.records = _records(context.earlier)
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
        made: dict[str, Any] = {}
        properties = schema.get("properties", {})
        small = depth < DEPTH and self.size < SIZE
        required = set(schema.get("required", properties if small else ()))
        for name, one in properties.items():
            flows = (kind_of(name, one) or "").startswith("id(") or (not depth and name in self.demands.known)
            if name not in required and not depth and name in ("error", "errors"):
                continue
            if not self._is_asked_for(one):
                continue
            if name not in required and not small:
                continue
            if name not in required and not flows and (self.rng.random() < 0.3 or len(made) >= FIELDS):
                continue
            try:
                self.size += 1
                made[name] = self._field(name, one, made, depth, listed=listed)
            except CannotDraw:
                if name in required:
                    raise
        return settled(self._recalled(made, properties), properties, self.demands.known)

    def _is_asked_for(self, schema: dict[str, Any]) -> bool:
        """An answer that comes only when it is included (`when`: parameter and value) is there exactly then."""
        when = schema.get(ANNOTATION, {}).get("when")
        if not when:
            return True
        asked = self.arguments.get(when[0])
        return asked is True if when[1] is True else isinstance(asked, list) and when[1] in asked

    def _field(
        self, name: str, schema: dict[str, Any], beside: dict[str, Any], depth: int, *, listed: bool = False
    ) -> Any:
        known = self.demands.echoed(name) if listed else self.demands.known.get(name)
        if known is not None and depth < 2 + listed and _fits(known, schema):
            return known
        kind = schema.get("type")
        if kind == "object" and schema.get("properties"):
            return self._object(schema, depth + 1, listed=listed)
        if kind == "array":
            return self._list(name, schema, depth)
        flow = kind_of(name, schema)
        if flow and not listed and flow.startswith("id(") and flow in self.things and _fits(self.things[flow], schema):
            return self.things[flow]
        if flow in ("first_name", "person_name") and self.demands.people:
            return self.rng.choice(self.demands.people)
        if kind in ("integer", "number"):
            return self.draw.value(name, self.demands.narrowed(name, schema), beside)
        value = self.draw.value(name, schema, beside)
        if flow in DAYS and flow and isinstance(value, str) and "relation" not in schema.get(ANNOTATION, {}):
            return self.demands.dated(name, value, flow, listed=listed)
        return value

    def _list(self, name: str, schema: dict[str, Any], depth: int) -> list[Any]:
        items = schema.get("items")
        items = items if isinstance(items, dict) and items else {"type": "string"}
        low = int(schema.get("minItems", 0))
        high = min(int(schema.get("maxItems", LIST[1])), max(low, LIST[1]), max(low, self.demands.length or LIST[1]))
        wanted = self.rng.randint(min(max(low, LIST[0]), high), high) if depth < DEPTH and self.size < SIZE else low
        members = self._members(name, items)
        if members:
            wanted = min(len(members), max(low, int(schema.get("maxItems", len(members)))))
        found: list[Any] = []
        for _ in range(wanted * 4):
            if len(found) >= wanted:
                break
            one = self._field(name, items, {}, depth + 1, listed=True)
            if members:
                one[members[len(found)][0]] = members[len(found)][1]
            if not any(_same_thing(one, other, self.demands.known) for other in found):
                found.append(one)
        if len(found) < low:
            raise CannotDraw(f"{name}: no {low} different items")
        return self.demands.sorted(self._ordered(found))

    def _members(self, name: str, items: dict[str, Any]) -> list[tuple[str, Any]]:
        """Field and value of each item where an argument lists them: one stop for each account asked about."""
        for field, schema in items.get("properties", {}).items() if isinstance(items.get("properties"), dict) else ():
            values = self.demands.members.get(words(field))
            if values and all(_fits(value, schema) for value in values):
                return [(field, value) for value in dict.fromkeys(values)]
        return []

    def _ordered(self, found: list[Any]) -> list[Any]:
        """Lists that run along days or times stand in their order."""
        if found and isinstance(found[0], dict):
            for name, value in found[0].items():
                if isinstance(value, str) and _WHEN.fullmatch(value) and all(name in one for one in found):
                    return sorted(found, key=lambda one: str(one[name]))
        return found

    def _recalled(self, made: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
        """A thing met before keeps what was said about it: same identifier, same name, same price."""
        for name, value in made.items():
            flow = kind_of(name, properties.get(name, {}))
            if flow and flow.startswith("id(") and (known := self.records.get((flow, str(value)))):
                return {
                    key: known[key] if key in known and _fits(known[key], properties[key]) else one
                    for key, one in made.items()
                }
        return made


def _same_thing(one: Any, other: Any, known: dict[str, Any]) -> bool:
    """Whether two items of a list are the same, or bear the same name."""
    if isinstance(one, dict) and isinstance(other, dict):
        first = next((key for key in one if words(key) in _NAMES and key not in known), None)
        return one == other or (first is not None and one[first] == other.get(first))
    return bool(one == other)


def _things(context: ToolContext) -> dict[str, Any]:
    """Identifiers among the arguments, by what they identify."""
    properties = context.api.parameters.get("properties", {})
    found: dict[str, Any] = {}
    for name, value in context.arguments.items():
        flow = kind_of(name, properties.get(name, {}))
        if flow and flow.startswith("id(") and isinstance(value, str | int):
            found[flow] = value
    return found


def _records(earlier: tuple[tuple[str, dict[str, Any], Any], ...]) -> dict[tuple[str, str], dict[str, Any]]:
    """Objects of earlier results that hold an identifier, by kind and value of it."""
    found: dict[tuple[str, str], dict[str, Any]] = {}

    def walk(node: Any) -> None:
        if isinstance(node, list):
            for one in node:
                walk(one)
        elif isinstance(node, dict):
            for name, value in node.items():
                flow = kind_of(name, {"type": "string"}) if isinstance(value, str) else None
                if flow and flow.startswith("id("):
                    found.setdefault((flow, value), node)
                walk(value)

    for *_, result in earlier:
        walk(result)
    return found


_TYPES: dict[str, Any] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "array": list,
    "object": dict,
}


def _fits(value: Any, schema: dict[str, Any]) -> bool:
    """Whether a value from elsewhere may stand here: the same JSON type, inside the bounds, the menu and the form."""
    expected = _TYPES.get(str(schema.get("type")))
    if expected is None or not isinstance(value, expected) or value not in schema.get("enum", (value,)):
        return False
    if isinstance(value, bool):
        return schema.get("type") == "boolean"
    if isinstance(value, int | float):
        over, under = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
        inside = schema.get("minimum", value) <= value <= schema.get("maximum", value)
        return inside and "multipleOf" not in schema and over is None and under is None and "const" not in schema
    if not isinstance(value, str) or "const" in schema or "anyOf" in schema:
        return False
    long_enough = schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value))
    return long_enough and _has_form(value, schema)


def _has_form(value: str, schema: dict[str, Any]) -> bool:
    form = schema.get("format")
    if form in ("date", "date-time") and (len(value) == 10) != (form == "date"):
        return False
    try:
        return re.search(schema.get("pattern", ""), value) is not None
    except re.error:
        return False
