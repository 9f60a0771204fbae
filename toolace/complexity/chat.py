"""A dialog as the learner reads it: its chat template, and where in the rendered conversation the answers stand.

Where a template knows tools, they are given to it. Where it does not, the system text lists them, calls are written as
`<tool_call>{"name": …, "arguments": …}</tool_call>` (Hermes) and results come as user turns in `<tool_response>`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from toolace.records import Message

Rendered = str | tuple[int, ...]
"""A conversation as text, or as the tokens that a server made of it."""

Render = Callable[[list[dict[str, Any]], bool], Rendered]
"""Renders a conversation; the flag says whether it ends where the assistant is about to speak."""

NOTHING_LIKE_IT = "\ue000"
"""An answer that begins like no other."""

INSTRUCTION = (
    "You can call the tools listed here. To call one, write a line for each call:\n"
    '<tool_call>{"name": TOOL, "arguments": OBJECT}</tool_call>\nAnswer without a call where no tool fits.'
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A rendered conversation and its answers. Positions count characters of a text or tokens of a tuple, end excluded."""

    content: Rendered
    answers: tuple[tuple[int, int], ...]
    shared: int = 0
    """How much of the beginning (system text, tools) does not depend on the user."""


def passages(render: Render, chat: list[dict[str, Any]]) -> list[Passage]:
    """The assistant's messages of a conversation as answers in one passage.

    A template that rewrites earlier turns as the conversation goes on gives one passage an answer.
    """
    whole = render(chat, False)
    shared = _before_user(whole, chat)
    together: list[tuple[int, int]] = []
    apart: list[Passage] = []
    for at, message in enumerate(chat):
        if message["role"] != "assistant":
            continue
        head, closed = render(chat[:at], True), render(chat[: at + 1], False)
        start, end = len(head), _ended(closed)
        if closed[:start] != head:
            other = {"role": "assistant", "content": NOTHING_LIKE_IT}
            start = _agreement(render([*chat[:at], other], False), closed)
        if whole[:end] == closed[:end]:
            together.append((start, end))
        else:
            apart.append(Passage(closed, ((start, end),), min(shared, start)))
    return [*([Passage(whole, tuple(together), shared)] if together else []), *apart]


def as_chat(messages: Sequence[Message]) -> list[dict[str, Any]]:
    """Messages for a template that knows tools: calls as objects, thoughts left out."""
    chat: list[dict[str, Any]] = []
    for message in messages:
        entry: dict[str, Any] = {"role": message.role, "content": message.content or ""}
        if message.tool_calls:
            entry["tool_calls"] = [
                {"type": "function", "function": call.function.model_dump()} for call in message.tool_calls
            ]
        if message.name:
            entry["name"] = message.name
        chat.append(entry)
    return chat


def as_plain_chat(tools: Sequence[dict[str, Any]], messages: Sequence[Message]) -> list[dict[str, Any]]:
    """Messages for a template that knows no tools: everything is system, user or assistant text."""
    chat: list[dict[str, Any]] = []
    system = [message.content or "" for message in messages[:1] if message.role == "system"]
    if tools:
        system += [f"{INSTRUCTION}\n\n" + "\n\n".join(signature(tool["function"]) for tool in tools)]
    if system:
        chat.append({"role": "system", "content": "\n\n".join(system)})
    for at, message in enumerate(messages):
        if message.role == "tool":
            text = f"<tool_response>{message.content or ''}</tool_response>"
            if at and messages[at - 1].role == "tool":
                chat[-1]["content"] += "\n" + text
            else:
                chat.append({"role": "user", "content": text})
        elif message.role != "system":
            chat.append({"role": message.role, "content": _said(message)})
        elif at:
            chat.append({"role": "system", "content": message.content or ""})
    return chat


def unasked(messages: Sequence[Message]) -> list[Message]:
    """The same messages, the user saying nothing: what H₀ is measured on."""
    return [message.model_copy(update={"content": ""}) if message.role == "user" else message for message in messages]


def signature(function: dict[str, Any]) -> str:
    """A tool in few tokens (about a third of its JSON): a line for the tool, a line for each parameter."""
    schema = function.get("parameters") or {}
    required = schema.get("required", ())
    lines = [f"{function['name']}: {function.get('description', '')}".strip()]
    for name, parameter in schema.get("properties", {}).items():
        optional = "" if name in required else ", optional"
        default = f", default {_json(parameter['default'])}" if "default" in parameter else ""
        about = f": {parameter['description']}" if parameter.get("description") else ""
        lines.append(f"- {name} ({_type(parameter)}{optional}{default}){about}")
    return "\n".join(lines)


def _type(schema: Any) -> str:
    """A schema as one short phrase: `list of string`, `"C" | "F"`, `{city: string, days?: integer}`."""
    if not isinstance(schema, dict):
        return "any"
    if "enum" in schema:
        return " | ".join(map(_json, schema["enum"]))
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return " | ".join(_type(one) for one in schema[key])
    kind = schema.get("type", "any")
    if kind == "array":
        return f"list of {_type(schema.get('items', {}))}"
    if isinstance(kind, list):
        return " | ".join(kind)
    if schema.get("properties"):
        required = schema.get("required", ())
        inner = (f"{name}{'' if name in required else '?'}: {_type(one)}" for name, one in schema["properties"].items())
        return "{" + ", ".join(inner) + "}"
    low, high = schema.get("minimum"), schema.get("maximum")
    span = f" {'' if low is None else low}..{'' if high is None else high}" if (low, high) != (None, None) else ""
    return f"{kind}{span}"


def _said(message: Message) -> str:
    calls = [
        f"<tool_call>{_json({'name': call.function.name, 'arguments': call.function.arguments})}</tool_call>"
        for call in message.tool_calls or ()
    ]
    return "\n".join([*([message.content] if message.content else []), *calls])


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _before_user(whole: Rendered, chat: list[dict[str, Any]]) -> int:
    """Where the first user message begins; 0 where that cannot be told."""
    if not isinstance(whole, str):
        return 0
    at = 0
    for message in chat:
        at = whole.find(message["content"], at)
        if at < 0 or message["role"] == "user":
            return max(at, 0) if message["content"] else 0
        at += len(message["content"])
    return 0


def _agreement(one: Rendered, other: Rendered) -> int:
    """How far two renderings are the same."""
    if other[: len(one)] == one:
        return len(one)
    return next(at for at in range(len(one)) if at >= len(other) or one[at] != other[at])


def _ended(content: Rendered) -> int:
    """The end of the last answer: white space that a template puts between turns is nobody's."""
    return len(content.rstrip()) if isinstance(content, str) else len(content)
