"""Reads lists of tools as models are given them: OpenAI's, MCP's `tools/list` results, this pool's own records."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any, Final

from toolace.synth_apis.documents.document import Document, Operation
from toolace.synth_apis.documents.keywords import Schema
from toolace.synth_apis.documents.schema_check import problem
from toolace.synth_apis.documents.shape import Unreadable, mapping, words

_PARAMETERS: Final = ("parameters", "inputSchema", "input_schema")
_RETURNS: Final = ("returns", "outputSchema", "output_schema", "response")


def recognizes(content: object) -> bool:
    """Whether it is a list of tools in one of the wrappings they come in, or a single tool."""
    tools = _listed(content)
    return (isinstance(content, dict) and tools == []) or any(_is_tool(one, content) for one in tools or [])


def read(content: Any, source: str) -> Document:
    """The tools with their definitions unchanged; those that are none, or no valid JSON Schema, are lost."""
    operations: dict[str, Operation] = {}
    lost: list[tuple[str, str]] = []
    tools = _listed(content) or []
    for number, raw in enumerate(tools, 1):
        tool = _unwrapped(raw)
        label = tool["name"] if isinstance(tool.get("name"), str) and tool["name"].strip() else f"tool {number}"
        try:
            operation = _operation(tool)
            if operation.name in operations:
                raise Unreadable("a second tool of this name")
            operations[operation.name] = operation
        except Unreadable as error:
            lost.append((label, str(error)))
    is_mcp = any("inputSchema" in _unwrapped(raw) for raw in tools)
    name = PurePosixPath(source).name.partition(".")[0]
    return Document(
        source=source,
        format="mcp" if is_mcp else "tools",
        title=" ".join(name.replace("_", " ").replace("-", " ").split()) or source,
        operations=tuple(operations.values()),
        lost=tuple(lost),
    )


def _listed(content: object) -> list[Any] | None:
    """The raw tools; None when the content is no list and wraps none."""
    if isinstance(content, list):
        return [tool for one in content for tool in (one if isinstance(one, list) else [one])]
    found = mapping(content)
    for holder in (found, mapping(found.get("result"))):
        for key in ("tools", "functions"):
            if isinstance(holder.get(key), list):
                return list(holder[key])
    return [content] if _is_tool(content, None) and any(key in _unwrapped(content) for key in _PARAMETERS) else None


def _is_tool(raw: object, content: object) -> bool:
    """Inside a wrapping that says `tools` a name is enough; alone, something must show that it can be called."""
    tool = _unwrapped(raw)
    if not isinstance(tool.get("name"), str):
        return False
    if isinstance(content, dict) or tool is not raw:
        return True
    return any(key in tool for key in (*_PARAMETERS, "description"))


def _unwrapped(raw: object) -> dict[str, Any]:
    found = mapping(raw)
    return found["function"] if isinstance(found.get("function"), dict) else found


def _operation(tool: dict[str, Any]) -> Operation:
    name = tool.get("name")
    if not isinstance(name, str) or not name.strip():
        raise Unreadable("it has no name")
    parameters = _first(tool, _PARAMETERS)
    if parameters is None:
        parameters = {"type": "object", "properties": {}}
    if found := problem(parameters, is_object=True):
        raise Unreadable(f"its parameters are no usable JSON Schema: {found}")
    description = tool.get("description")
    return Operation(
        name,
        description if isinstance(description, str) else "",
        parameters,
        _returns(_first(tool, _RETURNS)),
        group=tuple(words(tool.get("domain"))),
    )


def _returns(stated: Any) -> Schema:
    """The result's schema where a valid one is stated; a text about the result becomes its description."""
    if isinstance(stated, dict) and stated and not problem(stated):
        return stated
    return {"type": "object", "description": stated} if isinstance(stated, str) and stated else {"type": "object"}


def _first(tool: dict[str, Any], keys: Iterable[str]) -> Any:
    return next((tool[key] for key in keys if tool.get(key) is not None), None)
