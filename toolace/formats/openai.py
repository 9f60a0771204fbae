"""OpenAI's chat fine-tuning rows: `arguments` is a string of JSON (platform.openai.com/docs/guides/fine-tuning)."""

from __future__ import annotations

import re
from typing import Any

from toolace.formats.reading import Ids, RowError, foreign_dialog, from_text, member, of_type, read_tools
from toolace.formats.rows import NotCarried, Options, Row, json_text, names_of, text_of
from toolace.records import Dialog, Function, Message, ToolCall

_LEGAL = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_ROLES = {"system": "system", "developer": "system", "user": "user", "assistant": "assistant", "tool": "tool"}


def write(dialog: Dialog, options: Options, number: int) -> Row:
    """One row. Raises NotCarried for names that OpenAI refuses, with which it refuses the whole file.

    `parallel_tool_calls` is false where no message has several calls, which is what the API then enforces.
    """
    if not all(_LEGAL.fullmatch(name) for name in names_of(dialog)):
        raise NotCarried("tool_name_refused_by_openai")
    row: Row = {"messages": [_message(message, options) for message in dialog.messages]}
    if dialog.tools:
        row["tools"] = list(dialog.tools)
        row["parallel_tool_calls"] = any(len(message.tool_calls or ()) > 1 for message in dialog.messages)
    return row


def read(row: Row, index: int) -> Dialog:
    """A dialog from a row of OpenAI's chat format; `arguments` may be text or object. Raises RowError."""
    ids = Ids()
    listed = member(row, "messages", list, "")
    messages = [
        _read_message(of_type(one, dict, f"/messages/{at}"), f"/messages/{at}", ids) for at, one in enumerate(listed)
    ]
    return foreign_dialog(index, messages, read_tools(row.get("tools"), "/tools"))


def _message(message: Message, options: Options) -> Row:
    text = text_of(message, options)
    if message.role == "tool":
        return {"role": "tool", "tool_call_id": message.tool_call_id, "content": text}
    row: Row = {"role": message.role}
    if text or not message.tool_calls:
        row["content"] = text
    if message.tool_calls:
        row["tool_calls"] = [_call(call) for call in message.tool_calls]
    return row


def _call(call: ToolCall) -> Row:
    function = {"name": call.function.name, "arguments": json_text(call.function.arguments)}
    return {"id": call.id, "type": "function", "function": function}


def _read_message(row: Row, where: str, ids: Ids) -> Message:
    role = _ROLES.get(member(row, "role", str, where))
    if role is None:
        raise RowError(f"{where}/role", "system, user, assistant or tool", row["role"])
    content = _content(row.get("content"), f"{where}/content")
    name = member(row, "name", str, where, "") or None
    if role == "tool":
        id, name = ids.answered(member(row, "tool_call_id", str, where, "") or None, name)
        return Message(role="tool", content=content, tool_call_id=id, name=name)
    calls = _read_calls(member(row, "tool_calls", list, where, []), f"{where}/tool_calls", ids)
    if not calls:
        return Message.model_validate({"role": role, "content": content or "", "name": name})
    if role != "assistant":
        raise RowError(f"{where}/tool_calls", f"no calls in a message of the {role}", row["tool_calls"])
    return Message(role="assistant", content=content or None, tool_calls=calls, name=name)


def _content(value: Any, where: str) -> str | None:
    """A message's text; a list of text parts is joined. Raises RowError for parts of other types."""
    if value is None or isinstance(value, str):
        return value
    pieces: list[str] = []
    for at, part in enumerate(of_type(value, list, where)):
        if not isinstance(part, dict) or part.get("type") != "text":
            raise RowError(f"{where}/{at}", "a part of type 'text'", part)
        pieces.append(member(part, "text", str, f"{where}/{at}"))
    return "".join(pieces)


def _read_calls(listed: list[Any], where: str, ids: Ids) -> tuple[ToolCall, ...]:
    calls: list[ToolCall] = []
    for at, one in enumerate(listed):
        here = f"{where}/{at}"
        whole = of_type(one, dict, here)
        function = member(whole, "function", dict, here)
        arguments = function.get("arguments", {})
        if isinstance(arguments, str):
            arguments = from_text(arguments, f"{here}/function/arguments")
        given = of_type(arguments, dict, f"{here}/function/arguments")
        called = Function(name=member(function, "name", str, f"{here}/function"), arguments=given)
        calls.append(ToolCall(id=member(whole, "id", str, here, "") or ids.next(), function=called))
    ids.called(calls)
    return tuple(calls)
