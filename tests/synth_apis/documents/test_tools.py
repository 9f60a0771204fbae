"""Tool lists come in unchanged, in whichever wrapping; what is no tool is lost with its reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from toolace.errors import UserMistake
from toolace.synth_apis.documents import Document, Operation, Skipped, read_tools

PARAMETERS = {
    "type": "object",
    "properties": {"Stadt": {"type": "string", "x-mine": [1.0, "ü"]}},
    "required": ["Stadt"],
}
TOOL = {"name": "get weather 天气", "description": "Says  what\nthe **weather** is.", "parameters": PARAMETERS}
WRAPPED = {"type": "function", "function": TOOL}
MCP = {"name": TOOL["name"], "description": TOOL["description"], "inputSchema": PARAMETERS}
OPERATION = Operation(str(TOOL["name"]), str(TOOL["description"]), PARAMETERS, {"type": "object"})


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ([WRAPPED], "tools"),
        ([TOOL], "tools"),
        (TOOL, "tools"),
        (WRAPPED, "tools"),
        ({"tools": [WRAPPED]}, "tools"),
        ({"functions": [TOOL]}, "tools"),
        ([{"name": TOOL["name"], "description": TOOL["description"], "input_schema": PARAMETERS}], "tools"),
        ({"tools": [MCP], "nextCursor": None}, "mcp"),
        ({"jsonrpc": "2.0", "id": 1, "result": {"tools": [MCP]}}, "mcp"),
    ],
)
def test_every_wrapping_gives_the_same_tool(read_one: Any, content: Any, kind: str) -> None:
    """Name, description and parameters are exactly those of the file."""
    assert read_one(content, "my_tools.json") == Document("my_tools.json", kind, "my tools", operations=(OPERATION,))


def test_json_lines_are_read_and_bad_lines_are_lost(read_one: Any) -> None:
    """Each line counts: a tool, a torn line, a tool without a name."""
    lines = [json.dumps(WRAPPED), '{"name": "torn', json.dumps({"name": " "}), "5"]
    document = read_one("\n\n".join(lines))
    assert document.operations == (OPERATION,)
    assert document.lost == (
        ("line 3", "not valid JSON: unexpected end of data: line 1 column 15 (char 14)"),
        ("line 7", "neither an object nor a list: 5"),
        ("tool 2", "it has no name"),
    )


def test_records_of_a_pool_keep_their_result_and_domain(read_one: Any) -> None:
    """An exported pool can be imported again."""
    returns = {"type": "object", "properties": {"degrees": {"type": "number"}}}
    record = {"v": 1, "id": "api-1", **TOOL, "returns": returns, "domain": ["weather", "forecasts"], "lineage": {}}
    (found,) = read_one(json.dumps(record) + "\n" + json.dumps({**record, "name": "b"}) + "\n").operations[:1]
    assert found == Operation(OPERATION.name, OPERATION.description, PARAMETERS, returns, ("weather", "forecasts"))


@pytest.mark.parametrize(
    ("more", "returns"),
    [
        ({"outputSchema": {"type": "array", "items": {}}}, {"type": "array", "items": {}}),
        ({"response": "The degrees"}, {"type": "object", "description": "The degrees"}),
        ({"returns": {"type": "dict"}}, {"type": "object"}),
        ({"returns": None}, {"type": "object"}),
    ],
)
def test_results_are_kept_where_they_are_schemas(read_one: Any, more: Any, returns: Any) -> None:
    """A text about the result is its description; anything else is an open object."""
    assert read_one([{**TOOL, **more}]).operations[0].returns == returns


@pytest.mark.parametrize("missing", [{}, {"parameters": None}])
def test_a_tool_without_parameters_takes_none(read_one: Any, missing: Any) -> None:
    """It is a tool all the same."""
    (found,) = read_one({"tools": [{"name": "ping", **missing}]}).operations
    assert found == Operation("ping", "", {"type": "object", "properties": {}}, {"type": "object"})


DEEP: dict[str, Any] = {}
for _ in range(120):
    DEEP = {"type": "object", "properties": {"a": DEEP}}


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ("none", "a mapping belongs here, got 'none'"),
        ({"type": "string"}, "'type' is 'string', but arguments are an 'object'"),
        ({"type": "dict"}, "'type' is 'dict', but arguments are an 'object'"),
        ({"city": {"type": "str"}}, "none of its keys ('city') is a keyword of JSON Schema"),
        ({"type": "object", "properties": []}, '/properties: [] is not of type "object"'),
        ({"type": "object", "properties": {"a": {"pattern": "["}}}, "/properties/a/pattern: '[' is not a 'regex'"),
        (DEEP, "nested deeper than 100 levels"),
    ],
)
def test_parameters_that_are_no_schema_lose_the_tool(read_one: Any, parameters: Any, reason: str) -> None:
    """Unchanged means that they cannot be mended either."""
    document = read_one([{"name": "f", "description": "d", "parameters": parameters}])
    assert document.operations == ()
    assert document.lost == (("f", f"its parameters are no usable JSON Schema: {reason}"),)


def test_a_second_tool_of_a_name_is_lost(read_one: Any) -> None:
    """Nobody could say which of them a call means."""
    assert read_one([TOOL, TOOL]).lost == ((TOOL["name"], "a second tool of this name"),)


def test_two_hundred_parameters_stay(read_one: Any) -> None:
    """Size is no reason to change an imported tool."""
    wide = {"type": "object", "properties": {f"p {number}": {"type": "string"} for number in range(200)}}
    assert read_one([{**TOOL, "parameters": wide}]).operations[0].parameters == wide


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (["a", "b"], "a list whose items are no tools"),
        ([], "structured content without anything in it (list)"),
        ({}, "structured content without anything in it (dict)"),
        ({"tools": []}, "tool list without anything that can be called"),
        (
            {"name": "package", "version": "1"},
            "structured content of no known format (its keys begin with 'name', 'version')",
        ),
    ],
)
def test_json_without_tools_is_skipped(read_one: Any, content: Any, reason: str) -> None:
    """The reason says what was seen."""
    assert read_one(content) == Skipped("file", reason)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("Just some words", "plain text, no tool list; give OpenAPI, an OpenAI or MCP tool list"),
        ("", "empty file; give OpenAPI, an OpenAI or MCP tool list"),
        ('[{"name": "f", "parameters": 5}]', "'f': its parameters are no usable JSON Schema"),
        ('{"a": ', "not valid JSON: unexpected end of data"),
    ],
)
def test_importing_what_holds_no_tools_is_the_users_mistake(tmp_path: Path, content: str, message: str) -> None:
    """One line that names the file and the reason."""
    path = tmp_path / "tools.json"
    path.write_text(content)
    with pytest.raises(UserMistake) as caught:
        read_tools(path)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)


def test_importing_needs_a_file_that_exists(tmp_path: Path) -> None:
    """A folder or nothing at all is said to be so."""
    with pytest.raises(UserMistake, match=r"does not exist; give a file of tools with --import"):
        read_tools(tmp_path / "none.json")
    with pytest.raises(UserMistake, match=r"is a folder; give one file of tools with --import"):
        read_tools(tmp_path)


def test_importing_gives_the_document(tmp_path: Path) -> None:
    """Any structured format will do."""
    path = tmp_path / "tools.json"
    path.write_text(json.dumps([WRAPPED]))
    assert read_tools(path) == Document("tools.json", "tools", "tools", operations=(OPERATION,))
