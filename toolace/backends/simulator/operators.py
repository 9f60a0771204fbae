"""The diversity indicators as computed operators: each takes a definition and returns a changed one, or the same
where it finds nothing sensible to change. What the description mentions and what the report tells stays; annotations
stay true."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from typing import Any

from toolace.backends.simulator.mutating import Around, in_batch, mutations
from toolace.backends.simulator.purpose import (
    all_names,
    all_phrases,
    compared,
    in_style,
    is_reading,
    own_functionality,
    told_first,
    verb_of,
)
from toolace.backends.simulator.reshaping import with_required
from toolace.backends.simulator.results import CHANGES
from toolace.backends.simulator.technical import technical_parameters
from toolace.backends.simulator.usual import usual_parameters
from toolace.semantics import ANNOTATION
from toolace.synth_apis.companions import READING
from toolace.synth_apis.evolution import Definition
from toolace.synth_apis.indicators import Indicator
from toolace.synth_apis.tree import Functionality, slug

Schema = dict[str, Any]
Operator = Callable[[Definition, Sequence[Functionality], random.Random], Definition]

GROUPS = ("filters", "options")
"""Objects in which an API gathers its optional parameters; what is added later belongs there as well."""
_OUTSIDE = frozenset(("limit", "page", "sort_by"))


def add_parameters(api: Definition, siblings: Sequence[Functionality], rng: random.Random) -> Definition:
    """Adds one to three optional parameters: what its functionality takes beside, or what such
    an API usually has, for people or for programs."""
    taken = {slug(name) for name in all_names(api.parameters)}
    verb = verb_of(api, siblings)
    offered = [*_borrowed(api, siblings), *usual_parameters(api, verb)]
    offered += technical_parameters(verb, reads=verb in READING, rng=rng)
    fresh = [bundle for bundle in offered if not taken & set(bundle)]
    added: dict[str, Schema] = {}
    for bundle in rng.sample(fresh, min(len(fresh), rng.randint(1, 3))):
        added |= {name: one for name, one in bundle.items() if name not in added}
    properties = dict(api.parameters["properties"])
    group = next((name for name in GROUPS if properties.get(name, {}).get("type") == "object"), None)
    inside = {} if group is None else {name: one for name, one in added.items() if _is_loose(name, one)}
    if group is not None and inside:
        known = properties[group]["properties"]
        properties[group] = {**properties[group], "properties": {**known, **in_style(inside, api)}}
    outside = {name: one for name, one in added.items() if name not in inside}
    return _with_parameters(api, {**properties, **in_style(outside, api)})


def _is_loose(name: str, one: Schema) -> bool:
    return name not in _OUTSIDE and ANNOTATION in one and one.get("type") not in ("object", "array")


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
    instead of a day, an object instead of a text, decimals. A parameter whose name would no longer fit gets one that
    does: `room` becomes `rooms`; a lookup of one thing becomes one of several, with an answer for each."""
    properties = api.parameters.get("properties", {})
    mentioned = {name for name in properties if f"`{name}`" in api.description}
    fixed = compared(properties) | told_first(api.returns) | mentioned
    around = Around(api, verb_of(api, siblings), is_reading(api, siblings))
    known = {slug(name) for name in all_names(api.parameters)}
    options = [
        (name, *made)
        for name, one in properties.items()
        if name not in fixed and "relation" not in one.get(ANNOTATION, {})
        for made in mutations(name, one, around)
        if made[0] == name or slug(made[0]) not in known
    ]
    batch = in_batch(api, around.verb) if not fixed & set(api.parameters.get("required", ())) else None
    if batch and (not options or rng.random() < 0.5):
        return api.model_copy(update={"parameters": batch[0], "returns": batch[1]})
    if not options:
        return api
    old, new, made = rng.choice(options)
    mutated = {(new if name == old else name): (made if name == old else one) for name, one in properties.items()}
    required = [new if name == old else name for name in api.parameters.get("required", ())]
    parameters = with_required({**api.parameters, "properties": mutated}, required)
    return api.model_copy(update={"parameters": parameters})


def change_returns(api: Definition, siblings: Sequence[Functionality], rng: random.Random) -> Definition:
    """Changes the result in one or two ways that suit it: more fields, fewer, some of them nested."""
    if not api.returns.get("properties"):
        return api
    wanted = rng.choice((1, 1, 2))
    for change in rng.sample(CHANGES, len(CHANGES)):
        if wanted and (changed := change(api, siblings, rng)) is not None:
            api = api.model_copy(update={"returns": changed})
            wanted -= 1
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
    own = own_functionality(api, siblings)
    inputs = own.inputs if own else {}
    properties = inputs.get("properties", {})
    related, said = compared(properties), all_phrases(api.parameters)
    return [
        {name: one}
        for name, one in properties.items()
        if name not in inputs.get("required", ())
        and not said & all_phrases({"properties": {name: one}})
        and name not in related
        and "relation" not in one.get(ANNOTATION, {})
    ]


# Adding constraints

_STEPS = {"minutes": 5, "g": 5, "grams": 5, "ml": 10, "mL": 10, "watts": 10, "W": 10, "kcal": 10}
_LONGEST = {
    "street_address": 120,
    "file_name": 255,
    "company": 120,
    "username": 32,
    "email": 254,
    "license_plate": 12,
    "phone": 24,
    "postal_code": 12,
    "url": 2048,
    "first_name": 50,
    "last_name": 50,
}
_WORDY = re.compile(r"\b(text|message|note|comment|remark|description|reason|summary|body|content|explanation)\b")
_TITLED = re.compile(r"\b(title|heading|subject|headline|caption|name)\b")


def _constraint(one: Schema) -> Schema:
    """A constraint that every sensible value of the parameter meets; empty when there is none to add."""
    notes = one.get(ANNOTATION, {})
    match one.get("type"):
        case "string":
            return {} if one.keys() & {"enum", "format", "pattern", "maxLength"} else _lengths(one, notes)
        case "array":
            is_number = one.get("items", {}).get("type") in ("integer", "number")
            return {} if "uniqueItems" in one or is_number else {"uniqueItems": True}
        case "integer":
            low, high, step = one.get("minimum"), one.get("maximum"), _STEPS.get(str(notes.get("unit")))
            if "multipleOf" in one or step is None or low is None or high is None or high - low < 8 * step:
                return {}
            fits = all(value % step == 0 for value in (low, high, one.get("default", 0)))
            return {"multipleOf": step} if fits else {}
        case "object":
            is_bound = one.keys() & {"minProperties", "required"} or not one.get("properties")
            return {} if is_bound else {"minProperties": 1}
    return {}


def _lengths(one: Schema, notes: Schema) -> Schema:
    """How short and how long a text of this kind may be."""
    longest = max((len(value) for value in notes.get("values", ())), default=0)
    text = str(one.get("description", "")).lower()
    usual = _LONGEST.get(str(notes.get("type")), 500 if _WORDY.search(text) else 120 if _TITLED.search(text) else 80)
    return {"minLength": 1, "maxLength": max(usual, -(-longest // 20) * 20)}


# What they share


def _with_parameters(api: Definition, properties: dict[str, Schema]) -> Definition:
    return api.model_copy(update={"parameters": {**api.parameters, "properties": properties}})
