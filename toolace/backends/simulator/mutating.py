"""Other types for a parameter, each sensible for what it means: several instead of one, a range instead of a bound,
a moment instead of a day, an object with its parts instead of a text, a pair instead of an object."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from toolace.backends.simulator.purpose import all_names, is_identifier
from toolace.backends.simulator.reshaping import camel
from toolace.backends.simulator.speaking import as_list, as_lists, as_parts, as_range, plural
from toolace.semantics import ANNOTATION
from toolace.synth_apis.evolution import Definition
from toolace.synth_apis.tree import slug, words_of

Schema = dict[str, Any]

_MOMENTS = {
    **{
        name: name
        for name in ("start", "begin", "from", "until", "by", "deadline", "due", "arrival", "departure", "end")
    },
    **{
        f"{name}_date": f"{name}_time"
        for name in ("start", "end", "pickup", "delivery", "visit", "arrival", "departure")
    },
    "due_date": "due_at",
    "return_date": "return_time",
    "from_day": "from_time",
    "to_day": "to_time",
}
_DECIMALS = frozenset("km kg litres L hours miles kilometres metres m kW kWh t ha m² m³ cm mm g mL %".split())
_INVITING = frozenset("invite send share notify forward grant remind add message".split())
_PEOPLE = frozenset("email person_name first_name username".split())
_MODE = re.compile(
    r"(^|_)(sort|order|by|units?|format|mode|method|period|scale|view|layout|output|style|level|detail|basis|resolution)(_|$)"
)
"""Parameters that choose how something is done, of which there is one at a time."""
_SPAN = re.compile(
    r"(^|_)(days|hours|minutes|weeks|months|duration|valid|period|window|lead|reminder|remind|alert|interval|every|notice|"
    r"retention|length|term|history|snooze|pause|keep|within|ahead|back|horizon)(_|$)"
)
_USUAL = {
    "minutes": (5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240),
    "hours": (1, 2, 3, 4, 6, 8, 12, 24, 48, 72, 168),
    "days": (1, 2, 3, 5, 7, 10, 14, 21, 30, 60, 90, 180),
    "weeks": (1, 2, 3, 4, 6, 8, 12, 26),
    "months": (1, 2, 3, 6, 12, 18, 24, 36),
}
"""Spans that people set, by their unit."""
_TIMED = re.compile(r"(^|_)(time|hour|at|clock|slot|around|duration)(_|$)")


@dataclass(frozen=True, slots=True)
class Around:
    """What decides about a parameter's other types: its API, the verb, whether it only reads."""

    api: Definition
    verb: str
    reads: bool


def mutations(name: str, one: Schema, around: Around) -> Iterator[tuple[str, Schema]]:
    """Other shapes of a parameter, each with the name it then has."""
    is_required = name in around.api.parameters.get("required", ())
    if one.get("type") == "string" and _may_be_several(name, one, around, is_required) and (made := as_list(name, one)):
        yield made
    yield from _as_decimal(name, one)
    if around.reads or slug(name) not in _USUAL or "default" in one:
        yield from _as_steps(name, one)
    if around.reads and not is_required and (made := as_range(name, one)):
        yield made
    yield from filter(None, (as_lists(name, one), as_parts(name, one, all_names(around.api.parameters))))
    if not around.reads:
        yield from _as_moment(name, one, around)


def _may_be_several(name: str, one: Schema, around: Around, is_required: bool) -> bool:
    """Whether several values at once make sense: a filter of a search, whom one invites."""
    kind = str(one.get(ANNOTATION, {}).get("type", ""))
    if is_identifier(one):
        return False
    if kind in _PEOPLE:
        return around.verb in _INVITING
    results = around.api.returns.get("properties", {}).values()
    is_filter = around.reads and not is_required and any(result.get("type") == "array" for result in results)
    is_open = "enum" in one or "values" in one.get(ANNOTATION, {})
    return is_filter and "default" not in one and is_open and not _MODE.search(slug(name))


def _as_decimal(name: str, one: Schema) -> Iterator[tuple[str, Schema]]:
    unit = one.get(ANNOTATION, {}).get("unit")
    if unit in _DECIMALS and one.get("type") == "integer" and "multipleOf" not in one:
        text = str(one.get("description", "")).rstrip(".")
        yield name, {**one, "type": "number", "description": f"{text}; decimals are allowed"}


def _as_steps(name: str, one: Schema) -> Iterator[tuple[str, Schema]]:
    """A span that one sets, as a choice of usual ones: 7, 14 or 30 days."""
    usual = _USUAL.get(str(one.get(ANNOTATION, {}).get("unit")), ())
    low, high = one.get("minimum"), one.get("maximum")
    if one.get("type") != "integer" or low is None or high is None or not _SPAN.search(slug(name)):
        return
    steps = [step for step in usual if low <= step <= high]
    if len(steps) < 3 or one.get("default", steps[0]) not in steps or "multipleOf" in one:
        return
    text = re.sub(r" \(\d+ to \d+\)|; between \d+ and \d+", "", str(one.get("description", "")))
    kept = {key: value for key, value in one.items() if key not in ("minimum", "maximum", "description", ANNOTATION)}
    made = {"type": kept.pop("type"), "description": text, **kept, "enum": steps, ANNOTATION: one[ANNOTATION]}
    yield name, made


def _as_moment(name: str, one: Schema, around: Around) -> Iterator[tuple[str, Schema]]:
    """A day that lies ahead, with its time of day; where a time stands beside it there is nothing to add."""
    notes = one.get(ANNOTATION, {})
    moment = _MOMENTS.get(slug(name))
    others = all_names(around.api.parameters) - {name}
    if notes.get("type") != "future_date" or moment is None or any(_TIMED.search(slug(other)) for other in others):
        return
    when = {key: value for key, value in one.items() if key not in ("default", ANNOTATION)}
    text = re.sub(r",? as YYYY-MM-DD| \(ISO 8601 date\)", "", str(one.get("description", "")).rstrip("."))
    text = re.sub(r"^(The |)(last d|first d|d)ay\b", lambda match: f"{match[0]} and time", text, flags=re.I)
    suffix = "" if "and time" in text else ", with the time of day"
    when |= {"format": "date-time", "description": text + suffix}
    yield camel(moment) if name != slug(name) else moment, {**when, ANNOTATION: {**notes, "type": "future_datetime"}}


# Lookups of many things at once


def in_batch(api: Definition, verb: str) -> tuple[Schema, Schema] | None:
    """Parameters and result of a lookup by one identifier, for up to five of them: `order_id` as `order_ids`, each
    order's answer in a list. None for what takes more than the identifier or gives no plain answer."""
    required = list(api.parameters.get("required", ()))
    properties = api.parameters["properties"]
    fields = api.returns.get("properties", {})
    if verb not in ("get", "show", "view", "track", "check", "fetch", "read", "locate") or len(required) != 1:
        return None
    name, one = required[0], properties[required[0]]
    made = as_list(name, one) if is_identifier(one) else None
    is_plain = all(field.get("type") not in ("array", "object") for field in fields.values())
    if made is None or not is_plain or not fields or name in fields or len(properties) > 3:
        return None
    things = plural("_".join(words_of(name)[:-1]) or "result")
    if things is None or things in fields:
        return None
    many, several = made
    several |= {"maxItems": 5, "uniqueItems": True}
    item_key = {"type": "string", "description": "Identifier that was given", "pattern": one["pattern"]}
    given: Schema = {**item_key, ANNOTATION: {"type": one[ANNOTATION]["type"]}}
    inner: Schema = {
        "type": "object",
        "properties": {name: given, **fields},
        "required": [name, *api.returns.get("required", ())],
    }
    outer = camel(things) if name != slug(name) else things
    returns: Schema = {
        "type": "object",
        "properties": {outer: {"type": "array", "description": "One entry for each identifier", "items": inner}},
        "required": [outer],
        **({ANNOTATION: api.returns[ANNOTATION]} if ANNOTATION in api.returns else {}),
    }
    parameters = {
        **api.parameters,
        "properties": {
            (many if key == name else key): (several if key == name else value) for key, value in properties.items()
        },
        "required": [many],
    }
    return parameters, returns
