"""Results whose fields agree with each other: the end follows the start, a count counts, a total adds up, the best is the
first."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from toolace.meaning import kind_of, words
from toolace.semantics import ANNOTATION

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
    ("creation", "end"),
    ("insert", "end"),
    ("create", "update"),
    ("created", "updated"),
)
_AMOUNTS = ("amount", "price", "cost", "fee", "total", "sum", "value", "subtotal", "charge")
_SUMS = ("total", "sum", "total amount", "total cost", "total price", "amount", "balance", "total value", "grand total")
_BEST = re.compile(
    r"^(best|top|cheapest|nearest|closest|fastest|winner|recommended|leader|first|most|least|largest|biggest|highest|lowest|main)\b"
)
_LOWEST = frozenset(["cheapest", "nearest", "closest", "fastest", "least", "lowest"])
_HIGHEST = frozenset(["most", "largest", "biggest", "highest", "main"])
_FINISH = re.compile(r"^(finish(ed|es)?|ends?|done|ready|completed|arrival|wrap)( (at|on|time|date))?$")
_COURSE = re.compile(r"^(timetable|steps|schedule|operations|stages|legs|itinerary|timeline|agenda|programme|phases)$")
_PARTIAL = re.compile(
    r"\b(month|monthly|instalment|average|limit|discount|saved|savings?|rate|budget|left|remaining|paid|due|per|each|yearly|deposit)\b"
)
_DESCENDING = frozenset("score similarity match relevance probability confidence agreement".split())
_ASCENDING = frozenset(["distance", "walk", "walking time", "rank", "place", "position"])
_PLACES = frozenset(["rank", "place", "position"])


class Paging(NamedTuple):
    """Which part of a longer list a result is: at most `limit` entries, of page `page` (from 1)."""

    limit: int | None
    page: int


def settled(
    made: dict[str, Any], properties: dict[str, Any], fixed: dict[str, Any], paging: Paging | None = None
) -> dict[str, Any]:
    """An object whose fields agree with each other; `fixed` holds what the arguments settle."""
    by_words = {words(name): name for name in made}
    if len(by_words) > 1:
        _swap(made, by_words, properties, fixed)
    lists = [(name, value) for name, value in made.items() if isinstance(value, list)]
    if len(lists) == 1:
        _count(made, *lists[0], properties)
        _name_best(made, lists[0][1], properties)
        _finish(made, lists[0][1])
        if paging:
            _page(made, lists[0][1], properties, paging)
    elif not lists:
        _sum_up(made, properties)
    return made


def _sum_up(made: dict[str, Any], properties: dict[str, Any]) -> None:
    """A total beside the sums of money it is made of."""
    money = [name for name in made if properties.get(name, {}).get(ANNOTATION, {}).get("type") == "money"]
    total = next(
        (name for name in money if words(name) in ("total", "sum", "total cost", "total price", "total amount")), None
    )
    parts = [name for name in money if name != total]
    if total is None or len(parts) < 2 or any(_PARTIAL.search(words(name)) for name in parts):
        return
    added = round(sum(made[name] for name in parts), 2)
    if within(added, properties[total]):
        made[total] = added


def _finish(made: dict[str, Any], items: list[Any]) -> None:
    """What is said to be the end of a list of moments is no earlier than the last of them."""
    for name, value in made.items():
        if isinstance(value, str) and _FINISH.match(words(name)):
            moments = [one for item in items if isinstance(item, dict) for one in item.values() if _is_like(one, value)]
            if moments and value < max(moments):
                made[name] = max(moments)


def _is_like(moment: Any, other: str) -> bool:
    return (
        isinstance(moment, str) and len(moment) == len(other) and moment[:2].isdigit() and moment[-3:-2] == other[-3:-2]
    )


def in_course(name: str, found: list[Any]) -> list[Any]:
    """The steps of one piece of work follow each other by hours, not weeks."""
    if not _COURSE.match(words(name)) or not found or not isinstance(found[0], dict):
        return found
    field = next(
        (key for key, value in found[0].items() if isinstance(value, str) and len(value) == 20 and value[10] == "T"),
        None,
    )
    if field is None:
        return found
    moment = datetime.fromisoformat(found[0][field])
    for one in found[1:]:
        hours = 1 + int(str(one.get(field, "0"))[14:16] or 0) / 60 + int(str(one.get(field, ""))[11:13] or 0) % 3
        moment += timedelta(hours=hours)
        one[field] = moment.strftime("%Y-%m-%dT%H:%M:00Z")
    return found


def _swap(made: dict[str, Any], by_words: dict[str, str], properties: dict[str, Any], fixed: dict[str, Any]) -> None:
    for said, name in by_words.items():
        parts = said.split()
        for low, high in _PAIRS:
            if low.split()[0] not in parts:
                continue
            other = by_words.get(re.sub(rf"\b{low}\b", high, said))
            if (
                other
                and other != name
                and not {name, other} & fixed.keys()
                and _swappable(name, other, made, properties)
            ):
                made[name], made[other] = made[other], made[name]


def _count(made: dict[str, Any], list_name: str, items: list[Any], properties: dict[str, Any]) -> None:
    things = words(list_name)
    one = singular(things)
    counts = {"count", "total count", "found", "matches", "results", "total results", "total items", "number"}
    counts |= {f"{things} count", f"{one} count", f"number of {things}", f"{things} found", f"total {things}"}
    for name, value in made.items():
        said = words(name)
        schema = properties.get(name, {})
        if schema.get("type") == "integer" and said in counts and within(len(items), schema):
            made[name] = len(items)
        elif said in _SUMS and isinstance(value, int | float) and not isinstance(value, bool):
            _add_up(made, name, items, schema, _items_of(properties, list_name))


def _items_of(properties: dict[str, Any], list_name: str) -> dict[str, Any]:
    found: dict[str, Any] = properties.get(list_name, {}).get("items", {}).get("properties", {})
    return found


def _add_up(made: dict[str, Any], name: str, items: list[Any], schema: dict[str, Any], inner: dict[str, Any]) -> None:
    """The total of what the entries say; entries are scaled where their sum is out of the total's range."""
    field = _amount(items)
    if field is None:
        return
    total = round(sum(one[field] for one in items), 2)
    if not within(total, schema) and total:
        factor = made[name] / total
        scaled = [round(one[field] * factor, 2) for one in items]
        if schema.get("type") == "integer" or not all(within(value, inner.get(field, {})) for value in scaled):
            return
        for one, value in zip(items, scaled, strict=True):
            one[field] = value
        total = round(sum(scaled), 2)
    if within(total, schema):
        made[name] = int(total) if schema.get("type") == "integer" else total


def _amount(items: list[Any]) -> str | None:
    """The one field of all entries that adds up."""
    if not items or not all(isinstance(one, dict) for one in items):
        return None
    first: list[str] = [key for key, value in items[0].items() if isinstance(value, float)]
    named = [key for key, value in items[0].items() if _is_number(value) and set(words(key).split()) & set(_AMOUNTS)]
    chosen = named if len(named) == 1 else first
    if len(chosen) != 1 or not all(_is_number(one.get(chosen[0])) for one in items):
        return None
    return chosen[0]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _name_best(made: dict[str, Any], items: list[Any], properties: dict[str, Any]) -> None:
    """`best`, `cheapest` and the like name an entry of the list."""
    if not items or not all(isinstance(one, dict) for one in items):
        return
    for name, value in made.items():
        match = _BEST.match(words(name)) if isinstance(value, str | int | float) else None
        if match is None:
            continue
        own = properties.get(name, {})
        wanted = kind_of(name, own)
        fields = [key for key, one in items[0].items() if type(one) is type(value)]
        field = next((key for key in fields if words(key) in words(name).split()), None)
        inner = _inner(properties, items)
        field = field or next((key for key in fields if wanted and kind_of(key, inner.get(key, {})) == wanted), None)
        if field is None:
            continue
        ranks = [key for key, one in items[0].items() if _is_number(one)]
        chosen = items[0]
        if match[1] in _LOWEST and len(ranks) == 1 and all(_is_number(one.get(ranks[0])) for one in items):
            chosen = min(items, key=lambda one: one[ranks[0]])
        elif match[1] in _HIGHEST and len(ranks) == 1 and all(_is_number(one.get(ranks[0])) for one in items):
            chosen = max(items, key=lambda one: one[ranks[0]])
        if within(chosen.get(field), own) and chosen.get(field) in own.get("enum", (chosen.get(field),)):
            made[name] = chosen[field]


def _inner(properties: dict[str, Any], items: list[Any]) -> dict[str, Any]:
    for schema in properties.values():
        inner = schema.get("items", {}).get("properties", {}) if isinstance(schema, dict) else {}
        if inner and set(items[0]) <= set(inner):
            found: dict[str, Any] = inner
            return found
    return {}


def _page(made: dict[str, Any], items: list[Any], properties: dict[str, Any], paging: Paging) -> None:
    """Whether there is more, and how many there are in all: a page that is not full is the last one."""
    is_full = paging.limit is not None and len(items) >= paging.limit
    before = (paging.page - 1) * (paging.limit or 10)
    shown = before + len(items)
    total = next((name for name in made if words(name) in ("total", "total entries", "total matches")), None)
    if total is not None and properties.get(total, {}).get("type") == "integer":
        fitting = [
            number for number in ((made[total] if is_full else shown), shown) if within(number, properties[total])
        ]
        made[total] = max(max(fitting, default=made[total]), shown)
    for name in made:
        if words(name) in ("has more", "more", "is truncated", "has next") and isinstance(made[name], bool):
            made[name] = (
                made[total] > shown if total is not None and isinstance(made[total], int) else is_full and made[name]
            )


def ranked(found: list[Any]) -> list[Any]:
    """Entries with a score stand best first, those with a distance nearest first, those with a place by it."""
    if not found or not isinstance(found[0], dict):
        return found
    for name, value in found[0].items():
        said = words(name)
        if not _is_number(value) or not all(_is_number(one.get(name)) for one in found):
            continue
        if said.rpartition(" ")[2] in _DESCENDING:
            return sorted(found, key=lambda one: one[name], reverse=True)
        if said in _ASCENDING:
            values = sorted(one[name] for one in found)
            if said in _PLACES and isinstance(value, int):
                values = [values[0] + at for at in range(len(values))] if values[0] + len(values) <= 10 else values
                return [{**one, name: at} for one, at in zip(found, values, strict=True)]
            return sorted(found, key=lambda one: one[name])
    return found


def naming_field(properties: dict[str, Any]) -> str | None:
    """The field by which the entries of a list are told apart: the first open text of theirs, else a menu in front."""
    first, schema = next(iter(properties.items()), ("", None))
    if isinstance(schema, dict) and len(schema.get("enum", ())) > 2:
        return first
    for name, schema in properties.items():
        if (
            not isinstance(schema, dict)
            or schema.get("type") != "string"
            or schema.keys() & {"enum", "format", "pattern"}
        ):
            continue
        if "values" in schema.get(ANNOTATION, {}) or words(name).split()[-1:] in (["name"], ["title"]):
            return name
    return None


def within(value: Any, schema: dict[str, Any]) -> bool:
    """Whether a number lies between a field's bounds; other values have none."""
    if not _is_number(value):
        return True
    above = value >= schema.get("minimum", value) and value > schema.get("exclusiveMinimum", value - 1)
    below = value <= schema.get("maximum", value) and value < schema.get("exclusiveMaximum", value + 1)
    return above and below and "multipleOf" not in schema


def singular(said: str) -> str:
    """`parties` -> `party`."""
    if said.endswith("ies"):
        return said[:-3] + "y"
    return said[:-1] if said.endswith("s") and not said.endswith("ss") else said


def _swappable(name: str, other: str, made: dict[str, Any], properties: dict[str, Any]) -> bool:
    """Whether two fields stand the wrong way round and each may hold the other's value."""
    fit = within(made[name], properties.get(other, {})) and within(made[other], properties.get(name, {}))
    return fit and _wrong_way(made[name], made[other])


def _wrong_way(low: Any, high: Any) -> bool:
    if isinstance(low, bool) or isinstance(high, bool):
        return False
    if isinstance(low, int | float) and isinstance(high, int | float):
        return low > high
    return isinstance(low, str) and isinstance(high, str) and len(low) == len(high) and low[:1].isdigit() and low > high
