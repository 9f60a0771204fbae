"""Changes of a definition's result, each as a designer would make it: more of what is known, fewer fields, fields
gathered, amounts with their currency, values with their unit. The report's holes follow what moves."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from typing import Any

from toolace.backends.simulator.purpose import (
    LISTING,
    all_names,
    compared,
    in_style,
    is_identifier,
    is_reading,
    named_fields,
    told_first,
    verb_of,
)
from toolace.backends.simulator.reshaping import retold, with_required
from toolace.backends.simulator.usual import stamp, total
from toolace.meaning import words
from toolace.semantics import ANNOTATION
from toolace.synth_apis.companions import ONE, identifiers, required_kinds
from toolace.synth_apis.evolution import Definition
from toolace.synth_apis.tree import Functionality, slug, words_of

Schema = dict[str, Any]
Change = Callable[[Definition, Sequence[Functionality], random.Random], Schema | None]

_FREE_TEXT = re.compile(r"(^|_)(text|message|body|content|note|notes|remark|comment|description|reason|file)(_|$)")
_REMARKS = re.compile(r"\s\(|; |: |\. |, (?:such as|for example|as YYYY|as HH|in ISO|by its|\d+ to )")
_MARK = re.compile(r"^(?:Required|Optional)\. ")


def with_time(api: Definition, siblings: Sequence[Functionality], rng: random.Random) -> Schema | None:
    """When it was done: `booked_at` of a booking, `updated_at` of what is tracked."""
    found = stamp(verb_of(api, siblings))
    done = [name.removesuffix("_at") for name in found]
    for name, one in named_fields(api.returns):
        if slug(name).endswith("_at") or one.get("format") == "date-time" or slug(name).split("_")[0] in done:
            return None
    return _with(api, found)


def with_total(api: Definition, siblings: Sequence[Functionality], rng: random.Random) -> Schema | None:
    """How many were found; where only some of them come back, how many there are."""
    lists = [name for name, one in api.returns["properties"].items() if one.get("items", {}).get("properties")]
    if verb_of(api, siblings) not in LISTING or len(lists) != 1:
        return None
    return _with(api, total(words(lists[0]), is_cut="limit" in api.parameters["properties"], rng=rng))


def with_request(api: Definition, siblings: Sequence[Functionality], rng: random.Random) -> Schema | None:
    """Some of what was asked for, as it was recorded: a booking repeats its day and its guests."""
    if is_reading(api, siblings) or not any(map(is_identifier, api.returns["properties"].values())):
        return None
    known = {slug(name) for name in all_names(api.returns)}
    repeated = {
        name: _as_recorded(one)
        for name, one in api.parameters["properties"].items()
        if name in api.parameters.get("required", ())
        and one.get("type") in ("string", "integer", "number")
        and not is_identifier(one)
        and slug(name) not in known
        and not _FREE_TEXT.search(slug(name))
        and "relation" not in one.get(ANNOTATION, {})
    }
    some = list(repeated)[: rng.randint(1, 3)]
    return _appended(api, {name: repeated[name] for name in some}) if some else None


def _as_recorded(one: Schema) -> Schema:
    """A parameter as a field of the result: without phrases, default and remarks for callers."""
    notes = {key: value for key, value in one.get(ANNOTATION, {}).items() if key in ("type", "unit", "values")}
    text = str(one.get("description", ""))
    head, _, unit = _MARK.sub("", text).partition(", in ")
    made = {key: value for key, value in one.items() if key not in ("default", "description", ANNOTATION)}
    head = _REMARKS.split(head)[0]
    text = f"{head}, in {_REMARKS.split(unit)[0]}" if notes.get("unit") and unit else head
    described = {"type": made.pop("type"), "description": text, **made}
    return {**described, ANNOTATION: notes} if notes else described


def with_details(api: Definition, siblings: Sequence[Functionality], rng: random.Random) -> Schema | None:
    """One or two fields more of a thing that was found, which a neighbour would tell of the same thing."""
    if not is_reading(api, siblings):
        return None
    given, found = required_kinds(api.parameters), identifiers(api.returns)
    known = {slug(name) for name in (*all_names(api.returns), *all_names(api.parameters))}
    offers: list[tuple[tuple[str, ...], dict[str, Schema]]] = []
    for leaf in siblings:
        needed = required_kinds(leaf.inputs)
        verb = next(iter(words_of(leaf.name)), "")
        if verb not in ONE or len(needed) != 1 or not needed <= given | set(found):
            continue
        place = found.get(next(iter(needed)), ())
        fields = leaf.outputs.get("properties", {})
        related = compared(fields)
        fresh = {
            name: one
            for name, one in fields.items()
            if one.get("type") in ("string", "integer", "number", "boolean")
            and slug(name) not in known
            and name not in related
            and not is_identifier(one)
            and "relation" not in one.get(ANNOTATION, {})
        }
        offers += [(place, fresh)] if fresh else []
    if not offers:
        return None
    place, fresh = rng.choice(offers)
    names = rng.sample(list(fresh), min(len(fresh), rng.randint(1, 2)))
    added = in_style({name: fresh[name] for name in fresh if name in names}, api)
    return _put(api.returns, place, added)


def _put(schema: Schema, path: tuple[str, ...], added: dict[str, Schema]) -> Schema:
    """The schema with required fields more in the object at `path`, through lists; what is there already stays."""
    properties = schema["properties"]
    if not path:
        added = {name: one for name, one in added.items() if name not in properties}
        required = [*schema.get("required", ()), *added]
        return with_required({**schema, "properties": {**properties, **added}}, required)
    step, *rest = path
    items = _put(properties[step]["items"], tuple(rest), added)
    return {**schema, "properties": {**properties, step: {**properties[step], "items": items}}}


def without_field(api: Definition, siblings: Sequence[Functionality], rng: random.Random) -> Schema | None:
    """Drops a field that is neither told, nor mentioned, nor an identifier that others may need."""
    properties = api.returns["properties"]
    mentioned = set(words_of(api.description))
    spare = [
        name
        for name, one in properties.items()
        if name not in told_first(api.returns) | compared(properties)
        and not is_identifier(one)
        and not {word for word in words_of(f"{name} {one.get('description', '')}") if len(word) > 3} & mentioned
    ]
    if not spare or len(properties) < 3:
        return None
    gone = rng.choice(spare)
    left = {name: one for name, one in properties.items() if name != gone}
    required = [name for name in api.returns.get("required", ()) if name != gone]
    return with_required({**api.returns, "properties": left}, required)


def wrapped(api: Definition, siblings: Sequence[Functionality], rng: random.Random) -> Schema | None:
    """The whole result moves into one object named after the thing that it identifies: `booking_id` and more into
    `booking`."""
    properties = api.returns["properties"]
    things = [match[1] for name in properties if (match := re.match(r"^([a-z]+(?:_[a-z]+)*)_id$", slug(name)))]
    is_conditional = any("when" in one.get(ANNOTATION, {}) for one in properties.values())
    if len(things) != 1 or len(properties) < 3 or is_conditional:
        return None
    outer = next(iter(in_style({things[0]: {}}, api)))
    if outer in properties:
        return None
    inner = {key: value for key, value in api.returns.items() if key != ANNOTATION}
    state = "The" if is_reading(api, siblings) else "State of the"
    inner = {"type": "object", "description": f"{state} {words(outer)}", **inner}
    changed: Schema = {"type": "object", "properties": {outer: inner}, "required": [outer]}
    if ANNOTATION in api.returns:
        changed[ANNOTATION] = api.returns[ANNOTATION]
    return retold(changed, {name: f"{outer}.{name}" for name in properties})


_GATHERED: tuple[tuple[str, str, Callable[[Schema], bool]], ...] = (
    ("amounts", "Sums of money", lambda one: one.get(ANNOTATION, {}).get("type") == "money"),
    ("dates", "Days that matter", lambda one: one.get("format") == "date"),
    ("times", "Points in time", lambda one: one.get("format") == "date-time"),
)


def gathered(api: Definition, siblings: Sequence[Functionality], rng: random.Random) -> Schema | None:
    """Two or more amounts, days or times move into one object."""
    properties = api.returns["properties"]
    for outer, text, belongs in rng.sample(_GATHERED, len(_GATHERED)):
        group = {name: one for name, one in properties.items() if belongs(one)}
        left = {name: one for name, one in properties.items() if name not in group}
        relations = {one[ANNOTATION]["relation"][1] for one in group.values() if "relation" in one.get(ANNOTATION, {})}
        if len(group) < 2 or not left or outer in all_names(api.returns):
            continue
        if not relations <= set(group) or compared(left) & set(group):
            continue
        required = api.returns.get("required", ())
        inner: Schema = {"type": "object", "description": text, "properties": group}
        inner = with_required(inner, [name for name in group if name in required])
        changed = with_required(
            {**api.returns, "properties": {**left, outer: inner}},
            [*(name for name in left if name in required), outer],
        )
        return retold(changed, {name: f"{outer}.{name}" for name in group})
    return None


def with_currency(api: Definition, siblings: Sequence[Functionality], rng: random.Random) -> Schema | None:
    """Amounts become objects with their currency."""

    def split(one: Schema) -> tuple[str, Schema] | None:
        notes = one.get(ANNOTATION, {})
        if notes.get("type") != "money":
            return None
        bare = {key: value for key, value in one.items() if key != "description"}
        amount = {"type": bare.pop("type"), "description": "Amount in the currency", **bare}
        currency = {"type": "string", "description": "Currency of the amount (ISO 4217)", "const": notes["unit"]}
        return "amount", {"amount": amount, "currency": currency}

    return _split(api, split)


def with_units(api: Definition, siblings: Sequence[Functionality], rng: random.Random) -> Schema | None:
    """Measured values become objects with their unit."""

    def split(one: Schema) -> tuple[str, Schema] | None:
        unit = one.get(ANNOTATION, {}).get("unit")
        is_measured = unit and unit != "percent" and str(one.get("description", "")).endswith(f", in {unit}")
        if not is_measured or one[ANNOTATION].get("type") == "money":
            return None
        bare = {key: value for key, value in one.items() if key != "description"}
        value = {"type": bare.pop("type"), "description": f"Value, in {unit}", **bare}
        return "value", {"value": value, "unit": {"type": "string", "description": "Unit of the value", "const": unit}}

    return _split(api, split)


def _split(api: Definition, split: Callable[[Schema], tuple[str, Schema] | None]) -> Schema | None:
    """The result with some of its numbers opened into objects; never one that a parameter bounds or sorts by."""
    properties = api.returns["properties"]
    bounded = {word for name in all_names(api.parameters) for word in words(name).split()}
    fixed = compared(properties)
    opened: dict[str, Schema] = {}
    moved: dict[str, str] = {}
    for name, one in properties.items():
        parts = split(one)
        is_fixed = name in fixed or "relation" in one.get(ANNOTATION, {}) or bounded & set(words(name).split())
        if parts is None or is_fixed:
            continue
        key, inner = parts
        head = str(one.get("description", "")).rpartition(", in ")[0]
        opened[name] = {"type": "object", "description": head, "properties": inner, "required": list(inner)}
        moved[name] = f"{name}.{key}"
    if not opened:
        return None
    return retold({**api.returns, "properties": {**properties, **opened}}, moved)


def _with(api: Definition, offered: dict[str, Schema]) -> Schema | None:
    known = {slug(name) for name in all_names(api.returns)}
    fresh = {name: one for name, one in offered.items() if name not in known}
    return _appended(api, in_style(fresh, api)) if fresh else None


def _appended(api: Definition, added: dict[str, Schema]) -> Schema:
    return _put(api.returns, (), added)


CHANGES: tuple[Change, ...] = (
    with_time,
    with_total,
    with_request,
    with_details,
    without_field,
    wrapped,
    gathered,
    with_currency,
    with_units,
)
