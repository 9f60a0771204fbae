"""Hermes style: each call a JSON object between `<tool_call>` tags, one after the other."""

from __future__ import annotations

import json
from collections.abc import Iterable

from toolace.calltext.objects import call_at
from toolace.calltext.scanner import Scanner
from toolace.records import Function

OPENING, CLOSING = "<tool_call>", "</tool_call>"


def begins(text: str) -> bool:
    """Whether a text opens with the tag."""
    return text.lstrip().startswith(OPENING)


def parse(text: str, names: Iterable[str] = ()) -> tuple[Function, ...]:
    """The calls between the tags. Raises CallTextError."""
    scanner = Scanner(text)
    scanner.need(OPENING)
    calls = [_inside(scanner)]
    while scanner.take(OPENING):
        calls.append(_inside(scanner))
    scanner.end()
    return tuple(calls)


def write(calls: Iterable[Function]) -> str:
    """Calls between tags, one a line. Raises ValueError for NaN and infinities."""
    return "\n".join(f"{OPENING}\n{_object(call)}\n{CLOSING}" for call in calls)


def guarded(text: str) -> str:
    """JSON text in which no closing tag stands: a slash inside JSON may be escaped."""
    return text.replace("</tool", "<\\/tool")


def _object(call: Function) -> str:
    whole = {"arguments": call.arguments, "name": call.name}
    return guarded(json.dumps(whole, ensure_ascii=False, allow_nan=False))


def _inside(scanner: Scanner) -> Function:
    call = call_at(scanner)
    scanner.need(CLOSING)
    return call
