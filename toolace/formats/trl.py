"""TRL's conversational rows (SFTTrainer; also Axolotl's `chat_template`): `arguments` is an object.

As text it renders right in 8 of TRL 1.16's chat templates, is encoded twice in 8 and raises in 28 (measured).
"""

from __future__ import annotations

from toolace.formats import openai
from toolace.formats.rows import Options, Row, text_of
from toolace.records import Dialog, Message

read = openai.read
"""OpenAI's reader: it takes arguments as text and as object, with and without ids."""


def write(dialog: Dialog, options: Options, number: int) -> Row:
    """One row; every dialog is carried."""
    return {"messages": [_message(message, options) for message in dialog.messages], "tools": list(dialog.tools)}


def _message(message: Message, options: Options) -> Row:
    text = text_of(message, options)
    if message.role == "tool":
        return {"role": "tool", "tool_call_id": message.tool_call_id, "name": message.name, "content": text}
    row: Row = {"role": message.role, "content": text}
    if message.tool_calls:
        row["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.function.name, "arguments": call.function.arguments},
            }
            for call in message.tool_calls
        ]
    return row
