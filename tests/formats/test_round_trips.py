"""Export, import, export: the same bytes, for every dialog that a format carries."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolace.formats import FORMATS, NotCarried, Options, carried, read_line
from toolace.formats.toolace_prompts import PROMPTS
from toolace.records import Dialog, Function, Message, ToolCall, Turn

READABLE = [name for name, format in FORMATS.items() if format.read]
THINKING = [name for name in READABLE if FORMATS[name].thinks]
MIXED = Options(call_text={"json": 1.0, "python": 1.0}, system_prompt=dict.fromkeys(PROMPTS, 1.0))

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


def line_of(name: str, dialog: Dialog, options: Options) -> bytes:
    """The first row as a line of JSON."""
    return json.dumps(carried(FORMATS[name], dialog, options, 4)[0][0], ensure_ascii=False).encode()


@pytest.mark.parametrize("name", READABLE)
def test_a_dialog_comes_back_as_the_same_bytes(name: str, any_dialog: Dialog) -> None:
    """What the format cannot carry is said, and not written in part."""
    try:
        line = line_of(name, any_dialog, Options())
    except NotCarried:
        return
    assert line_of(name, read_line(name, line, 4), Options()) == line


@pytest.mark.parametrize("name", THINKING)
def test_thinking_comes_back_as_text(name: str, dialogs: dict[str, Dialog]) -> None:
    """The thought is no structure any more, but nothing of it is lost and the call is still a call."""
    line = line_of(name, dialogs["thinking"], Options(with_thinking=True))
    again = read_line(name, line, 4)
    assert again.kind == "single"
    assert line_of(name, again, Options()) == line


def test_every_wording_and_style_of_the_toolace_format_comes_back(any_dialog: Dialog) -> None:
    """Our instructions are recognised and taken away, so that they are not the dialog's own system message."""
    if any(message.tool_calls and message.content for message in any_dialog.messages):
        return
    line = line_of("toolace", any_dialog, MIXED)
    again = read_line("toolace", line, 4)
    own = [message.content for message in any_dialog.messages if message.role == "system"]
    assert [message.content for message in again.messages if message.role == "system"] == own
    assert line_of("toolace", again, MIXED) == line


@pytest.mark.parametrize("name", ["openai", "trl", "llamafactory", "swift", "hermes", "toolace"])
def test_messages_calls_and_kind_survive(name: str, dialogs: dict[str, Dialog]) -> None:
    """Ids are `call_1`, `call_2` … in our dialogs, which is what readers give where a format has none."""
    for dialog in (dialogs["parallel"], dialogs["dependent"], dialogs["declined"]):
        again = read_line(name, line_of(name, dialog, Options()), 12)
        assert (again.id, again.kind, again.tools) == ("row-0000012", dialog.kind, dialog.tools)
        assert again.messages == dialog.messages
        assert [turn.kind for turn in again.turns] == [turn.kind for turn in dialog.turns]


@given(arguments=st.dictionaries(TEXT.filter(bool), VALUES, max_size=3), result=VALUES | TEXT, words=TEXT)
@settings(max_examples=60, deadline=None)
def test_any_value_survives_every_format(arguments: dict[str, object], result: object, words: str) -> None:
    """Arguments, results (JSON or plain text) and words of any sort."""
    call = ToolCall(id="call_1", function=Function(name="f", arguments=arguments))
    content = result if isinstance(result, str) else json.dumps(result, ensure_ascii=False)
    dialog = Dialog(
        id="dialog-0000000",
        kind="single",
        turns=(Turn(kind="single", first=0),),
        tools=({"type": "function", "function": {"name": "f", "description": "", "parameters": {"type": "object"}}},),
        messages=(
            Message(role="user", content=words),
            Message(role="assistant", tool_calls=(call,)),
            Message(role="tool", tool_call_id="call_1", name="f", content=content),
            Message(role="assistant", content="Done."),
        ),
    )
    for name in READABLE:
        line = line_of(name, dialog, Options())
        again = read_line(name, line, 4)
        assert again.messages[1].tool_calls == dialog.messages[1].tool_calls, name
        assert line_of(name, again, Options()) == line, name
