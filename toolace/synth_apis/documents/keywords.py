"""The keywords of one schema node that name no other schema, from any dialect's habits to draft 2020-12."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from toolace.synth_apis.documents.prose import one_paragraph
from toolace.synth_apis.documents.regexes import is_usable
from toolace.synth_apis.documents.shape import items, text, words
from toolace.synth_apis.documents.values import MISSING, agrees, bound, coerce, count

Schema = dict[str, Any]

_TYPES: Final = {
    **dict.fromkeys(("string", "str", "text", "file", "date", "datetime", "date-time", "uuid", "byte"), "string"),
    **dict.fromkeys(("integer", "int", "long", "int32", "int64", "short"), "integer"),
    **dict.fromkeys(("number", "float", "double", "decimal"), "number"),
    **dict.fromkeys(("boolean", "bool"), "boolean"),
    **dict.fromkeys(("object", "dict", "map", "hash"), "object"),
    **dict.fromkeys(("array", "list", "tuple", "set"), "array"),
    "null": "null",
}
_INTEGER_FORMATS: Final = frozenset({"int32", "int64", "uint32", "uint64", "integer", "long"})
_CHECKED_FORMATS: Final = ("date-time", "date", "time", "duration", "email", "hostname", "ipv4", "ipv6", "uri", "uuid")
_FORMATS: Final = {
    **{name: name for name in _CHECKED_FORMATS},
    "google-datetime": "date-time",
    "datetime": "date-time",
    "url": "uri",
}
"""Formats a value can be checked by; `password`, `double`, `byte` and house formats say nothing to a validator."""
_NUMBERS: Final = ("integer", "number")
_LONGEST_ENUM: Final = 200
_LONGEST_EXAMPLE: Final = 120


def flat_keywords(node: Mapping[str, Any]) -> Schema:
    """Type, description, enum, limits, default and examples of a node; whatever has no valid form is left out."""
    types, nullable = _types(node)
    schema: Schema = {"type": types[0] if len(types) == 1 else types} if types else {}
    if description := one_paragraph(node.get("description") or node.get("title")):
        schema["description"] = description
    _add_enum(schema, node, types)
    if "string" in types:
        _add_string_limits(schema, node)
    if any(kind in types for kind in _NUMBERS):
        _add_number_limits(schema, node)
    if "array" in types:
        _add_limits(schema, "minItems", count(node.get("minItems")) or None, "maxItems", count(node.get("maxItems")))
        if node.get("uniqueItems") is True:
            schema["uniqueItems"] = True
    _add_samples(schema, node, types)
    return _nullable(schema, types) if nullable else schema


def _types(node: Mapping[str, Any]) -> tuple[list[str], bool]:
    """JSON types without null, and whether null is allowed as well; guessed from the other keywords when not stated."""
    stated = [_TYPES[name.lower()] for name in words(node.get("type")) if name.lower() in _TYPES]
    types = list(dict.fromkeys(kind for kind in stated if kind != "null"))
    nullable = "null" in stated or node.get("nullable") is True or node.get("x-nullable") is True
    if not types and not stated:
        types = _guessed(node)
    if types == ["string"] and text(node.get("format")) in _INTEGER_FORMATS:
        types = ["integer"]  # 64-bit numbers travel as text on Google's wire; what is meant is a number
    return types, nullable


def _guessed(node: Mapping[str, Any]) -> list[str]:
    if isinstance(node.get("properties"), dict) or isinstance(node.get("additionalProperties"), dict):
        return ["object"]
    if "items" in node:
        return ["array"]
    enum = items(node.get("enum"))
    if enum and all(isinstance(one, str) for one in enum):
        return ["string"]
    if enum and all(isinstance(one, int) and not isinstance(one, bool) for one in enum):
        return ["integer"]
    return []


def _add_enum(schema: Schema, node: Mapping[str, Any], types: list[str]) -> None:
    given = [node["const"]] if "const" in node else items(node.get("enum"))
    if not given or len(given) > _LONGEST_ENUM or any(kind in types for kind in ("object", "array")):
        return
    values = [coerce(value, types) for value in given if value is not None]
    keyed = {json.dumps(value): value for value in values if value is not MISSING}
    if keyed:
        schema["enum"] = list(keyed.values())


def _add_string_limits(schema: Schema, node: Mapping[str, Any]) -> None:
    if (found := node.get("format")) and isinstance(found, str) and found in _FORMATS:
        schema["format"] = _FORMATS[found]
    if isinstance(pattern := node.get("pattern"), str) and is_usable(pattern):
        schema["pattern"] = pattern
    _add_limits(schema, "minLength", count(node.get("minLength")) or None, "maxLength", count(node.get("maxLength")))


def _add_number_limits(schema: Schema, node: Mapping[str, Any]) -> None:
    low, high = bound(node.get("minimum")), bound(node.get("maximum"))
    if low is None and node.get("format") in ("uint32", "uint64"):
        low = 0
    open_low, open_high = node.get("exclusiveMinimum"), node.get("exclusiveMaximum")
    low_key = "exclusiveMinimum" if open_low is True or (low is None and bound(open_low) is not None) else "minimum"
    high_key = "exclusiveMaximum" if open_high is True or (high is None and bound(open_high) is not None) else "maximum"
    low = bound(open_low) if low is None else low
    high = bound(open_high) if high is None else high
    _add_limits(schema, low_key, low, high_key, high)
    step = bound(node.get("multipleOf"))
    if step is not None and step > 0:
        schema["multipleOf"] = step


def _add_limits(schema: Schema, low_key: str, low: float | None, high_key: str, high: float | None) -> None:
    if low is not None and high is not None and low > high:
        return  # nothing could satisfy both: the document means something else by them
    if low is not None:
        schema[low_key] = low
    if high is not None:
        schema[high_key] = high


def _add_samples(schema: Schema, node: Mapping[str, Any], types: list[str]) -> None:
    """Default and examples, of scalars only: those of objects and lists may not fit a schema that is cut short."""
    if any(kind in types for kind in ("object", "array")):
        return
    checked = dict(schema)
    if node.get("default") is not None:
        default = coerce(node["default"], types)
        if default is not MISSING and agrees(default, checked):
            schema["default"] = default
    given = node.get("examples") if isinstance(node.get("examples"), list) else [node.get("example")]
    examples = [coerce(one, types) for one in given or [] if one is not None and len(str(one)) <= _LONGEST_EXAMPLE]
    kept = [one for one in examples[:3] if one is not MISSING and one != "" and agrees(one, checked)]
    if kept:
        schema["examples"] = kept


def _nullable(schema: Schema, types: list[str]) -> Schema:
    if not types:
        return schema
    widened = {**schema, "type": [*types, "null"]}
    return {**widened, "enum": [*schema["enum"], None]} if "enum" in schema else widened
