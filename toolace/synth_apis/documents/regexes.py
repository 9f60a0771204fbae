"""Decides which patterns of foreign documents can stay: those that every validator here can compile."""

from __future__ import annotations

import re
import warnings
from functools import lru_cache
from typing import Final

import jsonschema_rs

_LONGEST: Final = 300
_MOST_REPEATED: Final = 512
_REPEATED: Final = re.compile(r"\{(\d+)(?:,(\d*))?\}")


@lru_cache(maxsize=16384)
def is_usable(pattern: str) -> bool:
    """Whether both Python and the Rust validator compile it, soon: a long one, or one that counts into the thousands
    (a third of a second for `.{1,65535}`), would only slow each check; lengths are said by `maxLength` as well."""
    if not pattern or len(pattern) > _LONGEST:
        return False
    if any(
        int(number) > _MOST_REPEATED for match in _REPEATED.finditer(pattern) for number in match.groups() if number
    ):
        return False
    try:
        jsonschema_rs.validator_for({"type": "string", "pattern": pattern})
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "possible nested set": odd, but it compiles
            re.compile(pattern)
    except (jsonschema_rs.ValidationError, re.error, UnicodeEncodeError, OverflowError, RecursionError):
        return False
    return True
