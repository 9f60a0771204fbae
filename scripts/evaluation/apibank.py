"""API-Bank's call tests (github.com/AlibabaResearch/DAMO-ConvAI, api-bank): tools given (level 1), or searched for (2).

API-Bank's own checker runs the call against its databases. Here the call itself is compared: the name, the arguments'
names, and their values without regard to case and outer white space. So a call in other words with the same result
counts as wrong, but for ToolSearcher, whose words are free: any search is right where one is due.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evaluation.questions import Answer, Question
from toolace import calltext
from toolace.calltext import CallTextError
from toolace.calltext.scanner import Scanner
from toolace.errors import UserMistake
from toolace.formats.types import from_python_type
from toolace.records import Function, Message, ToolCall

CATEGORIES = {"call": "level-1-api.json", "retrieve_and_call": "level-2-api.json"}
SEARCH = "ToolSearcher"

_SPEAKER = re.compile(r"^(User|AI|API-Request): ?", re.MULTILINE)
_DESCRIBED = "API descriptions:\n"
_ASKED = "Generate API Request:"


class ApiBank:
    """Questions and gold calls of a folder, which may lie anywhere below it. Raises UserMistake."""

    def __init__(self, folder: Path, limit: int | None):
        self.questions: list[Question] = []
        self._gold: dict[str, Function] = {}
        for category, name in CATEGORIES.items():
            for path in sorted(folder.rglob(name))[:1]:
                for number, row in enumerate(json.loads(path.read_bytes())[:limit]):
                    self._add(f"{category}_{number}", category, row)
        if not self.questions:
            wanted = " or ".join(CATEGORIES.values())
            raise UserMistake(f"{str(folder)!r} holds no {wanted}; give a copy of API-Bank's test data")

    def right(self, answer: Answer) -> bool:
        """Whether the answer is the one gold call."""
        return len(answer.calls) == 1 and same_call(answer.calls[0], self._gold[answer.id])

    def gold(self, questions: Sequence[Question]) -> list[Answer]:
        """The gold calls as if a model had made them."""
        return [Answer(question.id, (self._gold[question.id],)) for question in questions]

    def _add(self, id: str, category: str, row: dict[str, str]) -> None:
        instruction = row["instruction"].partition(_DESCRIBED)
        tools = [json.loads(line) for line in instruction[2].splitlines() if line.strip()]
        messages, found = conversation(row["input"], [tool["name"] for tool in tools])
        offered = {tool["name"]: tool for tool in [*tools, *found]}
        system = Message(role="system", content="The current year is 2023.")
        try:
            (self._gold[id],) = calltext.parse(row["expected_output"].partition(": ")[2], offered, "python")
        except (CallTextError, ValueError) as error:
            print(f"{id}: left out, its gold answer is not one call ({error})", file=sys.stderr)
            return
        definitions = tuple(map(as_tool, offered.values()))
        self.questions.append(Question(id, category, definitions, (system, *messages)))


def as_tool(description: dict[str, Any]) -> dict[str, Any]:
    """A description of API-Bank's in OpenAI's format; it marks no parameter as optional."""
    given = description.get("input_parameters") or {}
    properties = {
        name: {**_schema(about["type"]), "description": about.get("description", "")} for name, about in given.items()
    }
    parameters = {"type": "object", "properties": properties, "required": list(properties)}
    function = {
        "name": description["name"],
        "description": description.get("description", ""),
        "parameters": parameters,
    }
    return {"type": "function", "function": function}


def conversation(text: str, names: Sequence[str]) -> tuple[list[Message], list[dict[str, Any]]]:
    """The messages of an item, and the tools that searches in it have found.

    What the assistant says last is left out: it announces the call that is asked for.
    """
    messages: list[Message] = []
    found: list[dict[str, Any]] = []
    parts = _SPEAKER.split(text.partition(_ASKED)[0])[1:]
    for number, (speaker, said) in enumerate(zip(parts[::2], parts[1::2], strict=True)):
        said = said.strip()
        if speaker == "User":
            messages.append(Message(role="user", content=said))
        elif speaker == "AI":
            messages.append(Message(role="assistant", content=said))
        else:
            made, _, result = said.partition("]->")
            known = [*names, *(tool["name"] for tool in found)]
            messages += called(f"{made}]", result, known, f"call_{number}")
            found += searched(result) if made.startswith(f"[{SEARCH}") else []
    while messages and messages[-1].role == "assistant":
        messages.pop()
    return messages, found


def called(made: str, result: str, names: Sequence[str], id: str) -> list[Message]:
    """A call and its result; words where the call cannot be read."""
    try:
        calls = calltext.parse(made, names, "python")
    except CallTextError:
        return [Message(role="assistant", content=made), Message(role="user", content=result)]
    tool_calls = tuple(ToolCall(id=f"{id}_{at}", function=call) for at, call in enumerate(calls))
    answers = [Message(role="tool", content=result, tool_call_id=one.id, name=one.function.name) for one in tool_calls]
    return [Message(role="assistant", tool_calls=tool_calls), *answers]


def searched(result: str) -> list[dict[str, Any]]:
    """The tools in a search's result, which is one description or a list of them, as Python writes it."""
    try:
        value = Scanner(result).value()
    except CallTextError:
        return []
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict) and "name" in one]


def same_call(one: Function, gold: Function) -> bool:
    """Whether two calls are the same, case and outer white space aside."""
    if one.name != gold.name:
        return False
    return gold.name == SEARCH or _plain(one.arguments) == _plain(gold.arguments)


def _plain(value: Any) -> Any:
    """A value to compare by: API-Bank writes numbers as text and as numbers."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return str(value).strip().casefold()


def _schema(name: str) -> dict[str, Any]:
    return from_python_type(name.replace("(", "[").replace(")", "]"))
