"""The rows of shared/formats.md, key by key: what each loader was checked against."""

from __future__ import annotations

import json
from typing import Any

import pytest

from toolace.formats import FORMATS, Options, carried
from toolace.formats.toolace_prompts import PROMPTS
from toolace.records import Dialog

FUNCTION = {
    "name": "get_weather",
    "description": "Get weather",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}
TOOL = {"type": "function", "function": FUNCTION}

GOLDEN: dict[str, list[dict[str, Any]]] = {
    "openai": [
        {
            "messages": [
                {"role": "user", "content": "Weather in Oslo?"},
                {
                    "role": "assistant",
                    "tool_calls": [
                        {
                            "id": "call_1",
                            "type": "function",
                            "function": {"name": "get_weather", "arguments": '{"city": "Oslo"}'},
                        }
                    ],
                },
                {"role": "tool", "tool_call_id": "call_1", "content": '{"t": 3}'},
                {"role": "assistant", "content": "3 C."},
            ],
            "tools": [TOOL],
            "parallel_tool_calls": False,
        }
    ],
    "trl": [
        {
            "messages": [
                {"role": "user", "content": "Weather in Oslo?"},
                {
                    "role": "assistant",
                    "content": "",
                    "tool_calls": [
                        {
                            "id": "call_1",
                            "type": "function",
                            "function": {"name": "get_weather", "arguments": {"city": "Oslo"}},
                        }
                    ],
                },
                {"role": "tool", "tool_call_id": "call_1", "name": "get_weather", "content": '{"t": 3}'},
                {"role": "assistant", "content": "3 C."},
            ],
            "tools": [TOOL],
        }
    ],
    "llamafactory": [
        {
            "conversations": [
                {"from": "human", "value": "Weather in Oslo?"},
                {"from": "function_call", "value": '[{"name": "get_weather", "arguments": {"city": "Oslo"}}]'},
                {"from": "observation", "value": '[{"t": 3}]'},
                {"from": "gpt", "value": "3 C."},
            ],
            "system": "",
            "tools": json.dumps([FUNCTION]),
        }
    ],
    "swift": [
        {
            "tools": json.dumps([TOOL]),
            "messages": [
                {"role": "user", "content": "Weather in Oslo?"},
                {"role": "tool_call", "content": '{"name": "get_weather", "arguments": {"city": "Oslo"}}'},
                {"role": "tool_response", "content": '{"t": 3}'},
                {"role": "assistant", "content": "3 C."},
            ],
        }
    ],
    "xlam": [
        {
            "id": 0,
            "query": "Weather in Oslo?",
            "tools": json.dumps(
                [
                    {
                        "name": "get_weather",
                        "description": "Get weather",
                        "parameters": {"city": {"description": "", "type": "str", "default": ""}},
                    }
                ]
            ),
            "answers": '[{"name": "get_weather", "arguments": {"city": "Oslo"}}]',
        }
    ],
    "toolace": [
        {
            "system": PROMPTS["toolace"].rendered([FUNCTION], "python"),
            "conversations": [
                {"from": "user", "value": "Weather in Oslo?"},
                {"from": "assistant", "value": '[get_weather(city="Oslo")]'},
                {"from": "tool", "value": '[{"name": "get_weather", "results": {"t": 3}}]'},
                {"from": "assistant", "value": "3 C."},
            ],
        }
    ],
    "bfcl": [
        {
            "id": "simple_0",
            "question": [[{"role": "user", "content": "Weather in Oslo?"}]],
            "function": [{**FUNCTION, "parameters": {**FUNCTION["parameters"], "type": "dict"}}],  # type: ignore[dict-item]
        },
        {"id": "simple_0", "ground_truth": [{"get_weather": {"city": ["Oslo"]}}]},
    ],
}


@pytest.mark.parametrize("name", GOLDEN)
def test_the_weather_in_oslo_is_written_as_documented(name: str, dialogs: dict[str, Dialog]) -> None:
    """Keys, their order and every byte inside JSON strings."""
    rows, _, _ = carried(FORMATS[name], dialogs["weather"], Options(), 0)
    assert [json.dumps(row) for row in rows] == [json.dumps(row) for row in GOLDEN[name]]


def test_hermes_rows_have_tools_calls_and_results_between_tags(dialogs: dict[str, Dialog]) -> None:
    """The system turn declares the tools; the keys of a call stand in the order of the published rows."""
    (row,), _, _ = carried(FORMATS["hermes"], dialogs["weather"], Options(), 0)
    system, *turns = row["conversations"]
    assert f"<tools>{json.dumps([TOOL])}</tools>" in system["value"]
    assert turns == [
        {"from": "human", "value": "Weather in Oslo?"},
        {
            "from": "gpt",
            "value": '<tool_call>\n{"arguments": {"city": "Oslo"}, "name": "get_weather"}\n</tool_call>',
        },
        {"from": "tool", "value": '<tool_response>\n{"name": "get_weather", "content": {"t": 3}}\n</tool_response>'},
        {"from": "gpt", "value": "3 C."},
    ]


def test_all_results_of_a_parallel_call_are_one_observation(dialogs: dict[str, Dialog]) -> None:
    """LLaMA-Factory's sides alternate."""
    (row,), _, _ = carried(FORMATS["llamafactory"], dialogs["parallel"], Options(), 0)
    assert row["system"] == "Be brief. Today is 2025-03-04."
    assert [turn["from"] for turn in row["conversations"]] == ["human", "function_call", "observation", "gpt"]
    assert row["conversations"][2]["value"] == '[{"t": 3}, {"t": 14}, []]'


def test_bfcl_accepts_a_missing_argument_only_where_its_default_says_the_same(dialogs: dict[str, Dialog]) -> None:
    """Every leaf is a list of accepted values; objects are so one level down."""
    (question, answer), _, _ = carried(FORMATS["bfcl"], dialogs["parallel"], Options(), 7)
    assert question["id"] == answer["id"] == "parallel_multiple_7"
    assert question["question"][0][0] == {"role": "system", "content": "Be brief. Today is 2025-03-04."}
    properties = question["function"][1]["parameters"]["properties"]
    assert [properties[name]["type"] for name in properties] == ["string", "integer", "string", "array", "dict"]
    assert answer["ground_truth"][2] == {
        "find_flights": {
            "origin": ["OSL"],
            "cabin": ["business"],
            "legs": [[{"to": ["FCO"]}]],
            "limits": [{"price": [250.5]}],
            "passengers": [1, ""],
        }
    }


def test_xlam_says_in_words_what_python_types_cannot(dialogs: dict[str, Dialog]) -> None:
    """Enums, patterns, bounds and fields go into the description; optional parameters say so in their type."""
    (row,), _, _ = carried(FORMATS["xlam"], dialogs["declined"], Options(), 3)
    assert (row["id"], row["answers"]) == (3, "[]")
    assert json.loads(row["tools"])[1]["parameters"] == {
        "origin": {"description": "Airport of departure (pattern ^[A-Z]{3}$)", "type": "str", "default": ""},
        "passengers": {"description": "Number of travellers (at least 1)", "type": "int, optional", "default": 1},
        "cabin": {"description": "Class (one of economy, business)", "type": "str, optional", "default": ""},
        "legs": {"description": "Legs (fields to: str)", "type": "List[Dict], optional", "default": ""},
        "limits": {
            "description": "Limits (fields price: float (optional), stops: int (optional))",
            "type": "Dict, optional",
            "default": "",
        },
    }


THOUGHT = (
    "<think>\nAsked: The user wants the weather.\nTool get_weather: fits. It gets weather.\n"
    'Known: get_weather.city = "Lima" (user)\nNext: Call get_weather.\n</think>'
)


def test_thinking_stands_in_tags_before_the_call_where_it_is_wanted(dialogs: dict[str, Dialog]) -> None:
    """The same text in every format that has a place for it, and nothing of it by default."""
    written = {
        name: json.dumps(format.write(dialogs["thinking"], Options(with_thinking=True), 0), ensure_ascii=False)
        for name, format in FORMATS.items()
        if format.thinks
    }
    for name, text in written.items():
        assert json.dumps(THOUGHT)[1:-1] in text, name
    assert not any("think" in str(format.write(dialogs["thinking"], Options(), 0)) for format in FORMATS.values())


def test_the_mixtures_draw_wordings_and_styles_by_the_dialogs_words(dialogs: dict[str, Dialog]) -> None:
    """The same dialog always looks the same, whatever its id."""
    options = Options(call_text={"json": 1.0}, system_prompt={"short": 1.0})
    row = FORMATS["toolace"].write(dialogs["weather"], options, 0)
    assert isinstance(row, dict)
    assert row["system"].startswith('Tools: [{"name": "get_weather"')
    assert row["conversations"][1]["value"] == '[{"name": "get_weather", "arguments": {"city": "Oslo"}}]'
    mixed = Options(call_text={"json": 1.0, "python": 1.0}, system_prompt=dict.fromkeys(PROMPTS, 1.0))
    renamed = dialogs["weather"].model_copy(update={"id": "another"})
    assert FORMATS["toolace"].write(dialogs["weather"], mixed, 0) == FORMATS["toolace"].write(renamed, mixed, 5)
