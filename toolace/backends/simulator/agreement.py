"""What a call's arguments demand of its result: what it repeats, between which bounds values lie, how a list is
ordered and how long."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from toolace.meaning import kind_of, words
from toolace.records import Api

DAYS = frozenset(["date", "future_date", "past_date", "birth_date", "datetime", "future_datetime", "past_datetime"])
"""Semantic types that name a day."""
_LEAST = frozenset(["min", "minimum", "least", "lowest", "above", "over"])
_MOST = frozenset(["max", "maximum", "most", "highest", "up", "upto", "below", "under", "budget", "limit"])
_SINCE = frozenset(["since", "from", "start", "after", "starting", "begin"])
_UNTIL = frozenset(["until", "to", "end", "before", "by", "ending", "through", "till"])
_LENGTH = re.compile(r"^(limit|max results|page size|top|top n|max items|how many|number of results|result count)$")
_ORDER = re.compile(r"^(sort by|order by|sort|sorted by|ordered by|sort order|sort field)$")
_PRICES = frozenset(["price", "cost", "fee", "rent", "rate", "amount", "budget", "fare", "hourly", "nightly"])
_OWN_NAMES = frozenset(["name", "title", "id", "status", "note", "notes", "text", "message", "description", "body"])
_PAST = re.compile(
    r"^(created|updated|merged|sent|submitted|recorded|done|closed|finished|completed|logged|received|posted|saved|last|stored|modified)\b"
)
_AHEAD = re.compile(r"\b(until|expected|arrives|due|expires|expiry|deadline|next|valid|eta|by)\b")
_DESCENDING_TEXT = "rating stars score popularity newest latest relevance reviews views downloads"
_DESCENDING = frozenset(_DESCENDING_TEXT.split())
_PAIRS = (
    ("start", "end"),
    ("starts", "ends"),
    ("begins", "ends"),
    ("begin", "end"),
    ("from", "to"),
    ("from", "until"),
    ("departure", "arrival"),
    ("departs", "arrives"),
    ("opens", "closes"),
    ("open", "close"),
    ("check in", "check out"),
    ("sunrise", "sunset"),
    ("lowest", "highest"),
    ("low", "high"),
    ("min", "max"),
    ("minimum", "maximum"),
)


class Bound(NamedTuple):
    """An argument that limits a field of the result: `max_price` limits `price`."""

    words: frozenset[str]
    kind: str | None
    least: float | None
    most: float | None


class Demands:
    """What one call's arguments say about its result."""

    def __init__(self, api: Api, arguments: dict[str, Any], today: str):
        self.today = today
        self.known: dict[str, Any] = {}
        self.members: dict[str, list[Any]] = {}
        self.people: list[str] = []
        self.length: int | None = None
        self.order: str | None = None
        self.descending = False
        self.since: str | None = None
        self.until: str | None = None
        self.day: str | None = None
        self._bounds: list[Bound] = []
        for name, value, schema in _leaves(arguments, api.parameters):
            self._take(name, value, schema)

    def _take(self, name: str, value: Any, schema: dict[str, Any]) -> None:
        said = words(name)
        parts = set(said.split())
        kind = kind_of(name, schema)
        self.known.setdefault(name, value)
        if isinstance(value, list):
            self._take_list(said, value, schema)
        elif isinstance(value, bool):
            return
        elif isinstance(value, int | float):
            self._take_number(said, parts, value, kind)
        elif _ORDER.match(said) and isinstance(value, str):
            self.order = words(value)
        elif said in ("order", "direction", "sort direction", "sort order"):
            self.descending = str(value).lower().startswith("desc")
        elif kind in DAYS:
            if parts & _SINCE:
                self.since = _day_of(value)
            elif parts & _UNTIL:
                self.until = _day_of(value)
            else:
                self.day = _day_of(value)

    def _take_list(self, said: str, value: list[Any], schema: dict[str, Any]) -> None:
        if not value or not all(isinstance(one, str) for one in value):
            return
        self.members[_singular(said)] = value
        items = schema.get("items")
        if kind_of(said, items if isinstance(items, dict) else {}) in ("first_name", "person_name"):
            self.people += value

    def _take_number(self, said: str, parts: set[str], value: float, kind: str | None) -> None:
        if _LENGTH.match(said) and value >= 1:
            self.length = int(value)
        elif parts & _LEAST:
            self._bounds.append(Bound(frozenset(parts - _LEAST), kind, value, None))
        elif parts & _MOST:
            self._bounds.append(
                Bound(frozenset(parts - _MOST | ({"price"} if "budget" in parts else set())), kind, None, value)
            )

    def narrowed(self, name: str, schema: dict[str, Any]) -> dict[str, Any]:
        """The schema of a number with the bounds that the arguments set; unchanged where they leave nothing."""
        if not self._bounds:
            return schema
        parts, kind = set(words(name).split()), kind_of(name, schema)
        least, most = schema.get("minimum"), schema.get("maximum")
        for bound in self._bounds:
            if not _about(bound, parts, kind):
                continue
            if bound.least is not None:
                least = bound.least if least is None else max(least, bound.least)
            if bound.most is not None:
                most = bound.most if most is None else min(most, bound.most)
        if least is not None and most is not None and least > most:
            return schema
        limits = {"minimum": least, "maximum": most}
        return {**schema, **{key: value for key, value in limits.items() if value is not None}}

    def dated(self, name: str, drawn: str, kind: str, *, listed: bool) -> str:
        """A date or moment moved to where the arguments and the field's name allow it."""
        if (day := _day_of(drawn)) is None:
            return drawn
        said = words(name)
        if listed and (self.since or self.until):
            low = self.since or (date.fromisoformat(str(self.until)) - timedelta(days=14)).isoformat()
            high = self.until or (date.fromisoformat(low) + timedelta(days=14)).isoformat()
            if low < self.today < high and "past" in kind:
                high = self.today
            return _between(day, low, high) + drawn[10:]
        if kind in ("date", "datetime"):
            if _PAST.match(said) and day > self.today:
                return self.today + drawn[10:]
            if _AHEAD.search(said) and day < self.today:
                day = _mirrored(day, self.today)
        if self.day and self.day > day and _AHEAD.search(said):
            day = _mirrored(day, self.day)
        if day != drawn[:10]:
            return day + drawn[10:]
        return drawn

    def echoed(self, name: str) -> Any:
        """The argument of the same name, for a field inside a list: every hotel of a search in Oslo is in Oslo."""
        return None if name in _OWN_NAMES or name not in self.known else self.known[name]

    def sorted(self, found: list[Any]) -> list[Any]:
        """A list of objects in the order that was asked for."""
        if not self.order or not found or not isinstance(found[0], dict):
            return found
        wanted = set(self.order.split())
        field = next((key for key in found[0] if wanted & set(words(key).split()) or _akin(wanted, key)), None)
        if field is None or not all(isinstance(one.get(field), int | float | str) for one in found):
            return found
        values = [one[field] for one in found]
        if len({isinstance(value, str) for value in values}) > 1:
            return found
        backwards = self.descending or bool((wanted | set(words(field).split())) & _DESCENDING)
        return sorted(found, key=lambda one: one[field], reverse=backwards)


def settled(made: dict[str, Any], properties: dict[str, Any], fixed: dict[str, Any]) -> dict[str, Any]:
    """An object whose fields agree with each other: the end follows the start, a count counts, a total adds up."""
    by_words = {words(name): name for name in made}
    for low, high in _PAIRS:
        for said, name in by_words.items():
            other = by_words.get(re.sub(rf"\b{low}\b", high, said)) if re.search(rf"\b{low}\b", said) else None
            if other and not {name, other} & fixed.keys() and _swappable(name, other, made, properties):
                made[name], made[other] = made[other], made[name]
    lists = [(name, value) for name, value in made.items() if isinstance(value, list)]
    if len(lists) == 1:
        _count(made, *lists[0], properties)
    return made


def _count(made: dict[str, Any], list_name: str, items: list[Any], properties: dict[str, Any]) -> None:
    things = words(list_name)
    counts = (
        "count",
        "total count",
        "found",
        "matches",
        "results",
        "total results",
        f"{things} count",
        f"{_singular(things)} count",
        f"number of {things}",
        f"{things} found",
        f"total {things}",
    )
    for name, value in made.items():
        schema = properties.get(name, {})
        if schema.get("type") == "integer" and words(name) in counts and _within(len(items), schema):
            made[name] = len(items)
        elif schema.get("type") == "number" and words(name) in (
            "total",
            "sum",
            "total amount",
            "total cost",
            "total price",
        ):
            amounts = [[v for v in one.values() if isinstance(v, float)] for one in items if isinstance(one, dict)]
            if amounts and all(len(one) == 1 for one in amounts):
                total = round(sum(one[0] for one in amounts), 2)
                made[name] = total if _within(total, schema) else value


def _within(value: Any, schema: dict[str, Any]) -> bool:
    """Whether a number lies between a field's bounds; other values have none."""
    if not isinstance(value, int | float):
        return True
    above = value >= schema.get("minimum", value) and value > schema.get("exclusiveMinimum", value - 1)
    below = value <= schema.get("maximum", value) and value < schema.get("exclusiveMaximum", value + 1)
    return above and below and "multipleOf" not in schema


def _leaves(arguments: dict[str, Any], schema: dict[str, Any]) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    properties = schema.get("properties", {})
    for name, value in arguments.items():
        one = properties.get(name, {}) if isinstance(properties, dict) else {}
        one = one if isinstance(one, dict) else {}
        yield name, value, one
        if isinstance(value, dict):
            yield from _leaves(value, one)


def _day_of(value: Any) -> str | None:
    """The day of a date or a moment, where the text is one."""
    try:
        return date.fromisoformat(str(value)[:10]).isoformat()
    except ValueError:
        return None


def _about(bound: Bound, parts: set[str], kind: str | None) -> bool:
    if bound.words and (bound.words <= parts or parts <= bound.words):
        return True
    return bound.kind == kind == "money" and bool(parts & _PRICES) and (not bound.words or bool(bound.words & _PRICES))


def _akin(wanted: set[str], name: str) -> bool:
    return bool(wanted & _PRICES) and bool(set(words(name).split()) & _PRICES)


def _singular(said: str) -> str:
    if said.endswith("ies"):
        return said[:-3] + "y"
    return said[:-1] if said.endswith("s") and not said.endswith("ss") else said


def _between(day: str, low: str, high: str) -> str:
    if low <= day <= high:
        return day
    first, span = date.fromisoformat(low), (date.fromisoformat(high) - date.fromisoformat(low)).days
    return (first + timedelta(days=date.fromisoformat(day).toordinal() % (max(span, 0) + 1))).isoformat()


def _mirrored(day: str, today: str) -> str:
    now = date.fromisoformat(today)
    return (now + (now - date.fromisoformat(day))).isoformat()


def _swappable(name: str, other: str, made: dict[str, Any], properties: dict[str, Any]) -> bool:
    """Whether two fields stand the wrong way round and each may hold the other's value."""
    fit = _within(made[name], properties.get(other, {})) and _within(made[other], properties.get(name, {}))
    return fit and _wrong_way(made[name], made[other])


def _wrong_way(low: Any, high: Any) -> bool:
    if isinstance(low, bool) or isinstance(high, bool):
        return False
    if isinstance(low, int | float) and isinstance(high, int | float):
        return low > high
    return isinstance(low, str) and isinstance(high, str) and len(low) == len(high) and low[:1].isdigit() and low > high
