"""Days and times of day: whether the words that credit one are said of something else, and other words here go unused.

`From Monday to 5 May` called with Monday twice leaves `5 May` without an argument. Each alone proves nothing: one day may
serve two arguments, and a day may be told in passing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from toolace.provenance import searchable
from toolace.records import Message
from toolace.verify.claims import Claim
from toolace.wording import MONTHS, WEEKDAYS, date_forms, split_datetime, time_forms

_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_CLOCK: Final = re.compile(r"\d\d:\d\d(?::00)?")
_MONTH: Final = rf"(?:{'|'.join([*MONTHS, *(month[:3] for month in MONTHS)]).lower()})"
_WEEKDAY: Final = rf"(?:{'|'.join(WEEKDAYS).lower()})"
SAID_DAYS: Final = (
    rf"\d{{4}}-\d\d-\d\d|\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}(?:,? \d{{4}})?\b|\b{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?\b"
    r"(?:,? \d{4}\b)?|\b\d{1,2}[./]\d{1,2}[./]\d{4}\b|\bin [\w-]+ (?:days?|weeks?)\b"
)
"""A day in words or figures, in a text in lower case."""
SAID_CLOCKS: Final = (
    r"(?:half past|quarter past|quarter to) [a-z]+|[a-z]+ o'clock|\b[\w:]+ ?(?:am|pm|a\.m|p\.m)\b"
    r"|\b\w+ in the (?:morning|afternoon|evening)|\b\d\d:\d\d\b"
)
"""A time of day, the same way."""
_DAYS: Final = re.compile(
    rf"{SAID_DAYS}|\b(?:last|next|this) {_WEEKDAY}\b|\b{_WEEKDAY} of next week\b|\b[\w-]+ (?:days?|weeks?) (?:ago|from now)\b"
    r"|\b(?:the day after )?tomorrow\b|\b(?:the day before )?yesterday\b"
)
_CLOCKS: Final = re.compile(SAID_CLOCKS)


def is_said_of_another(claim: Claim) -> bool:
    """Whether a day or time of day is another argument's too, or the assistant's, while the turn names one that no call takes."""
    value = str(claim.value)
    is_day = _DAY.fullmatch(value) is not None
    if not is_day and not _CLOCK.fullmatch(value):
        return False
    wanted = value if is_day else value[:5]
    uses = sum(wanted in _parts(one) for one in claim.called)
    if uses < 2 and claim.source.source == "user":
        return False
    for text in _turn(claim.before):
        named = [match.span() for match in (_DAYS if is_day else _CLOCKS).finditer(text)]
        if named and not set(named) <= _taken(named, text, claim):
            return True
    return False


def _turn(before: Sequence[Message]) -> Iterator[str]:
    """What the user says in this turn, and in those right before it in which nothing was called."""
    has_spoken = False
    for message in reversed(before):
        if message.role == "user":
            has_spoken = True
            yield searchable(message.content or "")
        elif has_spoken and message.tool_calls:
            return


def _taken(named: list[tuple[int, int]], text: str, claim: Claim) -> set[tuple[int, int]]:
    """The places of a text that some call's arguments account for."""
    taken: set[tuple[int, int]] = set()
    for value in dict.fromkeys(map(str, claim.called)):
        for start, stop in _places(value, text, claim.today):
            taken.update(span for span in named if start < span[1] and span[0] < stop)
    return taken


def _places(value: str, text: str, today: str | None) -> Iterator[tuple[int, int]]:
    forms = [value.lower()]
    for part in _parts(value):
        said = date_forms(part, today) if _DAY.fullmatch(part) else time_forms(part)
        forms += [form.text.lower() for form in said]
    for form in forms:
        for start, stop in spots(form, text):
            if not (text[start - 1 : start].isalnum() or text[stop : stop + 1].isalnum()):
                yield start, stop


def _parts(value: Any) -> tuple[str, ...]:
    """The day and the time of day in a value."""
    if not isinstance(value, str):
        return ()
    if parts := split_datetime(value):
        return parts[0], parts[1][:5]
    return (value[:10],) if _DAY.fullmatch(value) else (value[:5],) if _CLOCK.fullmatch(value) else ()


def spots(form: str, text: str) -> Iterator[tuple[int, int]]:
    """Begin and end of each place where a form stands in a text."""
    at = text.find(form) if form else -1
    while at >= 0:
        yield at, at + len(form)
        at = text.find(form, at + 1)
