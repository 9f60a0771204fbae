"""Dialog correctness: is this a whole conversation, in order, with every call answered? (paper, section 2.3)"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from toolace.rules.found import Found, shown
from toolace.rules.views import Sample

Check = Callable[[Sample], Iterator[Found]]

_IN_ORDER: Final = re.compile("s?(?:u(?:ct+)*a)+")
"""The shape of a dialog in which the roles are in order and every message says or calls something."""
_AFTER: Final = {
    "start": ("system", "user"),
    "system": ("user",),
    "user": ("assistant",),
    "assistant": ("user",),
    "calls": ("tool",),
    "tool": ("tool", "assistant"),
}


def dialog_fields_are_complete(sample: Sample) -> Iterator[Found]:
    """A dialog has an id, messages and turns, and each turn starts at a user message of its own."""
    if not sample.dialog.id.strip():
        yield Found("/id", "the dialog has no id")
    if not sample.users:
        yield Found("/messages", "nobody asks anything: there is no user message", "user")
    starts = [turn.first for turn in sample.dialog.turns]
    if starts != sample.users:
        message = f"turns start at {starts}, user messages stand at {sample.users}"
        yield Found("/turns", message, "definition", sample.odd)


def dialog_is_not_too_long(sample: Sample) -> Iterator[Found]:
    """A dialog stays below the configured number of messages and characters."""
    if len(sample.messages) > sample.limits.messages:
        yield Found("/messages", f"{len(sample.messages)} messages, at most {sample.limits.messages} are allowed")
    if len(sample.given) <= sample.limits.characters:
        return
    characters = sum(len(text.text) for text in sample.texts)
    if characters > sample.limits.characters:
        yield Found("/messages", f"{characters} characters, at most {sample.limits.characters} are allowed")


def roles_are_in_order(sample: Sample) -> Iterator[Found]:
    """A system message comes first if at all; then user, assistant, tools after a call, assistant, and so on."""
    if _IN_ORDER.fullmatch(sample.shape):
        return
    before = "start"
    for at, message in enumerate(sample.messages):
        if message.role not in _AFTER[before]:
            expected = " or ".join(_AFTER[before])
            yield Found(f"/messages/{at}/role", f"{message.role!r} follows {before!r}, expected {expected}")
        before = "calls" if message.role == "assistant" and message.tool_calls else message.role
        if message.tool_calls and message.role != "assistant":
            yield Found(f"/messages/{at}/tool_calls", f"a {message.role} message makes calls")


def every_call_is_answered_once(sample: Sample) -> Iterator[Found]:
    """Each call has one tool message, right after it. A foreign row may end with its calls (a warning)."""
    last = len(sample.messages) - 1
    for call in sample.calls:
        if call.answer is None:
            ends = sample.is_foreign and call.at == last
            yield Found(
                call.where, f"the call of {shown(call.name)} is never answered", "tool", "warning" if ends else "error"
            )
    answered = {call.answer for call in sample.calls}
    if len(answered) == sample.shape.count("t") and None not in answered and "?" not in sample.shape:
        return
    for at, message in enumerate(sample.messages):
        if message.role == "tool" and at not in answered:
            yield Found(f"/messages/{at}", "a tool message that answers no open call", "tool")


def call_ids_match(sample: Sample) -> Iterator[Found]:
    """Call ids are there, are unique, and are those that the tool messages name."""
    seen: set[str] = set()
    for call in sample.calls:
        if not call.id.strip():
            yield Found(f"{call.where}/id", "the call has no id")
        elif call.id in seen:
            yield Found(f"{call.where}/id", f"the id {shown(call.id)} is used twice")
        seen.add(call.id)
    for at in sample.strays:
        named = sample.messages[at].tool_call_id
        yield Found(f"/messages/{at}/tool_call_id", f"{shown(named)} is no call of the message before", "tool")


def conversation_is_complete(sample: Sample) -> Iterator[Found]:
    """The assistant has the last word, and it is no call. A foreign row may end with its calls (a warning)."""
    if not sample.messages:
        return
    last = sample.messages[-1]
    where = f"/messages/{len(sample.messages) - 1}"
    if last.role != "assistant":
        yield Found(where, f"the dialog ends with a {last.role} message")
    elif last.tool_calls:
        yield Found(where, "the dialog ends with a call", "assistant", sample.odd)


def no_message_is_empty(sample: Sample) -> Iterator[Found]:
    """Every message says something; an assistant that calls may be silent."""
    if "?" not in sample.shape:
        return
    for at, message in enumerate(sample.messages):
        content = message.content
        if (not content or content.isspace()) and not message.tool_calls:
            blame = message.role if message.role != "system" else "definition"
            yield Found(f"/messages/{at}/content", f"the {message.role} message is empty", blame)


CHECKS: Final[tuple[Check, ...]] = (
    dialog_fields_are_complete,
    dialog_is_not_too_long,
    roles_are_in_order,
    every_call_is_answered_once,
    call_ids_match,
    conversation_is_complete,
    no_message_is_empty,
)
