"""Type names of other dialects: BFCL's and the published ToolACE rows' (`dict`, `float`), and xLAM's Python ones
(`List[str]`)."""

from __future__ import annotations

import re
from typing import Any

from toolace.formats.rows import NotCarried

_PYTHON = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "array": "List", "object": "Dict"}
_BFCL = {"object": "dict", "number": "float"}
_JSON = {
    **{name: type for type, name in _PYTHON.items()},
    "dict": "object",
    "float": "number",
    "tuple": "array",
    "list": "array",
}
_LIST = re.compile(r"(?:List|list)\[(.+)\]")


def json_type(schema: dict[str, Any]) -> str | None:
    """The one JSON type a schema is about, null aside; None where it is about several or says none."""
    named = schema.get("type")
    kinds = [kind for kind in named if kind != "null"] if isinstance(named, list) else [named] if named else []
    if not kinds and "properties" in schema:
        return "object"
    if not kinds and schema.get("enum"):
        kinds = ["string"] if all(isinstance(one, str) for one in schema["enum"]) else []
    return str(kinds[0]) if len(kinds) == 1 and kinds[0] != "null" else None


# BFCL and the published ToolACE rows


def from_dialect(function: dict[str, Any]) -> dict[str, Any]:
    """A function object whose parameters say JSON Schema's type names; a null `required` beside them is dropped."""
    parameters = function.get("parameters")
    kept = {key: value for key, value in function.items() if not (key == "required" and value is None)}
    return {**kept, "parameters": _renamed(parameters)} if isinstance(parameters, dict) else kept


def bfcl_function(function: dict[str, Any]) -> dict[str, Any]:
    """A function object as BFCL's checker reads it. Raises NotCarried where it has no name for a type."""
    parameters = function.get("parameters") or {}
    properties = {name: _bfcl(schema) for name, schema in parameters.get("properties", {}).items()}
    shape = {"type": "dict", "properties": properties, "required": parameters.get("required", [])}
    return {"name": function["name"], "description": function.get("description", ""), "parameters": shape}


def _bfcl(schema: dict[str, Any]) -> dict[str, Any]:
    kind = json_type(schema)
    if kind is None or kind not in _PYTHON:
        raise NotCarried("type_without_a_name_in_bfcl")
    found = {**schema, "type": _BFCL.get(kind, kind)}
    if kind == "array":
        found["items"] = _bfcl(schema["items"]) if schema.get("items") else {"type": "string"}
    if "properties" in schema:
        found["properties"] = {name: _bfcl(inner) for name, inner in schema["properties"].items()}
    return found


def _renamed(schema: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "type" and isinstance(value, str):
            if value != "any":
                found[key] = _JSON.get(value, value)
        elif key == "properties" and isinstance(value, dict):
            found[key] = {name: _renamed(inner) if isinstance(inner, dict) else inner for name, inner in value.items()}
        elif key in ("items", "additionalProperties") and isinstance(value, dict):
            found[key] = _renamed(value)
        else:
            found[key] = value
    return found


# xLAM


def python_type(schema: dict[str, Any]) -> str:
    """The Python name of a schema's type: `str`, `List[int]`; `Any` where there is not one."""
    kind = json_type(schema)
    if kind == "array" and isinstance(schema.get("items"), dict):
        return f"List[{python_type(schema['items'])}]"
    return _PYTHON.get(kind or "", "Any")


def from_python_type(name: str) -> dict[str, Any]:
    """The schema that a Python name stands for; an unknown name allows everything."""
    if match := _LIST.fullmatch(name):
        return {"type": "array", "items": from_python_type(match[1])}
    kind = _JSON.get(name.partition("[")[0])
    return {"type": kind} if kind else {}


def limits(schema: dict[str, Any]) -> str:
    """What a schema demands beside its type, in words, for formats that keep types only: `one of a, b; at most 5`."""
    inner = schema.get("items") if isinstance(schema.get("items"), dict) else schema
    assert isinstance(inner, dict)
    said = [f"one of {', '.join(map(str, inner['enum']))}"] if inner.get("enum") else []
    for key, words in (("format", "format"), ("pattern", "pattern"), ("minimum", "at least"), ("maximum", "at most")):
        said += [f"{words} {inner[key]}"] if key in inner else []
    if properties := inner.get("properties"):
        required = inner.get("required", ())
        fields = ", ".join(_field(name, one, name in required) for name, one in properties.items())
        said.append(f"fields {fields}")
    return "; ".join(said)


def _field(name: str, schema: dict[str, Any], is_required: bool) -> str:
    more = "; ".join(part for part in ("" if is_required else "optional", limits(schema)) if part)
    return f"{name}: {python_type(schema)}" + (f" ({more})" if more else "")
