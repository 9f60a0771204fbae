"""Semantic types: what a value means beside its JSON type, and the JSON Schema that says so.

The catalogue names these types; API definitions carry them as an annotation (`x-toolace`) that never leaves the pool, and the
simulator draws values by them. A type without an entry here is a plain JSON type.
"""

from __future__ import annotations

from typing import Any, Final

ANNOTATION: Final = "x-toolace"
"""Key of the annotation in a JSON Schema: {"type": semantic type, "say": phrases, "unit": …, "values": samples}."""

MASKED: Final = "masked"
"""Key inside the annotation: the name that a parameter has in the pool, where a dialog masks it."""

_STRING: Final[dict[str, Any]] = {"type": "string"}
_DATE: Final[dict[str, Any]] = {"type": "string", "format": "date"}
_DATETIME: Final[dict[str, Any]] = {"type": "string", "format": "date-time"}

SEMANTIC_TYPES: Final[dict[str, dict[str, Any]]] = {
    "person_name": _STRING,
    "first_name": _STRING,
    "last_name": _STRING,
    "username": _STRING,
    "email": {"type": "string", "format": "email"},
    "phone": _STRING,
    "company": _STRING,
    "job_title": _STRING,
    "street_address": _STRING,
    "city": _STRING,
    "country": _STRING,
    "country_code": {"type": "string", "pattern": "^[A-Z]{2}$"},
    "us_state": _STRING,
    "postal_code": _STRING,
    "airport_code": {"type": "string", "pattern": "^[A-Z]{3}$"},
    "language": _STRING,
    "language_code": {"type": "string", "pattern": "^[a-z]{2}$"},
    "currency_code": {"type": "string", "pattern": "^[A-Z]{3}$"},
    "timezone": _STRING,
    "url": {"type": "string", "format": "uri"},
    "domain_name": {"type": "string", "format": "hostname"},
    "ip_address": {"type": "string", "format": "ipv4"},
    "color": _STRING,
    "hex_color": {"type": "string", "pattern": "^#[0-9a-f]{6}$"},
    "date": _DATE,
    "future_date": _DATE,
    "past_date": _DATE,
    "birth_date": _DATE,
    "time": {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"},
    "datetime": _DATETIME,
    "future_datetime": _DATETIME,
    "past_datetime": _DATETIME,
    "month": {
        "type": "string",
        "enum": [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
    },
    "weekday": {
        "type": "string",
        "enum": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    },
    "year": {"type": "integer", "minimum": 1900, "maximum": 2100},
    "latitude": {"type": "number", "minimum": -90, "maximum": 90},
    "longitude": {"type": "number", "minimum": -180, "maximum": 180},
    "percent": {"type": "number", "minimum": 0, "maximum": 100},
    "isbn": {"type": "string", "pattern": "^97[89][0-9]{10}$"},
    "license_plate": _STRING,
    "file_name": _STRING,
    "uuid": {"type": "string", "format": "uuid"},
    "version": {"type": "string", "pattern": "^[0-9]+\\.[0-9]+\\.[0-9]+$"},
    "hashtag": {"type": "string", "pattern": "^#[A-Za-z0-9]+$"},
    "stock_symbol": {"type": "string", "pattern": "^[A-Z]{1,5}$"},
}


def identifier_pattern(thing: str) -> str:
    """The regular expression of a thing's identifiers, one form a thing: `booking` -> `^bkg-[0-9]{5}$`."""
    letters = "".join(ch for ch in thing.lower() if ch.isalpha())
    consonants = "".join(ch for ch in letters[1:] if ch not in "aeiou")
    prefix = (letters[:1] + consonants + letters)[:3]
    forms = (
        f"^{prefix.upper()}-[0-9]{{5}}$",
        f"^{prefix}_[0-9a-f]{{8}}$",
        f"^{prefix.upper()}[0-9]{{6}}$",
        f"^{prefix}-[0-9]{{4}}$",
    )
    return forms[sum(map(ord, thing)) % len(forms)]
