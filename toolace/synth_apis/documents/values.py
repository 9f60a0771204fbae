"""Brings defaults, enums and bounds to their stated type: documents write `"true"` for true and `"10"` for 10."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import jsonschema_rs

MISSING: Final = object()
"""Stands for a value that cannot be brought to its type; None is a value."""

_BOOLEANS: Final = {"true": True, "false": False}
_LARGEST_INTEGER: Final = 2**64 - 1
"""Beyond it the JSON library cannot write an integer."""


def coerce(value: Any, types: Sequence[str]) -> Any:
    """The value as the first of `types` it can be read as (as it is, without types), else MISSING."""
    if not types:
        return value if _is_scalar(value) else MISSING
    read = (_AS_TYPE[kind](value) for kind in types if kind in _AS_TYPE)
    return next((found for found in read if found is not MISSING), MISSING)


def bound(value: Any) -> int | float | None:
    """A limit as a finite number, also where the document writes it as text; None for anything else."""
    found = coerce(value, ("integer", "number"))
    return None if found is MISSING else found


def count(value: Any) -> int | None:
    """A length as a whole number from 0, else None."""
    found = coerce(value, ("integer",))
    return None if found is MISSING or found < 0 else found


def agrees(value: Any, schema: dict[str, Any]) -> bool:
    """Whether a default or an example follows the schema it stands in."""
    try:
        return jsonschema_rs.is_valid(schema, value)
    except (UnicodeEncodeError, jsonschema_rs.ValidationError):
        return False


def _integer(value: Any) -> Any:
    if isinstance(value, str):
        digits = value.strip().removeprefix("+")
        if not digits.removeprefix("-").isascii() or not digits.removeprefix("-").isdigit() or len(digits) > 20:
            return MISSING
        value = int(digits)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and -(2**63) <= value <= _LARGEST_INTEGER else MISSING


def _number(value: Any) -> Any:
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return MISSING
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_number and _is_scalar(value) else MISSING


def _boolean(value: Any) -> Any:
    if isinstance(value, str):
        return _BOOLEANS.get(value.strip().lower(), MISSING)
    return value if isinstance(value, bool) else MISSING


def _string(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float) and _is_scalar(value):
        return str(value)
    return value if isinstance(value, str) else MISSING


def _is_scalar(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return -(2**63) <= value <= _LARGEST_INTEGER
    return isinstance(value, str | bool)


_AS_TYPE: Final = {"integer": _integer, "number": _number, "boolean": _boolean, "string": _string}
