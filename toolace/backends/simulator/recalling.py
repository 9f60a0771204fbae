"""What a result takes over: identifiers that the call names, things that earlier results told of, values that fit."""

from __future__ import annotations

from typing import Any

from toolace.backends.simulator.patterns import compiled
from toolace.gen_dialogs.roles import ToolContext
from toolace.meaning import kind_of

_PLACE = ("city", "country", "airport_code", "us_state")


def things_of(context: ToolContext) -> dict[str, Any]:
    """Identifiers among the arguments, by what they identify."""
    properties = context.api.parameters.get("properties", {})
    found: dict[str, Any] = {}
    for name, value in context.arguments.items():
        flow = kind_of(name, properties.get(name, {}))
        if flow and flow.startswith("id(") and isinstance(value, str | int):
            found.setdefault(flow, value)
    return found


def place_of(context: ToolContext) -> str:
    """Where the call looks: things of one name are others in another place."""
    properties = context.api.parameters.get("properties", {})
    return ",".join(
        str(value) for name, value in context.arguments.items() if kind_of(name, properties.get(name, {})) in _PLACE
    )


def records_of(earlier: tuple[tuple[str, dict[str, Any], Any], ...]) -> dict[tuple[str, str], dict[str, Any]]:
    """Objects of earlier results that hold an identifier, by kind and value of it."""
    found: dict[tuple[str, str], dict[str, Any]] = {}

    def walk(node: Any) -> None:
        """Depth first; the first object that holds an identifier is its record."""
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


def fits(value: Any, schema: dict[str, Any]) -> bool:
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
    if "pattern" not in schema:
        return True
    expression = compiled(schema["pattern"])
    return expression is not None and expression.search(value) is not None
