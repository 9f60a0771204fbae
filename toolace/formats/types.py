"""Type names of other dialects: BFCL's and the published ToolACE rows' (`dict`, `float`), xLAM's Python ones (`List[str]`)."""

from __future__ import annotations

from typing import Any

_FROM_DIALECT = {"dict": "object", "float": "number", "tuple": "array", "int": "integer", "bool": "boolean", "str": "string", "list": "array"}


def as_json_schema(function: dict[str, Any]) -> dict[str, Any]:
    """A function object whose parameters say JSON Schema's type names; everything else stays, nulls beside the keys included."""
    parameters = function.get("parameters")
    kept = {key: value for key, value in function.items() if not (key == "required" and value is None)}
    return {**kept, "parameters": _renamed(parameters)} if isinstance(parameters, dict) else kept


def _renamed(schema: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "type" and isinstance(value, str):
            if value != "any":
                found[key] = _FROM_DIALECT.get(value, value)
        elif key == "properties" and isinstance(value, dict):
            found[key] = {name: _renamed(inner) if isinstance(inner, dict) else inner for name, inner in value.items()}
        elif key in ("items", "additionalProperties") and isinstance(value, dict):
            found[key] = _renamed(value)
        else:
            found[key] = value
    return found
