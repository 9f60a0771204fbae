"""A dialog as the rules read it: calls with tools and answers, texts by who said them. Built once for all rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, Final, NamedTuple

import orjson

from toolace.provenance import stated_day
from toolace.records import Dialog, Finding, Message, Severity
from toolace.rules.definition import check_definition
from toolace.rules.found import Found, escaped
from toolace.rules.schemas import MAX_DEPTH, canonical, closed, compiled_or_reason, is_deeper

SEPARATOR: Final = "\n\t\n\t\n"
"""Stands between texts that are searched together; no pattern of the rules reaches over it."""

_WORD: Final = re.compile(r"[a-z0-9]+")
_ZEROS: Final = bytes.maketrans(b"123456789", b"000000000")


class Tool:
    """A tool's definition with what its rules found; one object for the same content, in whatever dialog it stands."""

    def __init__(self, tool: dict[str, Any], returns: dict[str, Any] | None, is_foreign: bool):
        self.findings: tuple[Finding, ...] = tuple(check_definition(tool, returns, is_foreign=is_foreign))
        function = tool.get("function")
        function = function if isinstance(function, dict) else {}
        name, parameters = function.get("name"), function.get("parameters")
        self.name = name if isinstance(name, str) else ""
        self.parameters: dict[str, Any] = parameters if isinstance(parameters, dict) else {"type": "object"}
        properties, required = self.parameters.get("properties"), self.parameters.get("required")
        self.properties: dict[str, Any] = properties if isinstance(properties, dict) else {}
        self.required = frozenset(map(str, required)) if isinstance(required, list) else frozenset[str]()
        self.has_integers = b'"integer"' in canonical(self.parameters)
        self.description = str(function.get("description") or "")
        self.essence = frozenset(_WORD.findall(self.description.lower()))
        self.returns = returns
        self._is_deep = is_deeper(tool, MAX_DEPTH * 2) or is_deeper(returns, MAX_DEPTH * 2)

    @cached_property
    def arguments(self) -> Any:
        """Validator of a call's arguments, undeclared ones refused; None where the schema is none."""
        return None if self._is_deep else _validator(closed(self.parameters))

    @cached_property
    def results(self) -> Any:
        """Validator of a call's result; None where the definition does not say, or is no schema."""
        return None if self.returns is None or self._is_deep else _validator(closed(self.returns))

    def schema_of(self, argument: str) -> dict[str, Any]:
        """The declared schema of an argument; empty where there is none."""
        schema = self.properties.get(argument)
        return schema if isinstance(schema, dict) else {}


@dataclass(slots=True)
class Call:
    """One call: where it stands, what it asks of which tool (None: undeclared), and what came back."""

    at: int
    where: str
    id: str
    name: str
    arguments: dict[str, Any]
    tool: Tool | None
    is_foreign: bool
    turn: int
    answer: int | None = None
    result: Any = None
    problems: list[tuple[Found, str]] | None = None
    """What the tool's schema says against the arguments, with the keyword; filled by the executability rules."""

    @property
    def odd(self) -> Severity:
        """Severity of what foreign data may keep."""
        return "warning" if self.is_foreign else "error"

    @property
    def failed(self) -> bool:
        """Whether the tool reports an error."""
        return isinstance(self.result, dict) and "error" in self.result and len(self.result) <= 3

    def argument(self, name: str) -> str:
        """Pointer to an argument."""
        return f"{self.where}/function/arguments/{escaped(name)}"


@dataclass(slots=True)
class Text:
    """What one message says, also in lower case and as words."""

    at: int
    role: str
    text: str
    turn: int
    lower: str = ""
    words: Sequence[str] = ()
    distinct: Set[str] = frozenset()

    @property
    def where(self) -> str:
        """Pointer to the text."""
        return f"/messages/{self.at}/content"


class Limits(NamedTuple):
    """How long a dialog may be."""

    messages: int = 120
    characters: int = 200_000


class Sample:
    """One dialog. `language` is the one it should speak; foreign data may speak any, as long as it is one."""

    def __init__(self, dialog: Dialog, *, is_foreign: bool, limits: Limits, language: str):
        self.dialog, self.is_foreign, self.limits, self.language = dialog, is_foreign, limits, language
        self.messages: tuple[Message, ...] = dialog.messages
        returns = dialog.returns or {}
        imported = frozenset(dialog.lineage.foreign or ()) if dialog.lineage else frozenset[str]()
        self.tools: list[Tool] = [_tool_of(tool, returns, is_foreign, imported) for tool in dialog.tools]
        self.by_name = {tool.name: tool for tool in reversed(self.tools)}
        self.users = [at for at, message in enumerate(self.messages) if message.role == "user"]
        self.calls: list[Call] = []
        self.texts: list[Text] = []
        self._by_turn: dict[int, list[Call]] = {}
        self._read()
        self.said = [text for text in self.texts if text.role == "user" or text.role == "assistant"]
        for text in self.said:
            text.lower = text.text.lower()
            text.words = text.lower.split()
            text.distinct = set(text.words)

    @property
    def odd(self) -> Severity:
        """Severity of what foreign data may keep."""
        return "warning" if self.is_foreign else "error"

    @cached_property
    def speech(self) -> str:
        """All that user and assistant say, in lower case, to be searched at once."""
        return SEPARATOR.join([text.lower for text in self.said])

    @cached_property
    def given(self) -> str:
        """All texts of all messages and all arguments, to be searched at once."""
        return SEPARATOR.join([*(text.text for text in self.texts), *self.argument_texts])

    @cached_property
    def digits(self) -> tuple[bytes, bytes]:
        """`given` as bytes, and the same with every digit a zero: dates and card numbers are found by their shape."""
        written = self.given.encode(errors="replace")
        return written, written.translate(_ZEROS)

    def dates(self) -> Iterator[str]:
        """Everything in `given` that has the shape of an ISO date."""
        written, zeroed = self.digits
        at = zeroed.find(b"-00-00")
        while at >= 0:
            if zeroed[at - 4 : at] == b"0000":
                yield written[at - 4 : at + 6].decode()
            at = zeroed.find(b"-00-00", at + 6)

    @cached_property
    def argument_texts(self) -> list[str]:
        """The arguments of each call as JSON."""
        return [canonical(call.arguments).decode(errors="replace") for call in self.calls]

    @cached_property
    def today(self) -> date | None:
        """The date that the system message states."""
        for text in self.texts:
            if text.role == "system" and (stated := stated_day(text.text)):
                return day_of(stated)
        return None

    def calls_in(self, turn: int) -> list[Call]:
        """The calls of a turn, in order."""
        return self._by_turn.get(turn, [])

    def located(
        self, pattern: re.Pattern[str], texts: list[Text] | None = None
    ) -> Iterator[tuple[Text, re.Match[str]]]:
        """The first match of a pattern in each text."""
        for text in self.texts if texts is None else texts:
            if match := pattern.search(text.text):
                yield text, match

    def _read(self) -> None:
        """Goes through the messages once: texts, calls, and which message answers which call."""
        turn = -1
        waiting: dict[str, Call] = {}
        for at, message in enumerate(self.messages):
            if message.role == "user":
                turn += 1
            elif message.role == "tool":
                call = waiting.get(message.tool_call_id or "")
                if call is not None and call.answer is None:
                    call.answer, call.result = at, loaded(message.content)
            if message.content:
                self.texts.append(Text(at, message.role, message.content, turn))
            for number, made in enumerate(message.tool_calls or ()):
                where, name = f"/messages/{at}/tool_calls/{number}", made.function.name
                tool = self.by_name.get(name)
                call = Call(at, where, made.id, name, made.function.arguments, tool, self.is_foreign, turn)
                waiting[made.id] = call
                self.calls.append(call)
                self._by_turn.setdefault(turn, []).append(call)


@lru_cache(maxsize=65536)
def day_of(iso: str) -> date | None:
    """The day an ISO date names; None when there is no such day."""
    try:
        return date.fromisoformat(iso)
    except ValueError:
        return None


def has_any(hints: tuple[str, ...], text: str) -> bool:
    """Whether any of the hints stands in a text; a loop, for it runs over every dialog."""
    for hint in hints:  # noqa: SIM110
        if hint in text:
            return True
    return False


def loaded(content: str | None) -> Any:
    """A tool message's content as JSON, or as the text it is."""
    try:
        return orjson.loads(content or "null")
    except orjson.JSONDecodeError:
        return content


def _tool_of(tool: dict[str, Any], returns: dict[str, Any], is_foreign: bool, imported: frozenset[str]) -> Tool:
    function = tool.get("function")
    named = function.get("name") if isinstance(function, dict) else None
    name = named if isinstance(named, str) else ""
    return _known_tool(canonical((tool, returns.get(name))), is_foreign or name in imported)


@lru_cache(maxsize=16_384)
def _known_tool(content: bytes, is_foreign: bool) -> Tool:
    tool, returns = orjson.loads(content)
    return Tool(tool, returns, is_foreign)


def _validator(schema: dict[str, Any]) -> Any:
    validator = compiled_or_reason(schema)
    return None if isinstance(validator, str) else validator
