"""Python style: `[get_weather(city="Oslo"), Other Tool(n=3)]`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from toolace.calltext.scanner import Scanner
from toolace.records import Function

_UNDECLARED = re.compile(r"""[^\s()\[\]{}"',=][^()\[\]{}"',=\n]*""")
_OPENED = re.compile(r"""\s*\(\s*(?:\)|["'][^"']*["']\s*=|[^\s=(),"'\[\]{}][^=(),"'\[\]{}\n]*=)""")
_PARAMETER = re.compile(r"""[^\s=(),"'\[\]{}][^=(),"'\[\]{}\n]*""")
_BARE = re.compile(r"[^\W\d][\w.-]*(?: [\w.-]+)*")


def begins(text: str, names: Iterable[str]) -> bool:
    """Whether a text opens with `[name(`: a declared name, or another one whose parenthesis holds `parameter=` or
    nothing."""
    scanner = Scanner(text)
    if not scanner.take("["):
        return False
    if _declared(scanner, _longest_first(names)):
        return True
    scanner.skip()
    match = _UNDECLARED.match(text, scanner.at)
    return bool(match and _OPENED.match(text, match.end()))


def parse(text: str, names: Iterable[str]) -> tuple[Function, ...]:
    """The calls between the brackets. Raises CallTextError."""
    ordered = _longest_first(names)
    scanner = Scanner(text)
    scanner.need("[", "'[' before the first call")
    calls: list[Function] = []
    while (name := _declared(scanner, ordered)) or not scanner.take("]"):
        calls.append(Function(name=name or _undeclared(scanner), arguments=_arguments(scanner)))
        if not scanner.take(","):
            scanner.need("]", "',' or ']' after a call")
            break
    scanner.end()
    return tuple(calls)


def write(calls: Iterable[Function]) -> str:
    """Calls between brackets, values as Python spells them. Raises ValueError for what has no spelling."""
    return f"[{', '.join(map(_written, calls))}]"


def literal(value: Any) -> str:
    """A JSON value as a Python literal, texts in double quotes. Raises ValueError for NaN and infinities."""
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{literal(key)}: {literal(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _longest_first(names: Iterable[str]) -> list[str]:
    return sorted((name for name in names if name), key=len, reverse=True)


def _declared(scanner: Scanner, ordered: Sequence[str]) -> str | None:
    """The declared name that stands here with a parenthesis after it; the scanner then stands behind that."""
    scanner.skip()
    for name in ordered:
        if scanner.text.startswith(name, scanner.at):
            ahead = Scanner(scanner.text, scanner.at + len(name))
            if ahead.take("("):
                scanner.at = ahead.at
                return name
    return None


def _undeclared(scanner: Scanner) -> str:
    return _before("(", _UNDECLARED, scanner, "a function's name and '('")


def _before(mark: str, pattern: re.Pattern[str], scanner: Scanner, expected: str) -> str:
    """What matches here, without the space before `mark`, which must follow and is passed too."""
    scanner.skip()
    match = pattern.match(scanner.text, scanner.at)
    ahead = Scanner(scanner.text, match.end()) if match else scanner
    if not match or not ahead.take(mark):
        scanner.fail(expected)
    scanner.at = ahead.at
    return match[0].rstrip()


def _arguments(scanner: Scanner) -> dict[str, Any]:
    """What stands between the parentheses, the opening one being passed already."""
    found: dict[str, Any] = {}
    while not scanner.take(")"):
        scanner.skip()
        start = scanner.at
        name = _parameter(scanner)
        if name in found:
            scanner.fail(f"a parameter other than {name!r}, which is given already", start)
        found[name] = scanner.value()
        if not scanner.take(","):
            scanner.need(")", "',' or ')' after an argument")
            break
    return found


def _parameter(scanner: Scanner) -> str:
    """A parameter's name, in quotes or bare; the equals sign behind it is passed too."""
    if scanner.text[scanner.at : scanner.at + 1] in ('"', "'") and scanner.at < len(scanner.text):
        name = scanner.string()
        scanner.need("=")
        return name
    return _before("=", _PARAMETER, scanner, "a parameter's name and '='")


def _written(call: Function) -> str:
    if not call.name or call.name != call.name.strip():
        raise ValueError(f"{call.name!r} has no spelling as a function's name")
    given = (f"{_key(name)}={literal(value)}" for name, value in call.arguments.items())
    return f"{call.name}({', '.join(given)})"


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)
