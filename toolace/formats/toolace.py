"""Rows as ToolACE published them: tools as JSON inside the system text, calls as text (huggingface.co/datasets/Team-
ACE/ToolACE).

The published rows' type names (`dict`, `float`) are read as JSON Schema's; written are JSON Schema's own.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from toolace import calltext
from toolace.formats.reading import Ids, RowError, foreign_dialog, from_text, member, of_type, read_tools, result_text
from toolace.formats.rows import (
    NotCarried,
    Options,
    Row,
    functions_of,
    json_text,
    names_of,
    result_value,
    split_system,
    split_thinking,
    text_of,
)
from toolace.formats.toolace_prompts import NOTATIONS, PROMPTS
from toolace.formats.types import from_dialect
from toolace.records import Dialog, Message, ToolCall

_LIST = re.compile(r"\[\s*(?=[{\]])")
_LISTS_TRIED = 100
_DECODER = json.JSONDecoder()
_TURNS = {"user": "user", "human": "user", "assistant": "assistant", "gpt": "assistant", "tool": "tool"}


def write(dialog: Dialog, options: Options, number: int) -> Row:
    """One row. Raises NotCarried where call text and prose could not be told apart when the row is read.

    Prompt wording and call style are drawn from the dialog's words, not from its id: the same dialog always looks the
    same.
    """
    system, messages = split_system(dialog)
    style = _drawn(options.call_text, "style", dialog)
    prompt = PROMPTS[_drawn(options.system_prompt, "prompt", dialog)]
    text = prompt.rendered(functions_of(dialog), style)
    names = names_of(dialog)
    conversations: list[Row] = []
    for message in messages:
        if message.role == "tool" and conversations and conversations[-1]["from"] == "tool":
            conversations[-1]["value"].append(_result(message))
        elif message.role == "tool":
            conversations.append({"from": "tool", "value": [_result(message)]})
        else:
            conversations.append({"from": message.role, "value": _value(message, names, style, options)})
    for turn in conversations:
        turn["value"] = json_text(turn["value"]) if turn["from"] == "tool" else turn["value"]
    return {"system": f"{text}\n\n{system}" if system else text, "conversations": conversations}


def read(row: Row, index: int) -> Dialog:
    """A dialog from a row, published ones included. Raises RowError; broken call text is one, with its offset."""
    tools, system = _declared(member(row, "system", str, ""))
    names = [tool["function"]["name"] for tool in tools]
    messages = [Message(role="system", content=system)] if system else []
    ids = Ids()
    for at, turn in enumerate(member(row, "conversations", list, "")):
        where = f"/conversations/{at}"
        messages += _read_turn(of_type(turn, dict, where), where, names, ids)
    return foreign_dialog(index, messages, tools)


def _drawn(shares: Mapping[str, float], purpose: str, dialog: Dialog) -> str:
    """A draw by these shares, seeded by the first user message."""
    text = next((message.content or "" for message in dialog.messages if message.role == "user"), "")
    digest = hashlib.blake2b(f"{purpose}\n{text}".encode(), digest_size=8).digest()
    point = int.from_bytes(digest) / 2**64 * sum(shares.values())
    for name, share in shares.items():
        point -= share
        if point < 0:
            return name
    return list(shares)[-1]


def _value(message: Message, names: Sequence[str], style: str, options: Options) -> str:
    if message.role == "user":
        return message.content or ""
    thinking, said = split_thinking(text_of(message, options))
    if message.tool_calls and said:
        raise NotCarried("text_beside_a_call")
    if not message.tool_calls:
        if calltext.style_of(said, names):
            raise NotCarried("answer_reads_as_a_call")
        return text_of(message, options)
    text = _call_text([call.function for call in message.tool_calls], names, style)
    return f"{thinking}\n\n{text}" if thinking else text


def _call_text(calls: list[calltext.Function], names: Sequence[str], style: str) -> str:
    """Call text that reads back as these calls; names such as `f(a=1), g` beside `f` and `g` may not."""
    try:
        text = calltext.write(calls, "json" if style == "json" else "python")
    except ValueError:
        raise NotCarried("call_without_a_spelling") from None
    if style == "python" and any("(" in name for name in names) and list(calltext.parse(text, names)) != calls:
        raise NotCarried("call_text_is_ambiguous")
    return text


def _result(message: Message) -> Row:
    return {"name": message.name, "results": result_value(message.content)}


def _declared(system: str) -> tuple[tuple[dict[str, Any], ...], str]:
    """The tools inside a system text, and what the text says beside them; our own instructions are taken away."""
    for match in islice(_LIST.finditer(system), _LISTS_TRIED):
        try:
            listed, end = _DECODER.raw_decode(system, match.start())
        except (ValueError, RecursionError):  # a bracket of the text around the tools
            continue
        if isinstance(listed, list) and all(isinstance(one, dict) and "name" in one for one in listed):
            strictly = from_text(system[match.start() : end], "/system")
            tools = read_tools([from_dialect(one) for one in strictly], "/system")
            return tools, _own_text(system[: match.start()], system[end:])
    return (), system


def _own_text(before: str, after: str) -> str:
    for prompt in PROMPTS.values():
        for notation in NOTATIONS:
            if (own := prompt.own_text(before, after, notation)) is not None:
                return own
    return f"{before.rstrip()}\n{after.lstrip('. ')}".strip()


def _read_turn(turn: Row, where: str, names: Sequence[str], ids: Ids) -> list[Message]:
    role = _TURNS.get(member(turn, "from", str, where))
    value = member(turn, "value", str, where)
    if role is None:
        raise RowError(f"{where}/from", "user, assistant or tool", turn["from"])
    if role == "tool":
        return _read_results(value, where, ids)
    if role == "user":
        return [Message(role="user", content=value)]
    thinking, said = split_thinking(value)
    if calltext.style_of(said, names) is None:
        return [Message(role="assistant", content=value)]
    try:
        calls = tuple(ToolCall(id=ids.next(), function=call) for call in calltext.parse(said, names))
    except calltext.CallTextError as error:
        raise RowError(f"{where}/value", f"calls ({error})", value) from None
    ids.called(calls)
    return (
        [Message(role="assistant", content=thinking or None, tool_calls=calls)]
        if calls
        else [Message(role="assistant", content=value)]
    )


def _read_results(value: str, where: str, ids: Ids) -> list[Message]:
    """One message a result; a value that is no list of named results is one result as it stands."""
    listed = result_value(value)
    if not isinstance(listed, list) or not all(isinstance(one, dict) and "name" in one for one in listed):
        id, name = ids.answered()
        return [Message(role="tool", content=value, tool_call_id=id, name=name)]
    messages: list[Message] = []
    for at, one in enumerate(listed):
        id, name = ids.answered(name=of_type(one["name"], str, f"{where}/value/{at}/name"))
        results = one["results"] if "results" in one else one.get("content")
        messages.append(Message(role="tool", content=result_text(results), tool_call_id=id, name=name))
    return messages
