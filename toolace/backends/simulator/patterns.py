"""Strings that match a regular expression: enough of the syntax for identifiers and codes."""

from __future__ import annotations

import random
import re
import string
from functools import lru_cache
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from toolace.backends.simulator.words import NOUNS

_PRINTABLE = string.ascii_lowercase + string.digits
_CATEGORIES = {
    op.CATEGORY_DIGIT: string.digits,
    op.CATEGORY_WORD: string.ascii_lowercase + string.digits,
    op.CATEGORY_SPACE: " ",
    op.CATEGORY_NOT_DIGIT: string.ascii_lowercase,
    op.CATEGORY_NOT_WORD: "-",
    op.CATEGORY_NOT_SPACE: _PRINTABLE,
}
_WORD = 3
"""A repeated part that may be shorter than this is drawn as a word where it takes any character."""
_MANY = 8
"""Upper bound for `*`, `+` and `{n,}`."""


def matching(pattern: str, rng: random.Random) -> str | None:
    """A string in which `pattern` is found, or None for syntax that is not covered (lookarounds, back-references)."""
    tree = _parsed(pattern)
    if tree is None:
        return None
    try:
        text = "".join(_draw(node, rng) for node in tree)
    except (KeyError, IndexError):
        return None
    expression = compiled(pattern)
    return text if expression and expression.search(text) else None


@lru_cache(maxsize=16384)
def compiled(pattern: str) -> re.Pattern[str] | None:
    """A pattern ready to search with, None for none; kept, as definitions have more patterns than `re` remembers."""
    try:
        return re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return None


@lru_cache(maxsize=16384)
def _parsed(pattern: str) -> tuple[Any, ...] | None:
    try:
        return tuple(parser.parse(pattern))
    except (re.error, RecursionError, OverflowError):
        return None


def _draw(node: tuple[Any, Any], rng: random.Random) -> str:
    kind, value = node
    if kind is op.LITERAL:
        return chr(value)
    if kind is op.NOT_LITERAL:
        return rng.choice([char for char in _PRINTABLE if ord(char) != value])
    if kind is op.ANY:
        return rng.choice(_PRINTABLE)
    if kind is op.AT:
        return ""
    if kind is op.IN:
        return _draw_class(value, rng)
    if kind is op.BRANCH:
        return "".join(_draw(inner, rng) for inner in rng.choice(value[1]))
    if kind is op.SUBPATTERN:
        return "".join(_draw(inner, rng) for inner in value[3])
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT):
        low, high, inner = value
        if low <= _WORD and high > _MANY * 2 and _takes_words(inner):
            return rng.choice(NOUNS)
        times = rng.randint(low, min(int(high), max(low, _MANY)))
        return "".join(_draw(one, rng) for _ in range(times) for one in inner)
    raise KeyError(kind)


def _takes_words(inner: Any) -> bool:
    """Whether a repeated part is anything but some characters, such as a step of a resource's path: `[^/]+`."""
    if len(inner) != 1:
        return False
    kind, value = inner[0]
    return kind is op.NOT_LITERAL or (
        kind is op.IN and value[0][0] is op.NEGATE and not set(_chars(value[1:])) & set(_PRINTABLE)
    )


def _draw_class(items: list[tuple[Any, Any]], rng: random.Random) -> str:
    if items[0][0] is op.NEGATE:
        banned = set(_chars(items[1:]))
        return rng.choice([char for char in _PRINTABLE if char not in banned])
    return rng.choice(_chars(items))


def _chars(items: list[tuple[Any, Any]]) -> str:
    found = ""
    for kind, value in items:
        if kind is op.LITERAL:
            found += chr(value)
        elif kind is op.RANGE:
            found += "".join(map(chr, range(value[0], min(value[1], 126) + 1)))
        elif kind is op.CATEGORY:
            found += _CATEGORIES[value]
        else:
            raise KeyError(kind)
    return found
