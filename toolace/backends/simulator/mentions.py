"""How a person mentions a parameter whose definition carries no phrases, and which parameters no person mentions."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from toolace.meaning import kind_of, words
from toolace.semantics import ANNOTATION

_UNSAID_NAME = re.compile(
    r"^(?:.*\b(?:page|next|starting|continuation|sync|client|client request|idempotency|access|oauth|change|pagination|auth)"
    r" token|marker|.*\bcursor|.*\betags?|.*\be tag|if (?:none )?match|fields|.*\bmasks?|alt|pretty print|quota user|user ip"
    r"|key|api key|callback|upload (?:protocol|type)|.*xgafv|.*\brequest id|idempotency key|client operation id|self link"
    r"|kind|nonce|.*\bchecksum.*|.*\bfingerprint|part|.*\bmd5.*|.*\bcrc32c.*|sha ?256|next link|expected bucket owner"
    r"|request payer|sse customer .*|order by|filter|filters|.*\bsignature|add on token|trace id|prev token|reserved .*"
    r"|http (?:method|headers)|headers|on behalf of.*|supports .*|.*\bpolicy document|extensions|metadata"
    r"|return partial success)$"
)
_UNSAID_TEXT = re.compile(
    r"output[ -]only|read[ -]only|deprecated|ignored|internal use|server[ -](?:generated|defined|assigned)|\bopaque|debugging"
    r"|not (?:currently )?supported|pagination|next page of results|legacy|json[- ]encoded|base ?64|do not use",
    re.I,
)
_AT_PLACES = frozenset(
    "project region zone location bucket folder namespace database cluster account workspace organization organisation "
    "repository network vpc domain drive calendar channel playlist shelf course library group directory table "
    "dataset queue topic catalog index collection team board space room".split()
)
_FREE_TEXT = frozenset("description text comment message note notes summary content body reason caption".split())


@lru_cache(maxsize=65536)
def _unsaid(name: str, description: str) -> bool:
    return bool(_UNSAID_NAME.match(words(name)) or _UNSAID_TEXT.search(description))


def unsaid(name: str, schema: dict[str, Any]) -> bool:
    """Whether a parameter is one that programs set and no person speaks of: a page token, a mask, an etag."""
    if schema.get(ANNOTATION):
        return False
    return _unsaid(name, str(schema.get("description", "")))


def sayable(schema: dict[str, Any]) -> bool:
    """Whether an optional parameter is worth mentioning: one with phrases, or a plain value or list of such."""
    if schema.get(ANNOTATION):
        return True
    if schema.get("type") == "array":
        items = schema.get("items")
        return isinstance(items, dict) and items.get("type") in ("string", "integer", "number")
    return schema.get("type") in ("string", "integer", "number", "boolean")


def spoken_name(name: str) -> str:
    """A parameter's name in words that differ from the identifier: no underscores, `id` spelled out of the way."""
    said = words(name)
    return re.sub(r"\bids?$", "", said).strip() or ("identifier" if said else "value")


def templates(value: Any, schema: dict[str, Any], name: str) -> list[str]:
    """Phrases for a parameter without annotation."""
    said = spoken_name(name)
    kind = kind_of(name, schema) or ""
    last = said.split()[-1]
    if kind in ("city", "country", "us_state"):
        return ["in {}", "for {}"]
    if kind.endswith("date"):
        return ["until {}", "by {}"] if re.search(r"\b(end|until|due|to)\b", words(name)) else ["on {}", "for {}"]
    if kind == "time":
        return ["at {}"]
    if kind in ("person_name", "company"):
        return ["for {}"]
    if kind.startswith("id("):
        if said == "identifier":
            return ["with the ID {}", "with ID {}"]
        return [f"for {said} {{}}", f"of {said} {{}}", f"with the {said} ID {{}}"]
    if isinstance(value, dict):
        return [f"with this {said}: {{}}"]
    if isinstance(value, list):
        return [f"with the {said} {{}}", f"with {{}} as the {said}", f"for the {said} {{}}"]
    if isinstance(value, int | float):
        return _for_numbers(said)
    return _for_texts(said, last, is_enum="enum" in schema)


def _for_numbers(said: str) -> list[str]:
    if re.search(r"\b(max results|max items|page size|limit|max keys|max records)$", said):
        return ["at most {} of them", "no more than {} results", "limited to {} entries"]
    if most := re.match(r"(?:max|maximum) (.+)$", said):
        return [f"with a {most[1]} of at most {{}}", f"with {{}} as the highest {most[1]}"]
    if least := re.match(r"(?:min|minimum) (.+)$", said):
        return [f"with a {least[1]} of at least {{}}", f"with {{}} as the lowest {least[1]}"]
    return [f"with a {said} of {{}}", f"with {{}} for the {said}", f"with the {said} set to {{}}"]


def _for_texts(said: str, last: str, *, is_enum: bool) -> list[str]:
    if last in ("name", "title") or said in ("display name", "label", "alias", "subject"):
        return ["called {}", "named {}", f"with the {said} {{}}"]
    if last in _FREE_TEXT:
        return (
            [f'with the {said} "{{}}"', 'saying "{}"'] if last != "reason" else ['because "{}"', 'for the reason "{}"']
        )
    if last in ("query", "q", "search", "keyword", "keywords", "term"):
        return ['matching "{}"', 'for "{}"', 'containing "{}"']
    if last in _AT_PLACES and not is_enum:
        return [f"in {said} {{}}", f"in the {said} {{}}"]
    if last in ("format", "mode"):
        return [f"in {{}} {last}"]
    if last in ("type", "kind"):
        return [f"of {said} {{}}", f"with the {said} {{}}"]
    if last == "role":
        return ["as {}", "in the role of {}"]
    if is_enum:
        return [f"with the {said} {{}}", f"with {{}} as the {said}", f"with the {said} set to {{}}"]
    return [f"with the {said} {{}}", f"with {{}} as the {said}", f"for the {said} {{}}"]


_TO_DO = re.compile(
    r"(?:optional\. ?)?(?:if true, |when true, )?(?:whether|specifies whether|indicates whether|true) to ([a-z][^.,;(]{4,60})",
    re.I,
)
_QUALITY = re.compile(r"^\w+(?:ed|al|ory|ous|ble|ive|ant|ent|ary|lic|vate)$")
_DOES = re.compile(r"^(?:include|includes|show|return|with) (.+)$")


def switches(value: bool, schema: dict[str, Any], name: str) -> list[str]:
    """Phrases for a flag without annotation: `and send notifications`, `without inactive ones`."""
    said = spoken_name(name).removeprefix("is ")
    if match := _TO_DO.match(str(schema.get("description", ""))):
        return [f"and {match[1].strip()}"] if value else [f"and don't {match[1].strip()}"]
    if match := _DOES.match(said):
        what = f"{match[1]} ones" if _QUALITY.search(match[1]) else match[1]
        return [f"including {what}", f"with {what} included"] if value else [f"without {what}"]
    if _QUALITY.search(said):
        return (
            [f"marked as {said}", f"and make it {said}"] if value else [f"not {said}", f"and make sure it isn't {said}"]
        )
    if value:
        return [f"with {said} switched on", f"with {said} on"]
    return [f"with {said} switched off", f"with {said} off"]
