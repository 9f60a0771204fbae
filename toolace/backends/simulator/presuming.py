"""What a tool answers whose definition does not say: the entries that it lists, the one that it looks up, the identifier of
what it makes.

Lists of OpenAI and MCP tools seldom hold result schemas. What a tool's name or description calls for is presumed, and no more:
a forecast or a computed value is not made up.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from toolace.backends.simulator.speaking import plural
from toolace.backends.simulator.verbs import infinitive
from toolace.backends.simulator.words import TITLES
from toolace.meaning import kind_of, words
from toolace.records import Api
from toolace.semantics import ANNOTATION, SEMANTIC_TYPES
from toolace.synth_apis.companions import FINDING
from toolace.synth_apis.tree import singular

Schema = dict[str, Any]

_SAYING_NOTHING = {"type", "title", "description", ANNOTATION}
_SEARCHING = frozenset("list search browse query".split())
_SEVERAL = _SEARCHING | {"find"}
_LOOKING = FINDING | {"query", "retrieve", "track"}
_MAKING = frozenset("create add book reserve schedule register submit place".split())
_OPENED = frozenset("ticket issue case incident account position".split())
"""What comes to be by being opened; a file does not."""
_AFTER_THE_THING = re.compile(
    r" (?:of|by|for|in|from|with|on|at|to|near|between|about|using|based|that|which|given|within)\b.*$"
)
_ABOUT_THE_THING = re.compile(
    r"(?<=\w) (?:details?|info|information|status|data|profile|records?|summary|history|entry)$"
)
_MEASURED = frozenset(
    "roots factors primes values numbers results solutions directions coordinates points odds terms hours stats scores prices "
    "rates costs totals levels metrics measurements dimensions conditions calories temperatures demographics properties lyrics "
    "percentages answers instructions insights trends".split()
)
"""What is told of a thing, and is none with a name of its own."""
_NO_PLURAL = (
    "ss",
    "us",
    "is",
    "news",
    "ops",
    "analytics",
    "statistics",
    "details",
    "settings",
    "series",
    "species",
    "status",
)


def _of_type(kind: str, relation: list[str] | None = None) -> Schema:
    return {**SEMANTIC_TYPES[kind], ANNOTATION: {"type": kind} | ({"relation": relation} if relation else {})}


_TITLE: Schema = {"type": "string", ANNOTATION: {"values": TITLES}}
_NAME: Schema = {"type": "string"}
_PRICE: Schema = {"type": "number", "minimum": 5, "maximum": 400, ANNOTATION: {"type": "money", "unit": "EUR"}}
_RATING: Schema = {"type": "number", "minimum": 2.5, "maximum": 5}

_BY_THING: tuple[tuple[str, dict[str, Schema]], ...] = (
    (
        "ticket issue task incident case bug request todo job",
        {"title": _TITLE, "status": {"type": "string", "enum": ["open", "in progress", "closed"]}},
    ),
    (
        "customer user contact employee member patient guest client person student author teacher player driver candidate",
        {"name": _of_type("person_name"), "email": _of_type("email")},
    ),
    ("event meeting appointment session webinar class", {"title": _TITLE, "start_time": _of_type("future_datetime")}),
    (
        "order invoice payment transaction purchase bill booking reservation",
        {
            "status": {"type": "string", "enum": ["pending", "confirmed", "completed"]},
            "total": _PRICE,
            "date": _of_type("past_date"),
        },
    ),
    (
        "product item book game movie hotel restaurant shop course recipe",
        {"name": _NAME, "rating": _RATING, "price": _PRICE},
    ),
    (
        "parcel package delivery shipment",
        {
            "status": {"type": "string", "enum": ["in transit", "out for delivery", "delivered"]},
            "date": _of_type("future_date"),
        },
    ),
    (
        "file document report image photo attachment",
        {"file_name": _of_type("file_name"), "update_time": _of_type("past_datetime")},
    ),
    (
        "message email mail comment note post notification review",
        {"subject": _TITLE, "sender_name": _of_type("person_name"), "date": _of_type("past_datetime")},
    ),
    (
        "flight train bus ferry trip",
        {"departure": _of_type("time"), "arrival": _of_type("time", ["after", "departure"]), "price": _PRICE},
    ),
)
_FIELDS = {thing: fields for things, fields in _BY_THING for thing in things.split()}


def presumed(api: Api) -> Schema:
    """A result schema: the definition's own where it says anything, or where nothing can be presumed."""
    own = api.returns
    if own.get("type") not in (None, "object") or own.keys() - _SAYING_NOTHING:
        return own
    properties = api.parameters.get("properties", {})
    known = {name: one for name, one in properties.items() if isinstance(one, dict)}
    if known and all(one.get("type") in ("number", "integer") for one in known.values()):
        return own  # what is worked out from numbers alone is no list of things
    kinds = {name: kind_of(name, one) or "" for name, one in known.items()}
    goals = words(api.name.rpartition(".")[2]), infinitive(api.name, api.description)
    found = (_presumed(goal, tuple(kinds.items())) for goal in goals)
    return next((schema for schema in found if schema), own)


@lru_cache(maxsize=4096)
def _presumed(goal: str, parameters: tuple[tuple[str, str], ...]) -> Schema | None:
    """The result of a tool that does this, with parameters of these names and kinds; None where nothing can be presumed."""
    verb, _, rest = goal.partition(" ")
    thing = _ABOUT_THE_THING.sub("", _AFTER_THE_THING.sub("", f" {rest}")).rpartition(" ")[2]
    is_plural = thing.endswith("s") and not thing.endswith(_NO_PLURAL) and thing not in _MEASURED
    one = singular(thing) if is_plural else thing
    makes = verb in _MAKING and (one in _FIELDS or verb == "create")
    if (makes or (verb == "open" and one in _OPENED)) and one.isalpha() and not is_plural:
        return _entry({f"{'booking' if verb in ('book', 'reserve') else one}_id": {"type": "string"}})
    if verb not in _LOOKING or not thing.isalpha():
        return None
    fields = _FIELDS.get(one, {"name": _NAME})
    key = next((name for name, kind in parameters if kind == f"id({one})" or words(name) == "id"), None)
    if not is_plural and (key or (verb not in _SEARCHING and _is_named(one, parameters))):
        return _entry({key or f"{one}_id": {"type": "string"}, **fields})
    if is_plural or (verb in _SEVERAL and one in _FIELDS):
        found: Schema = {"type": "array", "items": _entry({f"{one}_id": {"type": "string"}, **fields})}
        return {"type": "object", "properties": {thing if is_plural else plural(one) or thing: found}}
    return None


def _is_named(thing: str, parameters: tuple[tuple[str, str], ...]) -> bool:
    """Whether a parameter says which one is meant: by its name, or its address."""
    return any(words(name) in ("name", f"{thing} name", "email", f"{thing} email") for name, _ in parameters)


def _entry(fields: dict[str, Schema]) -> Schema:
    return {"type": "object", "properties": fields, "required": list(fields)}
