"""BFCL's rows as questions, and its accepted answers as calls."""

from __future__ import annotations

from typing import Any

from evaluation.bfcl import as_question, first_accepted

from toolace.records import Function, Message

ROW = {
    "id": "simple_python_7",
    "question": [[{"role": "user", "content": "Area?"}]],
    "function": [
        {
            "name": "math.area",
            "description": "Area.",
            "parameters": {"type": "dict", "properties": {"base": {"type": "float"}}, "required": ["base"]},
        }
    ],
}


def test_a_row_is_a_question_that_endpoints_take() -> None:
    """Types are JSON Schema's and the name has no dot."""
    question = as_question("simple", ROW)
    parameters = {"type": "object", "properties": {"base": {"type": "number"}}, "required": ["base"]}
    assert question.tools == (
        {"type": "function", "function": {"name": "math_area", "description": "Area.", "parameters": parameters}},
    )
    assert question.messages == (Message(role="user", content="Area?"),)


def test_gold_takes_first_values_and_leaves_out_what_may_be() -> None:
    """A required parameter stays even where BFCL accepts its absence; fields of objects are lists of values too."""
    truth: list[dict[str, dict[str, list[Any]]]] = [
        {"f.g": {"a": [1, 2], "b": ["", "x"], "c": ["", 3], "d": [{"k": ["v"], "o": ["", 1]}]}}
    ]
    assert first_accepted(truth, {"f.g": ["a", "c"]}) == (
        Function(name="f_g", arguments={"a": 1, "c": 3, "d": {"k": "v"}}),
    )
