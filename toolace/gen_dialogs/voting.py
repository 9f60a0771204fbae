"""Agreement: each assistant action is sampled several times and kept only where the decisions agree (paper, section
2.2)."""

from __future__ import annotations

from collections import Counter
from typing import Any

import orjson

from toolace.gen_dialogs.roles import AssistantReply

Decision = tuple[str, tuple[bytes, ...]]


def decision_of(reply: AssistantReply) -> Decision:
    """What a reply decides: to call (which tools, with which normalised arguments, in any order), to ask, or to speak.

    Summarising and answering are one decision: which of them it is follows from what came before.
    """
    if reply.calls:
        calls = sorted(normalised_call(call.name, call.arguments) for call in reply.calls)
        return "call", tuple(calls)
    return ("ask" if reply.action == "ask" else "speak"), ()


def agreed(replies: list[AssistantReply], share: float) -> AssistantReply | None:
    """The first reply of the largest group if that group is at least `share` of all, and larger than any other."""
    groups = Counter(decision_of(reply) for reply in replies)
    ranked = groups.most_common(2)
    decision, votes = ranked[0]
    if votes < share * len(replies) or (len(ranked) > 1 and ranked[1][1] == votes):
        return None
    return next(reply for reply in replies if decision_of(reply) == decision)


def normalised_call(name: str, arguments: dict[str, Any]) -> bytes:
    """A call's canonical bytes: sorted keys, 2.0 as 2, text without outer or double spaces."""
    return orjson.dumps([name, normalised(arguments)], option=orjson.OPT_SORT_KEYS)


def normalised(value: Any) -> Any:
    """An argument as it is compared: numbers of equal value and texts that differ only in white space are the same."""
    if isinstance(value, dict):
        return {key: normalised(one) for key, one in value.items()}
    if isinstance(value, list):
        return [normalised(one) for one in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return " ".join(value.split()) if isinstance(value, str) else value
