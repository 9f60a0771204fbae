"""Parallel calls: asked at once where they are about different things, one after the other where they are not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from toolace.gen_dialogs.plan import Blueprint
from toolace.gen_dialogs.play import Play
from toolace.gen_dialogs.roles import CallSpec, TurnSpec
from toolace.gen_dialogs.waves import waves
from toolace.records import Api
from toolace.testing import ScriptedBackend

Calls = list[tuple[str, dict[str, Any]]]

OSLO, ROME = (
    ("get_forecast", {"city": "Oslo", "day": "2024-05-14"}),
    ("get_forecast", {"city": "Rome", "day": "2024-05-15"}),
)
NORWAY = ("list_warnings", {"country": "Norway"})
ROOM, GUEST = (
    ("book_hotel", {"hotel_id": "HTL-0001", "guest": "Ana Diaz"}),
    ("cancel_booking", {"booking_id": "HTL-0001"}),
)


@pytest.mark.parametrize(
    ("calls", "rounds"),
    [
        ([], []),
        ([OSLO], [[0]]),
        ([OSLO, NORWAY], [[0, 1]]),
        ([OSLO, ROME, NORWAY], [[0, 2], [1]]),
        ([ROOM, GUEST], [[0], [1]]),
        ([OSLO, ROME, OSLO], [[0], [1], [2]]),
        ([("search_hotels", {"city": "Oslo", "check_in": "2024-05-14"}), OSLO], [[0], [1]]),
        ([("search_hotels", {"city": "Rome", "check_in": "2024-05-14"}), OSLO], [[0, 1]]),
        ([("book_hotel", {"hotel_id": "HTL-7", "guest": "Bo"}), ("set_reminder", {"text": "Bo"})], [[0, 1]]),
    ],
    ids=[
        *("none", "one", "two tools", "one tool twice", "one identifier", "one tool three times"),
        *("one city", "only a day in common", "only a short text in common"),
    ],
)
def test_calls_wait_for_those_that_may_be_about_the_same_thing(
    apis: list[Api], calls: Calls, rounds: list[Any]
) -> None:
    """A shared tool or a shared telling value; not a date, a choice or a syllable."""
    known = {api.name: api for api in apis}
    assert waves([(known[name], arguments) for name, arguments in calls]) == rounds


def test_a_later_result_knows_the_earlier_one_and_independent_calls_are_asked_at_once(
    blueprint_of: Callable[..., Blueprint], played: Callable[..., Play]
) -> None:
    """Two forecasts and a warning: the warning does not wait, the second forecast sees the first and the warning."""
    calls = [OSLO, ROME, NORWAY]
    seen: dict[str, list[str]] = {}
    waiting, most = 0, 0

    class Slow(ScriptedBackend):
        async def ask(self, role: Any, context: Any, key: Any) -> Any:
            nonlocal waiting, most
            if role.name == "tool":
                waiting += 1
                most = max(most, waiting)
                await asyncio.sleep(0)
                waiting -= 1
                where = context.arguments.get("city") or context.arguments["country"]
                seen[where] = [arguments.get("city", "Norway") for _, arguments, _ in context.earlier]
            return await super().ask(role, context, key)

    action = {"thought": {"asked": "?"}, "action": "call", "calls": [{"name": n, "arguments": a} for n, a in calls]}
    said = {"thought": {"asked": "?"}, "action": "summarise", "content": "Sun."}
    backend = Slow(
        {
            "user": [{"text": "Weather?"}],
            "assistant": [action, said],
            "tool": lambda context, key: {"result": {"turn": key.turn}},
        }
    )
    spec = TurnSpec(kind="parallel", steps=(tuple(CallSpec(tool=name) for name, _ in calls),))
    steps = [[{"tool": name, "arguments": arguments} for name, arguments in calls]]
    plan = {"turns": [{"kind": "parallel", "intent": {"goal": "the weather"}, "steps": steps}]}
    play = played(blueprint_of((spec,), ("get_forecast", "list_warnings")), plan, backend)
    assert seen == {"Oslo": [], "Norway": [], "Rome": ["Oslo", "Norway"]}
    assert most == 2
    assert [(name, result["turn"]) for name, _, result in play.calls] == [
        ("get_forecast", 0),
        ("get_forecast", 1),
        ("list_warnings", 2),
    ]
