"""BFCL's rows: a question row, and an answer row in `possible_answer/` (PyPI `bfcl-eval`, data/).

Every leaf of an answer is a list of accepted values, in which "" says that the parameter may be left out. The id begins
with the category by which BFCL picks its checker. There is no reader: a question row without its answers is no dialog.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from toolace.formats.rows import Options, Row, functions_of, question_of
from toolace.formats.types import bfcl_function
from toolace.records import Dialog, ToolCall


def write(dialog: Dialog, options: Options, number: int) -> tuple[Row, Row]:
    """(question row, answer row); no call at all is irrelevance. Raises NotCarried for what is no single question."""
    question, calls = question_of(dialog, with_system=True)
    functions = functions_of(dialog)
    id = f"{_category(calls, len(functions))}_{number}"
    messages = [{"role": message.role, "content": message.content or ""} for message in question]
    by_name = {function["name"]: function for function in functions}
    truth = [{call.function.name: _answer(call, by_name.get(call.function.name, {}))} for call in calls]
    asked = {"id": id, "question": [messages], "function": [bfcl_function(function) for function in functions]}
    return asked, {"id": id, "ground_truth": truth}


def _category(calls: Sequence[ToolCall], functions: int) -> str:
    if not calls:
        return "irrelevance"
    if len(calls) == 1:
        return "multiple" if functions > 1 else "simple"
    return "parallel_multiple" if functions > 1 else "parallel"


def _answer(call: ToolCall, function: dict[str, Any]) -> Row:
    """Accepted values by parameter; an optional one may be left out where that means the same, by its default."""
    parameters = function.get("parameters") or {}
    required, given = parameters.get("required", ()), call.function.arguments
    answer = {name: [_leaves(value)] for name, value in given.items()}
    for name, schema in parameters.get("properties", {}).items():
        if name in required or "default" not in schema:
            continue
        if name not in given:
            answer[name] = [_leaves(schema["default"]), ""]
        elif given[name] == schema["default"]:
            answer[name].append("")
    return answer


def _leaves(value: Any) -> Any:
    """A value as the checker compares it: the fields of an object, also inside a list, are lists of accepted values.

    What lies deeper is compared as it is: the checker looks one level down.
    """
    if isinstance(value, dict):
        return {name: [inner] for name, inner in value.items()}
    if isinstance(value, list):
        return [_leaves(inner) if isinstance(inner, dict) else inner for inner in value]
    return value
