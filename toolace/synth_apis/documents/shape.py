"""Looks into foreign content of any shape: a wrong type reads as nothing."""

from __future__ import annotations

from typing import Any


class Unreadable(ValueError):
    """A file or an operation that cannot be read; the message is the reason the user sees."""


def mapping(value: object) -> dict[str, Any]:
    """The mapping, or an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[Any]:
    """The list; a lone string or mapping where a list belongs is a list of one."""
    if isinstance(value, list):
        return value
    return [value] if isinstance(value, dict) or (isinstance(value, str) and value) else []


def words(value: object) -> list[str]:
    """The non-empty strings of a list, or of a lone string."""
    return [item for item in items(value) if isinstance(item, str) and item]


def text(value: object) -> str:
    """The string; a number is written out (`version: 1.0`), a list of strings is joined, anything else is empty."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return " ".join(words(value))
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
