"""Provenance: for each argument of each call, where its value comes from. Deterministic; no model is asked.

A value counts as the user's when their words say it in any of the ways of wording.py: `half past six` for 18:30, `two
dozen` for 24, `next Friday` for that date given today's. Structured values are traced leaf by leaf.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from toolace.records import Message, Source
from toolace.wording import How, number_forms, split_datetime, string_forms

_TODAY = re.compile(r"\b(?:today is|current date:?|today's date is|date:)[^\n]{0,40}?(\d{4}-\d\d-\d\d)", re.I)
_LONGER = re.compile(
    r"(?:on |this |next )?(day after tomorrow|day before yesterday|\w+day of next week|a week from \w+)"
)
_STOP = frozenset(
    "a an the of for to in on at by and or with be is are was whether if only also not no do does should must can will "
    "it its this that true false include included including returned return results result when set flag value use used".split()
)
_WORD = re.compile(r"[a-z]{3,}")
_TENS = frozenset("twenty thirty forty fifty sixty seventy eighty ninety".split())
_ONES = frozenset("one two three four five six seven eight nine".split())


class Text(NamedTuple):
    """One message's text as searched: who said it, where it stands, and the words in lower case between spaces."""

    source: str
    at: str
    lower: str


class Conversation:
    """What has been said so far, kept in the form in which values are looked up."""

    def __init__(self, today: str | None = None):
        self.today = today
        self._texts: list[Text] = []
        self._results: list[tuple[str, Any]] = []

    def add(self, index: int, message: Message) -> None:
        """Takes up a message that later arguments may draw on."""
        at = f"/messages/{index}/content"
        if message.role == "tool":
            self._results.append((at, _loaded(message.content)))
        elif message.content:
            if message.role == "system":
                self.today = stated_day(message.content) or self.today
            self._texts.append(Text(message.role, at, _searchable(message.content)))

    def source_of(self, argument: str, value: Any, schema: dict[str, Any]) -> Iterator[Source]:
        """Sources of an argument's leaves, in order. `argument` is its JSON pointer."""
        if isinstance(value, dict):
            properties = schema.get("properties", {})
            for name, inner in value.items():
                yield from self.source_of(f"{argument}/{escaped(str(name))}", inner, _as_schema(properties, name))
        elif isinstance(value, list):
            whole = self._in_results(value) if value else None
            if whole:
                yield Source(argument=argument, source="result", at=whole)
                return
            items = schema.get("items", {})
            for at, inner in enumerate(value):
                yield from self.source_of(f"{argument}/{at}", inner, items if isinstance(items, dict) else {})
        else:
            yield self._leaf(argument, value, schema)

    def _leaf(self, argument: str, value: Any, schema: dict[str, Any]) -> Source:
        if isinstance(value, bool):
            name = next((step for step in reversed(argument.split("/")) if not step.isdigit()), "")
            schema = {"title": name.replace("_", " "), **schema}
        for text in reversed(self._texts):
            if text.source == "user" and (how := mentioned(value, text.lower, self.today, schema)):
                return Source(argument=argument, source="user", at=text.at, how=how)
        if at := self._in_results(value):
            return Source(argument=argument, source="result", at=at)
        for text in reversed(self._texts):
            if text.source != "user" and (how := mentioned(value, text.lower, self.today, schema)):
                source = "system" if text.source == "system" else "assistant"
                return Source.model_validate({"argument": argument, "source": source, "at": text.at, "how": how})
        if "default" in schema and schema["default"] == value:
            return Source(argument=argument, source="default")
        if schema.get("const", ...) == value or schema.get("enum") == [value]:
            return Source(argument=argument, source="constant")
        return Source(argument=argument, source="unknown")

    def _in_results(self, value: Any) -> str | None:
        """Pointer to the latest tool message whose result holds the value."""
        if isinstance(value, bool) or value is None or value == "":
            return None
        for at, result in reversed(self._results):
            if _contains(result, value):
                return str(at)
        return None


def trace(
    messages: Sequence[Message], schemas: dict[str, dict[str, Any]], today: str | None = None
) -> tuple[Source, ...]:
    """Sources of every argument of every call. `schemas` are the parameter schemas by tool name."""
    conversation = Conversation(today)
    found: list[Source] = []
    for index, message in enumerate(messages):
        for number, call in enumerate(message.tool_calls or ()):
            properties = schemas.get(call.function.name, {}).get("properties", {})
            for name, value in call.function.arguments.items():
                pointer = f"/messages/{index}/tool_calls/{number}/function/arguments/{escaped(name)}"
                found += conversation.source_of(pointer, value, _as_schema(properties, name))
        conversation.add(index, message)
    return tuple(found)


def mentioned(value: Any, lower: str, today: str | None, schema: dict[str, Any] | None = None) -> How | None:
    """How a text (lower case, see `_searchable`) says a scalar value, or None when it does not."""
    if isinstance(value, bool):
        return "implicit" if _alludes(schema or {}, lower) else None
    if value is None:
        return None
    if isinstance(value, int | float):
        for form in number_forms(value):
            if _has(lower, form.text.lower()):
                return form.how
        return None
    text = str(value)
    for form in string_forms(text, today):
        said = form.text.lower()
        if _has(lower if form.how != "relative" else _without_longer(lower, said), said):
            return form.how
    if len(text) > 24 and _has(lower, _searchable(text).strip()):
        return "verbatim"
    if parts := split_datetime(text):
        day, clock = (mentioned(part, lower, today) for part in parts)
        return "formatted" if day and clock else None
    return None


def searchable(text: str) -> str:
    """A text as `mentioned` wants it."""
    return _searchable(text)


def escaped(name: str) -> str:
    """A name as a JSON pointer's step."""
    return name.replace("~", "~0").replace("/", "~1")


def _searchable(text: str) -> str:
    folded = text.translate({0x2019: "'", 0x2018: "'", 0x201C: '"', 0x201D: '"', 0xA0: " ", 0x2013: "-"})
    return f" {' '.join(folded.lower().split())} "


def _has(text: str, form: str) -> bool:
    """Whether `form` stands in `text` as whole words; a number never as a part of a larger one."""
    if not form:
        return False
    start = text.find(form)
    while start >= 0:
        end = start + len(form)
        if not (_joins(text, start - 1, form[0], before=True) or _joins(text, end, form[-1], before=False)):
            return True
        start = text.find(form, start + 1)
    return False


def _without_longer(text: str, said: str) -> str:
    """The text without longer phrases in which a relative day stands but is not meant: `the day after tomorrow`."""
    return _LONGER.sub(lambda found: found[0] if found[1] in said else " ", text)


def _joins(text: str, at: int, edge: str, *, before: bool) -> bool:
    """Whether the character at `at` belongs to the same word or number as the form's edge."""
    if not 0 <= at < len(text):
        return False
    char = text[at]
    if edge.isalnum() and (char.isalnum() or char == "_"):
        # a unit may stick to a number: 40km, 5pm are other forms; letters after digits still are another word
        return True
    if char == "-" and _is_number_word(text, at):
        return True  # `twenty` is no part of `twenty-two`
    if edge.isdigit() and char in ".,:-/":
        beyond = at - 1 if before else at + 1
        return 0 <= beyond < len(text) and text[beyond].isdigit() and char != "-"
    return False


def _is_number_word(text: str, hyphen: int) -> bool:
    """Whether the hyphen joins tens and ones: `twenty-two`."""
    left = text[:hyphen].rpartition(" ")[2]
    right = _WORD.match(text, hyphen + 1)
    return left in _TENS and right is not None and right[0] in _ONES


def _alludes(schema: dict[str, Any], lower: str) -> bool:
    """Whether a text touches what a boolean parameter is about: a content word of its name or description."""
    about = f"{schema.get('title', '')} {schema.get('description', '')}".lower()
    words = {word for word in _WORD.findall(about) if word not in _STOP}
    said = {word[:5] for word in _WORD.findall(lower)}
    return any(word[:5] in said for word in words)


def _contains(node: Any, value: Any) -> bool:
    if isinstance(node, dict):
        return any(_contains(inner, value) for inner in node.values())
    if isinstance(node, list):
        return node == value or any(_contains(inner, value) for inner in node)
    if isinstance(node, bool) or isinstance(value, list):
        return False
    return bool(node == value) or (isinstance(value, str) and isinstance(node, int) and str(node) == value)


def stated_day(text: str) -> str | None:
    """The ISO date that a system message states as today's; None where it states none, or one that does not exist."""
    match = _TODAY.search(text)
    try:
        return date.fromisoformat(match[1]).isoformat() if match else None
    except ValueError:
        return None


def _loaded(content: str | None) -> Any:
    try:
        return json.loads(content or "null")
    except ValueError:
        return content


def _as_schema(properties: Any, name: str) -> dict[str, Any]:
    schema = properties.get(name, {}) if isinstance(properties, dict) else {}
    return schema if isinstance(schema, dict) else {}
