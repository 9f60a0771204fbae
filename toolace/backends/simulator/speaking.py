"""Parameters in another shape, with phrases that still read: one value as several, a bound as a range."""

from __future__ import annotations

import re
from typing import Any

from toolace.semantics import ANNOTATION

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


_SUPERLATIVE = re.compile(
    r"^(?:Highest|Largest|Longest|Greatest|Farthest|Oldest|Maximum|Maximal|Lowest|Smallest|Shortest|Least|Youngest|Minimum|Minimal)"
    r"(?: acceptable| allowed| possible)? (.+)$"
)


def as_list(name: str, one: Schema) -> tuple[str, Schema] | None:
    """One to three values instead of one, under a plural name; None where no phrase would carry several."""
    say = [phrase for phrase in one.get(ANNOTATION, {}).get("say", ()) if _carries_several(phrase)]
    many = _plural(name)
    if not say or many is None:
        return None
    notes = one[ANNOTATION]
    item = {key: value for key, value in one.items() if key not in ("description", "default", ANNOTATION)}
    inner = {key: value for key, value in notes.items() if key in ("type", "values")}
    made: Schema = {
        "type": "array",
        "description": f"{str(one.get('description', '')).rstrip('.')}; several can be given",
        "items": {**item, ANNOTATION: inner} if inner else item,
        "minItems": 1,
        "maxItems": min(3, len(one.get("enum", "abc"))),
        ANNOTATION: {"say": say},
    }
    return many, made


def _carries_several(phrase: str) -> bool:
    before, _, after = phrase.partition("{}")
    return not after.strip() and not _ARTICLE.search(before)


def _plural(name: str) -> str | None:
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
    """Whether all are numbers of one kind and range."""
    kinds = {(one.get("type"), one.get("minimum"), one.get("maximum")) for one in fields}
    return len(kinds) == 1 and fields[0].get("type") in ("integer", "number")


def as_range(name: str, one: Schema) -> tuple[str, Schema] | None:
    """`max_price` as `price` with `min` and `max`; None where the name or the phrases are no bound."""
    match = re.match(r"(?:min|max)(?:imum)?(?:_|(?=[A-Z]))(\w+)$", name)
    is_upper = name.startswith("max")
    notes = one.get(ANNOTATION, {})
    pairs = [pair for phrase in notes.get("say", ()) if (pair := _turned(phrase))]
    low, high = one.get("minimum"), one.get("maximum")
    if match is None or not pairs or low is None or high is None or "multipleOf" in one:
        return None
    subject = _SUPERLATIVE.match(str(one.get("description", "")).rstrip("."))
    if subject is None:
        return None
    upper, lower = zip(*(pair if is_upper else pair[::-1] for pair in pairs), strict=True)
    bound = {key: value for key, value in one.items() if key not in ("description", "default", ANNOTATION)}
    inner = {key: value for key, value in notes.items() if key in ("type", "unit")}
    unit = f", in {inner['unit']}" if "unit" in inner else ""
    made: Schema = {
        "type": "object",
        "description": f"Range of the {subject[1].removeprefix('the ')}",
        "properties": {
            "min": {**bound, "description": f"Lower bound{unit}", ANNOTATION: {**inner, "say": list(lower)}},
            "max": {
                **bound,
                "description": f"Upper bound{unit}",
                ANNOTATION: {**inner, "say": list(upper), "relation": ["above", "min"]},
            },
        },
        "required": ["max" if is_upper else "min"],
        ANNOTATION: {"say": ["{}"]},
    }
    base = match[1]
    return base[:1].lower() + base[1:] + ("_range" if "_" in name else "Range"), made


def _turned(phrase: str) -> tuple[str, str] | None:
    """A phrase of a bound and the same for the opposite bound: `for at most {}` -> `for at least {}`."""
    for word, opposite in _BOUNDS:
        if re.search(rf"\b{word}\b", phrase):
            return phrase, re.sub(rf"\b{word}\b", opposite, phrase, count=1)
    return None
