"""LLaMA-Factory's sharegpt rows, and the `dataset_info.json` that declares them (its data/README.md).

human and observation stand at odd positions, function_call and gpt at even ones, so all calls of a step are one
function_call and all their results one observation, both JSON lists in the order of the calls.
"""

from __future__ import annotations

import json
from typing import Any

from toolace import calltext
from toolace.formats.reading import Ids, RowError, foreign_dialog, member, of_type, read_tools, result_text
from toolace.formats.rows import (
    NotCarried,
    Options,
    Row,
    functions_of,
    json_text,
    result_value,
    split_system,
    split_thinking,
    steps_of,
    text_of,
    tools_text,
)
from toolace.records import Dialog, Message, ToolCall

_SIDES = (("human", "observation"), ("gpt", "function_call"))
_SPEAKERS = {"human": "user", "gpt": "assistant", "user": "user", "assistant": "assistant"}


def write(dialog: Dialog, options: Options, number: int) -> Row:
    """One row. Raises NotCarried where the sides do not alternate, or words stand beside a call."""
    system, messages = split_system(dialog)
    turns: list[Row] = []
    for message, results in steps_of(messages):
        if message.role == "user":
            turns.append({"from": "human", "value": message.content or ""})
        elif not message.tool_calls:
            turns.append({"from": "gpt", "value": text_of(message, options)})
        else:
            turns.append({"from": "function_call", "value": _calls_text(message, options)})
            turns.append({"from": "observation", "value": json_text([result_value(one.content) for one in results])})
    if any(turn["from"] not in _SIDES[at % 2] for at, turn in enumerate(turns)):
        raise NotCarried("roles_do_not_alternate")
    if len(turns) % 2 or not turns:
        raise NotCarried("no_answer_at_the_end")
    tools = functions_of(dialog)
    return {"conversations": turns, "system": system, "tools": tools_text(tools) if tools else ""}


def read(row: Row, index: int) -> Dialog:
    """A dialog from a row; a single call or result need not stand in a list. Raises RowError."""
    system = member(row, "system", str, "", "")
    messages = [Message(role="system", content=system)] if system else []
    ids = Ids()
    for at, turn in enumerate(member(row, "conversations", list, "")):
        where = f"/conversations/{at}"
        messages += _read_turn(of_type(turn, dict, where), where, ids)
    return foreign_dialog(index, messages, read_tools(row.get("tools") or [], "/tools"))


def dataset_info(splits: list[str]) -> dict[str, str]:
    """`dataset_info.json`: one data set a split, named `toolace_train` and `toolace_eval`."""
    columns = {"messages": "conversations", "system": "system", "tools": "tools"}
    info = {
        f"toolace_{split}": {"file_name": f"{split}.jsonl", "formatting": "sharegpt", "columns": columns}
        for split in splits
    }
    return {"dataset_info.json": json.dumps(info, indent=2) + "\n"}


def _calls_text(message: Message, options: Options) -> str:
    """The calls as JSON; thinking before them is what the loader's function formatter looks for."""
    thinking, said = split_thinking(text_of(message, options))
    if said:
        raise NotCarried("text_beside_a_call")
    calls = [{"name": call.function.name, "arguments": call.function.arguments} for call in message.tool_calls or ()]
    return f"{thinking}\n\n{json_text(calls)}" if thinking else json_text(calls)


def _read_turn(turn: Row, where: str, ids: Ids) -> list[Message]:
    speaker = member(turn, "from", str, where)
    value = member(turn, "value", str, where)
    if speaker == "function_call":
        return [_read_calls(value, where, ids)]
    if speaker == "observation":
        return _read_results(value, ids)
    if speaker not in _SPEAKERS:
        raise RowError(f"{where}/from", "human, gpt, function_call or observation", speaker)
    return [Message.model_validate({"role": _SPEAKERS[speaker], "content": value})]


def _read_calls(value: str, where: str, ids: Ids) -> Message:
    thinking, said = split_thinking(value)
    try:
        calls = tuple(ToolCall(id=ids.next(), function=call) for call in calltext.parse(said, style="json"))
    except calltext.CallTextError as error:
        raise RowError(f"{where}/value", f"calls in JSON ({error})", value) from None
    ids.called(calls)
    return Message(role="assistant", content=thinking or None, tool_calls=calls)


def _read_results(value: str, ids: Ids) -> list[Message]:
    """One message a call where the value is a list of as many results, else one message."""
    listed: Any = result_value(value)
    if not isinstance(listed, list) or len(listed) != ids.waiting:
        listed, texts = [value], [value]
    else:
        texts = [result_text(one) for one in listed]
    messages: list[Message] = []
    for text in texts:
        id, name = ids.answered()
        messages.append(Message(role="tool", content=text, tool_call_id=id, name=name))
    return messages
