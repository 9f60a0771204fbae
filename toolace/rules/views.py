"""A dialog as the rules read it: calls with tools and answers, texts by who said them. Built once for all rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final, NamedTuple

import orjson

from toolace.provenance import stated_day
from toolace.records import Dialog, Message, Severity
from toolace.rules.found import SEPARATOR, Found, escaped
from toolace.rules.schemas import canonical
from toolace.rules.tools import Tool, tools_of

_ZEROS: Final = bytes.maketrans(b"123456789", b"000000000")


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

    _folded: str = ""

    @property
    def where(self) -> str:
        """Pointer to the text."""
        return f"/messages/{self.at}/content"

    @property
    def folded(self) -> str:
        """The text as names are looked up in it."""
        self._folded = self._folded or folded(self.text)
        return self._folded


def folded(text: str) -> str:
    """A text as names are compared: in lower case, joined by spaces."""
    return text.lower().replace("_", " ").replace("’", "'")


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
        self.tools: list[Tool] = tools_of(dialog.tools, returns, is_foreign, imported)
        self.by_name = {tool.name: tool for tool in reversed(self.tools)}
        self.users: list[int] = []
        """Where the user speaks."""
        self.calls: list[Call] = []
        self.texts: list[Text] = []
        self.shape = ""
        """A letter a message: `s`, `u`, `a`, `t` for the roles, `c` for an assistant that calls, `?` for what says nothing."""
        self.strays: list[int] = []
        """Tool messages that answer no call of the last message that calls."""
        self._by_turn: dict[int, list[Call]] = {}
        self._read()
        self.said = [text for text in self.texts if text.role == "user" or text.role == "assistant"]
        for text in self.said:
            text.lower = text.text.lower()
            text.words = text.lower.split()
            text.distinct = set(text.words)
        self.speech = SEPARATOR.join([text.lower for text in self.said])
        """All that user and assistant say, in lower case, to be searched at once."""
        self.argument_texts = [canonical(call.arguments).decode(errors="replace") for call in self.calls]
        """The arguments of each call as JSON."""
        self.given = SEPARATOR.join([text.text for text in self.texts] + self.argument_texts)
        """All texts of all messages and all arguments, to be searched at once."""
        written = self.given.encode(errors="replace")
        self.digits = written, written.translate(_ZEROS)
        """`given` as bytes, and the same with every digit a zero: dates and card numbers are found by their shape."""
        self.has_dates = b"-00-00" in self.digits[1]
        """Whether anything in `given` may be an ISO date."""
        self.today = self._stated_today()
        """The date that the system message states."""

    @property
    def odd(self) -> Severity:
        """Severity of what foreign data may keep."""
        return "warning" if self.is_foreign else "error"

    def dates(self) -> Iterator[str]:
        """Everything in `given` that has the shape of an ISO date."""
        written, zeroed = self.digits
        at = zeroed.find(b"-00-00")
        while at >= 0:
            if zeroed[at - 4 : at] == b"0000":
                yield written[at - 4 : at + 6].decode()
            at = zeroed.find(b"-00-00", at + 6)

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

    def _stated_today(self) -> date | None:
        for text in self.texts:
            if text.role == "system" and (stated := _stated_day(text.text)):
                return day_of(stated)
        return None

    def _read(self) -> None:
        """Goes through the messages once: texts, calls, and which message answers which call."""
        turn = calling = -1
        waiting: dict[str, Call] = {}
        shape: list[str] = []
        for at, message in enumerate(self.messages):
            role, content, calls = message.role, message.content, message.tool_calls
            if role == "user":
                turn += 1
                self.users.append(at)
            elif role == "tool":
                call = waiting.get(message.tool_call_id or "")
                if call is None or call.at != calling:
                    self.strays.append(at)
                if call is not None and call.answer is None:
                    call.answer, call.result = at, loaded(content)
            if content:
                self.texts.append(Text(at, role, content, turn))
            if calls:
                shape.append("c" if role == "assistant" else "?")
                calling = at
                made_here = self._by_turn.setdefault(turn, [])
                for number, made in enumerate(calls):
                    function, where = made.function, f"/messages/{at}/tool_calls/{number}"
                    tool = self.by_name.get(function.name)
                    call = Call(at, where, made.id, function.name, function.arguments, tool, self.is_foreign, turn)
                    waiting[made.id] = call
                    self.calls.append(call)
                    made_here.append(call)
            else:
                shape.append(role[0] if content and not content.isspace() else "?")
        self.shape = "".join(shape)


@lru_cache(maxsize=4096)
def _stated_day(text: str) -> str | None:
    return stated_day(text)


@lru_cache(maxsize=65536)
def day_of(iso: str) -> date | None:
    """The day an ISO date names; None when there is no such day."""
    try:
        return date.fromisoformat(iso)
    except ValueError:
        return None


def loaded(content: str | None) -> Any:
    """A tool message's content as JSON, or as the text it is."""
    try:
        return orjson.loads(content or "null")
    except orjson.JSONDecodeError:
        return content
