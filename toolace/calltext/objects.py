"""JSON style: `[{"name": "get_weather", "arguments": {"city": "Oslo"}}]`, or one such object alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from toolace.calltext.scanner import CallTextError, Scanner
from toolace.records import Function

ARGUMENTS = ("arguments", "parameters")
"""Keys under which models write the arguments; Llama 3.1 was taught the second."""

_BEGINS = re.compile(r"""\s*(?:\[\s*\]\s*$|\[?\s*\{\s*["'](?:name|arguments|parameters)["']\s*:)""")


def begins(text: str) -> bool:
    """Whether a text opens with an object whose first key is a call's and holds the other one, or is an empty list."""
    if not _BEGINS.match(text):
        return False
    return "{" not in text or ("name" in text and any(f'{key}"' in text or f"{key}'" in text for key in ARGUMENTS))


def parse(text: str, names: Iterable[str] = ()) -> tuple[Function, ...]:
    """The calls of a list of objects, or of one object. Raises CallTextError."""
    scanner = Scanner(text)
    calls: list[Function] = []
    if scanner.take("["):
        while not scanner.take("]"):
            calls.append(call_at(scanner))
            if not scanner.take(","):
                scanner.need("]", "',' or ']' after a call")
                break
    else:
        calls.append(call_at(scanner))
    scanner.end()
    return tuple(calls)


def call_at(scanner: Scanner) -> Function:
    """The call that stands here as an object. Raises CallTextError."""
    scanner.skip()
    start = scanner.at
    value = scanner.value()
    arguments = next((value[key] for key in ARGUMENTS if key in value), None) if isinstance(value, dict) else None
    if not isinstance(arguments, dict) or not isinstance(value.get("name"), str):
        raise CallTextError(scanner.text, start, 'an object with "name", a text, and "arguments", an object')
    return Function(name=value["name"], arguments=arguments)


def write(calls: Iterable[Function]) -> str:
    """Calls as a JSON list. Raises ValueError for NaN and infinities."""
    whole = [{"name": call.name, "arguments": call.arguments} for call in calls]
    return json.dumps(whole, ensure_ascii=False, allow_nan=False)
