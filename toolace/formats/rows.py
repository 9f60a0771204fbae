"""What the writers of all formats share: options, the refusal, thinking as text, and how messages are taken apart."""

from __future__ import annotations

import contextlib
import functools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from pydantic_core import from_json

from toolace.errors import ToolaceError
from toolace.records import Dialog, Message, Thought, ToolCall, compact

Row = dict[str, Any]

_JSON = json.JSONEncoder(ensure_ascii=False, allow_nan=False)
_THINKING = re.compile(r"<think>.*?</think>(?:\n\n|\Z)", re.DOTALL)


class NotCarried(ToolaceError):
    """A dialog that a format has no place for. The argument is the reason that is counted."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the user may choose about rows. Shares of the mixtures need not add up to 1."""

    with_thinking: bool = False
    call_text: Mapping[Any, float] = field(default_factory=lambda: {"python": 1.0})
    system_prompt: Mapping[Any, float] = field(default_factory=lambda: {"toolace": 1.0})


def text_of(message: Message, options: Options) -> str:
    """A message's text, its thinking before it in `<think>` tags where that is wanted; `""` where there is none."""
    content = message.content or ""
    if not options.with_thinking or message.thought is None:
        return content
    thinking = f"<think>\n{thinking_text(message.thought)}\n</think>"
    return f"{thinking}\n\n{content}" if content else thinking


def split_thinking(text: str) -> tuple[str, str]:
    """A text's leading `<think>` block and what follows it; either may be empty."""
    match = _THINKING.match(text)
    return (match[0].rstrip(), text[match.end() :]) if match else ("", text)


def thinking_text(thought: Thought) -> str:
    """The structured thinking as lines, always in the same order; what is empty is left out."""
    lines = [f"Asked: {thought.asked}"]
    lines += [f"Tool {fit.tool}: {'fits' if fit.fits else 'does not fit'}. {fit.why}".rstrip() for fit in thought.tools]
    lines += [f"Known: {one.parameter} = {compact(one.value)} ({one.source})" for one in thought.known]
    lines += [f"Missing: {', '.join(thought.missing)}"] if thought.missing else []
    lines += [f"Next: {step}" for step in thought.steps]
    return "\n".join(lines)


def json_text(value: Any) -> str:
    """JSON on one line. Raises NotCarried for what JSON cannot hold."""
    try:
        return _JSON.encode(value)
    except ValueError:
        raise NotCarried("value_outside_json") from None


def tools_text(tools: Sequence[dict[str, Any]]) -> str:
    """Tools as a JSON list on one line. Raises NotCarried for what JSON cannot hold.

    Each tool's text is remembered: the same tools come in dialog after dialog, and are most of a row.
    """
    return f"[{', '.join(map(_tool_text, tools))}]"


def _tool_text(tool: dict[str, Any]) -> str:
    with contextlib.suppress(TypeError):  # an integer over 64 bits
        key = orjson.dumps(tool)
        if b"null" not in key:  # which NaN would be, too
            return _spaced(key)
    return json_text(tool)


@functools.lru_cache(maxsize=8192)
def _spaced(compact_text: bytes) -> str:
    return _JSON.encode(orjson.loads(compact_text))


def functions_of(dialog: Dialog) -> list[dict[str, Any]]:
    """The tools' function objects, bare."""
    return [tool["function"] for tool in dialog.tools]


def names_of(dialog: Dialog) -> list[str]:
    """The tools' names."""
    return [tool["function"]["name"] for tool in dialog.tools]


def split_system(dialog: Dialog) -> tuple[str, Sequence[Message]]:
    """The system text (empty when there is none) and the messages after it. Raises NotCarried for a later system
    message."""
    messages = dialog.messages
    system = ""
    if messages and messages[0].role == "system":
        system, messages = messages[0].content or "", messages[1:]
    if any(message.role == "system" for message in messages):
        raise NotCarried("system_message_in_the_middle")
    return system, messages


def steps_of(messages: Sequence[Message]) -> Iterator[tuple[Message, list[Message]]]:
    """Each message that is no result, with the results that follow it.

    Raises NotCarried where results do not answer the calls before them one by one: formats without ids go by the order.
    """
    at = 0
    while at < len(messages):
        message, at = messages[at], at + 1
        start = at
        while at < len(messages) and messages[at].role == "tool":
            at += 1
        results = list(messages[start:at])
        if [call.id for call in message.tool_calls or ()] != [result.tool_call_id for result in results]:
            raise NotCarried("results_do_not_answer_the_calls_in_order")
        yield message, results


def question_of(dialog: Dialog, *, with_system: bool) -> tuple[Sequence[Message], Sequence[ToolCall]]:
    """(messages before the answer, calls of the answer) of a dialog that is one question, for formats that hold just
    that.

    Results and the closing words have no place in them. Raises NotCarried for several turns, for calls that need
    results of earlier ones, and where `with_system` is false for a system message that a value may come from (today's
    date, say).
    """
    system, messages = split_system(dialog)
    if sum(message.role == "user" for message in messages) != 1 or messages[0].role != "user":
        raise NotCarried("several_turns")
    if sum(bool(message.tool_calls) for message in messages) > 1:
        raise NotCarried("dependent_calls")
    if system and not with_system and not _is_from_the_words_alone(dialog):
        raise NotCarried("system_message")
    calls = next((message.tool_calls for message in messages if message.tool_calls), ())
    return dialog.messages[: len(dialog.messages) - len(messages) + 1], calls


def _is_from_the_words_alone(dialog: Dialog) -> bool:
    """Whether the user said every value, dates in full; unknown where the dialog has no provenance."""
    said = ("verbatim", "spelled", "implicit")
    sources = dialog.provenance
    return sources is not None and all(one.source == "user" and one.how in said for one in sources)


def result_value(content: str | None) -> Any:
    """A tool's answer as it stands inside JSON: the value it spells, or the text itself."""
    try:
        return from_json(content or "", allow_inf_nan=False)
    except ValueError:
        return content or ""
