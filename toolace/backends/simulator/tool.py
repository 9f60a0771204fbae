"""The simulator as tool: results that fit `returns`, agree with the arguments, and with earlier results of the dialog."""

from __future__ import annotations

import random
from typing import Any

from toolace.backends.simulator.values import CannotDraw, Draw
from toolace.errors import Unanswerable
from toolace.gen_dialogs.roles import ToolContext, ToolReply
from toolace.meaning import kind_of
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
        self.known = _leaves(context.arguments)
        self.things = _things(context)
        self.records = _records(context.earlier)

    def make(self, schema: dict[str, Any]) -> Any:
        """A result for the whole schema."""
        if schema.get("type") != "object" or not schema.get("properties"):
            return {"status": "ok"} if schema.get("type") in (None, "object") else self.draw.value("result", schema)
        return self._object(schema, top=True)

    def emptied(self, result: Any, schema: dict[str, Any]) -> Any:
        """The same result with nothing found: every list empty, where the schema allows it."""
        if not isinstance(result, dict):
            return [] if isinstance(result, list) else result
        properties = schema.get("properties", {})
        return {
            name: [] if isinstance(value, list) and not properties.get(name, {}).get("minItems") else value
            for name, value in result.items()
        }

    def _object(self, schema: dict[str, Any], *, top: bool = False) -> dict[str, Any]:
        made: dict[str, Any] = {}
        properties = schema.get("properties", {})
        required = set(schema.get("required", properties))
        for name, one in properties.items():
            if name not in required and self.rng.random() < 0.4:
                continue
            try:
                made[name] = self._field(name, one, made, top)
            except CannotDraw:
                if name in required:
                    raise
        return self._recalled(made, properties)

    def _field(self, name: str, schema: dict[str, Any], beside: dict[str, Any], top: bool) -> Any:
        if top and name in self.known and _fits(self.known[name], schema):
            return self.known[name]
        kind = schema.get("type")
        if kind == "object" and schema.get("properties"):
            return self._object(schema)
        if kind == "array":
            return self._list(name, schema)
        flow = kind_of(name, schema)
        if top and flow and flow.startswith("id(") and flow in self.things and _fits(self.things[flow], schema):
            return self.things[flow]
        return self.draw.value(name, schema, beside)

    def _list(self, name: str, schema: dict[str, Any]) -> list[Any]:
        items = schema.get("items") or {"type": "string"}
        low = max(int(schema.get("minItems", 0)), LIST[0])
        high = min(int(schema.get("maxItems", LIST[1])), max(low, LIST[1]))
        wanted = self.rng.randint(min(low, high), high)
        found: list[Any] = []
        for _ in range(wanted * 3):
            if len(found) >= wanted:
                break
            one = (
                self._object(items)
                if items.get("type") == "object" and items.get("properties")
                else self.draw.value(name, items)
            )
            if one not in found:
                found.append(one)
        return self._ordered(found)

    def _ordered(self, found: list[Any]) -> list[Any]:
        """Lists that run along days or times stand in their order."""
        if found and isinstance(found[0], dict):
            for name, value in found[0].items():
                if (
                    isinstance(value, str)
                    and len(value) in (5, 10, 20)
                    and value[:2].isdigit()
                    and name in ("day", "date", "at", "time", "start")
                ):
                    return sorted(found, key=lambda one: str(one.get(name, "")))
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


def _leaves(arguments: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in arguments.items():
        found[name] = value
        if isinstance(value, dict):
            for inner, one in _leaves(value).items():
                found.setdefault(inner, one)
    return found


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
    """Whether a value from elsewhere may stand here: the same JSON type, inside the bounds and the menu."""
    expected = _TYPES.get(str(schema.get("type")))
    if (
        expected is None
        or not isinstance(value, expected)
        or (isinstance(value, bool) and schema.get("type") != "boolean")
    ):
        return False
    if "enum" in schema and value not in schema["enum"]:
        return False
    if isinstance(value, int | float) and not isinstance(value, bool):
        return bool(schema.get("minimum", value) <= value <= schema.get("maximum", value))
    return not isinstance(value, list | dict) and "pattern" not in schema
