"""Playing a plan: who speaks when, what is recorded, and what happens when the assistant leaves the plan."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from toolace.gen_dialogs.plan import Blueprint
from toolace.gen_dialogs.play import Dropped, Play, is_failure
from toolace.gen_dialogs.roles import CallSpec, Link, TurnSpec
from toolace.roles import Key
from toolace.testing import ScriptedBackend

FORECAST = {"city": "Oslo", "day": "2024-05-14"}
THOUGHT = {"asked": "The user asks for the weather."}
ONE = TurnSpec(kind="single", steps=((CallSpec(tool="get_forecast"),),))


def planned(*steps: list[dict[str, Any]], kind: str = "single", **more: Any) -> dict[str, Any]:
    """A planned turn over these steps of calls."""
    return {"kind": kind, "intent": {"goal": "see the weather"}, "steps": steps, **more}


def calling(*calls: tuple[str, dict[str, Any]], content: str = "") -> dict[str, Any]:
    """An assistant's reply that calls."""
    return {
        "thought": THOUGHT,
        "action": "call",
        "calls": [{"name": name, "arguments": arguments} for name, arguments in calls],
        "content": content,
    }


def saying(content: str, action: str = "summarise") -> dict[str, Any]:
    """An assistant's reply in words."""
    return {"thought": THOUGHT, "action": action, "content": content}


def roles_of(play: Play) -> list[str]:
    """The conversation as a list of roles."""
    return [message.role for message in play.messages]


def test_a_turn_is_a_request_a_call_its_result_and_a_report(
    blueprint_of: Callable[..., Blueprint], played: Callable[..., Play]
) -> None:
    """The messages of a plain turn, with the call's identifier in the result and the thoughts beside the assistant's words."""
    backend = ScriptedBackend(
        {
            "user": [{"text": " The weather in Oslo tomorrow? "}],
            "assistant": [calling(("get_forecast", FORECAST)), saying("Up to 12 degrees.")],
            "tool": [{"result": {"high": 12.0, "low": 3.5}}],
        }
    )
    play = played(
        blueprint_of((ONE,), ("get_forecast",)),
        {"system": "Help.", "turns": [planned([{"tool": "get_forecast", "arguments": FORECAST}])]},
        backend,
    )
    found = [message.model_dump(exclude_none=True, exclude={"thought"}) for message in play.messages]
    assert found == [
        {"role": "system", "content": "Help."},
        {"role": "user", "content": "The weather in Oslo tomorrow?"},
        {
            "role": "assistant",
            "tool_calls": (
                {"id": "call_1", "type": "function", "function": {"name": "get_forecast", "arguments": FORECAST}},
            ),
        },
        {"role": "tool", "tool_call_id": "call_1", "name": "get_forecast", "content": '{"high": 12.0, "low": 3.5}'},
        {"role": "assistant", "content": "Up to 12 degrees."},
    ]
    assert [turn.model_dump(exclude_none=True) for turn in play.turns] == [
        {"kind": "single", "situation": "plain", "first": 1}
    ]


def test_the_user_never_sees_tools_and_the_assistant_is_asked_with_an_oracle(
    blueprint_of: Callable[..., Blueprint], played: Callable[..., Play]
) -> None:
    """Contexts hold what each agent may know; the oracle names the planned action, then the summary."""
    backend = ScriptedBackend(
        {
            "user": [{"text": "Weather?"}],
            "assistant": [calling(("get_forecast", FORECAST)), saying("12 degrees.")],
            "tool": [{"result": {"high": 12, "low": 3}}],
        }
    )
    played(
        blueprint_of((ONE,), ("get_forecast",)),
        {"turns": [planned([{"tool": "get_forecast", "arguments": FORECAST}])]},
        backend,
    )
    contexts = {(name, at): context for at, (name, context, _) in enumerate(backend.asked)}
    assert "get_forecast" not in contexts["user", 0].model_dump_json()
    assert [contexts["assistant", at].oracle.action for at in (1, 3)] == ["call", "summarise"]


def test_later_steps_take_what_earlier_results_gave(
    blueprint_of: Callable[..., Blueprint], played: Callable[..., Play]
) -> None:
    """The oracle of the second step holds the identifier that the first result brought."""
    link = Link(parameter="hotel_id", call=0, result="hotels.0.hotel_id")
    spec = TurnSpec(
        kind="dependent",
        steps=((CallSpec(tool="search_hotels"),), (CallSpec(tool="book_hotel", links=(link,)),)),
    )
    search = {"city": "Rome", "check_in": "2024-06-01"}
    reference = {"$call": 0, "$path": "hotels.0.hotel_id"}
    plan = planned(
        [{"tool": "search_hotels", "arguments": search}],
        [{"tool": "book_hotel", "arguments": {"hotel_id": reference, "guest": "Ana Diaz"}}],
        kind="dependent",
    )
    backend = ScriptedBackend(
        {
            "user": [{"text": "Book me the first hotel in Rome."}],
            "assistant": lambda context, key: _as_planned(context),
            "tool": [{"result": {"hotels": [{"hotel_id": "HTL-0001"}]}}, {"result": {"booking_id": "BKG-0001"}}],
        }
    )
    play = played(blueprint_of((spec,), ("search_hotels", "book_hotel")), {"turns": [plan]}, backend)
    assert [(tool, arguments) for tool, arguments, _ in play.calls] == [
        ("search_hotels", search),
        ("book_hotel", {"hotel_id": "HTL-0001", "guest": "Ana Diaz"}),
    ]
    assert play.turns[0].kind == "dependent"


def test_a_missing_value_is_asked_for_and_then_used(
    blueprint_of: Callable[..., Blueprint], played: Callable[..., Play]
) -> None:
    """No tool is called before the user has given what was missing."""
    first = TurnSpec(kind="none", situation="missing_parameter", steps=ONE.steps)
    second = TurnSpec(kind="single", situation="given", steps=ONE.steps)
    steps = [{"tool": "get_forecast", "arguments": FORECAST}]
    plan = {
        "turns": [
            planned(steps, kind="none", situation="missing_parameter", missing=["city"]),
            planned(steps, situation="given"),
        ]
    }
    backend = ScriptedBackend(
        {
            "user": [{"text": "The weather tomorrow?"}, {"text": "Oslo."}],
            "assistant": lambda context, key: _as_planned(context),
            "tool": [{"result": {"high": 12, "low": 3}}],
        }
    )
    play = played(blueprint_of((first, second), ("get_forecast",)), plan, backend)
    assert roles_of(play) == ["user", "assistant", "user", "assistant", "tool", "assistant"]
    assert [(turn.kind, turn.situation) for turn in play.turns] == [("none", "missing_parameter"), ("single", "given")]


@pytest.mark.parametrize(
    ("situation", "outcome"), [("tool_error", "error"), ("empty_result", "empty"), ("plain", "ok")]
)
def test_the_tool_is_told_how_its_call_ends(
    blueprint_of: Callable[..., Blueprint], played: Callable[..., Play], situation: str, outcome: str
) -> None:
    """A situation of the plan befalls the last step's first call."""
    backend = ScriptedBackend(
        {
            "user": [{"text": "Weather?"}],
            "assistant": lambda context, key: _as_planned(context),
            "tool": lambda context, key: {"result": {"outcome": context.outcome}},
        }
    )
    spec = ONE.model_copy(update={"situation": situation})
    plan = {"turns": [planned([{"tool": "get_forecast", "arguments": FORECAST}], situation=situation)]}
    play = played(blueprint_of((spec,), ("get_forecast",)), plan, backend)
    assert play.calls == [("get_forecast", FORECAST, {"outcome": outcome})]


def test_a_tool_offered_later_is_not_seen_before(
    blueprint_of: Callable[..., Blueprint], played: Callable[..., Play]
) -> None:
    """The assistant of the first turn has one tool, that of the second has both, and the record says when it came."""
    absent = TurnSpec(kind="none", situation="tool_absent", steps=ONE.steps, absent="get_forecast")
    later = TurnSpec(kind="single", situation="tool_offered_later", steps=ONE.steps, tools_added=("get_forecast",))
    steps = [{"tool": "get_forecast", "arguments": FORECAST}]
    backend = ScriptedBackend(
        {
            "user": [{"text": "Weather?"}, {"text": "You have the tool now."}],
            "assistant": lambda context, key: _as_planned(context),
            "tool": [{"result": {"high": 12, "low": 3}}],
        }
    )
    blueprint = blueprint_of((absent, later), ("get_forecast",), ("list_warnings", "get_forecast"))
    plan = {
        "turns": [planned(steps, kind="none", situation="tool_absent"), planned(steps, situation="tool_offered_later")]
    }
    play = played(blueprint, plan, backend)
    seen = [
        [tool["function"]["name"] for tool in context.model_dump()["tools"]]
        for name, context, _ in backend.asked
        if name == "assistant"
    ]
    assert seen == [["list_warnings"], ["list_warnings", "get_forecast"], ["list_warnings", "get_forecast"]]
    assert [turn.tools_added for turn in play.turns] == [None, ("get_forecast",)]


def test_an_assistant_that_leaves_the_plan_is_recorded_as_it_acted(
    blueprint_of: Callable[..., Blueprint], played: Callable[..., Play]
) -> None:
    """A model that calls another offered tool is followed: the turn's kind is what was really called."""
    backend = ScriptedBackend(
        {
            "user": [{"text": "Weather in Norway?"}],
            "assistant": [
                calling(("list_warnings", {"country": "Norway"}), ("get_forecast", FORECAST)),
                saying("No warnings, 12 degrees."),
            ],
            "tool": [{"result": {"warnings": []}}, {"result": {"high": 12, "low": 3}}],
        }
    )
    blueprint = blueprint_of((ONE,), ("get_forecast",), ("get_forecast", "list_warnings"))
    play = played(blueprint, {"turns": [planned([{"tool": "get_forecast", "arguments": FORECAST}])]}, backend)
    assert [tool for tool, *_ in play.calls] == ["list_warnings", "get_forecast"]
    assert play.turns[0].kind == "parallel"


@pytest.mark.parametrize(
    ("assistant", "settings", "reason"),
    [
        (lambda context, key: calling(("no_such_tool", {})), {}, "called_undeclared_tool"),
        (lambda context, key: calling(("get_forecast", FORECAST)), {}, "too_many_actions"),
        (lambda context, key: saying("  "), {"retries": 1}, "assistant_disagreed"),
        (
            lambda context, key: calling(("get_forecast", {**FORECAST, "city": f"City {key.sample}"})),
            {"votes": 3, "retries": 1},
            "assistant_disagreed",
        ),
    ],
    ids=["undeclared tool", "never stops", "says nothing", "samples disagree"],
)
def test_a_dialog_that_cannot_end_well_is_dropped_with_its_reason(
    blueprint_of: Callable[..., Blueprint],
    played: Callable[..., Play],
    assistant: Callable[[Any, Key], dict[str, Any]],
    settings: dict[str, Any],
    reason: str,
) -> None:
    """Nothing hangs: each way to go wrong ends in a counted reason."""
    backend = ScriptedBackend(
        {
            "user": [{"text": "Weather?"}],
            "assistant": assistant,
            "tool": lambda context, key: {"result": {"high": 12, "low": 3}},
        }
    )
    blueprint = blueprint_of((ONE,), ("get_forecast",))
    plan = {"turns": [planned([{"tool": "get_forecast", "arguments": FORECAST}])]}
    with pytest.raises(Dropped, match=reason):
        played(blueprint, plan, backend, **settings)


def test_a_disagreement_is_sampled_anew_under_another_key(
    blueprint_of: Callable[..., Blueprint], played: Callable[..., Play]
) -> None:
    """The retry is a new request, so that a cached reply does not come back."""

    def assistant(context: Any, key: Key) -> dict[str, Any]:
        if context.oracle.action != "call":
            return saying("12 degrees.")
        return calling(("get_forecast", {**FORECAST, "city": f"City {key.sample}"} if key.attempt == 0 else FORECAST))

    backend = ScriptedBackend(
        {
            "user": [{"text": "Weather?"}],
            "assistant": assistant,
            "tool": lambda context, key: {"result": {"high": 12, "low": 3}},
        }
    )
    plan = {"turns": [planned([{"tool": "get_forecast", "arguments": FORECAST}])]}
    play = played(blueprint_of((ONE,), ("get_forecast",)), plan, backend, votes=3)
    assert play.disagreements == 1
    assert play.calls == [("get_forecast", FORECAST, {"high": 12, "low": 3})]


@pytest.mark.parametrize(
    ("result", "failed"),
    [({"error": "no"}, True), ({"error": "no", "code": 4}, True), ({"ok": 1}, False), ([], False), ("error", False)],
)
def test_a_failure_is_an_object_with_an_error(result: Any, failed: bool) -> None:
    """Texts and lists are results."""
    assert is_failure(result) is failed


def _as_planned(context: Any) -> dict[str, Any]:
    """What the simulator would decide, with the barest words."""
    oracle = context.oracle
    if oracle.action == "call":
        return calling(*((call.tool, call.arguments) for call in oracle.calls))
    return saying(json.dumps(oracle.action), oracle.action)
