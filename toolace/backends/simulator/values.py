"""Values for parameters and results: drawn by semantic type, valid against the schema."""

from __future__ import annotations

import math
import random
import re
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from toolace.backends.simulator.mentions import unsaid
from toolace.backends.simulator.patterns import compiled, matching
from toolace.backends.simulator.people import file_for, invented, of_the_same_person
from toolace.backends.simulator.settling import naming_field
from toolace.backends.simulator.words import (
    ADJECTIVES,
    AIRPORTS,
    CITIES,
    COLORS,
    JOBS,
    NOUNS,
    STATES,
    TIMEZONES,
    TITLES,
    likely_values,
)
from toolace.meaning import kind_of, words
from toolace.semantics import ANNOTATION, SEMANTIC_TYPES, identifier_pattern
from toolace.wording import COUNTRIES, CURRENCIES, LANGUAGES, MONTHS, WEEKDAYS

DEPTH = 5
"""Deepest nesting that values are drawn for; below it, objects stay empty."""


class CannotDraw(ValueError):
    """No valid value could be made for a schema (a pattern beyond `patterns`, a contradiction)."""


class Draw:
    """Draws values with one random generator, as of one day."""

    def __init__(self, rng: random.Random, today: str, horizon: int = 90):
        self.rng = rng
        self.horizon = horizon
        """Days ahead within which future dates lie."""
        self.today = date.fromisoformat(today)
        self._is_child = False

    def value(self, name: str, schema: dict[str, Any], beside: dict[str, Any] | None = None, depth: int = 0) -> Any:
        """A value for a field. `beside` holds values already drawn for its siblings. Raises CannotDraw."""
        if "const" in schema:
            return schema["const"]
        if schema.get("enum"):
            return self.rng.choice(_choices(tuple(schema["enum"])))
        for key in ("anyOf", "oneOf"):
            if options := [one for one in schema.get(key, ()) if isinstance(one, dict) and one.get("type") != "null"]:
                return self.value(name, {**schema, key: None, **options[0]}, beside, depth)
        kind = schema.get("type")
        if isinstance(kind, list):
            kind = next((one for one in kind if one != "null"), "null")
        match kind:
            case "object":
                return self._of_a_child(name, schema, depth)
            case "array":
                return self._array(name, schema, depth)
            case "boolean":
                return self.rng.random() < 0.75
            case "integer" | "number":
                return self._number(name, schema, kind, beside or {})
            case "null":
                return None
            case _:
                return self._string(name, schema, beside or {})

    def _of_a_child(self, name: str, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        """An object; what is said of a child is true of a child."""
        before, self._is_child = self._is_child, self._is_child or bool(_CHILD.search(words(name)))
        try:
            return self.object(schema, depth)
        finally:
            self._is_child = before

    def object(self, schema: dict[str, Any], depth: int = 0, optional: float = 0.4) -> dict[str, Any]:
        """An object with its required fields and a share of the others."""
        drawn: dict[str, Any] = {}
        required = set(schema.get("required", ()))
        if depth >= DEPTH:
            properties = {key: one for key, one in schema.get("properties", {}).items() if key in required}
        else:
            properties = schema.get("properties", {})
        for key, one in properties.items():
            if key not in required and (self.rng.random() >= optional or unsaid(key, one)):
                continue
            try:
                value = self.value(key, one, drawn, depth + 1)
                if isinstance(value, str) and value in drawn.values():  # a leg from Oslo to Oslo
                    value = self.value(key, one, drawn, depth + 1)
                drawn[key] = value
            except CannotDraw:
                if key in required:
                    raise
        return drawn

    def identifier(self, thing: str) -> str:
        """An identifier of a thing, in that thing's form (see semantics.identifier_pattern)."""
        head, digits = _identifier_form(thing)
        number = self.rng.randrange((16 if digits == 8 else 10) ** digits)
        return f"{head}{number:0{digits}{'x' if digits == 8 else 'd'}}"

    def _array(self, name: str, schema: dict[str, Any], depth: int) -> list[Any]:
        items = schema.get("items")
        items = items if isinstance(items, dict) else {"type": "string"}
        low = int(schema.get("minItems", 1))
        high = max(low, min(int(schema.get("maxItems", 3)), low + (1 if items.get("type") == "object" else 2)))
        wanted = self.rng.randint(low, high) if depth < DEPTH else low
        found: list[Any] = []
        naming = naming_field(items["properties"]) if isinstance(items.get("properties"), dict) else None
        naming = naming if naming in items.get("required", ()) else None
        for _ in range(wanted * 4):
            if len(found) == wanted:
                break
            one = self.value(name, items, None, depth + 1)
            if one not in found and not (naming and any(one.get(naming) == other.get(naming) for other in found)):
                found.append(one)
        if len(found) < low:
            raise CannotDraw(f"{name}: no {low} different items")
        return found

    def _number(self, name: str, schema: dict[str, Any], kind: str, beside: dict[str, Any]) -> int | float:
        low, high = _bounds(name, schema)
        notes = schema.get(ANNOTATION, {})
        relation = notes.get("relation")
        if relation and isinstance(beside.get(relation[1]), int | float):
            low = max(low, beside[relation[1]])
            low, high = (low + (high - low) * 0.05, high) if high > low else (low, low)
        if kind_of(name, schema) == "year" and low <= self.today.year < high:
            high = self.today.year
        if low > high:
            raise CannotDraw(f"{name}: empty range {low}..{high}")
        step = schema.get("multipleOf")
        if kind == "integer" and low <= 1 and words(name) in ("page", "page number"):
            return self.rng.choice([page for page in (2, 2, 3, 3, 4, 5) if page <= high] or [math.ceil(low)])
        if kind == "integer" and words(name) in _LIMITS and not step:
            return self.rng.choice([size for size in _SIZES if low <= size <= high] or [math.ceil(low)])
        if kind == "integer":
            return self._whole(math.ceil(low), math.floor(high), int(step) if step and step >= 1 else 1)
        number = self._decimal(low, high, money=notes.get("type") == "money")
        return round(round(number / step) * step, 6) if step else number

    def _whole(self, low: int, high: int, step: int) -> int:
        if high - low > 1000 and self.rng.random() < 0.7:
            step = max(step, 10 ** (len(str(high - low)) - 2))
        first, last = -(-low // step), high // step
        return self.rng.randint(first, last) * step if first <= last else self.rng.randint(low, high)

    def _decimal(self, low: float, high: float, *, money: bool) -> float:
        number = self.rng.uniform(low, high)
        if money and high - low > 2000:
            step = 10 ** (len(str(int(high - low))) - 2)
            return float(min(math.floor(high), max(math.ceil(low), round(number / step) * step)))
        if money and self.rng.random() < 0.6:
            return (
                float(min(math.floor(high), max(math.ceil(low), round(number / 5) * 5)))
                if high - low > 10
                else round(number, 2)
            )
        digits = 2 if money or high - low < 1.5 else 1
        return min(high, max(low, round(number, digits)))

    def _string(self, name: str, schema: dict[str, Any], beside: dict[str, Any]) -> str:
        notes = schema.get(ANNOTATION, {})
        if values := notes.get("values"):
            return str(self.rng.choice(values))
        kind = kind_of(name, schema)
        if kind == "file_name":
            text: str | None = file_for(f"{words(name)} {schema.get('description', '')}".lower(), self.rng)
        elif kind in ("email", "first_name", "person_name") and (
            same := of_the_same_person(kind, name, beside, self.rng)
        ):
            text = same
        else:
            text = self._by_kind(kind, notes.get("relation"), beside) if kind else None
        pattern = schema.get("pattern")
        if not notes and (likely := likely_values(name)) and (text is None or kind == "city"):
            text = self.rng.choice(likely)
        if pattern and (text is None or not _fits(pattern, text)):
            text = self._slug(pattern) or matching(pattern, self.rng)
            if text is None:
                raise CannotDraw(f"{name}: no string for pattern {pattern!r}")
        if text is None:
            text = self._title(name)
        if "maxLength" in schema and len(text) > schema["maxLength"]:
            text = text[: schema["maxLength"]].rstrip()
        if len(text) < schema.get("minLength", 0):
            raise CannotDraw(f"{name}: shorter than {schema['minLength']}")
        return text

    def _slug(self, pattern: str) -> str | None:
        """A readable name where the pattern is loose enough to take one."""
        noun = self.rng.choice(NOUNS)
        for text in (f"{noun}-{self.rng.randint(2, 99)}", noun):
            if _whole(pattern, text):
                return text
        return None

    def _by_kind(self, kind: str, relation: list[str] | None, beside: dict[str, Any]) -> str | None:
        if kind.startswith("id("):
            return self.identifier(kind[3:-1])
        if kind in ("date", "future_date", "past_date", "birth_date"):
            return self._date(kind, str(beside.get(relation[1], "")) if relation else "")
        if kind in ("datetime", "future_datetime", "past_datetime"):
            other = str(beside.get(relation[1], ""))[:10] if relation else ""
            return f"{self._date(kind.replace('time', ''), other)}T{self._clock('')}:00Z"
        if kind == "time":
            return self._clock(str(beside.get(relation[1], "")) if relation else "")
        chosen = _LISTS.get(kind)
        if chosen is not None:
            return self.rng.choice(chosen)
        return invented(kind, self.rng)

    def _date(self, kind: str, after: str) -> str:
        if after:
            try:
                return (date.fromisoformat(after) + timedelta(days=self.rng.randint(1, 12))).isoformat()
            except ValueError:
                pass
        days = {
            "future_date": lambda: self.rng.choice((self.rng.randint(1, 13), self.rng.randint(1, self.horizon))),
            "date": lambda: self.rng.randint(-20, 40),
            "past_date": lambda: -self.rng.choice((self.rng.randint(1, 10), self.rng.randint(1, 120))),
            "birth_date": lambda: -self.rng.randint(*((6 * 365, 15 * 365) if self._is_child else (19 * 365, 80 * 365))),
        }[kind]()
        return (self.today + timedelta(days=days)).isoformat()

    def _clock(self, after: str) -> str:
        hour = self.rng.randint(7, 20)
        if len(after) >= 5 and after[:2].isdigit() and int(after[:2]) < 23:
            hour = self.rng.randint(int(after[:2]) + 1, 23)
        return f"{hour:02d}:{self.rng.choice((0, 0, 15, 30, 30, 45)):02d}"

    def _title(self, name: str) -> str:
        said = words(name).split()
        last = said[-1] if said else ""
        if last in (
            "description",
            "text",
            "comment",
            "message",
            "note",
            "notes",
            "summary",
            "content",
            "body",
            "reason",
        ):
            return self.rng.choice(TITLES)
        return f"{self.rng.choice(ADJECTIVES)} {self.rng.choice(NOUNS)}"


_LISTS: dict[str, list[str]] = {
    "city": CITIES,
    "country": [name.removeprefix("the ") for name in COUNTRIES.values()],
    "country_code": list(COUNTRIES),
    "us_state": STATES,
    "airport_code": AIRPORTS,
    "language": list(LANGUAGES.values()),
    "language_code": list(LANGUAGES),
    "currency_code": list(CURRENCIES),
    "timezone": TIMEZONES,
    "color": COLORS,
    "month": MONTHS,
    "weekday": WEEKDAYS,
    "job_title": JOBS,
    "version": [f"{a}.{b}.{c}" for a in range(1, 6) for b in range(0, 10, 3) for c in range(4)],
    "hashtag": [f"#{word.capitalize()}" for word in NOUNS],
    "hex_color": ["#1f6feb", "#d73a49", "#2da44e", "#bf8700", "#6f42c1", "#0a3069", "#ffa657", "#24292f"],
    "stock_symbol": ["NRW", "KESTR", "BLMK", "AVIA", "HLX", "QNTR", "SLRS", "MRDN", "VLTA", "OKTN"],
}


_CHILD = re.compile(r"\b(child|kid|pupil|son|daughter|baby|minor)\b")
_LIMITS = ("limit", "max results", "page size", "max items", "max records")
_SIZES = (3, 5, 5, 10, 10, 15, 20, 25, 30, 50, 100)
_INHABITED = {"latitude": (-38, 62), "longitude": (-120, 145)}
"""Where most people live, in degrees."""


@lru_cache(maxsize=8192)
def _identifier_form(thing: str) -> tuple[str, int]:
    """What a thing's identifiers begin with, and how many digits follow: eight are hexadecimal."""
    head, _, rest = identifier_pattern(thing).removeprefix("^").partition("[")
    return head, int(rest.partition("{")[2].partition("}")[0])


@lru_cache(maxsize=4096)
def _choices(menu: tuple[Any, ...]) -> tuple[Any, ...]:
    """The entries of a menu that somebody would choose: not `STATE_UNSPECIFIED`."""
    meant = tuple(one for one in menu if one is not None and not (isinstance(one, str) and _UNMEANT.search(one)))
    return meant or tuple(one for one in menu if one is not None) or menu


_UNMEANT = re.compile(r"(^|_)(UNSPECIFIED|UNKNOWN|UNDEFINED|INVALID)(_|$)|^UNKNOWN|unspecified$")


def _bounds(name: str, schema: dict[str, Any]) -> tuple[float, float]:
    low, high = schema.get("minimum"), schema.get("maximum")
    whole = schema.get("type") == "integer"
    if (over := schema.get("exclusiveMinimum")) is not None and not isinstance(over, bool):
        low = over + (1 if whole else 0.01)
    if (under := schema.get("exclusiveMaximum")) is not None and not isinstance(under, bool):
        high = under - (1 if whole else 0.01)
    kind = kind_of(name, schema)
    if low is None and high is None and kind in SEMANTIC_TYPES and "minimum" in SEMANTIC_TYPES[kind]:
        low, high = SEMANTIC_TYPES[kind]["minimum"], SEMANTIC_TYPES[kind]["maximum"]
    if kind in _INHABITED:
        low, high = max(low or -90, _INHABITED[kind][0]), min(high or 180, _INHABITED[kind][1])
    if kind == "year":
        low, high = max(low or 1990, 1990), min(high or 2030, 2030)
    if low is None:
        low = min(1, high - 20) if high is not None else 1
    if high is None:
        high = low + (50 if whole else 100)
    return low, high


def _fits(pattern: str, text: str) -> bool:
    expression = compiled(pattern)
    return expression is not None and expression.search(text) is not None


def _whole(pattern: str, text: str) -> bool:
    """Whether a pattern takes all of a text."""
    expression = compiled(pattern)
    return expression is not None and expression.fullmatch(text) is not None
