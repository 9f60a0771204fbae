"""JSON Schema as the rules ask for it: validators compiled once by content, and a walk over the schemas inside one.

No reference is ever fetched: a schema that points outside itself does not compile.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final, NamedTuple

import jsonschema_rs
import orjson

from toolace.rules.found import escaped

MAX_DEPTH: Final = 60
"""Deeper schemas are refused: the validating library gives up soon after, and no real tool is nested like that."""

_META: Final[Any] = jsonschema_rs.validator_for({"$ref": "https://json-schema.org/draft/2020-12/schema"})
_MAPS: Final = frozenset(("properties", "patternProperties", "$defs", "definitions", "dependentSchemas"))
_LISTS: Final = frozenset(("allOf", "anyOf", "oneOf", "prefixItems"))
_SINGLE: Final = frozenset(("items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames"))
_PLAIN: Final = frozenset(
    ("type", "description", "title", "default", "example", "examples", "enum", "minimum", "maximum")
)
_CLASSES: Final[dict[str, tuple[type, ...]]] = {
    "string": (str,), "boolean": (bool,), "integer": (int,), "number": (int, float)
}  # fmt: skip
_COMBINED: Final = frozenset(("allOf", "anyOf", "oneOf", "$ref", "patternProperties", "if", "unevaluatedProperties"))


class Inner(NamedTuple):
    """A schema inside another: its pointer, the property it describes (empty for none), and the schema."""

    where: str
    name: str
    schema: dict[str, Any]


def inner_schemas(schema: Any, where: str = "") -> list[Inner]:
    """The schema and all schemas inside it, outermost first, down to MAX_DEPTH."""
    found: list[Inner] = []
    _gather(schema, where, "", 0, found)
    return found


def _gather(schema: Any, where: str, name: str, depth: int, found: list[Inner]) -> None:
    if not isinstance(schema, dict) or depth > MAX_DEPTH:
        return
    found.append(Inner(where, name, schema))
    for key, inner in schema.items():
        if isinstance(inner, dict):
            if key in _MAPS:
                for one, sub in inner.items():
                    _gather(sub, f"{where}/{key}/{escaped(one)}", one if key == "properties" else "", depth + 1, found)
            elif key in _SINGLE:
                _gather(inner, f"{where}/{key}", "", depth + 1, found)
        elif key in _LISTS and isinstance(inner, list):
            for at, sub in enumerate(inner):
                _gather(sub, f"{where}/{key}/{at}", "", depth + 1, found)


def schema_problem(schema: Any) -> tuple[str, str] | None:
    """(pointer, message) of why this is no JSON Schema of draft 2020-12; None when it is one.

    What the metaschema takes can still fail for a reference to nothing; `pattern_problem` looks at the patterns.
    """
    if not isinstance(schema, dict):
        return "", f"{type(schema).__name__} is no schema, a mapping belongs here"
    if is_deeper(schema, MAX_DEPTH * 2):
        return "", f"nested deeper than {MAX_DEPTH} schemas"
    if problems := misfits(_META, schema):
        return problems[0].where, problems[0].message
    written = canonical(schema)
    if b'"$' in written:
        compiled = _compiled(written)
        return ("", compiled) if isinstance(compiled, str) else None
    return None


def pattern_problem(schemas: Iterable[Inner]) -> tuple[str, str] | None:
    """(pointer, message) of the first pattern that does not compile. Patterns recur, and so are compiled one by one."""
    for where, _, schema in schemas:
        if "pattern" in schema and isinstance(reason := compiled_or_reason({"pattern": schema["pattern"]}), str):
            return f"{where}/pattern", reason
        for pattern in schema.get("patternProperties", ()):
            if isinstance(reason := compiled_or_reason({"pattern": pattern}), str):
                return f"{where}/patternProperties", reason
    return None


def compiled_or_reason(schema: Any) -> Any:
    """A validator of the schema, the same object for the same content, or the reason (text) why there is none."""
    return _compiled(canonical(schema))


class Misfit(NamedTuple):
    """One thing a schema says against a value: where in it (pointer), the keyword that says it, and the message."""

    where: str
    keyword: str
    message: str


def fits_plainly(value: Any, schema: dict[str, Any]) -> bool:
    """Whether a value is of the type, on the menu and in the range of a schema that asks for no more; False is no answer."""
    kind = schema.get("type")
    if not schema.keys() <= _PLAIN or not isinstance(kind, str) or type(value) not in _CLASSES.get(kind, ()):
        return False
    low, high, menu = schema.get("minimum", value), schema.get("maximum", value), schema.get("enum")
    if menu is not None and not (isinstance(value, str) and isinstance(menu, list) and value in menu):
        return False
    return isinstance(value, str | bool) or (
        isinstance(low, int | float) and isinstance(high, int | float) and low <= value <= high
    )


def misfits(validator: Any, value: Any) -> list[Misfit]:
    """All that a validator says against a value; a value nested too deep to be looked at does not fit."""
    try:
        return [] if validator.is_valid(value) else [_misfit(error) for error in validator.iter_errors(value)]
    except ValueError as error:  # its recursion limit, or a text that is no Unicode
        return [Misfit("", "depth", str(error))]


def _misfit(error: Any) -> Misfit:
    where = "".join(f"/{escaped(str(step))}" for step in error.instance_path)
    keyword = error.kind.name
    if keyword == "required":
        where += f"/{escaped(str(error.kind.property))}"
    return Misfit(where, keyword, f"{error.message:.160}")


def canonical(value: Any) -> bytes:
    """Content of a JSON value as bytes: equal for equal values with keys in the same order."""
    try:
        return orjson.dumps(value)
    except TypeError:  # an integer beyond 64 bits
        return json.dumps(value).encode()


def read(content: bytes) -> Any:
    """The value that `canonical` wrote."""
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:  # what only the standard library writes: lone surrogates, infinities
        return json.loads(content)


@lru_cache(maxsize=4_096)
def _compiled(content: bytes) -> Any:
    try:
        return jsonschema_rs.Draft202012Validator(read(content), validate_formats=True, offline=True)
    except (ValueError, jsonschema_rs.ReferencingError) as error:  # ValidationError is a ValueError
        return str(error).partition("\n")[0][:160]


def closed(schema: Any) -> Any:
    """The schema with undeclared properties refused wherever it lists properties and does not say otherwise.

    Objects that are combined from several schemas stay open: closing one part would refuse what another part declares.
    """
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: _closed_part(key, value) for key, value in schema.items()}
    properties = schema.get("properties")
    if properties and "additionalProperties" not in schema and not schema.keys() & _COMBINED:
        made["additionalProperties"] = False
    return made


def _closed_part(key: str, value: Any) -> Any:
    if key in _MAPS and isinstance(value, dict):
        return {name: closed(one) for name, one in value.items()}
    if key == "items" or key == "prefixItems" or key in ("anyOf", "oneOf"):
        return closed(value)
    return value


def is_deeper(node: Any, limit: int) -> bool:
    """Whether lists and objects are nested deeper than `limit`; those with fewer brackets than that need no walk."""
    written = canonical(node)
    if written.count(b"{") + written.count(b"[") <= limit:
        return False
    level = [node] if isinstance(node, dict | list) else []
    for _ in range(limit):
        if not level:
            return False
        inside = (one for outer in level for one in (outer.values() if isinstance(outer, dict) else outer))
        level = [one for one in inside if isinstance(one, dict | list)]
    return bool(level)
