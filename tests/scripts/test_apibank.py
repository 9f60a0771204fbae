"""API-Bank's items as conversations, and the comparison of calls."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from evaluation.apibank import ApiBank, same_call
from evaluation.questions import Answer

from toolace.errors import UserMistake
from toolace.records import Function

ALARM = {
    "name": "AddAlarm",
    "description": "Sets an alarm.",
    "input_parameters": {"time": {"type": "str", "description": "When."}},
    "output_parameters": {},
}
FOUND = repr(ALARM)
SEARCHER = {"name": "ToolSearcher", "description": "Searches.", "input_parameters": {"keywords": {"type": "str"}}}


def item(tools: list[dict[str, Any]], said: str, gold: str) -> dict[str, Any]:
    """An item of API-Bank's shape."""
    described = "\n".join(map(json.dumps, tools))
    instruction = f"\nGenerate an API request.\nAPI descriptions:\n{described}"
    return {
        "instruction": instruction,
        "input": f"{said}\nGenerate API Request:\n",
        "expected_output": f"API-Request: {gold}",
    }


@pytest.fixture
def bank(tmp_path: Path) -> ApiBank:
    """One item of each level."""
    first = item([ALARM], "User: Wake me\nat 7.\nAI: Sure.", "[AddAlarm(time='07:00')]")
    searched = f"User: Wake me.\nAPI-Request: [ToolSearcher(keywords='alarm')]->{FOUND}\nAI: When?\nUser: At 7."
    second = item([SEARCHER], searched, "[AddAlarm(time='07:00')]")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "level-1-api.json").write_text(json.dumps([first]))
    (tmp_path / "data" / "level-2-api.json").write_text(json.dumps([second]))
    return ApiBank(tmp_path, None)


def test_an_item_is_a_conversation_up_to_the_call(bank: ApiBank) -> None:
    """Lines belong to their speaker; the announcement of the call is left out."""
    question = bank.questions[0]
    assert [(one.role, one.content) for one in question.messages] == [
        ("system", "The current year is 2023."),
        ("user", "Wake me\nat 7."),
    ]
    assert [tool["function"]["parameters"]["required"] for tool in question.tools] == [["time"]]


def test_what_a_search_finds_is_offered(bank: ApiBank) -> None:
    """The call and its result are messages of their own, and the tool that was found can be called."""
    question = bank.questions[1]
    assert [one.role for one in question.messages] == ["system", "user", "assistant", "tool", "assistant", "user"]
    assert [tool["function"]["name"] for tool in question.tools] == ["ToolSearcher", "AddAlarm"]


def test_gold_is_right_and_silence_is_not(bank: ApiBank) -> None:
    """The ceiling is 1, and words never count."""
    assert all(bank.right(answer) for answer in bank.gold(bank.questions))
    assert not any(bank.right(Answer(question.id, text="No.")) for question in bank.questions)


@pytest.mark.parametrize(
    ("one", "gold", "same"),
    [
        (("A", {"x": " Oslo"}), ("A", {"x": "oslo"}), True),
        (("A", {"x": 5}), ("A", {"x": "5"}), True),
        (("A", {"x": "5", "y": 1}), ("A", {"x": "5"}), False),
        (("B", {"x": "5"}), ("A", {"x": "5"}), False),
        (("ToolSearcher", {"keywords": "alarm"}), ("ToolSearcher", {"keywords": "set alarm"}), True),
    ],
)
def test_calls_are_compared_by_name_and_values(
    one: tuple[str, dict[str, Any]], gold: tuple[str, dict[str, Any]], same: bool
) -> None:
    """Case and white space aside; the words of a search are free."""
    calls = [Function(name=name, arguments=arguments) for name, arguments in (one, gold)]
    assert same_call(*calls) is same


def test_a_folder_without_the_files_is_named(tmp_path: Path) -> None:
    """The message says which files are looked for."""
    with pytest.raises(UserMistake, match=r"level-1-api\.json or level-2-api\.json"):
        ApiBank(tmp_path, None)
