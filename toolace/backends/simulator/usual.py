"""What APIs of a kind usually have: parameters such as a limit or a filter, and result fields such as a time stamp."""

from __future__ import annotations

import random
import re
from typing import Any

from toolace.backends.simulator.phrasing import lower_first
from toolace.backends.simulator.purpose import LISTING, all_names, is_identifier
from toolace.meaning import words
from toolace.semantics import ANNOTATION, SEMANTIC_TYPES
from toolace.synth_apis.evolution import Definition

Schema = dict[str, Any]
Bundle = dict[str, Schema]

_BOOKING = frozenset("book order reserve buy register apply schedule rent hire enroll enrol".split())
_ARRANGING = frozenset("book order reserve rent hire reschedule".split())
_TALK = re.compile("note|remark|comment|message|greeting|wish|special|text|request|instruction")
"""Parameters that carry a person's words already."""
_LEAST = re.compile(r"\b(rating|stars|score|average rating)$")
_MOST = re.compile(r"\b(price|fee|cost|rent|fare|rate|distance|walk|eta|wait|duration|delivery time|travel time)$")
_SORTED = re.compile(
    r"^(starts?|begins?|opens|due|published|released|date|day|departs|departure|arrival|year|name|title)$"
)


def usual_parameters(api: Definition, verb: str) -> list[Bundle]:
    """Parameters that APIs of this kind usually have, in bundles that belong together."""
    found: list[Bundle] = []
    if verb in LISTING:
        lists = [
            (name, one["items"])
            for name, one in api.returns.get("properties", {}).items()
            if one.get("items", {}).get("properties")
        ]
        if len(lists) == 1 and "maxItems" not in api.returns["properties"][lists[0][0]]:
            found += _of_list(words(lists[0][0]), lists[0][1]["properties"], api)
    if verb in _BOOKING:
        found.append({"confirm_by": _confirm()})
    if verb in _ARRANGING and not _TALK.search(" ".join(all_names(api.parameters)).lower()):
        found.append({"note": _note()})
    return found


def _of_list(things: str, fields: dict[str, Schema], api: Definition) -> list[Bundle]:
    """Paging, order and filters of a list of things."""
    limit = _field(
        "integer", f"Largest number of {things} to return", ["at most {} of them", "no more than {} entries"]
    )
    limit |= {"minimum": 1, "maximum": 50, "default": 10}
    page = _field("integer", f"Page of the {things}, counted from 1", ["page {} of the entries"])
    page |= {"minimum": 1, "maximum": 40, "default": 1}
    found: list[Bundle] = [{"limit": _last(limit)}]
    if any(map(is_identifier, fields.values())):
        found.append({"limit": _last(limit), "page": _last(page)})
    sortable = [name for name, one in fields.items() if _is_sortable(name, one)]
    if len(sortable) > 1 and not re.search(r"sort|order", " ".join(all_names(api.parameters)).lower()):
        text = f"Field by which the {things} are sorted"
        found.append({"sort_by": _field("string", text, ["sorted by {}", "ordered by {}"], enum=sortable)})
    asked = {word for name in all_names(api.parameters) for word in words(name).split()}
    return found + [
        made
        for name, one in fields.items()
        if (made := _filter(name, one, things)) and not asked & set(words(name).split())
    ]


def _is_sortable(name: str, one: Schema) -> bool:
    return one.get("type") in ("integer", "number") or bool(_SORTED.match(words(name)) and one.get("type") == "string")


def _filter(name: str, one: Schema, things: str) -> Bundle | None:
    """A filter by a field of what is found: no dearer, no further, at least as good, of one kind."""
    said, notes = words(name), one.get(ANNOTATION, {})
    text = lower_first(str(one.get("description", "")).rstrip("."))
    if one.get("type") == "string" and "enum" in one and 2 <= len(one["enum"]) <= 8:
        return {name: _field("string", f"Only {things} with this {said}", [f"with the {said} {{}}"], enum=one["enum"])}
    bound = "max" if _MOST.search(said) else "min" if _LEAST.search(said) else None
    if bound is None or one.get("type") not in ("integer", "number") or "minimum" not in one:
        return None
    article = "an" if said[0] in "aeiou" else "a"
    phrase = f"with {article} {said} of at {'most' if bound == 'max' else 'least'} {{}}"
    made = {key: value for key, value in one.items() if key not in ("description", ANNOTATION)}
    described = {"type": made.pop("type"), "description": f"{'Highest' if bound == 'max' else 'Lowest'} {text}", **made}
    kept = {key: value for key, value in notes.items() if key in ("type", "unit")}
    return {f"{bound}_{name}": {**described, ANNOTATION: {**kept, "say": [phrase]}}}


def _confirm() -> Schema:
    say = ["with a confirmation by {}", "confirmed by {}"]
    return _field("string", "How the confirmation is sent", say, enum=["email", "text_message", "app", "letter"])


def _note() -> Schema:
    say = ['with the remark "{}"', 'adding the note "{}"']
    return _field("string", "Remark for the people who handle the request", say, values=_NOTES)


_NOTES = [
    "Please call before you come",
    "Use the side entrance",
    "The invoice goes to my office",
    "I can be reached after five",
    "Mornings suit me best",
    "A colleague may stand in for me",
    "This is my second request",
    "Please keep it short",
]


def _field(json_type: str, description: str, say: list[str], **rest: Any) -> Schema:
    values = rest.pop("values", None)
    notes: dict[str, Any] = {"values": values} if values else {}
    return {"type": json_type, "description": description, **rest, ANNOTATION: {**notes, "say": say}}


def _last(schema: Schema) -> Schema:
    """The schema with its annotation last."""
    return {**{key: value for key, value in schema.items() if key != ANNOTATION}, ANNOTATION: schema[ANNOTATION]}


_DONE = (
    "book booked|order ordered|create created|log logged|report reported|register registered|submit submitted|"
    "send sent|update updated|cancel cancelled|add added|save saved|request requested|upload uploaded|"
    "publish published|issue issued|reserve reserved|rent rented|apply submitted|assign assigned|record recorded|"
    "file filed|buy bought|place placed|post posted|close closed|start started|stop stopped|pause paused|"
    "launch launched|share shared|delete deleted|remove removed|transfer transferred|change changed|"
    "accept accepted|approve approved|confirm confirmed|sign signed|subscribe subscribed|join joined|"
    "withdraw withdrawn|renew renewed|hire hired|enroll enrolled|release released|revoke revoked|redeem redeemed|"
    "invite invited|claim claimed|block blocked|grant granted|merge merged|move moved|draft drafted|swap swapped|"
    "reschedule rescheduled|resolve resolved|archive archived|rate rated|comment posted|modify changed|edit edited"
)
_PARTICIPLES = dict(pair.split(" ") for pair in _DONE.split("|"))
_KEPT_FRESH = frozenset("track locate follow read watch monitor".split())
_FORECASTS = frozenset("forecast predict".split())


def stamp(verb: str) -> dict[str, Schema]:
    """The moment that a result of this verb usually has: `booked_at`, `updated_at`, `issued_at`; none for others."""
    past = {"type": "string", **SEMANTIC_TYPES["past_datetime"], ANNOTATION: {"type": "past_datetime"}}
    if done := _PARTICIPLES.get(verb):
        return {f"{done}_at": {"type": "string", "description": f"When it was {done}", **past}}
    if verb in _KEPT_FRESH:
        return {"updated_at": {"type": "string", "description": "When the data was last brought up to date", **past}}
    if verb in _FORECASTS:
        return {"issued_at": {"type": "string", "description": "When the forecast was made", **past}}
    return {}


def total(things: str, *, is_cut: bool, rng: random.Random) -> dict[str, Schema]:
    """How many there are: beyond those returned where a limit cuts the list, else those returned."""
    if is_cut and rng.random() < 0.5:
        return {"has_more": {"type": "boolean", "description": f"Whether there are {things} beyond those returned"}}
    if is_cut:
        text = f"Number of all matching {things}, returned or not"
        return {"total": {"type": "integer", "description": text, "minimum": 50, "maximum": 400}}
    return {
        "total_count": {"type": "integer", "description": f"Number of {things} found", "minimum": 0, "maximum": 200}
    }
