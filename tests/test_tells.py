"""Shortcut statistics: planted tells are found, and a set without them shows none."""

from __future__ import annotations

import random
from typing import Any

from toolace.records import Dialog, Function, Message, ToolCall, Turn
from toolace.tells import Tells, case_of, tells_of


def tool(name: str, parameters: int = 2, description: str = "Does it.", **schema: Any) -> dict[str, Any]:
    """A tool whose first parameter is required."""
    properties = {f"p{at}": {"type": "string", **schema} for at in range(parameters)}
    shape = {"type": "object", "properties": properties, "required": list(properties)[:1]}
    return {"type": "function", "function": {"name": name, "description": description, "parameters": shape}}


def dialog(tools: list[dict[str, Any]], called: str | None, *given: str) -> Dialog:
    """A dialog that calls one tool, or none."""
    messages = [Message(role="user", content="Please.")]
    if called:
        function = Function(name=called, arguments=dict.fromkeys(given, "x"))
        messages.append(Message(role="assistant", tool_calls=(ToolCall(id="call_1", function=function),)))
    kind: Any = "single" if called else "none"
    return Dialog(id="d", kind=kind, turns=(Turn(kind=kind, first=0),), tools=tuple(tools), messages=tuple(messages))


def shown(tells: Tells) -> dict[str, tuple[float, float]]:
    """Observed and chance by name."""
    return {tell.name: (round(tell.observed, 3), round(tell.chance, 3)) for tell in tells.found()}


def test_a_true_tool_that_always_stands_first_is_a_tell() -> None:
    """400 dialogs of four like candidates: chance is a quarter."""
    tools = [tool(name) for name in "abcd"]
    tells = tells_of(dialog(tools, "a", "p0") for _ in range(400))
    found = shown(tells)
    assert found["true tool: first place"] == (1.0, 0.25)
    assert found["true tool: last place"] == (0.0, 0.25)
    assert found["true tool: longest description"] == (0.25, 0.25)
    assert next(tell.z for tell in tells.found() if tell.name == "true tool: first place") > 30


def test_a_decorated_true_tool_is_a_tell() -> None:
    """By description, number of parameters, and the presence of a field."""
    tools = [tool("a", 4, "Does it at great length.", enum=["x"]), tool("b"), tool("c")]
    found = shown(tells_of(dialog(tools, "a", "p0") for _ in range(10)))
    for name in ("longest description", "most parameters", "most optional parameters", "an enum"):
        assert found[f"true tool: {name}"] == (1.0, 0.333), name
    assert found["true tool: a default"] == (0.333, 0.333)


def test_random_choices_show_no_tell() -> None:
    """Every z within 4."""
    rng = random.Random(0)
    tells = Tells()
    for _ in range(800):
        tools = [tool(f"t{at}", rng.randint(1, 5), "x" * rng.randint(1, 40)) for at in range(rng.randint(2, 6))]
        tells.add(dialog(tools, rng.choice(tools)["function"]["name"], "p0"))
    assert {tell.name: tell.z for tell in tells.found() if abs(tell.z) > 4} == {}


def test_calls_that_fill_every_parameter_are_counted_over_tools_with_optional_ones() -> None:
    """79 % in the published rows."""
    tools = [tool("a"), tool("b", 1)]
    tells = tells_of([dialog(tools, "a", "p0"), dialog(tools, "a", "p0", "p1"), dialog(tools, "b", "p0")])
    assert tells.filled == (1, 2)


def test_the_kind_follows_from_the_number_of_candidates_where_it_does() -> None:
    """Three candidates where something is called, one where nothing is."""
    three, one = [tool(name) for name in "abc"], [tool("a")]
    tells = tells_of([dialog(three, "a", "p0"), dialog(one, None)] * 10)
    assert shown(tells)["kind by number of candidates"] == (1.0, 0.5)
    assert tells.candidates_by_kind() == {"none": 1.0, "single": 3.0}


def test_a_dialog_without_a_choice_is_no_case() -> None:
    """Nothing called, or nothing else to call; what is called later is no wrong candidate."""
    tools = [tool("a"), tool("b")]
    assert case_of(dialog(tools, None)) is None
    assert case_of(dialog(tools[:1], "a")) is None
    assert tells_of([]).found()[0].observed == 0.0
