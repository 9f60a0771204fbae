"""The diversity indicators as computed operators: each takes a definition and returns a changed one, or the same
where it finds nothing sensible to change. What the description mentions and what the report tells stays; annotations
stay true."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from toolace.backends.simulator.reshaping import HOLE, camelled, retold, with_required
from toolace.backends.simulator.speaking import as_list, as_lists, as_range
from toolace.backends.simulator.usual import all_names, usual_fields, usual_parameters
from toolace.meaning import words
from toolace.semantics import ANNOTATION
from toolace.synth_apis.companions import READING
from toolace.synth_apis.evolution import Definition
from toolace.synth_apis.indicators import Indicator
from toolace.synth_apis.tree import Functionality, singular, slug, words_of

Schema = dict[str, Any]
Operator = Callable[[Definition, Sequence[Functionality], random.Random], Definition]

_CAMEL = re.compile(r"[a-z0-9][A-Z]")


def add_parameters(api: Definition, siblings: Sequence[Functionality], rng: random.Random) -> Definition:
    """Adds one to three optional parameters: what its functionality takes beside, or what such an API usually has."""
    taken = {slug(name) for name in all_names(api.parameters)}
    offered = [*_borrowed(api, siblings), *usual_parameters(api, _verb(api, siblings))]
    fresh = [bundle for bundle in offered if not taken & set(bundle)]
    added: dict[str, Schema] = {}
    for bundle in rng.sample(fresh, min(len(fresh), rng.randint(1, 3))):
        added |= {name: one for name, one in bundle.items() if name not in added}
    return _with_parameters(api, {**api.parameters["properties"], **_in_style(added, api)})


def add_constraints(api: Definition, siblings: Sequence[Functionality], rng: random.Random) -> Definition:
    """Tightens one to three parameters by what their values are like: lengths, steps, distinct items."""
    properties = dict(api.parameters.get("properties", {}))
    found = {name: made for name, one in properties.items() if (made := _constraint(one))}
    for name in rng.sample(list(found), min(len(found), rng.randint(1, 3))):
        tighter = {**properties[name], **found[name]}
        properties[name] = {**tighter, ANNOTATION: tighter.pop(ANNOTATION)} if ANNOTATION in tighter else tighter
    return _with_parameters(api, properties)


def mutate_type(api: Definition, siblings: Sequence[Functionality], rng: random.Random) -> Definition:
    """Gives one parameter another type that suits it: several instead of one, a range instead of a bound, a moment
    instead of a day, decimals. A parameter whose name would no longer fit gets one that does: `room` becomes
    `rooms`."""
    properties = api.parameters.get("properties", {})
    fixed = (
        _compared(properties) | _holes(api.returns) | {name for name in properties if f"`{name}`" in api.description}
    )
    reads = is_reading(api, siblings)
    options = [
        (name, *made)
        for name, one in properties.items()
        if name not in fixed and "relation" not in one.get(ANNOTATION, {})
        for made in _mutations(name, one, api, reads=reads)
        if made[0] == name or slug(made[0]) not in {slug(known) for known in all_names(api.parameters)}
    ]
    if not options:
        return api
    old, new, made = rng.choice(options)
    mutated = {(new if name == old else name): (made if name == old else one) for name, one in properties.items()}
    required = [new if name == old else name for name in api.parameters.get("required", ())]
    parameters = with_required({**api.parameters, "properties": mutated}, required)
    return api.model_copy(update={"parameters": parameters})


def change_returns(api: Definition, siblings: Sequence[Functionality], rng: random.Random) -> Definition:
    """Changes the result: more fields, fewer, or some of them nested."""
    if not api.returns.get("properties"):
        return api
    reads = is_reading(api, siblings)
    changes = [_with_fields, _nested, _without_field, _wrapped]
    rng.shuffle(changes)
    for change in changes:
        if (changed := change(api, reads, rng)) is not None:
            return api.model_copy(update={"returns": changed})
    return api


OPERATORS: dict[Indicator, Operator] = {
    "add_parameters": add_parameters,
    "add_constraints": add_constraints,
    "mutate_type": mutate_type,
    "change_returns": change_returns,
}


# Adding parameters


def _borrowed(api: Definition, siblings: Sequence[Functionality]) -> list[dict[str, Schema]]:
    """Optional inputs of the functionality that the API is made of, as far as they stand alone."""
    own = _own(api, siblings)
    inputs = own.inputs if own else {}
    compared = _compared(inputs.get("properties", {}))
    said = _all_phrases(api.parameters)
    return [
        {name: one}
        for name, one in inputs.get("properties", {}).items()
        if name not in inputs.get("required", ())
        and not said & _all_phrases({"properties": {name: one}})
        and name not in compared
        and "relation" not in one.get(ANNOTATION, {})
    ]


# Adding constraints

_STEPS = {"minutes": 5, "g": 5, "grams": 5, "ml": 10, "mL": 10, "watts": 10, "W": 10, "kcal": 10}
_WORDY = re.compile(r"\b(text|message|note|comment|remark|description|reason|summary|body|content|explanation)\b")


def _constraint(one: Schema) -> Schema:
    """A constraint that every sensible value of the parameter meets; empty when there is none to add."""
    notes = one.get(ANNOTATION, {})
    match one.get("type"):
        case "string":
            if one.keys() & {"enum", "format", "pattern", "maxLength"}:
                return {}
            longest = max((len(value) for value in notes.get("values", ())), default=60)
            is_wordy = _WORDY.search(str(one.get("description", "")).lower())
            return {"minLength": 1, "maxLength": max(500 if is_wordy else 80, -(-longest // 20) * 20)}
        case "array":
            return {} if "uniqueItems" in one else {"uniqueItems": True}
        case "integer":
            low, high, step = one.get("minimum"), one.get("maximum"), _STEPS.get(str(notes.get("unit")))
            if "multipleOf" in one or step is None or low is None or high is None or high - low < 8 * step:
                return {}
            return (
                {"multipleOf": step} if all(value % step == 0 for value in (low, high, one.get("default", 0))) else {}
            )
        case "object":
            return (
                {} if one.keys() & {"minProperties", "required"} or not one.get("properties") else {"minProperties": 1}
            )
    return {}


# Mutating types

_MOMENTS = {"start": "start", "begin": "begin", "from": "from", "until": "until", "by": "by", "deadline": "deadline"}
_MOMENTS |= {
    "due": "due",
    "start_date": "start_time",
    "end_date": "end_time",
    "due_date": "due_at",
    "pickup_date": "pickup_time",
}
_MOMENTS |= {
    "delivery_date": "delivery_time",
    "visit_date": "visit_time",
    "arrival": "arrival",
    "departure": "departure",
}
_DECIMALS = (
    "km",
    "kg",
    "litres",
    "L",
    "hours",
    "miles",
    "kilometres",
    "metres",
    "m",
    "kW",
    "kWh",
    "t",
    "ha",
    "m²",
    "m³",
    "cm",
)
_BATCHES = frozenset("download delete remove".split())
_MODE = re.compile(
    r"(^|_)(sort|order|by|units?|format|mode|method|period|scale|view|layout|output|style|level|detail|basis)(_|$)"
)
"""Parameters that choose how something is done, of which there is one at a time."""


def _mutations(name: str, one: Schema, api: Definition, *, reads: bool) -> Iterable[tuple[str, Schema]]:
    """Other shapes of a parameter, each with the name it then has."""
    notes = one.get(ANNOTATION, {})
    text = str(one.get("description", "")).rstrip(".")
    is_required = name in api.parameters.get("required", ())
    is_camel = bool(_CAMEL.search(name))
    several = one.get("type") == "string" and _may_be_several(name, one, api, reads=reads and not is_required)
    if several and (made := as_list(name, one)):
        yield made
    if notes.get("unit") in _DECIMALS and one.get("type") == "integer" and "multipleOf" not in one:
        yield name, {**one, "type": "number", "description": f"{text}; decimals are allowed"}
    if reads and not is_required and (made := as_range(name, one)):
        yield made
    if made := as_lists(name, one):
        yield made
    kind = str(notes.get("type", ""))
    moment = _MOMENTS.get(slug(name))
    if one.get("format") == "date" and kind == "future_date" and moment and not reads:
        when = {key: value for key, value in one.items() if key not in ("default", ANNOTATION)}
        when |= {"format": "date-time", "description": f"{text}, with the time of day"}
        named = next(iter(camelled({"properties": {moment: {}}})["properties"])) if is_camel else moment
        yield named, {**when, ANNOTATION: {**notes, "type": "future_datetime"}}


def _may_be_several(name: str, one: Schema, api: Definition, *, reads: bool) -> bool:
    """Whether several values at once make sense: a filter of a search, or what a batch is done to."""
    notes = one.get(ANNOTATION, {})
    if str(notes.get("type", "")).startswith("id("):
        return bool(_BATCHES & set(words_of(api.name)))
    results = api.returns.get("properties", {}).values()
    finds_several = reads and any(result.get("type") == "array" for result in results)
    return (
        finds_several and "default" not in one and ("enum" in one or "values" in notes) and not _MODE.search(slug(name))
    )


# Changing the result


def _with_fields(api: Definition, reads: bool, rng: random.Random) -> Schema | None:
    """One or two fields that such results usually have."""
    properties = api.returns["properties"]
    extras = usual_fields(properties, reads=reads)
    known = {slug(name) for name in all_names(api.returns)}
    fresh = [name for name in extras if name not in known]
    if not fresh:
        return None
    added = _in_style({name: extras[name] for name in rng.sample(fresh, rng.randint(1, min(2, len(fresh))))}, api)
    required = [*api.returns.get("required", ()), *added]
    return with_required({**api.returns, "properties": {**properties, **added}}, required)


def _without_field(api: Definition, reads: bool, rng: random.Random) -> Schema | None:
    """Drops a field that is neither told, nor mentioned, nor an identifier that others may need."""
    properties = api.returns["properties"]
    kept = _holes(api.returns) | _mentioned(api, properties)
    spare = [name for name in properties if name not in kept and "id" not in words(name).split()]
    if not spare or len(properties) < 3:
        return None
    gone = rng.choice(spare)
    left = {name: one for name, one in properties.items() if name != gone}
    required = [name for name in api.returns.get("required", ()) if name != gone]
    return with_required({**api.returns, "properties": left}, required)


def _nested(api: Definition, reads: bool, rng: random.Random) -> Schema | None:
    """Two or more scalar fields move into one object; the holes of the report follow them."""
    properties = api.returns["properties"]
    scalars = [
        name
        for name, one in properties.items()
        if one.get("type") not in ("array", "object") and "id" not in words(name).split()
    ]
    outer = rng.choice(("details", "data", "result") if len(scalars) == len(properties) else ("details", "summary"))
    if len(scalars) < 2 or outer in all_names(api.returns) or len(properties) < 3:
        return None
    inner: Schema = {
        "type": "object",
        "description": {"summary": "The answer in short", "details": "Particulars of the answer"}.get(
            outer, "The answer"
        ),
        "properties": {name: properties[name] for name in scalars},
    }
    inner = with_required(inner, [name for name in scalars if name in api.returns.get("required", ())])
    left = {name: one for name, one in properties.items() if name not in scalars}
    changed: Schema = {**api.returns, "properties": {outer: inner, **left}}
    required = [outer, *(name for name in api.returns.get("required", ()) if name in left)]
    return with_required(retold(changed, {name: f"{outer}.{name}" for name in scalars}), required)


def _wrapped(api: Definition, reads: bool, rng: random.Random) -> Schema | None:
    """The whole result moves into one object named after the thing that it identifies: `booking_id` and more into
    `booking`."""
    properties = api.returns["properties"]
    things = [match[1] for name in properties if (match := re.match(r"^([a-z]+(?:_[a-z]+)*)_id$", slug(name)))]
    if len(things) != 1 or len(properties) < 2 or any("when" in one.get(ANNOTATION, {}) for one in properties.values()):
        return None
    outer = next(iter(_in_style({things[0]: {}}, api)))
    if outer in properties:
        return None
    inner = {key: value for key, value in api.returns.items() if key != ANNOTATION}
    inner = {"type": "object", "description": f"The {words(outer)}", **inner}
    changed: Schema = {"type": "object", "properties": {outer: inner}, "required": [outer]}
    if ANNOTATION in api.returns:
        changed[ANNOTATION] = api.returns[ANNOTATION]
    return retold(changed, {name: f"{outer}.{name}" for name in properties})


# What they share


def is_reading(api: Definition, siblings: Sequence[Functionality]) -> bool:
    """Whether the API only reads: by the verb of the functionality it is made of, else by the first word of its
    name."""
    return _verb(api, siblings) in READING


def _verb(api: Definition, siblings: Sequence[Functionality]) -> str:
    own = _own(api, siblings)
    return next(iter(words_of(own.name if own else api.name)), "")


def _own(api: Definition, siblings: Sequence[Functionality]) -> Functionality | None:
    """The functionality that the API is made of: the one whose words its name holds."""
    known = {singular(word) for word in words_of(api.name)}

    def shared(leaf: Functionality) -> float:
        verb, *rest = words_of(leaf.name) or [""]
        own = {singular(word) for word in rest}
        return (own <= known) * (len(own) + 0.5 * (verb in known))

    best = max(siblings, key=shared, default=None)
    return best if best is not None and shared(best) >= 1 else None


def _with_parameters(api: Definition, properties: dict[str, Schema]) -> Definition:
    return api.model_copy(update={"parameters": {**api.parameters, "properties": properties}})


def _in_style(fields: dict[str, Schema], api: Definition) -> dict[str, Schema]:
    """New fields named like those that are there."""
    is_camel = any(_CAMEL.search(name) for name in (*all_names(api.parameters), *all_names(api.returns)))
    made: dict[str, Schema] = camelled({"properties": fields})["properties"] if is_camel else fields
    return made


def _all_phrases(schema: Schema) -> set[str]:
    """The phrases of all parameters inside: what has the same phrase is the same parameter, whatever its name."""
    found: set[str] = set()
    for one in schema.get("properties", {}).values():
        found |= set(one.get(ANNOTATION, {}).get("say", ())) - {"{}"}
        found |= _all_phrases(one)
    return found


def _compared(properties: dict[str, Schema]) -> set[str]:
    """Parameters that another one is compared with."""
    return {one[ANNOTATION]["relation"][1] for one in properties.values() if "relation" in one.get(ANNOTATION, {})}


def _holes(returns: Schema) -> set[str]:
    """First steps of what the report tells."""
    return {match[2].partition(".")[0] for match in HOLE.finditer(returns.get(ANNOTATION, {}).get("tell", ""))}


def _mentioned(api: Definition, properties: dict[str, Schema]) -> set[str]:
    return {name for name in properties if words(name) in api.description.lower()}
