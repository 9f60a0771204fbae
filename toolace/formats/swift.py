"""ms-swift's agent rows: one `tool_call` message a call, tools as text (its docs, Instruction/Agent-support)."""

from __future__ import annotations

from toolace import calltext
from toolace.formats.reading import Ids, RowError, foreign_dialog, member, of_type, read_tools
from toolace.formats.rows import Options, Row, json_text, steps_of, text_of, tools_text
from toolace.records import Dialog, Message, ToolCall


def write(dialog: Dialog, options: Options, number: int) -> Row:
    """One row. Words beside calls are an assistant message before them, which the loader joins to them."""
    messages: list[Row] = []
    for message, results in steps_of(dialog.messages):
        text = text_of(message, options)
        if text or not message.tool_calls:
            messages.append({"role": message.role, "content": text})
        for call in message.tool_calls or ():
            called = {"name": call.function.name, "arguments": call.function.arguments}
            messages.append({"role": "tool_call", "content": json_text(called)})
        messages += [{"role": "tool_response", "content": result.content or ""} for result in results]
    return {"tools": tools_text(dialog.tools), "messages": messages} if dialog.tools else {"messages": messages}


def read(row: Row, index: int) -> Dialog:
    """A dialog from a row; consecutive `tool_call` messages are calls of one step. Raises RowError."""
    messages: list[Message] = []
    ids = Ids()
    before = ""
    for at, one in enumerate(member(row, "messages", list, "")):
        where = f"/messages/{at}"
        role = member(of_type(one, dict, where), "role", str, where)
        content = member(one, "content", str, where)
        if role == "tool_call":
            calls = _read_calls(content, where, ids)
            joins = bool(messages) and messages[-1].role == "assistant" and before in ("assistant", "tool_call")
            last = messages.pop() if joins else Message(role="assistant")
            messages.append(last.model_copy(update={"tool_calls": (*(last.tool_calls or ()), *calls)}))
        elif role in ("tool_response", "tool"):
            id, name = ids.answered()
            messages.append(Message(role="tool", content=content, tool_call_id=id, name=name))
        elif role in ("system", "user", "assistant"):
            messages.append(Message.model_validate({"role": role, "content": content}))
        else:
            raise RowError(f"{where}/role", "system, user, assistant, tool_call or tool_response", role)
        before = role
    return foreign_dialog(index, messages, read_tools(row.get("tools") or [], "/tools"))


def _read_calls(content: str, where: str, ids: Ids) -> tuple[ToolCall, ...]:
    try:
        calls = tuple(ToolCall(id=ids.next(), function=call) for call in calltext.parse(content, style="json"))
    except calltext.CallTextError as error:
        raise RowError(f"{where}/content", f"a call in JSON ({error})", content) from None
    ids.called(calls)
    return calls
