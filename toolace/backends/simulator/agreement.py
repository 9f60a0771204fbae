"""What a call's arguments demand of its result: what it repeats, between which bounds values lie, how a list is
ordered and how long."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from toolace.backends.simulator.settling import Paging, singular
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
    r"^(created|updated|merged|sent|submitted|recorded|done|closed|finished|completed|logged|received|posted|saved|last"
    r"|stored|modified)\b"
)
_AHEAD = re.compile(r"\b(until|expected|arrives|due|expires|expiry|deadline|next|valid|eta|by)\b")
_DUE = re.compile(r"\b(ready|arrives?|arrival|delivered|delivery|finish(ed|es)?|ends?|done|completed|expected)\b")
_NOW = re.compile(
    r"\b(processed|received|submitted|accepted|requested|saved|registered|recorded|logged|issued|created?|sent|creation|insert"
    r"|removed|cancelled|deleted|opened|stored|signed|activated|blocked|paid|booked|confirmed|closed|filed|reported)\b"
)
_ALWAYS_NOW = re.compile(r"^(processed|requested) at$")
_DONE_TO = re.compile(
    r"^(sent|invited|added|removed|moved|deleted|uploaded|notified|shared|recipients|invitations( sent)?"
    r"|(guests|people|items) (invited|added))$"
)
_BEYOND = re.compile(
    r"\b(alternatives?|similar|suggest|recommend|related|other|missing|new|extra|substitut|more|next|instead|better)"
)
_FRESH = ("updated at", "last updated", "last update", "data as of", "as of", "retrieved at", "fetched at")
_DESCENDING_TEXT = "rating stars score popularity newest latest relevance reviews views downloads"
_DESCENDING = frozenset(_DESCENDING_TEXT.split())


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
        self.listed: list[int] = []
        """Lengths of the lists among the arguments."""
        self.menus: dict[str, list[Any]] = {}
        self.length: int | None = None
        self.page = 1
        self.due: str | None = None
        """Time of day by which something is to be done."""
        self.order: str | None = None
        self.descending = False
        self.since: str | None = None
        self.until: str | None = None
        self.day: str | None = None
        self._bounds: list[Bound] = []
        for name, value, schema in _leaves(arguments, api.parameters):
            self._take(name, value, schema)
        self.limit = self.length or _default_limit(api)

    @property
    def paging(self) -> Paging:
        """Which part of a longer list the result is."""
        return Paging(self.limit, self.page)

    def _take(self, name: str, value: Any, schema: dict[str, Any]) -> None:
        said = words(name)
        parts = set(said.split())
        kind = kind_of(name, schema)
        self.known.setdefault(name, value)
        if isinstance(value, list):
            self.listed.append(len(value))
            self._take_list(said, value, schema)
        elif isinstance(value, bool):
            return
        elif isinstance(value, int | float):
            self._take_number(said, parts, value, kind)
        elif _ORDER.match(said) and isinstance(value, str):
            self.order = words(value)
        elif said in ("order", "direction", "sort direction", "sort order"):
            self.descending = str(value).lower().startswith("desc")
        elif kind == "time" and parts & _UNTIL and isinstance(value, str):
            self.due = value
        elif kind in DAYS:
            if parts & _SINCE:
                self.since = _day_of(value)
            elif parts & _UNTIL:
                self.until = _day_of(value)
            else:
                self.day = _day_of(value)

    def _take_list(self, said: str, value: list[Any], schema: dict[str, Any]) -> None:
        if value and all(isinstance(one, dict) for one in value):
            for field in set.intersection(*(set(one) for one in value)) - _OWN_NAMES:
                if all(isinstance(one[field], str) for one in value):
                    self.members[words(field)] = [one[field] for one in value]
        if not value or not all(isinstance(one, str) for one in value):
            return
        self.members[singular(said)] = value
        items = schema.get("items")
        kind = kind_of(said, items if isinstance(items, dict) else {})
        if kind in ("first_name", "person_name"):
            self.people += value
        elif kind:
            self.menus[kind] = value

    def chosen(self, name: str, kind: str | None) -> list[Any]:
        """What a field may name where the arguments list the things in question: which of these substances clash."""
        return [] if kind is None or _BEYOND.search(words(name)) else self.menus.get(kind, [])

    def _take_number(self, said: str, parts: set[str], value: float, kind: str | None) -> None:
        if _LENGTH.match(said) and value >= 1:
            self.length = int(value)
        elif said in ("page", "page number") and value >= 1:
            self.page = int(value)
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

    def counted(self, name: str) -> int | None:
        """How many were sent, added and so on, where the arguments list them."""
        return self.listed[0] if len(self.listed) == 1 and _DONE_TO.match(words(name)) else None

    def named(self, name: str) -> Any:
        """An argument that a field repeats under a shorter or longer name: `rep` for `rep_name`."""
        bare = words(name).removesuffix(" name")
        if " " in bare or bare in _OWN_NAMES or name in self.known:
            return None
        return next((value for other, value in self.known.items() if words(other).removesuffix(" name") == bare), None)

    def timed(self, name: str, drawn: str) -> str:
        """A time of day that keeps what the arguments ask: what is to be done by 13:00 does not end at 14:30."""
        return self.due if self.due and drawn > self.due and _DUE.search(words(name)) else drawn

    def stamped(self, name: str, drawn: str, rng: random.Random, *, looks: bool) -> str:
        """A time stamp of the call itself: what was processed just now was so today, data are some hours old."""
        said = words(name)
        if said in _FRESH:
            back = rng.choice((0, 0, 0, 1, 1, 2))
            return (date.fromisoformat(self.today) - timedelta(days=back)).isoformat() + drawn[10:]
        is_now = _ALWAYS_NOW.match(said) or (not looks and _NOW.search(said) and not _AHEAD.search(said))
        return self.today + drawn[10:] if is_now else drawn

    def repeated(self, name: str, drawn: str) -> str | None:
        """The day that an argument sets for a field of a longer name: `until` for `mutedUntil`."""
        said = _stems(name)
        for other, value in self.known.items():
            parts = _stems(other)
            if not parts or said[-len(parts) :] != parts or parts[-1] in _OWN_NAMES:
                continue
            if isinstance(value, str) and len(value) <= len(drawn) and (day := _day_of(value)):
                return day + (drawn[10:] if len(value) == 10 else value[10:])
        return None

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
        if not listed and self.until and day > self.until > self.today and _DUE.search(said):
            day = self.until
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


def _default_limit(api: Api) -> int | None:
    """The length of a list where the caller does not set it."""
    properties = api.parameters.get("properties", {})
    for name, schema in properties.items() if isinstance(properties, dict) else ():
        if isinstance(schema, dict) and isinstance(schema.get("default"), int) and _LENGTH.match(words(name)):
            return int(schema["default"])
    return None


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


def _stems(name: str) -> list[str]:
    """The telling words of a field for a day: `ends_on` and `end_date` are both `end`."""
    return [word.removesuffix("s") for word in words(name).split() if word not in ("on", "at", "date", "day", "time")]


def _about(bound: Bound, parts: set[str], kind: str | None) -> bool:
    if bound.words and (bound.words <= parts or parts <= bound.words):
        return True
    return bound.kind == kind == "money" and bool(parts & _PRICES) and (not bound.words or bool(bound.words & _PRICES))


def _akin(wanted: set[str], name: str) -> bool:
    return bool(wanted & _PRICES) and bool(set(words(name).split()) & _PRICES)


def _between(day: str, low: str, high: str) -> str:
    if low <= day <= high:
        return day
    first, span = date.fromisoformat(low), (date.fromisoformat(high) - date.fromisoformat(low)).days
    return (first + timedelta(days=date.fromisoformat(day).toordinal() % (max(span, 0) + 1))).isoformat()


def _mirrored(day: str, today: str) -> str:
    now = date.fromisoformat(today)
    return (now + (now - date.fromisoformat(day))).isoformat()
