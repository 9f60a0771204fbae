"""How people say values: numbers, dates, times, money, codes. One place for saying them (simulator) and for recognising them
(provenance), so that what the one says the other credits."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Final, Literal, NamedTuple

How = Literal["verbatim", "formatted", "spelled", "relative", "implicit"]


class Form(NamedTuple):
    """One way to say a value, in lower case where case does not matter, and how far it is from the value as written."""

    text: str
    how: How


MONTHS: Final = ("January February March April May June July August September October November December").split()
WEEKDAYS: Final = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()

COUNTRIES: Final = {
    "DE": "Germany", "FR": "France", "IT": "Italy", "ES": "Spain", "PT": "Portugal", "NL": "the Netherlands", "BE": "Belgium",
    "AT": "Austria", "CH": "Switzerland", "PL": "Poland", "CZ": "Czechia", "SE": "Sweden", "NO": "Norway", "DK": "Denmark",
    "FI": "Finland", "IE": "Ireland", "GR": "Greece", "TR": "Turkey", "GB": "the United Kingdom", "US": "the United States",
    "CA": "Canada", "MX": "Mexico", "BR": "Brazil", "AR": "Argentina", "CL": "Chile", "PE": "Peru", "JP": "Japan",
    "KR": "South Korea", "CN": "China", "IN": "India", "TH": "Thailand", "VN": "Vietnam", "ID": "Indonesia", "AU": "Australia",
    "NZ": "New Zealand", "ZA": "South Africa", "KE": "Kenya", "EG": "Egypt", "MA": "Morocco", "IS": "Iceland",
}  # fmt: skip
LANGUAGES: Final = {
    "en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "pt": "Portuguese", "nl": "Dutch",
    "pl": "Polish", "cs": "Czech", "sv": "Swedish", "da": "Danish", "fi": "Finnish", "el": "Greek", "tr": "Turkish",
    "ja": "Japanese", "ko": "Korean", "zh": "Chinese", "hi": "Hindi", "ar": "Arabic", "vi": "Vietnamese", "th": "Thai",
    "uk": "Ukrainian", "hu": "Hungarian", "ro": "Romanian",
}  # fmt: skip
CURRENCIES: Final = {
    "EUR": "euros", "USD": "US dollars", "GBP": "pounds", "JPY": "yen", "CHF": "Swiss francs", "SEK": "Swedish kronor",
    "NOK": "Norwegian kroner", "DKK": "Danish kroner", "PLN": "zloty", "CZK": "Czech koruna", "CAD": "Canadian dollars",
    "AUD": "Australian dollars", "INR": "rupees", "MXN": "Mexican pesos", "BRL": "reais", "KRW": "won", "CNY": "yuan",
}  # fmt: skip
_SIGNS: Final = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()
_PLURAL_STAYS = re.compile(
    r"^(km|kg|mg|ml|cm|mm|g|l|m|s|h|kw|kwh|mw|°c|°f|%|gb|mb|tb|mph|px|hz|khz|mhz|bpm|db|pa|hpa|v|w|a|km/h|.*/.*)$", re.I
)


_ODD_PLURALS: Final = {
    "children": "child", "people": "person", "feet": "foot", "men": "man", "women": "woman", "teeth": "tooth", "mice": "mouse",
    "inches": "inch", "halves": "half", "loaves": "loaf", "shelves": "shelf", "knives": "knife", "leaves": "leaf",
}  # fmt: skip


@lru_cache(maxsize=4096)
def spelled(number: int) -> str | None:
    """A whole number below 1,000 in words: 21 -> `twenty-one`."""
    if not 0 <= number < 1000:
        return None
    if number < 20:
        return _ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _TENS[tens] + (f"-{_ONES[ones]}" if ones else "")
    hundreds, rest = divmod(number, 100)
    tail = f" and {spelled(rest)}" if rest else ""
    return f"{_ONES[hundreds]} hundred{tail}"


def plain_number(number: float) -> str:
    """A number as people write it: no `.0`, no exponent."""
    if isinstance(number, int):
        return str(number)
    return str(int(number)) if number == int(number) and abs(number) < 1e15 else repr(number)


@lru_cache(maxsize=8192)
def number_forms(number: float) -> tuple[Form, ...]:
    """Ways to say a bare number; the first is the plain one."""
    digits = plain_number(number)
    forms = [Form(digits, "verbatim")]
    if isinstance(number, float) and repr(number) != digits:
        forms.append(Form(repr(number), "verbatim"))
    if isinstance(number, float) and not number.is_integer() and re.fullmatch(r"-?\d+\.\d", digits):
        forms.append(Form(digits + "0", "formatted"))
    if abs(number) >= 1000:
        forms.append(Form(f"{number:,}".removesuffix(".0"), "formatted"))
    if float(number).is_integer():
        forms += _whole_forms(int(number))
    elif number * 2 == int(number * 2) and 0 < number < 100:
        whole = spelled(int(number))
        forms.append(Form(f"{whole} and a half" if number > 1 else "half a", "spelled"))
    return tuple(forms)


def _whole_forms(number: int) -> list[Form]:
    forms: list[Form] = []
    if words := spelled(number):
        forms.append(Form(words, "spelled"))
    if number and number % 12 == 0 and number <= 96:
        dozens = number // 12
        forms.append(Form("a dozen" if dozens == 1 else f"{spelled(dozens)} dozen", "implicit"))
    if number == 2:
        forms += [Form("a couple of", "implicit"), Form("a pair of", "implicit")]
    if number == 1:
        forms += [Form("a single", "implicit")]
    if number and number % 1000 == 0 and number < 1_000_000:
        forms += [Form(f"{number // 1000}k", "formatted")]
        if words := spelled(number // 1000):
            forms.append(Form(f"{words} thousand", "spelled"))
    if number and number % 1_000_000 == 0:
        forms.append(Form(f"{number // 1_000_000} million", "formatted"))
    return forms


def with_unit(text: str, number: float, unit: str) -> str:
    """A said number with its unit: `3 nights`, `1 night`, `20 °C`, `40%`."""
    if unit == "%":
        return f"{text}%"
    return f"{text} {unit_for(number, unit)}"


def unit_for(number: float, unit: str) -> str:
    """The unit word for a number; a plural one loses its ending for 1."""
    if number != 1 or _PLURAL_STAYS.match(unit) or len(unit) < 3:
        return unit
    if unit in _ODD_PLURALS:
        return _ODD_PLURALS[unit]
    if unit.endswith("ies"):
        return unit[:-3] + "y"
    if unit.endswith(("ches", "shes", "xes", "sses")):
        return unit[:-2]
    return unit[:-1] if unit.endswith("s") and not unit.endswith("ss") else unit


def money_forms(amount: float, currency: str) -> tuple[str, ...]:
    """Ways to say an amount; the first is unmistakable: `120 EUR`, then `120 euros`, `€120`."""
    digits = plain_number(amount) if float(amount).is_integer() else f"{amount:.2f}"
    said = [f"{digits} {currency}"]
    if name := CURRENCIES.get(currency):
        said.append(f"{digits} {name}")
    if sign := _SIGNS.get(currency):
        said.append(f"{sign}{digits}")
    return tuple(said)


def ordinal(number: int) -> str:
    """1 -> `1st`."""
    if 10 <= number % 100 <= 20:
        return f"{number}th"
    return f"{number}{({1: 'st', 2: 'nd', 3: 'rd'}).get(number % 10, 'th')}"


@lru_cache(maxsize=16384)
def date_forms(iso: str, today: str | None) -> tuple[Form, ...]:
    """Ways to say a date. Forms without a year or relative to `today` only where they mean this date and no other."""
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return (Form(iso, "verbatim"),)
    month = MONTHS[day.month - 1]
    bare: tuple[str, ...] = (
        f"{day.day} {month}",
        f"{month} {day.day}",
        f"{ordinal(day.day)} of {month}",
        f"{month} {ordinal(day.day)}",
    )
    bare += (f"{day.day} {month[:3]}", f"{month[:3]} {day.day}", f"{ordinal(day.day)} {month}")
    forms = [Form(iso, "verbatim")]
    forms += [Form(f"{said} {day.year}", "formatted") for said in bare]
    forms += [Form(f"{said}, {day.year}", "formatted") for said in bare]
    forms += [Form(f"{day.day}.{day.month}.{day.year}", "formatted"), Form(f"{day:%d.%m.%Y}", "formatted")]
    forms += [Form(f"{day:%m/%d/%Y}", "formatted"), Form(f"{day:%d/%m/%Y}", "formatted")]
    if today:
        now = date.fromisoformat(today)
        if abs((day - now).days) <= 180:
            forms += [Form(said, "formatted") for said in bare]
        forms += _relative(day, now)
    return tuple(forms)


def _relative(day: date, now: date) -> list[Form]:
    ahead = (day - now).days
    weekday = WEEKDAYS[day.weekday()]
    said: list[str] = []
    names = {0: ["today", "tonight", "this evening"], 1: ["tomorrow"], 2: ["the day after tomorrow"], -1: ["yesterday"]}
    said += names.get(ahead, [])
    if 0 < ahead <= 7:
        said += [f"this coming {weekday}", f"coming {weekday}"]
        if day.weekday() > now.weekday():
            said += [f"this {weekday}", f"on {weekday}"]
        else:
            said += [f"next {weekday}", f"on {weekday}"]
    elif 7 < ahead <= 13 and day.weekday() > now.weekday():
        said.append(f"{weekday} of next week")
    if -7 <= ahead < 0:
        said.append(f"last {weekday}")
    if ahead == 7:
        said += ["a week from today", "a week from now", "in a week"]
    if ahead in (14, 21, 28):
        said += [f"in {spelled(ahead // 7)} weeks", f"in {ahead // 7} weeks"]
    if 2 <= ahead <= 30:
        said += [f"in {ahead} days", f"in {spelled(ahead)} days", f"{spelled(ahead)} days from now"]
    if -30 <= ahead <= -2:
        said += [f"{-ahead} days ago", f"{spelled(-ahead)} days ago"]
    if ahead in (-7, -14, -21):
        said += ["a week ago"] if ahead == -7 else [f"{spelled(-ahead // 7)} weeks ago"]
    return [Form(text, "relative") for text in said]


@lru_cache(maxsize=4096)
def time_forms(clock: str) -> tuple[Form, ...]:
    """Ways to say a time of day `HH:MM` (seconds allowed when zero)."""
    match = re.fullmatch(r"(\d\d):(\d\d)(?::00)?", clock)
    if not match:
        return (Form(clock, "verbatim"),)
    hour, minute = int(match[1]), int(match[2])
    half = hour % 12 or 12
    meridiem = "am" if hour < 12 else "pm"
    forms = [Form(f"{hour:02d}:{minute:02d}", "verbatim"), Form(f"{hour}:{minute:02d}", "formatted")]
    tails = (meridiem, meridiem.upper(), f"{meridiem[0]}.m.")
    clockface = f"{half}:{minute:02d}" if minute else str(half)
    forms += [Form(f"{clockface} {tail}", "formatted") for tail in tails] + [
        Form(f"{clockface}{meridiem}", "formatted")
    ]
    if not minute:
        forms += [Form(f"{half}:00 {tail}", "formatted") for tail in tails]
    part = "in the morning" if hour < 12 else "in the afternoon" if hour < 18 else "in the evening"
    word, following = spelled(half), spelled(half % 12 + 1)
    spoken = {0: f"{word} o'clock", 15: f"quarter past {word}", 30: f"half past {word}", 45: f"quarter to {following}"}
    if minute in spoken:
        forms += [Form(f"{spoken[minute]} {part}", "implicit"), Form(spoken[minute], "implicit")]
    if not minute:
        forms += [Form(f"{word} {part}", "implicit"), Form(f"{half} {part}", "implicit")]
    if (hour, minute) in ((12, 0), (0, 0)):
        forms.append(Form("noon" if hour else "midnight", "implicit"))
    return tuple(forms)


def split_datetime(text: str) -> tuple[str, str] | None:
    """`2024-05-14T18:30:00Z` as date and `HH:MM`; None when it is no such thing or has odd seconds."""
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::00(?:\.0+)?)?(?:Z|[+-]00:?00)?", text)
    return (match[1], match[2]) if match else None


@lru_cache(maxsize=16384)
def string_forms(text: str, today: str | None) -> tuple[Form, ...]:
    """Ways to say a string value: as it is, with spaces for underscores, or by the name that a code stands for."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return date_forms(text, today)
    if re.fullmatch(r"\d\d:\d\d(:00)?", text):
        return time_forms(text)
    forms = [Form(text, "verbatim")]
    if "_" in text or "-" in text:
        forms.append(Form(re.sub(r"[_-]+", " ", text), "formatted"))
    if re.search(r"[a-z][A-Z]", text):
        forms.append(Form(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text), "formatted"))
    for names in (COUNTRIES, LANGUAGES, CURRENCIES):
        if name := names.get(text):
            forms += [Form(name, "implicit"), Form(name.removeprefix("the "), "implicit")]
    return tuple(forms)


def joined(items: list[str], word: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {word} {items[-1]}"
