"""What APIs of a kind usually have: parameters such as a limit, and result fields such as a time stamp."""

from __future__ import annotations

from typing import Any

from toolace.semantics import ANNOTATION, SEMANTIC_TYPES, identifier_pattern
from toolace.synth_apis.companions import READING
from toolace.synth_apis.evolution import Definition

Schema = dict[str, Any]

_BOOKING = frozenset(
    "book order reserve buy purchase register request apply cancel schedule submit rent hire enroll enrol".split()
)
_ARRANGING = frozenset("book order reserve request schedule rent hire assign reschedule".split())


def usual_parameters(api: Definition, verb: str) -> list[dict[str, Schema]]:
    """Parameters that APIs of this kind usually have, in bundles that belong together."""
    limit = _field(
        "integer",
        "Largest number of entries to return",
        ["at most {} of them", "no more than {} entries"],
        minimum=5,
        maximum=50,
        default=10,
    )
    page = _field(
        "integer",
        "Page of the entries to return, counted from 1",
        ["page {} of the entries"],
        minimum=1,
        maximum=40,
        default=1,
    )
    zone = _field(
        "string",
        "Time zone of times in the result, as an IANA name",
        ["with times in the {} time zone"],
        kind="timezone",
    )
    confirm = _field(
        "string",
        "Channel of the confirmation",
        ["with a confirmation by {}", "confirmed by {}"],
        enum=["email", "text_message", "app", "letter"],
    )
    note = _field(
        "string", "Remark for the people who handle it", ['with the remark "{}"', 'adding the note "{}"'], values=_NOTES
    )
    found: list[dict[str, Schema]] = []
    if verb in READING:
        results = api.returns.get("properties", {}).values()
        if any(one.get("type") == "array" and one.get("items", {}).get("properties") for one in results):
            found += [{"limit": limit}, {"limit": limit, "page": page}]
        if '"date-time"' in str(api.returns).replace("'", '"'):
            found.append({"timezone": zone})
        return found
    if verb in _BOOKING:
        found.append({"confirm_by": confirm})
    if verb in _ARRANGING and not {"note", "notes", "remark", "comment"} & all_names(api.parameters):
        found.append({"note": note})
    return found


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


def _field(json_type: str, description: str, say: list[str], kind: str | None = None, **rest: Any) -> Schema:
    values = rest.pop("values", None)
    notes: dict[str, Any] = {"type": kind} if kind else {}
    notes |= {"values": values} if values else {}
    base = dict(SEMANTIC_TYPES[kind]) if kind else {"type": json_type}
    return {"type": base.pop("type"), "description": description, **base, **rest, ANNOTATION: {**notes, "say": say}}


_STAMP = {"type": "string", "format": "date-time", ANNOTATION: {"type": "past_datetime"}}
_READ_EXTRAS: dict[str, Schema] = {
    "updated_at": {"description": "When the data was last brought up to date", **_STAMP},
    "source": {
        "description": "Where the data comes from",
        "type": "string",
        "enum": ["live", "cache", "archive", "estimate"],
    },
}
_LIST_EXTRAS: dict[str, Schema] = {
    "total": {
        "description": "Number of all matching entries, returned or not",
        "type": "integer",
        "minimum": 5,
        "maximum": 400,
    },
    "has_more": {"description": "Whether there are entries beyond those returned", "type": "boolean"},
}
_WRITE_EXTRAS: dict[str, Schema] = {
    "processed_at": {"description": "When the request was carried out", **_STAMP},
    "request_id": {
        "description": "Identifier of the request, for questions to support",
        "type": "string",
        "pattern": identifier_pattern("request"),
        ANNOTATION: {"type": "id(request)"},
    },
    "status": {"description": "How far the request is", "type": "string", "enum": ["accepted", "completed"]},
    "details_url": {
        "description": "Page that shows the details",
        "type": "string",
        "format": "uri",
        ANNOTATION: {"type": "url"},
    },
}


def usual_fields(properties: dict[str, Schema], *, reads: bool) -> dict[str, Schema]:
    """Fields that a result may have beside these."""
    found = dict(_READ_EXTRAS if reads else _WRITE_EXTRAS)
    if reads and any(one.get("type") == "array" for one in properties.values()):
        found |= _LIST_EXTRAS
    return found


def all_names(schema: Schema) -> set[str]:
    """Names of the fields of an object and of the objects in it."""
    found = set(schema.get("properties", {}))
    for one in schema.get("properties", {}).values():
        found |= all_names(one)
    return found
