"""Dialog correctness, the days: dates exist, agree with today, and run forward. (defects of the published rows)"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from toolace.rules.found import SEPARATOR, Found, has_any, shown
from toolace.rules.schemas import canonical
from toolace.rules.views import Call, Sample, day_of
from toolace.wording import MONTHS, WEEKDAYS, date_forms

_ISO: Final = re.compile(r"(?<![\w./-])((?:19|20)\d\d-\d\d-\d\d)(?![\d-])")
_STATED: Final = re.compile(
    rf"({'|'.join(WEEKDAYS)})\W{{0,3}}(?:the\s)?[^.;\n(]{{0,24}}?\(?(\d{{4}}-\d\d-\d\d)|"
    rf"(\d{{4}}-\d\d-\d\d)\W{{0,3}}(?:a\s)?({'|'.join(WEEKDAYS)})"
)
_NUMBERS: Final = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_HINTS: Final = ("tomorrow", "yesterday", " day", " week")
_RELATIVE: Final = re.compile(
    rf"(?<!from )\b(?:(day after tomorrow)|(tomorrow)|(yesterday)|in (\d+|{'|'.join(_NUMBERS)}) (day|week)s?)\b"
)
_OTHER_DAY: Final = re.compile(
    rf"\d{{4}}|\d(?:st|nd|rd|th)\b|\b(?:{'|'.join([*MONTHS, *(month[:3] for month in MONTHS), *WEEKDAYS])})\b", re.I
)
_PAIRS: Final = (
    ("start", "end"), ("begin", "end"), ("from", "to"), ("from", "until"), ("check_in", "check_out"), ("checkin", "checkout"),
    ("departure", "return"), ("pick_up", "drop_off"), ("pickup", "dropoff"), ("first", "last"),
    ("since", "until"), ("after", "before"), ("min", "max"), ("earliest", "latest"),
)  # fmt: skip
_DAY: Final = re.compile(r"((?:19|20)\d\d-\d\d-\d\d)(?:$|[T ])")
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def dates_exist(sample: Sample) -> Iterator[Found]:
    """Every date is a day of the calendar: no 30 February, no month 13."""
    if all(map(day_of, sample.dates())):
        return
    for text in sample.texts:
        for one in _ISO.findall(text.text):
            if day_of(one) is None:
                yield Found(text.where, f"there is no {one}", "tool" if text.role == "tool" else "assistant")
    for call, written in zip(sample.calls, sample.argument_texts, strict=True):
        for one in _ISO.findall(written):
            if day_of(one) is None:
                yield Found(f"{call.where}/function/arguments", f"there is no {one}")


def dates_agree_with_today(sample: Sample) -> Iterator[Found]:
    """The system message's weekday is that of its date, and `tomorrow` is called with the day after today."""
    for text in sample.texts:
        if text.role == "system":
            for message in _wrong_weekdays(text.text):
                yield Found(text.where, message, "definition")
    if sample.today is None:
        return
    for text in sample.said if has_any(_HINTS, sample.speech) else ():
        matches = list(_RELATIVE.finditer(text.lower)) if text.role == "user" and has_any(_HINTS, text.lower) else []
        if len(matches) == 1:
            yield from _ignored(sample, text.turn, matches[0])


def date_ranges_run_forward(sample: Sample) -> Iterator[Found]:
    """In one call, no end lies before its start. Where the user or the plan says both days, it is the user's mistake."""
    for call in sample.calls if sample.has_dates else ():
        days = {name: day for name, value in call.arguments.items() if (day := _day(value))}
        if len(days) < 2:
            continue
        for name, day in days.items():
            for first, last in _PAIRS:
                other = _counterpart(name, first, last)
                if other in days and days[other] < day:
                    message = f"{shown(other)} {days[other]} lies before {shown(name)} {day}"
                    is_wanted = all(_is_asked_for(sample, call, one) for one in (day, days[other]))
                    yield Found(call.argument(other), message, "user" if is_wanted else "assistant")


CHECKS: Final = (dates_exist, dates_agree_with_today, date_ranges_run_forward)


@lru_cache(maxsize=4096)
def _wrong_weekdays(text: str) -> tuple[str, ...]:
    stated = ((match[1] or match[4], day_of(match[2] or match[3])) for match in _STATED.finditer(text))
    return tuple(f"{day} is no {name}" for name, day in stated if day is not None and WEEKDAYS[day.weekday()] != name)


def _ignored(sample: Sample, turn: int, match: re.Match[str]) -> Iterator[Found]:
    """Where a turn names one relative day and no other, and its calls hold one date, they must be the same day."""
    assert sample.today is not None
    dated = [(call, name, day) for call in sample.calls_in(turn) for name, day in _days_in(call)]
    wanted = _meant(match, sample.today)
    if len(dated) != 1 or dated[0][2] == wanted or _OTHER_DAY.search(match.string):
        return
    call, name, day = dated[0]
    if str(day) not in SEPARATOR.join(text.text for text in sample.texts if text.at < call.at):
        message = f"{day} is not {shown(match[0])}, which is {wanted} when today is {sample.today}"
        yield Found(call.argument(name), message)


def _meant(match: re.Match[str], today: date) -> date:
    if match[4]:
        count = int(match[4]) if match[4].isdigit() else _NUMBERS.index(match[4]) + 1
        return today + timedelta(days=min(count, 10_000) * (7 if match[5] == "week" else 1))
    return today + timedelta(days=2 if match[1] else 1 if match[2] else -1)


def _days_in(call: Call) -> Iterator[tuple[str, date]]:
    for name, value in call.arguments.items():
        if day := _day(value):
            yield name, day


def _is_asked_for(sample: Sample, call: Call, day: date) -> bool:
    """Whether a day is the user's before a call, in words or figures, or the plan's."""
    said = SEPARATOR.join([text.lower for text in sample.said if text.role == "user" and text.at < call.at])
    forms = date_forms(str(day), str(sample.today) if sample.today else None)
    return any(form.text.lower() in said for form in forms) or str(day).encode() in canonical(sample.dialog.plan)


def _day(value: object) -> date | None:
    match = _DAY.match(value) if isinstance(value, str) else None
    return day_of(match[1]) if match else None


def _counterpart(name: str, first: str, last: str) -> str:
    """The name with `start` replaced by `end`, in the name's own case; the name itself where it has no `start`."""
    lower = _CAMEL.sub("_", name).lower()
    if not re.search(rf"(?:^|_){first}(?:_|$)", lower):
        return ""
    if first in name:
        return name.replace(first, last, 1)
    camel = "".join(part.capitalize() for part in first.split("_"))
    return name.replace(camel, "".join(part.capitalize() for part in last.split("_")), 1) if camel in name else ""
