"""Rows that others wrote: their habits are understood, and what they lack is worked out."""

from __future__ import annotations

import json

from toolace.formats import read_line
from toolace.records import Dialog, Function, Message


def read(format: str, row: dict[str, object]) -> Dialog:
    """The dialog of a row."""
    return read_line(format, json.dumps(row).encode(), 7)


def calls(dialog: Dialog) -> list[Function]:
    """All calls in order."""
    return [call.function for message in dialog.messages for call in message.tool_calls or ()]


PUBLISHED = {
    "system": (
        "You are an expert in composing functions. Here is a list of functions in JSON format that you can invoke:\n"
        '[{"name": "Get League / Team (v1.2)", "description": "Gets it", "parameters": {"type": "dict", "properties": '
        '{"team id": {"type": "int"}, "rate": {"type": "float"}, "any": {"type": "any"}}, "required": ["team id"]}, '
        '"required": null}, {"name": "news", "description": "", "parameters": {"type": "dict", "properties": {}}}]. \n'
        "Should you decide to return the function call(s). \nPut it in the format of [func1(params_name=params_value, "
        "params_name2=params_value2...), func2(params)]\n\nNO other text MUST be included. "
    ),
    "conversations": [
        {"from": "user", "value": "Team 13?"},
        {"from": "assistant", "value": "[Get League / Team (v1.2)(team id=13, rate=1.50, any=None), news()]"},
        {
            "from": "tool",
            "value": '[{"name": "news", "results": []}, {"name": "Get League / Team (v1.2)", "results": "x"}]',
        },
        {"from": "assistant", "value": "[1] See the list (above)."},
    ],
}


def test_published_toolace_rows_are_read() -> None:
    """Names that are no identifiers, BFCL's type names, results in another order, prose that begins with a bracket."""
    dialog = read("toolace", PUBLISHED)
    assert calls(dialog) == [
        Function(name="Get League / Team (v1.2)", arguments={"team id": 13, "rate": 1.5, "any": None}),
        Function(name="news", arguments={}),
    ]
    assert dialog.kind == "parallel"
    assert dialog.tools[0]["function"] == {
        "name": "Get League / Team (v1.2)",
        "description": "Gets it",
        "parameters": {
            "type": "object",
            "properties": {"team id": {"type": "integer"}, "rate": {"type": "number"}, "any": {}},
            "required": ["team id"],
        },
    }
    assert [(one.tool_call_id, one.content) for one in dialog.messages if one.role == "tool"] == [
        ("call_2", "[]"),
        ("call_1", "x"),
    ]
    assert dialog.messages[-1] == Message(role="assistant", content="[1] See the list (above).")


def test_a_call_of_an_undeclared_tool_is_still_a_call() -> None:
    """That it is not declared is the rules' finding."""
    row = {
        **PUBLISHED,
        "conversations": [{"from": "user", "value": "?"}, {"from": "assistant", "value": "[weather(c='x')]"}],
    }
    assert calls(read("toolace", row)) == [Function(name="weather", arguments={"c": "x"})]


def test_chat_rows_without_ids_get_them_in_order() -> None:
    """Results are matched to calls by name, else by order."""
    row = {
        "messages": [
            {"role": "developer", "content": "Be brief."},
            {"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]},
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [
                    {"function": {"name": "f", "arguments": {"x": 1}}},
                    {"function": {"name": "g", "arguments": '{"y": 2}'}},
                ],
            },
            {"role": "tool", "name": "g", "content": "2"},
            {"role": "tool", "content": "1"},
        ],
        "tools": json.dumps([{"name": "f"}, {"name": "g"}]),
    }
    dialog = read("trl", row)
    assert [message.role for message in dialog.messages] == ["system", "user", "assistant", "tool", "tool"]
    assert dialog.messages[1].content == "ab"
    assert [(one.tool_call_id, one.name) for one in dialog.messages[3:]] == [("call_2", "g"), ("call_1", "f")]
    assert [tool["type"] for tool in dialog.tools] == ["function", "function"]
    assert (dialog.id, dialog.kind, dialog.turns[0].first) == ("row-0000007", "parallel", 1)


def test_a_result_that_answers_no_call_is_kept_for_the_rules_to_find() -> None:
    """Reading judges the row's form alone."""
    row = {"messages": [{"role": "user", "content": "?"}, {"role": "tool", "tool_call_id": "call_9", "content": "1"}]}
    assert read("openai", row).messages[1] == Message(role="tool", tool_call_id="call_9", content="1")


def test_llamafactory_rows_may_hold_a_single_call_and_result() -> None:
    """As in the trainer's own demo data."""
    row = {
        "conversations": [
            {"from": "human", "value": "?"},
            {"from": "function_call", "value": '{"name": "f", "arguments": {"x": true}}'},
            {"from": "observation", "value": '{"rank": 1}'},
            {"from": "gpt", "value": "First."},
        ],
        "tools": '[{"name": "f", "parameters": {"type": "object"}}]',
    }
    dialog = read("llamafactory", row)
    assert calls(dialog) == [Function(name="f", arguments={"x": True})]
    assert dialog.messages[2] == Message(role="tool", tool_call_id="call_1", name="f", content='{"rank": 1}')


def test_hermes_rows_may_list_one_tool_a_line_and_speak_before_they_call() -> None:
    """As Qwen's template writes them."""
    row = {
        "conversations": [
            {"from": "system", "value": 'Be kind.\n<tools>\n{"name": "f"}\n{"name": "g"}\n</tools>'},
            {"from": "human", "value": "?"},
            {"from": "gpt", "value": 'Sure.\n<tool_call>\n{"name": "g", "arguments": {}}\n</tool_call>'},
        ]
    }
    dialog = read("hermes", row)
    assert [tool["function"]["name"] for tool in dialog.tools] == ["f", "g"]
    assert dialog.messages[0].content == "Be kind."
    assert dialog.messages[2].content == "Sure."
    assert dialog.kind == "single"


def test_swift_joins_calls_of_one_step() -> None:
    """Consecutive tool_call messages, and words before them."""
    row = {
        "tools": "[]",
        "messages": [
            {"role": "user", "content": "?"},
            {"role": "assistant", "content": "Let me see."},
            {"role": "tool_call", "content": '{"name": "f", "arguments": {}}'},
            {"role": "tool_call", "content": '{"name": "g", "arguments": {}}'},
            {"role": "tool_response", "content": "1"},
            {"role": "tool_response", "content": "2"},
            {"role": "tool_call", "content": '{"name": "f", "arguments": {}}'},
        ],
    }
    dialog = read("swift", row)
    assert [len(message.tool_calls or ()) for message in dialog.messages] == [0, 2, 0, 0, 1]
    assert dialog.messages[1].content == "Let me see."
    assert dialog.kind == "dependent"


def test_turns_begin_at_user_messages_and_calls_before_them_are_not_lost() -> None:
    """Two user messages in a row are one turn."""
    call = {"role": "assistant", "tool_calls": [{"function": {"name": "f", "arguments": {}}}]}
    user = {"role": "user", "content": "?"}
    dialog = read("openai", {"messages": [call, user, user, call, call, user, {"role": "assistant", "content": "x"}]})
    assert [(turn.kind, turn.first) for turn in dialog.turns] == [("dependent", 1), ("none", 5)]
    assert read("openai", {"messages": [call]}).kind == "single"
