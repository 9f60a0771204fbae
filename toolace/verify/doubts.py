"""A second look at what provenance credits: words that happen to stand there are no source for a value.

`us` in "for us" is not the country, a date in the system message is no number of guests, an option that the assistant
offered is not one that the user chose. What is doubted is asked of the hallucination expert. Not covered: a number that
the user said of something else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from toolace.meaning import words
from toolace.provenance import mentioned, searchable
from toolace.verify.claims import Claim
from toolace.verify.moments import SAID_CLOCKS, SAID_DAYS, is_said_of_another, spots
from toolace.verify.switches import is_unasked
from toolace.wording import COUNTRIES, CURRENCIES, LANGUAGES, date_forms, split_datetime, time_forms

_SMALL: Final = "am an as at be by do go he hi if in is it la me my no of on or so to up us we"
_SMALL_WORDS: Final = frozenset(_SMALL.split())
_PARTS: Final = (
    *(("in the morning", "am"), ("am", "am"), ("a.m", "am")),
    *(("in the afternoon", "pm"), ("in the evening", "pm"), ("pm", "pm"), ("p.m", "pm")),
)
_FAR: Final = 30
"""Characters between a day and a time of day from which they are not said as one moment."""
_DAY_OR_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d(?:T.*)?|\d\d:\d\d(?::\d\d)?")
_TEMPORAL: Final = re.compile(r"\b(?:year|month|day|hour|minute|date|time|born|birth)s?\b")
_DATES: Final = re.compile(f"{SAID_DAYS}|{SAID_CLOCKS}")
_PART_OF_HOUR: Final = (" past ", " quarter to ")


def is_doubtful(claim: Claim) -> bool:
    """Whether what provenance found may be there by accident."""
    value, source = claim.value, claim.source
    if source.source in ("unknown", "default", "constant") or source.at is None:
        return False
    text = claim.before[int(source.at.split("/")[2])].content or ""
    if isinstance(value, bool):
        return is_unasked(claim)
    if source.source == "result":
        is_common = isinstance(value, int | float) or (isinstance(value, str) and _DAY_OR_TIME.fullmatch(value))
        return bool(is_common) and not _is_related(claim.name, value, text)
    if source.source == "assistant" and _is_one_of_several(value, claim.schema, text):
        return True
    if isinstance(value, int | float):
        return _only_in_date(claim)
    if isinstance(value, str) and value.lower() in _SMALL_WORDS and _is_code(claim):
        return not _is_meant(value, text)
    if isinstance(value, str) and (parts := split_datetime(value)) and source.how != "verbatim":
        return not _are_together(parts, text, claim.today)
    return is_said_of_another(claim) or (source.how != "verbatim" and _is_other_half(value, text))


def _is_related(name: str, value: Any, result: str) -> bool:
    """Whether a result holds the value under a key that shares a word with the parameter's name."""
    wanted = set(words(name).split())
    try:
        loaded = json.loads(result)
    except ValueError:
        return False
    return any(wanted & set(words(path).split()) for path in _paths_to(loaded, value))


def _paths_to(node: Any, value: Any, path: str = "") -> Iterator[str]:
    if isinstance(node, dict):
        for key, one in node.items():
            yield from _paths_to(one, value, f"{path} {key}")
    elif isinstance(node, list):
        for one in node:
            yield from _paths_to(one, value, path)
    elif not isinstance(node, bool) and node == value:
        yield path


def _is_one_of_several(value: Any, schema: dict[str, Any], text: str) -> bool:
    """Whether the assistant's text offers this option beside others."""
    menu = schema.get("enum")
    folded = searchable(text).replace("_", " ")
    offered = [one for one in menu if str(one).lower().replace("_", " ") in folded] if isinstance(menu, list) else []
    return len(offered) > 1 and value in offered


def _only_in_date(claim: Claim) -> bool:
    """Whether a number stands in what that speaker says only as a part of a date or a time of day, and is no such part itself."""
    about = f"{words(claim.name)} {claim.schema.get('description', '')}".lower()
    if _TEMPORAL.search(about):
        return False
    texts = (one.content or "" for one in claim.before if one.role == claim.source.source)
    return not any(mentioned(claim.value, searchable(_DATES.sub(" … ", text.lower())), None) for text in texts)


def _is_code(claim: Claim) -> bool:
    about = f"{words(claim.name)} {claim.schema.get('description', '')}".lower()
    return re.search(r"\b(?:countr|lang|locale|currenc|region|state|market|nation)", about) is not None


def _is_meant(value: str, text: str) -> bool:
    """Whether a code that is also a small word is written as a code, in quotes, or named: `US`, `"in"`, Austria for `at`."""
    names = [table[value.upper()] for table in (COUNTRIES, CURRENCIES) if value.upper() in table]
    names += [LANGUAGES[value.lower()]] if value.lower() in LANGUAGES else []
    if any(name.removeprefix("the ").lower() in text.lower() for name in names):
        return True
    written = value.upper() if value.islower() else f"(?:{value}|{value.upper()})"
    return re.search(rf"(?<!\w){written}(?!\w)|[\"'“‘]{value}[\"'”’]", text) is not None


def _are_together(parts: tuple[str, str], text: str, today: str | None) -> bool:
    """Whether day and time of day are said next to each other."""
    lower = searchable(text)
    days = [spot for form in date_forms(parts[0], today) for spot in spots(form.text.lower(), lower)]
    clocks = [spot for form in time_forms(parts[1]) for spot in spots(form.text.lower(), lower)]
    return any(start - end <= _FAR and other - stop <= _FAR for other, end in days for start, stop in clocks)


def _is_other_half(value: Any, text: str) -> bool:
    """Whether a time said in words goes on with the other half of the day, or is a part of another: `quarter to seven in the
    morning` says neither 18:45 nor 07:00."""
    if not isinstance(value, str) or not re.fullmatch(r"\d\d:\d\d(?::00)?", value):
        return False
    lower, half = searchable(text), "am" if int(value[:2]) < 12 else "pm"
    for form in time_forms(value):
        for start, end in spots(form.text.lower(), lower):
            if lower[:start].endswith(_PART_OF_HOUR) and not form.text.startswith(("half", "quarter")):
                continue
            after = lower[end:].lstrip()
            said = next((part for phrase, part in _PARTS if after.startswith(phrase)), half)
            if said == half:
                return False
    return True
