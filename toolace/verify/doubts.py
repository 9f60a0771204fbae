"""A second look at what provenance credits: words that happen to stand there are no source for a value.

`us` in "for us" is not the country, a date in the system message is no number of guests, an option that the assistant
offered is not one that the user chose. What is doubted is asked of the hallucination expert. Not covered: a switch turned
off that the user wanted on, and a number that the user said of something else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from toolace.meaning import words
from toolace.provenance import mentioned, searchable
from toolace.records import Message, Source
from toolace.wording import COUNTRIES, CURRENCIES, LANGUAGES, MONTHS, date_forms, split_datetime, time_forms

_WORD: Final = re.compile(r"[a-z]{3,}")
_EMPTY_WORDS: Final = """
the and for with from that this whether only also not does should must can will its are was were been have has who which
when where what how than they them you your would may done first time over more once ask asks get made make arg
true false include includes included including with returned return results result set flag value use used optional
"""
_EMPTY: Final = frozenset(_EMPTY_WORDS.split())
_SMALL: Final = "am an as at be by do go he hi if in is it la me my no of on or so to up us we"
_SMALL_WORDS: Final = frozenset(_SMALL.split())
_PARTS: Final = (
    *(("in the morning", "am"), ("am", "am"), ("a.m", "am")),
    *(("in the afternoon", "pm"), ("in the evening", "pm"), ("pm", "pm"), ("p.m", "pm")),
)
_FAR: Final = 30
"""Characters between a day and a time of day from which they are not said as one moment."""
_NEGATIONS: Final = frozenset(
    "no not without never don't isn't aren't doesn't won't can't cannot needn't neither nor".split()
)
_NEGATIVE: Final = re.compile(
    r"\b(?:no|not|non|without|un\w+|hid\w+|exclu\w+|suppress\w*|skip\w*|omit\w*|lea(?:ve|ft)\w*|private\w*|anonym\w*|"
    r"ruled out|restrict\w*|only|ignor\w*|mut\w+|silent\w*|quiet\w*|disab\w*|block\w*|avoid\w*|remov\w*|less|free|"
    r"missing|except|off|waiv\w*|refus\w*|drop\w*|stop\w*|den(?:y|ied)|prevent\w*|forbid\w*|out)\b"
)
_DAY_OR_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d(?:T.*)?|\d\d:\d\d(?::\d\d)?")
_TEMPORAL: Final = re.compile(r"\b(?:year|month|day|hour|minute|date|time|born|birth)s?\b")
_MONTH: Final = rf"(?:{'|'.join([*MONTHS, *(month[:3] for month in MONTHS)]).lower()})"
_DATES: Final = re.compile(
    rf"\d{{4}}-\d\d-\d\d|\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}(?:,? \d{{4}})?\b|\b{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?\b"
    r"(?:,? \d{4}\b)?|\b\d{1,2}[./]\d{1,2}[./]\d{4}\b|(?:half past|quarter past|quarter to) [a-z]+|[a-z]+ o'clock"
    r"|\b[\w:]+ ?(?:am|pm|a\.m|p\.m)\b|\b\w+ in the (?:morning|afternoon|evening)|\bin [\w-]+ (?:days?|weeks?)\b|\b\d\d:\d\d\b"
)
_ADDS: Final = re.compile(r"(?:include|with|show)s? ")
_PART_OF_HOUR: Final = (" past ", " quarter to ")
_AS_WELL: Final = re.compile(r"\bas well\b")
_SENTENCE: Final = re.compile(r"[.!?](?:\s|$)")
_CLAUSE: Final = re.compile(r"[,.;:?!]| and | but | or ")


class Claim(NamedTuple):
    """One credited leaf of an argument: its source, value, schema, the tool called, and the messages before the call."""

    source: Source
    name: str
    value: Any
    schema: dict[str, Any]
    function: dict[str, Any]
    before: Sequence[Message]
    today: str | None


def is_doubtful(claim: Claim) -> bool:
    """Whether what provenance found may be there by accident."""
    value, source = claim.value, claim.source
    if source.source in ("unknown", "default", "constant") or source.at is None:
        return False
    text = claim.before[int(source.at.split("/")[2])].content or ""
    if isinstance(value, bool):
        return not _is_about(claim) or (value and _is_refused(claim))
    if source.source == "result":
        is_common = isinstance(value, int | float) or (isinstance(value, str) and _DAY_OR_TIME.fullmatch(value))
        return bool(is_common) and not _is_related(claim.name, value, text)
    if source.source == "assistant" and _is_one_of_several(value, claim.schema, text):
        return True
    if isinstance(value, int | float):
        return _only_in_date(claim, text)
    if isinstance(value, str) and value.lower() in _SMALL_WORDS and _is_code(claim):
        return not _is_meant(value, text)
    if isinstance(value, str) and (parts := split_datetime(value)) and source.how != "verbatim":
        return not _are_together(parts, text, claim.today)
    return source.how != "verbatim" and _is_other_half(value, text)


def _is_about(claim: Claim) -> bool:
    """Whether the user's words touch what sets this switch apart: its name, or words no other parameter is described by.

    What a switch adds to the result (`include_song_details`) must be named.
    """
    own_name = _stems(words(claim.name))
    own = own_name | _stems(str(claim.schema.get("description", "")))
    purpose = _SENTENCE.split(str(claim.function.get("description", "")), maxsplit=1)[0]
    tool = _stems(f"{words(str(claim.function.get('name', '')))} {purpose}")
    others: set[str] = set()
    for name, schema in _parameters(claim.function.get("parameters")):
        if schema is not claim.schema:
            about = "" if schema.get("type") == "object" else str(schema.get("description", ""))
            menu = schema.get("enum")
            others |= _stems(f"{words(name)} {about} {' '.join(map(str, menu)) if isinstance(menu, list) else ''}")
    texts = _on_the_matter(claim)
    said = {
        _singular(word)[:size]
        for text in texts
        for word in _WORD.findall(_AS_WELL.sub(" ", text))
        for size in (4, 5)
        if word not in _EMPTY and (size == 5 or len(word) > 4)
    }
    apart = (own - others - tool) | (own_name - tool)
    if _ADDS.match(words(claim.name)) and own_name:
        is_told = len(own_name) > 1 and own_name <= said and not own_name <= tool
    else:
        is_told = bool(apart & said) or not apart
    return is_told or any(_is_named(words(claim.name), text) for text in texts)


def _on_the_matter(claim: Claim) -> list[str]:
    """What the user says that this call may be about: in its turn, in turns of the same tool, and in turns without calls
    right before either, where something was asked back or could not be done."""
    turns: list[tuple[str, set[str]]] = []
    for message in claim.before:
        if message.role == "user":
            turns.append((searchable(message.content or ""), set()))
        elif turns:
            turns[-1][1].update(call.function.name for call in message.tool_calls or ())
    found: list[str] = []
    is_wanted = True
    for at in range(len(turns) - 1, -1, -1):
        text, called = turns[at]
        is_wanted = at == len(turns) - 1 or claim.function.get("name") in called or (is_wanted and not called)
        if is_wanted:
            found.append(text)
    return found


def _is_named(name: str, text: str) -> bool:
    """Whether a text has the switch's very name: `available only`, or for `include_menu` `along with the menu`."""
    bare = _ADDS.sub("", re.sub(r"^(?:is|has|arg) ", "", name))
    adding = rf"(?:with|including|include|plus|and|on|want) (?:the |its |their )?{re.escape(bare)}\b"
    return (" " in bare and f" {bare} " in re.sub(r"[.,;:?!]", " ", text)) or re.search(adding, text) is not None


def _is_refused(claim: Claim) -> bool:
    """Whether the user names the switch with a `no` or `without` before it, every time. Switches that negate are left out:
    `without my name` turns anonymity on. (692 negative phrases of the catalogue: 58 % found; of the positive, 1 in 678.)"""
    about = f"{words(claim.name)} {claim.schema.get('description', '')}".lower()
    if _NEGATIVE.search(about):
        return False
    stems = _stems(about)
    clauses = [clause.split() for text in _on_the_matter(claim) for clause in _CLAUSE.split(text)]
    named = [
        bool(_NEGATIONS & set(clause[max(0, at - 4) : at]))
        for clause in clauses
        for at, word in enumerate(clause)
        if word[:5] in stems
    ]
    return bool(named) and all(named)


def _stems(text: str) -> set[str]:
    """The telling words of a text, without plural endings, by their first five letters."""
    return {_singular(word)[:5] for word in _WORD.findall(_AS_WELL.sub(" ", text.lower())) if word not in _EMPTY}


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _parameters(schema: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if not isinstance(schema, dict):
        return
    properties = schema.get("properties")
    for name, one in properties.items() if isinstance(properties, dict) else ():
        if isinstance(one, dict):
            yield str(name), one
            yield from _parameters(one)
            yield from _parameters(one.get("items"))


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


def _only_in_date(claim: Claim, text: str) -> bool:
    """Whether a number stands in a text only as a part of a date or a time of day, and is no such part itself."""
    about = f"{words(claim.name)} {claim.schema.get('description', '')}".lower()
    if _TEMPORAL.search(about):
        return False
    return mentioned(claim.value, searchable(_DATES.sub(" … ", text.lower())), None) is None


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
    days = [spot for form in date_forms(parts[0], today) for spot in _spots(form.text.lower(), lower)]
    clocks = [spot for form in time_forms(parts[1]) for spot in _spots(form.text.lower(), lower)]
    return any(start - end <= _FAR and other - stop <= _FAR for other, end in days for start, stop in clocks)


def _spots(form: str, text: str) -> Iterator[tuple[int, int]]:
    at = text.find(form)
    while at >= 0:
        yield at, at + len(form)
        at = text.find(form, at + 1)


def _is_other_half(value: Any, text: str) -> bool:
    """Whether a time said in words goes on with the other half of the day, or is a part of another: `quarter to seven in the
    morning` says neither 18:45 nor 07:00."""
    if not isinstance(value, str) or not re.fullmatch(r"\d\d:\d\d(?::00)?", value):
        return False
    lower, half = searchable(text), "am" if int(value[:2]) < 12 else "pm"
    for form in time_forms(value):
        for start, end in _spots(form.text.lower(), lower):
            if lower[:start].endswith(_PART_OF_HOUR) and not form.text.startswith(("half", "quarter")):
                continue
            after = lower[end:].lstrip()
            said = next((part for phrase, part in _PARTS if after.startswith(phrase)), half)
            if said == half:
                return False
    return True
