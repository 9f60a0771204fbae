"""The catalogue's field notation: `int 1..21 nights! = 1 | for {} | Number of nights` to JSON Schema and back to
meaning."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from toolace.semantics import ANNOTATION, SEMANTIC_TYPES, identifier_pattern

_MEASURES = frozenset(
    "seconds minutes hours days weeks months years metres kilometres litres hectares degrees watts amps "
    "kelvin knots grams pixels "
    "percent kcal klux mmag euros points micrometres arcseconds semitones millicores decimals".split()
)
"""Units spelled out that a reader cannot guess; counted things (`adults`, `rooms`) say themselves what is counted."""

_NUMBER = r"-?\d+(?:\.\d+)?"
_RANGE = re.compile(rf"^(int|number|money) ({_NUMBER})\.\.({_NUMBER})(?: (\S.*))?$")
_LIST = re.compile(r"^list (\d+)\.\.(\d+)(?: of (.+))?$")
_ID = re.compile(r"^id\(([a-z][a-z0-9_ ]*)\)$")
_RELATION = re.compile(r"^(.*\S) (after|above) ([a-z_][a-z0-9_]*)$")

Schema = dict[str, Any]


class FieldError(ValueError):
    """A field that does not follow the notation; the message says what is wrong, the caller says where."""


def object_schema(fields: Mapping[str, Any], values: Mapping[str, Sequence[str]]) -> Schema:
    """The object schema of a mapping of fields; raises FieldError naming the field."""
    properties: dict[str, Schema] = {}
    required: list[str] = []
    for name, spec in fields.items():
        check_name(name)
        try:
            schema, is_required = parameter_schema(spec, values)
        except FieldError as error:
            raise FieldError(f"{name}: {error}") from None
        _check_relation(name, schema, fields)
        properties[name] = schema
        if is_required:
            required.append(name)
    schema = {"type": "object", "properties": properties, "required": required}
    return schema if required else {"type": "object", "properties": properties}


def check_name(name: Any) -> None:
    """Refuses what YAML reads as something else than text: an unquoted `on:` is true, `2024:` a number."""
    if not isinstance(name, str):
        raise FieldError(f"the name {name!r} is not text: YAML reads it as {type(name).__name__}; quote it")


def _check_relation(name: str, schema: Schema, fields: Mapping[str, Any]) -> None:
    """`after` and `above` compare with a field beside this one."""
    relation = schema.get(ANNOTATION, {}).get("relation")
    if relation and (relation[1] not in fields or relation[1] == name):
        raise FieldError(f"{name}: {relation[0]!r} names {relation[1]!r}, which is no other field beside it")


def parameter_schema(spec: Any, values: Mapping[str, Sequence[str]]) -> tuple[Schema, bool]:
    """Schema of one parameter, and whether it is required."""
    if isinstance(spec, Mapping):
        return _nested_parameter(spec, values)
    if not isinstance(spec, str):
        raise FieldError(f"expected text 'TYPE | PHRASES | DESCRIPTION' or a mapping, got {spec!r}")
    head, phrases, description = _three(spec)
    head, default = _split_default(head)
    is_required = head.endswith("!")
    schema = _typed(head.removesuffix("!").strip(), values)
    if default is not None:
        schema["default"] = _default(default, schema)
    _annotate(schema, _phrases(phrases, schema))
    return _described(schema, description), is_required


def result_schema(spec: Any, values: Mapping[str, Sequence[str]]) -> Schema:
    """Schema of one result field: text, a mapping (an object) or a list with one mapping (a list of objects)."""
    if isinstance(spec, Mapping):
        return _result_object(spec, values)
    if isinstance(spec, list):
        if len(spec) != 1:
            raise FieldError("a list in a result holds exactly one item, which describes every item")
        return {"type": "array", "items": result_schema(spec[0], values)}
    if not isinstance(spec, str):
        raise FieldError(f"expected text 'TYPE | DESCRIPTION', got {spec!r}")
    parts = [part.strip() for part in spec.split(" | ")]
    formula = parts.pop().removeprefix("= ") if len(parts) == 3 and parts[2].startswith("= ") else ""
    if len(parts) != 2 or not parts[1]:
        raise FieldError(f"expected 'TYPE | DESCRIPTION' or 'TYPE | DESCRIPTION | = FORMULA', got {spec!r}")
    schema = _typed(parts[0], values)
    if formula:
        _annotate(schema, {"formula": formula})
    return _described(schema, parts[1])


def _result_object(fields: Mapping[str, Any], values: Mapping[str, Sequence[str]]) -> Schema:
    properties: dict[str, Schema] = {}
    for name, spec in fields.items():
        check_name(name)
        try:
            properties[name] = _introduced(name, result_schema(spec, values))
        except FieldError as error:
            raise FieldError(f"{name}: {error}") from None
        _check_relation(name, properties[name], fields)
    return {"type": "object", "properties": properties, "required": list(properties)}


def _introduced(name: str, schema: Schema) -> Schema:
    """A list or an object of a result with what it holds, said from its name."""
    if schema.get("description") or schema["type"] not in ("array", "object"):
        return schema
    said = name.replace("_", " ")
    text = f"{said[:1].upper()}{said[1:]}, one entry each" if schema["type"] == "array" else f"The {said}"
    return {"type": schema["type"], "description": text, **schema}


def _nested_parameter(spec: Mapping[str, Any], values: Mapping[str, Sequence[str]]) -> tuple[Schema, bool]:
    if set(spec) != {"is", "fields"} or not isinstance(spec["is"], str) or not isinstance(spec["fields"], Mapping):
        raise FieldError("a nested field has exactly the keys 'is' (text) and 'fields' (a mapping)")
    head, phrases, description = _three(spec["is"])
    is_required = head.endswith("!")
    kind = head.removesuffix("!").strip()
    inner = object_schema(spec["fields"], values)
    match = _LIST.match(kind)
    if kind == "object":
        schema = inner
    elif match and match[3] is None:
        schema = {"type": "array", "items": inner, "minItems": int(match[1]), "maxItems": int(match[2])}
    else:
        raise FieldError(f"'is' starts with 'object' or 'list A..B', got {kind!r}")
    _annotate(schema, _phrases(phrases, schema))
    return _described(schema, description), is_required


def _three(spec: str) -> tuple[str, str, str]:
    parts = [part.strip() for part in spec.split(" | ")]
    if len(parts) != 3 or not all(parts):
        raise FieldError(f"expected 'TYPE | PHRASES | DESCRIPTION', got {spec!r}")
    return parts[0], parts[1], parts[2]


def _split_default(head: str) -> tuple[str, str | None]:
    before, sign, after = head.partition(" = ")
    return (before.strip(), after.strip()) if sign else (head, None)


def _typed(kind: str, values: Mapping[str, Sequence[str]]) -> Schema:
    relation = _RELATION.match(kind)
    if relation:
        schema = _typed(relation[1], values)
        _annotate(schema, {"relation": [relation[2], relation[3]]})
        return schema
    if match := _RANGE.match(kind):
        return _ranged(match[1], match[2], match[3], match[4])
    if match := _LIST.match(kind):
        if not match[3]:
            raise FieldError("a list without fields reads 'list A..B of TYPE'")
        return {
            "type": "array",
            "items": _typed(match[3], values),
            "minItems": int(match[1]),
            "maxItems": int(match[2]),
        }
    if match := _ID.match(kind):
        thing = match[1].replace(" ", "_")
        return {"type": "string", "pattern": identifier_pattern(thing), ANNOTATION: {"type": f"id({thing})"}}
    if kind.startswith("one of "):
        return {"type": "string", "enum": _words(kind.removeprefix("one of "))}
    if kind.startswith("code "):
        return {"type": "string", "pattern": f"^{_compiled(kind.removeprefix('code '))}$"}
    if kind == "bool":
        return {"type": "boolean"}
    if kind in values:
        return {"type": "string", ANNOTATION: {"type": kind, "values": [str(word) for word in values[kind]]}}
    if kind in SEMANTIC_TYPES:
        return {**SEMANTIC_TYPES[kind], ANNOTATION: {"type": kind}}
    raise FieldError(f"unknown type {kind!r}: not built in, and no list under 'values'")


def _ranged(base: str, low: str, high: str, unit: str | None) -> Schema:
    if float(low) >= float(high):
        raise FieldError(f"the range {low}..{high} is empty")
    if base == "int":
        if "." in low or "." in high:
            raise FieldError(f"an int range has whole numbers, got {low}..{high}")
        schema: Schema = {"type": "integer", "minimum": int(low), "maximum": int(high)}
    else:
        schema = {"type": "number", "minimum": _tidy(low), "maximum": _tidy(high)}
    if base == "money" and not (unit and re.fullmatch(r"[A-Z]{3}", unit)):
        raise FieldError("money is followed by a three-letter currency code")
    notes: dict[str, Any] = {"type": base} if base == "money" else {}
    if unit:
        notes["unit"] = unit
    if notes:
        schema[ANNOTATION] = notes
    return schema


def _tidy(number: str) -> int | float:
    return float(number) if "." in number else int(number)


def _words(text: str) -> list[str]:
    text = text.strip()
    if not (text.startswith("[") and text.endswith("]")):
        raise FieldError(f"'one of' is followed by [a, b, …], got {text!r}")
    words = [word.strip() for word in text[1:-1].split(",")]
    if len(words) < 2 or not all(words) or len(set(words)) != len(words):
        raise FieldError(f"'one of' needs at least two different words, got {text!r}")
    return words


def _compiled(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise FieldError(f"code {pattern!r} is no regular expression: {error}") from None
    return pattern


def _default(text: str, schema: Schema) -> Any:
    try:
        match schema.get("type"):
            case "integer":
                value: Any = int(text)
            case "number":
                value = _tidy(text)
            case "boolean":
                value = {"true": True, "false": False}[text]
            case "array" | "object":
                raise FieldError("lists and objects take no default")
            case _:
                value = text
    except (ValueError, KeyError):
        raise FieldError(f"the default {text!r} is no {schema.get('type')}") from None
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None and not low <= value <= high:
        raise FieldError(f"the default {text!r} is outside {low}..{high}")
    if "enum" in schema and value not in schema["enum"]:
        raise FieldError(f"the default {text!r} is none of {schema['enum']}")
    return value


def _phrases(text: str, schema: Schema) -> dict[str, list[str]]:
    phrases = [phrase.strip() for phrase in text.split(" / ")]
    if not all(phrases):
        raise FieldError(f"empty phrase in {text!r}")
    if schema.get("type") == "boolean":
        yes = [phrase for phrase in phrases if not phrase.startswith("~")]
        no = [phrase[1:].strip() for phrase in phrases if phrase.startswith("~")]
        if any("{}" in phrase for phrase in phrases):
            raise FieldError("a bool's phrase holds no '{}'")
        return {"say": yes, "say_not": no} if no else {"say": yes}
    if any(phrase.count("{}") != 1 for phrase in phrases):
        raise FieldError(f"each phrase holds '{{}}' once: {text!r}")
    return {"say": phrases}


def _annotate(schema: Schema, notes: Mapping[str, Any]) -> None:
    schema[ANNOTATION] = {**schema.get(ANNOTATION, {}), **notes}


def _described(schema: Schema, description: str) -> Schema:
    """`type` first, `description` second, the annotation last: the order in which a person reads a schema."""
    notes = schema.pop(ANNOTATION, None)
    kind = str((notes or {}).get("type", ""))
    is_share = kind == "percent"
    if kind.startswith("id(") and description.isalpha():
        thing = kind[3:-1].replace("_", " ") if description == "Identifier" else description.lower()
        description = f"Identifier of the {thing}"
    text = _with_unit(description, "percent" if is_share else (notes or {}).get("unit"))
    ordered = {"type": schema["type"], "description": text, **{k: v for k, v in schema.items() if k != "type"}}
    return {**ordered, ANNOTATION: notes} if notes else ordered


def _with_unit(description: str, unit: Any) -> str:
    """The description with its unit of measurement, where it has one and does not name it yet."""
    if not isinstance(unit, str):
        return description
    is_symbol = len(unit) <= 3 or not unit.isascii() or not unit.replace(" ", "").isalpha() or unit != unit.lower()
    is_measure = is_symbol or unit in _MEASURES or unit.startswith(("square ", "nautical ")) or " per " in unit
    is_named = re.search(rf"(?<![A-Za-z]){re.escape(unit)}(?![A-Za-z])", description, re.IGNORECASE)
    return f"{description}, in {unit}" if is_measure and not is_named else description
