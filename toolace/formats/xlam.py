"""xLAM's rows: one question, its tools and the calls that answer it (huggingface.co/datasets/Salesforce/xlam-function-
calling-60k).

Parameters have Python type names and nothing like an enum or a pattern: what else a schema demands is said in the
description.
"""

from __future__ import annotations

from typing import Any

from toolace.formats.reading import Ids, foreign_dialog, from_text, member, of_type
from toolace.formats.rows import Options, Row, functions_of, json_text, question_of
from toolace.formats.types import from_python_type, limits, python_type
from toolace.records import Dialog, Function, Message, ToolCall


def write(dialog: Dialog, options: Options, number: int) -> Row:
    """One row; no call at all is the answer `[]`. Raises NotCarried for all but a single question."""
    question, calls = question_of(dialog, with_system=False)
    tools = [_tool(function) for function in functions_of(dialog)]
    answers = [{"name": call.function.name, "arguments": call.function.arguments} for call in calls]
    query = question[-1].content or ""
    return {"id": number, "query": query, "tools": json_text(tools), "answers": json_text(answers)}


def read(row: Row, index: int) -> Dialog:
    """A dialog of one question and its calls, without results. Raises RowError."""
    tools = [_read_tool(one, f"/tools/{at}") for at, one in enumerate(_listed(row, "tools"))]
    ids = Ids()
    calls: list[ToolCall] = []
    for at, one in enumerate(_listed(row, "answers")):
        where = f"/answers/{at}"
        name, given = member(of_type(one, dict, where), "name", str, where), member(one, "arguments", dict, where)
        calls.append(ToolCall(id=ids.next(), function=Function(name=name, arguments=given)))
    messages = [Message(role="user", content=member(row, "query", str, ""))]
    messages += [Message(role="assistant", tool_calls=tuple(calls))] if calls else []
    return foreign_dialog(index, messages, tuple({"type": "function", "function": tool} for tool in tools))


def _tool(function: dict[str, Any]) -> Row:
    parameters = function.get("parameters") or {}
    required = parameters.get("required", ())
    shown = {name: _parameter(schema, name in required) for name, schema in parameters.get("properties", {}).items()}
    return {"name": function["name"], "description": function.get("description", ""), "parameters": shown}


def _parameter(schema: dict[str, Any], is_required: bool) -> Row:
    description, more = str(schema.get("description", "")), limits(schema)
    return {
        "description": f"{description} ({more})" if more else description,
        "type": python_type(schema) + ("" if is_required else ", optional"),
        "default": schema.get("default", ""),
    }


def _listed(row: Row, key: str) -> list[Any]:
    return of_type(from_text(member(row, key, str, ""), f"/{key}"), list, f"/{key}")


def _read_tool(value: Any, where: str) -> Row:
    tool = of_type(value, dict, where)
    properties: dict[str, Any] = {}
    required: list[str] = []
    for name, shown in member(tool, "parameters", dict, where, {}).items():
        here = f"{where}/parameters/{name}"
        kind, comma, _ = member(of_type(shown, dict, here), "type", str, here).partition(", optional")
        default = shown.get("default", "")
        described = {"description": member(shown, "description", str, here, "")}
        properties[name] = {**from_python_type(kind), **described, **({"default": default} if default != "" else {})}
        required += [] if comma else [name]
    shape = {"type": "object", "properties": properties, "required": required}
    return {"name": member(tool, "name", str, where), "description": tool.get("description", ""), "parameters": shape}
