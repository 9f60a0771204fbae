"""Says what is wrong with a schema that comes in unchanged, before anything relies on it."""

from __future__ import annotations

from typing import Any, Final

import jsonschema_rs
from jsonschema import Draft202012Validator, SchemaError

_MAX_DEPTH: Final = 100
"""Deeper content cannot be written as JSON by every library a record passes through."""
_TYPED: Final = ("type", "properties", "required", "additionalProperties", "enum", "const", "items", "format")
_KEYWORDS: Final = {*_TYPED, "title", "description", "$ref", "$schema", "$defs", "allOf", "anyOf", "oneOf"}
_META: Final[Any] = jsonschema_rs.validator_for({"$ref": "https://json-schema.org/draft/2020-12/schema"})


def problem(schema: Any, *, is_object: bool = False) -> str:
    """Why `schema` is no JSON Schema of draft 2020-12 (or none of an object); empty when it is one."""
    if not isinstance(schema, dict):
        return f"a mapping belongs here, got {schema!r:.60}"
    if is_object and schema.get("type", "object") != "object":
        return f"'type' is {schema['type']!r:.60}, but arguments are an 'object'"
    if schema and not _KEYWORDS & set(schema):
        return f"none of its keys ({', '.join(map(repr, list(schema)[:3]))}) is a keyword of JSON Schema"
    has_pattern = _has_pattern(schema)
    if has_pattern is None:
        return f"nested deeper than {_MAX_DEPTH} levels"
    error = next(iter(_META.iter_errors(schema)), None)
    if error is not None:
        return f"{_pointer(error.instance_path)}: {error.message:.120}"
    return _python_problem(schema) if has_pattern else ""


def _python_problem(schema: dict[str, Any]) -> str:
    """What only the slower library checks: that patterns are regular expressions in Python's dialect."""
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        return f"{_pointer(error.absolute_path)}: {error.message:.120}"
    return ""


def _has_pattern(schema: Any) -> bool | None:
    """Whether a pattern stands anywhere in it; None when it is nested too deep to be looked through."""
    level, has_pattern = [schema], False
    for _ in range(_MAX_DEPTH):
        has_pattern |= any("pattern" in one or "patternProperties" in one for one in level if isinstance(one, dict))
        level = [inner for one in level for inner in (one.values() if isinstance(one, dict) else one)]
        level = [one for one in level if isinstance(one, dict | list)]
        if not level:
            return has_pattern
    return None


def _pointer(path: Any) -> str:
    return "/" + "/".join(str(step) for step in path)
