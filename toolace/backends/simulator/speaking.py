"""Parameters in another shape, with phrases that still read: one value as several, a bound as a range, an address
as its parts."""

from __future__ import annotations

import re
from typing import Any

from toolace.backends.simulator.reshaping import camel
from toolace.semantics import ANNOTATION
from toolace.synth_apis.tree import slug

Schema = dict[str, Any]

_ARTICLE = re.compile(r"\b(a|an|one|this|that)\s+(\w+\s+)*$", re.IGNORECASE)
_BOUNDS = (
    ("at most", "at least"),
    ("up to", "at least"),
    ("no more than", "no less than"),
    ("below", "above"),
    ("under", "over"),
    ("less than", "more than"),
    ("at least", "at most"),
    ("no less than", "no more than"),
    ("above", "below"),
    ("over", "under"),
    ("more than", "less than"),
    ("from", "up to"),
)


_ONE_VALUE = re.compile(r", such as [^,;]+|, by its identifier|: [a-z0-9_]+(?:, [a-z0-9_]+)* or [a-z0-9_]+$")
"""Remarks that hold for one value only."""
_SUPERLATIVE = re.compile(
    r"^(?:(?:Required|Optional)\. )?(?:The )?"
    r"(?:Highest|Largest|Longest|Greatest|Farthest|Oldest|Maximum|Maximal|Lowest|Smallest|Shortest|Least|Youngest|"
    r"Minimum|Minimal|Latest|Earliest|Most|Fewest|Upper limit of|Lower limit of)"
    r"(?: acceptable| accepted| allowed| possible| wanted)? (.+)$",
    re.IGNORECASE,
)


def as_list(name: str, one: Schema) -> tuple[str, Schema] | None:
    """One to three values instead of one, under a plural name; None where no phrase would carry several."""
    say = [phrase for phrase in one.get(ANNOTATION, {}).get("say", ()) if _carries_several(phrase)]
    many = plural(name)
    if not say or many is None:
        return None
    notes = one[ANNOTATION]
    item = {key: value for key, value in one.items() if key not in ("description", "default", ANNOTATION)}
    inner = {key: value for key, value in notes.items() if key in ("type", "values")}
    text = _ONE_VALUE.sub("", str(one.get("description", "")).rstrip("."))
    made: Schema = {
        "type": "array",
        "description": f"{text}; several can be given",
        "items": {**item, ANNOTATION: inner} if inner else item,
        "minItems": 1,
        "maxItems": min(3, len(one.get("enum", "abc"))),
        ANNOTATION: {"say": say},
    }
    return many, made


def _carries_several(phrase: str) -> bool:
    before, _, after = phrase.partition("{}")
    return not after.strip() and not _ARTICLE.search(before)


def plural(name: str) -> str | None:
    """The name of several; None where there is no plain one."""
    if (
        name.endswith(("s", "x", "ch", "sh"))
        or not name[-1].isalpha()
        or name.lower().endswith(("with", "by", "to", "of", "from", "for"))
    ):
        return None
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return f"{name[:-1]}ies"
    return f"{name}s"


def as_lists(name: str, one: Schema) -> tuple[str, Schema] | None:
    """A list of objects that are mere rows or points, as a list of lists: rows of entries, pairs of coordinates."""
    fields = one.get("items", {}).get("properties", {}) if one.get("type") == "array" else {}
    inner = list(fields.values())
    if len(inner) == 1 and inner[0].get("type") == "array":
        items = {key: value for key, value in inner[0].items() if key not in ("description", ANNOTATION)}
        text = "each a list"
    elif len(inner) in (2, 3) and _are_alike(inner) and len(one["items"].get("required", ())) == len(inner):
        number = {key: value for key, value in inner[0].items() if key not in ("description", "default", ANNOTATION)}
        items = {"type": "array", "items": number, "minItems": len(inner), "maxItems": len(inner)}
        text = f"each a list of {', '.join(fields)}"
    else:
        return None
    return name, {**one, "description": f"{str(one.get('description', '')).rstrip('.')}; {text}", "items": items}


def _are_alike(fields: list[Schema]) -> bool:
    """Whether all are numbers of one kind and range, or times of day or days that follow no other."""
    kinds = {
        (one.get("type"), one.get("minimum"), one.get("maximum"), one.get("pattern"), one.get("format"))
        for one in fields
    }
    notes = [one.get(ANNOTATION, {}) for one in fields]
    is_number = fields[0].get("type") in ("integer", "number")
    is_time = all(note.get("type") in ("time", "date", "past_date", "future_date") for note in notes)
    return len(kinds) == 1 and (is_number or is_time) and not any("relation" in note for note in notes)


_BOUND_NAME = re.compile(r"(?:(min|max|minimum|maximum|highest|lowest)_(\w+)|(\w+)_(min|max|limit|minimum|maximum))$")


def as_range(name: str, one: Schema) -> tuple[str, Schema] | None:
    """`max_price` as `price_range` with `min` and `max`; None where the name or the phrases are no bound."""
    bound = _BOUND_NAME.match(slug(name))
    notes = one.get(ANNOTATION, {})
    pairs = [pair for phrase in notes.get("say", ()) if (pair := _turned(phrase))]
    low, high = one.get("minimum"), one.get("maximum")
    if (
        bound is None
        or (bound[2] or bound[3]).endswith("ly")
        or not pairs
        or low is None
        or high is None
        or "multipleOf" in one
    ):
        return None
    subject = _SUPERLATIVE.match(str(one.get("description", "")).rstrip("."))
    if subject is None:
        return None
    is_upper = (bound[1] or bound[4])[:2] in ("ma", "hi", "li")
    upper, lower = zip(*(pair if is_upper else pair[::-1] for pair in pairs), strict=True)
    limit = {key: value for key, value in one.items() if key not in ("description", "default", ANNOTATION)}
    inner = {key: value for key, value in notes.items() if key in ("type", "unit")}
    unit = f", in {inner['unit']}" if "unit" in inner else ""
    made: Schema = {
        "type": "object",
        "description": f"Range of the {subject[1].removeprefix('the ')}",
        "properties": {
            "min": {**limit, "description": f"Lower bound{unit}", ANNOTATION: {**inner, "say": list(lower)}},
            "max": {
                **limit,
                "description": f"Upper bound{unit}",
                ANNOTATION: {**inner, "say": list(upper), "relation": ["above", "min"]},
            },
        },
        "required": ["max" if is_upper else "min"],
        ANNOTATION: {"say": ["{}"]},
    }
    base = f"{bound[2] or bound[3]}_range"
    return (base if name == slug(name) else camel(base)), made


def as_parts(name: str, one: Schema, taken: set[str]) -> tuple[str, Schema] | None:
    """An address as an object with its parts, where no other parameter gives one of them."""
    notes = one.get(ANNOTATION, {})
    parts = {"street": "street_address", "city": "city", "postal_code": "postal_code"}
    if notes.get("type") != "street_address" or {slug(other) for other in taken} & {*parts, "town", "city_name", "zip"}:
        return None
    said = {"street": "{}", "city": "in {}", "postal_code": "with the postcode {}"}
    texts = {"street": "Street and number", "city": "Town", "postal_code": "Postcode"}
    fields = {
        part if name == slug(name) else camel(part): {
            "type": "string",
            "description": texts[part],
            ANNOTATION: {"type": kind, "say": [said[part]]},
        }
        for part, kind in parts.items()
    }
    text = str(one.get("description", "")).rstrip(".")
    return name, {
        "type": "object",
        "description": text,
        "properties": fields,
        "required": list(fields)[:2],
        ANNOTATION: {"say": notes.get("say", ["{}"])},
    }


def _turned(phrase: str) -> tuple[str, str] | None:
    """A phrase of a bound and the same for the opposite bound: `for at most {}` -> `for at least {}`."""
    for word, opposite in _BOUNDS:
        if re.search(rf"\b{word}\b", phrase):
            return phrase, re.sub(rf"\b{word}\b", opposite, phrase, count=1)
    return None
