"""What a parameter without annotation means: its semantic type, guessed from name, description and format."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from toolace.semantics import ANNOTATION

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NOT_WORD = re.compile(r"[^A-Za-z0-9]+")

_BY_FORMAT = {
    "date": "date",
    "date-time": "datetime",
    "google-datetime": "datetime",
    "time": "time",
    "email": "email",
    "uri": "url",
    "url": "url",
    "hostname": "domain_name",
    "ipv4": "ip_address",
    "uuid": "uuid",
}
_BY_NAME: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"\b(e ?mail|mail address)( address)?$", "email"),
        (r"\b(phone|telephone|mobile)( number)?$", "phone"),
        (r"\b(first|given) name$", "first_name"),
        (r"\b(last|family|sur) ?name$", "last_name"),
        (r"\b(full|person|customer|guest|patient|author|contact|owner|employee|passenger) name$", "person_name"),
        (r"\b(user ?name|login|handle)$", "username"),
        (r"\b(company|organization|organisation|employer)( name)?$", "company"),
        (r"\b(city|town|destination|origin|departure city|arrival city)( name)?$", "city"),
        (r"\bcountry code$|\bregion code$", "country_code"),
        (r"\bcountry( name)?$", "country"),
        (r"\b(postal code|zip|zip code|postcode)$", "postal_code"),
        (r"\bip( address)?$", "ip_address"),
        (r"\b(street|address|street address)$", "street_address"),
        (r"\b(language code|hl|locale)$", "language_code"),
        (r"\blanguage$", "language"),
        (r"\b(currency|currency code)$", "currency_code"),
        (r"\b(time ?zone|tz)$", "timezone"),
        (r"\b(url|uri|link|website|endpoint|webhook)$", "url"),
        (r"\b(host|hostname|domain|domain name)$", "domain_name"),
        (r"\b(start|begin|from|departure|check in|due|end|to|until|expiry|expiration)( date| day)$", "future_date"),
        (r"\b(start|begin|end|expire|expiry|update|create|created|updated|expiration)( date)? ?time$", "datetime"),
        (
            r"\b(insert|creation|completion|modified|publish|published|upload|delete|deletion|disable|complete)( date)? ?time$",
            "datetime",
        ),
        (r"\btime ?stamp$", "datetime"),
        (r"\bbirth( ?date| ?day)|date of birth\b", "birth_date"),
        (r"\bdate$", "date"),
        (r"\b(timestamp|datetime|date time)$", "datetime"),
        (r"\btime$", "time"),
        (r"\bmonth$", "month"),
        (r"\bweekday$|day of week", "weekday"),
        (r"\byear$", "year"),
        (r"\b(lat|latitude)$", "latitude"),
        (r"\b(lng|lon|longitude)$", "longitude"),
        (r"\bcolou?r$", "color"),
        (r"\b(ticker|stock symbol)$", "stock_symbol"),
        (r"\b(file|file name|filename)$", "file_name"),
        (r"\bversion$", "version"),
        (r"\bhash ?tag$", "hashtag"),
        (r"\bjob title|occupation$", "job_title"),
    )
)
_TEXTUAL = {"year": "integer", "latitude": "number", "longitude": "number", "percent": "number"}


@lru_cache(maxsize=65536)
def words(name: str) -> str:
    """A parameter's name as words: `pageSize` -> `page size`."""
    return _NOT_WORD.sub(" ", _CAMEL.sub(" ", name)).strip().lower()


def kind_of(name: str, schema: dict[str, Any]) -> str | None:
    """Semantic type of a scalar: the annotation's, else a guess; None when nothing is known beyond the JSON type."""
    notes = schema.get(ANNOTATION)
    if isinstance(notes, dict) and "type" in notes:
        return str(notes["type"])
    return _guessed(name, str(schema.get("type", "string")), str(schema.get("format", "")))


@lru_cache(maxsize=65536)
def _guessed(name: str, json_type: str, form: str) -> str | None:
    if json_type == "string" and form in _BY_FORMAT:
        return _BY_FORMAT[form]
    if json_type == "boolean":
        return None
    said = words(name)
    for pattern, kind in _BY_NAME:
        if pattern.search(said) and _TEXTUAL.get(kind, "string") == json_type:
            return kind
    if json_type == "string":
        parts = said.split()
        if parts and parts[-1] in ("id", "ids", "identifier", "key", "uid", "arn"):
            return f"id({'_'.join(parts[:-1]) or 'record'})"
    return None
