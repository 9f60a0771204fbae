"""Decides which patterns of foreign documents can stay: those that every validator here can compile."""

from __future__ import annotations

import re
import warnings
from functools import lru_cache
from typing import Final

import jsonschema_rs

_LONGEST: Final = 300


@lru_cache(maxsize=16384)
def is_usable(pattern: str) -> bool:
    """Whether both Python and the Rust validator compile it; long ones would only slow each check."""
    if not pattern or len(pattern) > _LONGEST:
        return False
    try:
        jsonschema_rs.validator_for({"type": "string", "pattern": pattern})
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "possible nested set": odd, but it compiles
            re.compile(pattern)
    except (jsonschema_rs.ValidationError, re.error, UnicodeEncodeError, OverflowError, RecursionError):
        return False
    return True
