"""Hermes rows: tools, calls and results as JSON between tags (huggingface.co/datasets/NousResearch/hermes-function-
calling-v1)."""

from __future__ import annotations

import re
from typing import Any

from toolace import calltext
from toolace.calltext.scanner import CallTextError, Scanner
from toolace.calltext.tagged import OPENING, guarded
from toolace.formats.reading import Ids, RowError, foreign_dialog, from_text, member, of_type, read_tools, result_text
from toolace.formats.rows import (
    NotCarried,
    Options,
    Row,
    json_text,
    result_value,
    split_system,
    steps_of,
    text_of,
    tools_text,
)
from toolace.records import Dialog, Message, ToolCall

_BEFORE = (
    "You are a function calling AI model. You are provided with function signatures within <tools></tools> XML tags. "
    "You may call one or more functions to assist with the user query. "
    "Don't make assumptions about what values to plug into functions. Here are the available tools:\n<tools>"
)
_AFTER = (
    "</tools>\nFor each function call return a json object with function name and arguments within "
    "<tool_call></tool_call> XML tags as follows:\n"
    '<tool_call>\n{"arguments": <args-dict>, "name": <function-name>}\n</tool_call>'
)
_OPENING = re.compile(r"<tools>(?=\s*[\[{])")
_SPEAKERS = {
    "human": "user",
    "user": "user",
    "gpt": "assistant",
    "assistant": "assistant",
    "tool": "tool",
    "system": "system",
}


def write(dialog: Dialog, options: Options, number: int) -> Row:
    """One row. Raises NotCarried for an answer that holds the tag itself."""
    system, messages = split_system(dialog)
    declared = f"{_BEFORE}{guarded(tools_text(dialog.tools))}{_AFTER}"
    turns = [{"from": "system", "value": f"{declared}\n\n{system}" if system else declared}]
    for message, results in steps_of(messages):
        if message.role == "user":
            turns.append({"from": "human", "value": message.content or ""})
            continue
        turns.append({"from": "gpt", "value": _said(message, options)})
        if results:
            turns.append({"from": "tool", "value": "\n".join(map(_response, results))})
    return {"conversations": turns}


def read(row: Row, index: int) -> Dialog:
    """A dialog from a row. Raises RowError; broken JSON between tags is one, with its offset."""
    tools: tuple[dict[str, Any], ...] = ()
    messages: list[Message] = []
    ids = Ids()
    for at, turn in enumerate(member(row, "conversations", list, "")):
        where = f"/conversations/{at}"
        speaker = _SPEAKERS.get(member(of_type(turn, dict, where), "from", str, where))
        value = member(turn, "value", str, where)
        if speaker is None:
            raise RowError(f"{where}/from", "system, human, gpt or tool", turn["from"])
        if speaker == "system":
            tools, own = _declared(value, where)
            messages += [Message(role="system", content=own)] if own else []
        elif speaker == "tool":
            messages += _read_results(value, where, ids)
        elif speaker == "assistant" and OPENING in value:
            messages.append(_read_calls(value, where, ids))
        else:
            messages.append(Message.model_validate({"role": speaker, "content": value}))
    return foreign_dialog(index, messages, tools)


def _said(message: Message, options: Options) -> str:
    text = text_of(message, options)
    if OPENING in text:
        raise NotCarried("answer_reads_as_a_call")
    if not message.tool_calls:
        return text
    try:
        calls = calltext.write([call.function for call in message.tool_calls], "hermes")
    except ValueError:
        raise NotCarried("value_outside_json") from None
    return f"{text}\n{calls}" if text else calls


def _response(message: Message) -> str:
    whole = {"name": message.name, "content": result_value(message.content)}
    return f"<tool_response>\n{guarded(json_text(whole))}\n</tool_response>"


def _declared(text: str, where: str) -> tuple[tuple[dict[str, Any], ...], str]:
    """The tools between the tags (a list, or one object a line) and what the system message says beside our
    instruction."""
    start = next((match.end() for match in _OPENING.finditer(text)), -1)
    end = text.find("</tools>", start)
    if start < 0 or end < 0:
        return (), text
    inside = text[start:end].strip()
    listed = inside if inside.startswith("[") else f"[{','.join(inside.splitlines())}]"
    tools = read_tools(from_text(listed, f"{where}/value"), f"{where}/value")
    if text.startswith(_BEFORE) and text.startswith(_AFTER, end):
        return tools, text[end + len(_AFTER) :].removeprefix("\n\n")
    return tools, f"{text[: start - len('<tools>')]}{text[end + len('</tools>') :]}".strip()


def _read_calls(value: str, where: str, ids: Ids) -> Message:
    start = value.index(OPENING)
    try:
        calls = tuple(ToolCall(id=ids.next(), function=call) for call in calltext.parse(value[start:], style="hermes"))
    except CallTextError as error:
        raise RowError(f"{where}/value", f"calls between tags ({error})", value) from None
    ids.called(calls)
    return Message(role="assistant", content=value[:start].removesuffix("\n") or None, tool_calls=calls)


def _read_results(value: str, where: str, ids: Ids) -> list[Message]:
    scanner = Scanner(value)
    messages: list[Message] = []
    try:
        while not messages or scanner.take("<tool_response>"):
            if not messages:
                scanner.need("<tool_response>")
            whole = of_type(scanner.value(), dict, f"{where}/value")
            scanner.need("</tool_response>")
            id, name = ids.answered(name=member(whole, "name", str, f"{where}/value", "") or None)
            messages.append(Message(role="tool", content=result_text(whole.get("content")), tool_call_id=id, name=name))
        scanner.end()
    except CallTextError as error:
        raise RowError(f"{where}/value", f"results between tags ({error})", value) from None
    return messages
