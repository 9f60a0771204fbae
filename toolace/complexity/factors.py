"""What should make an exchange hard, told without a model (paper, section 2.2.2): candidates, calls, dissimilarity, lengths."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from math import sqrt
from typing import Any

from toolace.records import Dialog, Message

_WORD = re.compile(r"[a-z0-9]{3,}")


def first_exchange(dialog: Dialog) -> list[Message]:
    """The messages of the first turn and what stands before it: what is scored while a dialog is being made."""
    end = dialog.turns[1].first if len(dialog.turns) > 1 else None
    return list(dialog.messages[:end])


def number_of_calls(messages: Sequence[Message]) -> int:
    """Calls of all assistant messages."""
    return sum(len(message.tool_calls or ()) for message in messages)


def dissimilarity(tools: Sequence[dict[str, Any]], messages: Sequence[Message]) -> float:
    """1 − cosine of the user's words and those of the called tools' descriptions; without calls, of all candidates'."""
    called = {call.function.name for message in messages for call in message.tool_calls or ()}
    said = Counter(_WORD.findall(" ".join(one.content or "" for one in messages if one.role == "user").lower()))
    chosen = [tool["function"] for tool in tools if not called or tool["function"]["name"] in called]
    described = Counter(_WORD.findall(" ".join(str(one.get("description", "")) for one in chosen).lower()))
    common = sum(number * described[word] for word, number in said.items())
    length = sqrt(sum(n * n for n in said.values()) * sum(n * n for n in described.values()))
    return 1.0 - common / length if length else 1.0
