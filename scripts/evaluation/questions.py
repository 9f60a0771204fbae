"""What a model is asked and what it answers, and how calls are read out of text."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from toolace import calltext
from toolace.calltext import CallTextError
from toolace.calltext.tagged import OPENING
from toolace.records import Function, Message


@dataclass(frozen=True, slots=True)
class Question:
    """Tools in OpenAI's format, and messages that end where the assistant is to speak."""

    id: str
    category: str
    tools: tuple[dict[str, Any], ...]
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """`calls` is empty for words, and for a call that cannot be read: then `broken` says what is wrong with it."""

    id: str
    calls: tuple[Function, ...] = ()
    text: str = ""
    broken: str = ""

    def line(self) -> bytes:
        """The answer as it is kept."""
        calls = [call.model_dump() for call in self.calls]
        return json.dumps(
            {"id": self.id, "calls": calls, "text": self.text, "broken": self.broken}, ensure_ascii=False
        ).encode()

    @classmethod
    def of_line(cls, line: bytes) -> Answer:
        """An answer from a line; ValueError or KeyError for what is none."""
        row = json.loads(line)
        return cls(row["id"], tuple(Function.model_validate(call) for call in row["calls"]), row["text"], row["broken"])


def answer_of_text(id: str, text: str, names: Iterable[str]) -> Answer:
    """What a model has written: calls in any notation toolace reads (Hermes tags behind words, too), or words."""
    at = text.find(OPENING)
    said = text[max(at, 0) :].strip()
    known = list(names)
    style = calltext.style_of(said, known)
    if style is None:
        return Answer(id, text=text)
    try:
        return Answer(id, calltext.parse(said, known, style), text)
    except CallTextError as error:
        return Answer(id, text=text, broken=str(error))
