"""Malformed rows are errors that name the place, what was expected and what is there; never a guess, never a crash."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolace.formats import FORMATS, RowError, read_line

USER = {"role": "user", "content": "Hello"}
CALL = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}


def chat(*messages: Any, tools: Any = None) -> dict[str, Any]:
    """A row of the openai format."""
    return {"messages": list(messages), "tools": tools}


def called(**function: Any) -> dict[str, Any]:
    """An assistant message that calls."""
    return {"role": "assistant", "tool_calls": [{"function": function}]}


BAD: list[tuple[str, Any, str]] = [
    ("openai", b"{", "JSON (EOF while parsing"),
    ("openai", b"[1]", "expected an object, got [1]"),
    ("openai", b'{"messages": [NaN]}', "JSON ("),
    ("openai", b'{"messages": ["\\ud800"]}', "JSON ("),
    ("openai", b"\xff\xfe", "JSON ("),
    ("openai", b"[" * 100_000, "JSON (recursion limit exceeded"),
    ("openai", {}, "/: expected the key 'messages', got []"),
    ("openai", {"messages": "no"}, "/messages: expected a list, got 'no'"),
    ("openai", chat("no"), "/messages/0: expected an object, got 'no'"),
    ("openai", chat({"content": "x"}), "/messages/0: expected the key 'role', got ['content']"),
    ("openai", chat({"role": "robot"}), "/messages/0/role: expected system, user, assistant or tool, got 'robot'"),
    ("openai", chat({"role": "user", "content": 5}), "/messages/0/content: expected a list, got 5"),
    (
        "openai",
        chat({"role": "user", "content": [{"type": "image_url"}]}),
        "/messages/0/content/0: expected a part of type 'text', got {'type': 'image_url'}",
    ),
    (
        "openai",
        chat({"role": "user", "tool_calls": [CALL]}),
        "/messages/0/tool_calls: expected no calls in a message of the user",
    ),
    (
        "openai",
        chat(USER, called(name="f", arguments="{")),
        "/messages/1/tool_calls/0/function/arguments: expected JSON (EOF while parsing an object at line 1 column 1)",
    ),
    (
        "trl",
        chat(USER, called(name="f", arguments=[1])),
        "/messages/1/tool_calls/0/function/arguments: expected an object, got [1]",
    ),
    (
        "trl",
        chat(USER, called(arguments={})),
        "/messages/1/tool_calls/0/function: expected the key 'name', got ['arguments']",
    ),
    ("openai", chat(USER, tools=[{"function": {}}]), "/tools/0/function: expected the key 'name', got []"),
    ("openai", chat(USER, tools=5), "/tools: expected a list, got 5"),
    ("toolace", {"conversations": []}, "/: expected the key 'system', got ['conversations']"),
    (
        "toolace",
        {"system": "[]", "conversations": [{"from": "gott", "value": ""}]},
        "/conversations/0/from: expected user, assistant or tool, got 'gott'",
    ),
    (
        "toolace",
        {"system": '[{"name": "Get Rate"}]', "conversations": [{"from": "assistant", "value": "[Get Rate(a=x)]"}]},
        "/conversations/0/value: expected calls (call text, offset 12: expected a literal",
    ),
    (
        "llamafactory",
        {"conversations": [{"from": "function_call", "value": '[{"name": "f"}]'}]},
        '/conversations/0/value: expected calls in JSON (call text, offset 1: expected an object with "name"',
    ),
    (
        "llamafactory",
        {"conversations": [{"from": "robot", "value": ""}]},
        "/conversations/0/from: expected human, gpt, function_call or observation, got 'robot'",
    ),
    ("swift", {"messages": [{"role": "tool_call", "content": "f()"}]}, "/messages/0/content: expected a call in JSON"),
    (
        "hermes",
        {"conversations": [{"from": "gpt", "value": '<tool_call>{"name": "f", "arguments": {}}'}]},
        "expected '</tool_call>', found the end",
    ),
    ("xlam", {"query": "q", "tools": "[", "answers": "[]"}, "/tools: expected JSON (EOF while parsing"),
    ("xlam", {"query": "q", "tools": "[]", "answers": "[{}]"}, "/answers/0: expected the key 'name', got []"),
    ("bfcl", {}, "a format that can be read, which bfcl is not"),
]


@pytest.mark.parametrize(("format", "row", "message"), BAD)
def test_a_bad_row_says_where_and_what(format: str, row: Any, message: str) -> None:
    """Format, row (or line), and a part of the message."""
    line = row if isinstance(row, bytes) else json.dumps(row).encode()
    with pytest.raises(RowError) as caught:
        read_line(format, line, 0)
    assert message in str(caught.value)


KEYS = (
    "messages role content tools tool_calls function name arguments conversations from value system query answers "
    "parameters type user tool_call_id"
).split()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(row=st.dictionaries(st.sampled_from(["messages", "conversations", "system", "tools", "query", "answers"]), JSON))
@settings(max_examples=150, deadline=None)
def test_any_object_is_a_dialog_or_an_error(row: dict[str, Any]) -> None:
    """Readers raise nothing but RowError."""
    line = json.dumps(row).encode()
    for name, format in FORMATS.items():
        if format.read:
            try:
                read_line(name, line, 0)
            except RowError:
                continue


@given(at=st.integers(0, 600), byte=st.integers(0, 255))
@settings(max_examples=150, deadline=None)
def test_any_changed_byte_is_a_dialog_or_an_error(at: int, byte: int) -> None:
    """One byte of a good row replaced."""
    row = chat(
        USER,
        {"role": "assistant", "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "call_1", "content": "[]"},
        tools=[{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}],
    )
    line = bytearray(json.dumps(row).encode())
    line[at % len(line)] = byte
    try:
        read_line("openai", bytes(line), 0)
    except RowError:
        return
