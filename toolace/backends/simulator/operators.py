"""The diversity indicators as computed operators, and the reshaping that styles ask for. Each takes schemas and returns new ones;
the annotations that carry meaning and phrases are kept true."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from typing import Any

from toolace.meaning import words
from toolace.semantics import ANNOTATION, SEMANTIC_TYPES, identifier_pattern
from toolace.synth_apis.indicators import Indicator
from toolace.synth_apis.tree import Functionality

Schema = dict[str, Any]
Operator = Callable[[Schema, Schema, Sequence[Functionality], random.Random], tuple[Schema, Schema]]

_HOLE = re.compile(r"\{(#?)([A-Za-z0-9_.]+)\}")
_CAMEL = re.compile(r"[a-z][A-Z]")


# Reshaping


def flattened(parameters: Schema) -> Schema:
    """Nested objects become parameters of their own: `guests.adults` -> `guests_adults`."""
    properties: dict[str, Schema] = {}
    required: list[str] = []
    for name, one in parameters["properties"].items():
        inner = one.get("properties")
        flat = (
            {f"{name}_{key}": child for key, child in inner.items()} if one.get("type") == "object" and inner else None
        )
        if flat is None or set(flat) & set(parameters["properties"]):
            properties[name] = one
            required += [name] if name in parameters.get("required", ()) else []
            continue
        outer = (one.get(ANNOTATION, {}).get("say") or ["{}"])[0]
        for key, child in flat.items():
            properties[key] = _said_inside(child, outer)
        if name in parameters.get("required", ()):
            required += [f"{name}_{key}" for key in one.get("required", ())]
    return _with_required({**parameters, "properties": properties}, required)


def _said_inside(child: Schema, outer: str) -> Schema:
    notes = dict(child.get(ANNOTATION, {}))
    notes.pop("relation", None)
    for key in ("say", "say_not"):
        if key in notes:
            notes[key] = [
                outer.replace("{}", phrase) if child.get("type") != "boolean" else phrase for phrase in notes[key]
            ]
    return {**child, ANNOTATION: notes}


def grouped(parameters: Schema, rng: random.Random) -> Schema:
    """Three or more optional scalars become one object."""
    required = set(parameters.get("required", ()))
    properties = parameters["properties"]
    loose = [
        name
        for name, one in properties.items()
        if name not in required
        and one.get("type") not in ("object", "array")
        and "relation" not in one.get(ANNOTATION, {})
    ]
    name = next(
        (
            name
            for name in ("options", "preferences", "filters", "settings")
            if name not in properties and rng.random() < 0.6
        ),
        "",
    )
    if len(loose) < 3 or not name:
        return parameters
    group: Schema = {
        "type": "object",
        "description": rng.choice(
            ("Further wishes", "What else matters", "Optional refinements", "Fine tuning of the call")
        ),
        "properties": {key: properties[key] for key in loose},
        ANNOTATION: {"say": ["{}"]},
    }
    kept = {key: one for key, one in properties.items() if key not in loose}
    return {**parameters, "properties": {**kept, name: group}}


def renamed(schema: Schema, rename: Callable[[str], str]) -> Schema:
    """A schema with all property names rewritten, and whatever names them."""
    made = dict(schema)
    if isinstance(schema.get("properties"), dict):
        made["properties"] = {rename(name): renamed(one, rename) for name, one in schema["properties"].items()}
    if isinstance(schema.get("items"), dict):
        made["items"] = renamed(schema["items"], rename)
    if "required" in schema:
        made["required"] = [rename(name) for name in schema["required"]]
    notes = schema.get(ANNOTATION)
    if notes:
        made[ANNOTATION] = dict(notes)
        if "relation" in notes:
            made[ANNOTATION]["relation"] = [notes["relation"][0], rename(notes["relation"][1])]
        if "tell" in notes:
            made[ANNOTATION]["tell"] = _HOLE.sub(
                lambda match: "{" + match[1] + ".".join(map(rename, match[2].split("."))) + "}", notes["tell"]
            )
    return made


def third_person(text: str) -> str:
    """`Find hotels` -> `Finds hotels`."""
    first, _, rest = text.partition(" ")
    if not first.isalpha() or first.endswith("s"):
        return text
    if first.endswith(("sh", "ch", "x", "z", "o")):
        ending = "es"
    elif first.endswith("y") and first[-2:-1] not in "aeiou":
        first, ending = first[:-1], "ies"
    else:
        ending = "s"
    return f"{first}{ending} {rest}".rstrip()


# The four indicators


def add_parameters(
    parameters: Schema, returns: Schema, siblings: Sequence[Functionality], rng: random.Random
) -> tuple[Schema, Schema]:
    """Adds one to three optional parameters: what related functionalities of the domain take, or what its result calls for."""
    properties = parameters.get("properties", {})
    offered = _borrowed(properties, siblings) + _generic(properties, returns)
    fresh = {name: one for name, one in offered if name not in properties}
    if not fresh:
        return parameters, returns
    rename = _camelled if any(_CAMEL.search(name) for name in properties) else str
    taken = rng.sample(list(fresh), min(len(fresh), rng.randint(1, 3)))
    added = {rename(name): fresh[name] for name in taken if rename(name) not in properties}
    return {**parameters, "properties": {**properties, **added}}, returns


def add_constraints(
    parameters: Schema, returns: Schema, siblings: Sequence[Functionality], rng: random.Random
) -> tuple[Schema, Schema]:
    """Tightens one to three parameters by what their values are like: lengths, steps, distinct items."""
    properties = dict(parameters.get("properties", {}))
    open_ones = [name for name, one in properties.items() if _constraint(one, random.Random(0))]
    for name in rng.sample(open_ones, min(len(open_ones), rng.randint(1, 3))):
        one = properties[name]
        tighter = {**one, **_constraint(one, rng)}
        properties[name] = {**tighter, ANNOTATION: tighter.pop(ANNOTATION)} if ANNOTATION in tighter else tighter
    return {**parameters, "properties": properties}, returns


def mutate_type(
    parameters: Schema, returns: Schema, siblings: Sequence[Functionality], rng: random.Random
) -> tuple[Schema, Schema]:
    """Gives one parameter another type that suits it: several instead of one, a moment instead of a day, decimals."""
    properties = parameters.get("properties", {})
    linked = {one[ANNOTATION]["relation"][1] for one in properties.values() if "relation" in one.get(ANNOTATION, {})}
    options = [(name, made) for name, one in properties.items() if name not in linked for made in _mutations(one)]
    if not options:
        return parameters, returns
    name, made = rng.choice(options)
    return {**parameters, "properties": {**properties, name: made}}, returns


def change_returns(
    parameters: Schema, returns: Schema, siblings: Sequence[Functionality], rng: random.Random
) -> tuple[Schema, Schema]:
    """Changes the result: more fields, fewer, or some of them nested."""
    properties = returns.get("properties")
    if not isinstance(properties, dict) or not properties:
        return parameters, returns
    changes = [_with_fields, _nested, _without_field]
    rng.shuffle(changes)
    for change in changes:
        changed = change(returns, rng)
        if changed is not None:
            return parameters, changed
    return parameters, returns


OPERATORS: dict[Indicator, Operator] = {
    "add_parameters": add_parameters,
    "add_constraints": add_constraints,
    "mutate_type": mutate_type,
    "change_returns": change_returns,
}


def _borrowed(properties: dict[str, Schema], siblings: Sequence[Functionality]) -> list[tuple[str, Schema]]:
    """Optional inputs of the functionality that has most in common with the API."""
    ranked = sorted(siblings, key=lambda leaf: -len(set(leaf.inputs.get("properties", {})) & set(properties)))
    if not ranked or not set(ranked[0].inputs.get("properties", {})) & set(properties):
        return []
    inputs = ranked[0].inputs
    required = set(inputs.get("required", ()))
    return [
        (name, one)
        for name, one in inputs.get("properties", {}).items()
        if name not in required and "relation" not in one.get(ANNOTATION, {})
    ]


def _generic(properties: dict[str, Schema], returns: Schema) -> list[tuple[str, Schema]]:
    """Parameters that fit any API with such a result."""
    found: list[tuple[str, Schema]] = []
    results = returns.get("properties", {})
    lists = [one for one in results.values() if isinstance(one, dict) and one.get("type") == "array"]
    fields = lists[0].get("items", {}).get("properties", {}) if lists else {}
    if fields:
        found.append(
            (
                "limit",
                _field(
                    "integer",
                    "Most results to give back",
                    ["at most {} of them", "no more than {} results"],
                    minimum=1,
                    maximum=50,
                    default=10,
                ),
            )
        )
        ordered = [
            name
            for name, one in fields.items()
            if one.get("type") in ("number", "integer", "string") and "id" not in words(name).split()
        ]
        if len(ordered) >= 2:
            found.append(
                (
                    "sort_by",
                    _field(
                        "string", "Field by which results are ordered", ["sorted by {}", "ordered by {}"], enum=ordered
                    ),
                )
            )
            found.append(
                (
                    "descending",
                    _field(
                        "boolean",
                        "Whether the order is descending, largest first",
                        ["in descending order"],
                        default=False,
                    ),
                )
            )
    if any(
        len(one.get(ANNOTATION, {}).get("values", ())) > 0
        for one in (*results.values(), *fields.values())
        if isinstance(one, dict)
    ):
        found.append(
            (
                "language",
                _field(
                    "string",
                    "Language of texts in the result",
                    ["with the texts in {}", "answered in {}"],
                    kind="language_code",
                ),
            )
        )
    return [(name, one) for name, one in found if words(name) not in {words(known) for known in properties}]


def _field(kind_of_json: str, description: str, say: list[str], kind: str | None = None, **rest: Any) -> Schema:
    notes: dict[str, Any] = {"type": kind} if kind else {}
    base = dict(SEMANTIC_TYPES[kind]) if kind else {"type": kind_of_json}
    return {"type": base.pop("type"), "description": description, **base, **rest, ANNOTATION: {**notes, "say": say}}


def _constraint(one: Schema, rng: random.Random) -> Schema:
    """A constraint that every sensible value of the parameter meets; empty when there is none to add."""
    notes = one.get(ANNOTATION, {})
    match one.get("type"):
        case "string":
            if any(key in one for key in ("enum", "format", "pattern", "maxLength")):
                return {}
            longest = max((len(value) for value in notes.get("values", ())), default=60)
            return {"minLength": 1, "maxLength": max(longest + 8, rng.choice((40, 64, 80, 100, 120)))}
        case "array":
            return {"uniqueItems": True} if "uniqueItems" not in one else {}
        case "integer":
            low, high = one.get("minimum"), one.get("maximum")
            if "multipleOf" in one or low is None or high is None or high - low < 40:
                return {}
            step = 10 if high - low >= 200 else 5
            fits = one.get("default", step) % step == 0
            return {"multipleOf": step} if fits else {}
        case "object":
            return {"minProperties": 1} if "minProperties" not in one and one.get("properties") else {}
    return {}


def _mutations(one: Schema) -> list[Schema]:
    notes = dict(one.get(ANNOTATION, {}))
    text = str(one.get("description", "")).rstrip(".")
    related = "relation" in notes
    made: list[Schema] = []
    if one.get("type") == "string" and not related and notes.get("type") not in ("text", "time"):
        items = {key: value for key, value in one.items() if key not in ("description", "default", ANNOTATION)}
        inner = {key: value for key, value in notes.items() if key in ("type", "values")}
        items = {**items, ANNOTATION: inner} if inner else items
        outer = {"say": notes["say"]} if "say" in notes else {}
        many: Schema = {
            "type": "array",
            "description": f"{text} (one or more)",
            "items": items,
            "minItems": 1,
            "maxItems": 3,
        }
        made.append({**many, ANNOTATION: outer} if outer else many)
    if one.get("format") == "date" and not related and notes.get("type") in ("future_date", "past_date", "date"):
        moment = {**one, "format": "date-time", "description": f"{text}, with the time of day"}
        moment.pop("default", None)
        made.append({**moment, ANNOTATION: {**notes, "type": str(notes["type"]).replace("date", "datetime")}})
    if one.get("type") == "integer" and notes.get("unit") in (
        "km",
        "kg",
        "litres",
        "hours",
        "miles",
        "kilometres",
        "metres",
        "m",
        "g",
        "kW",
        "kWh",
    ):
        made.append({**one, "type": "number", "description": f"{text}, decimals allowed"})
    if one.get("type") == "array" and one.get("items", {}).get("type") == "string" and "say" in notes:
        groups = {"type": "array", "items": one["items"], "minItems": 1, "maxItems": 2}
        made.append(
            {
                "type": "array",
                "description": f"{text}; a list of alternatives, each a list",
                "items": groups,
                "minItems": 1,
                "maxItems": 2,
                ANNOTATION: notes,
            }
        )
    return made


_EXTRAS: tuple[tuple[str, Schema], ...] = (
    ("updated_at", {"type": "string", "description": "When the data was last brought up to date", "format": "date-time", ANNOTATION: {"type": "past_datetime"}}),
    ("request_id", {"type": "string", "description": "Identifier of this request for support", "pattern": identifier_pattern("request"), ANNOTATION: {"type": "id(request)"}}),
    ("source", {"type": "string", "description": "Where the data comes from", "enum": ["live", "cache", "archive", "estimate"]}),
    ("warnings", {"type": "array", "description": "Remarks on the request, if any", "items": {"type": "string", "enum": ["partial_data", "rounded_values", "slow_source"]}}),
    ("valid_until", {"type": "string", "description": "Until when the answer holds", "format": "date-time", ANNOTATION: {"type": "future_datetime"}}),
    ("version", {"type": "integer", "description": "Counts the changes of this record", "minimum": 1, "maximum": 40}),
)  # fmt: skip


def _with_fields(returns: Schema, rng: random.Random) -> Schema | None:
    properties = returns["properties"]
    fresh = [(name, one) for name, one in _EXTRAS if name not in properties]
    if not fresh:
        return None
    added = dict(rng.sample(fresh, rng.randint(1, min(2, len(fresh)))))
    made = {**properties, **added}
    required = (
        [*returns["required"], *(name for name in added if name != "warnings")] if "required" in returns else None
    )
    return _with_required({**returns, "properties": made}, required)


def _without_field(returns: Schema, rng: random.Random) -> Schema | None:
    told = _told(returns)
    spare = [name for name in returns["properties"] if name not in told and "id" not in words(name).split()]
    if not spare or len(returns["properties"]) < 3:
        return None
    gone = rng.choice(spare)
    properties = {name: one for name, one in returns["properties"].items() if name != gone}
    required = [name for name in returns["required"] if name != gone] if "required" in returns else None
    return _with_required({**returns, "properties": properties}, required)


def _nested(returns: Schema, rng: random.Random) -> Schema | None:
    """Two or more scalar fields move into one object; the report's holes follow them."""
    properties = returns["properties"]
    scalars = [
        name
        for name, one in properties.items()
        if one.get("type") not in ("array", "object") and "id" not in words(name).split()
    ]
    outer = rng.choice(("details", "data", "info"))
    if len(scalars) < 2 or outer in properties or len(properties) < 3:
        return None
    inner: Schema = {
        "type": "object",
        "description": rng.choice(("The values themselves", "What was found out", "Particulars of the answer")),
        "properties": {name: properties[name] for name in scalars},
        "required": [name for name in scalars if name in returns.get("required", ())],
    }
    made = {name: one for name, one in properties.items() if name not in scalars}
    changed: Schema = {**returns, "properties": {outer: inner, **made}}
    if ANNOTATION in returns and "tell" in returns[ANNOTATION]:
        tell = _HOLE.sub(
            lambda match: "{" + match[1] + (f"{outer}." if match[2].split(".")[0] in scalars else "") + match[2] + "}",
            returns[ANNOTATION]["tell"],
        )
        changed[ANNOTATION] = {**returns[ANNOTATION], "tell": tell}
    return _with_required(changed, [outer, *(name for name in returns.get("required", ()) if name in made)])


def _told(returns: Schema) -> set[str]:
    return {match[2].split(".")[0] for match in _HOLE.finditer(returns.get(ANNOTATION, {}).get("tell", ""))}


def _camelled(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def _with_required(schema: Schema, required: list[str] | None) -> Schema:
    made = {key: value for key, value in schema.items() if key not in ("required", ANNOTATION)}
    if required:
        made["required"] = required
    if ANNOTATION in schema:
        made[ANNOTATION] = schema[ANNOTATION]
    return made
