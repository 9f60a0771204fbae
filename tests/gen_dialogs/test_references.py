"""References to earlier results: laid over a plan from its turn specs, checked, and replaced by what they stand for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from toolace.gen_dialogs.plan import Blueprint
from toolace.gen_dialogs.plan_check import problem_of
from toolace.gen_dialogs.references import laid, references_in, resolved
from toolace.gen_dialogs.roles import CallSpec, DialogPlan, Link, TurnSpec

FIRST = {"$call": 0, "$path": "hotels.0.hotel_id"}
SECOND = {"$call": 1, "$path": "hotel_id"}
RESULTS = [{"hotels": [{"hotel_id": "HTL-1"}, {"hotel_id": "HTL-2"}]}, {"hotel_id": "HTL-9"}]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Oslo", "Oslo"),
        (["Oslo", 2], ["Oslo", 2]),
        (FIRST, "HTL-1"),
        ([FIRST, SECOND], ["HTL-1", "HTL-9"]),
        ([FIRST, "HTL-7"], ["HTL-1", "HTL-7"]),
        ({"$call": 0, "$path": "hotels.5.hotel_id"}, None),
        ({"$call": 2, "$path": "hotel_id"}, None),
        ([FIRST, {"$call": 1, "$path": "name"}], None),
    ],
)
def test_a_reference_becomes_what_the_result_holds(value: Any, expected: Any) -> None:
    """Alone or in a list; nothing where one of them is not there."""
    assert resolved(value, RESULTS) == expected


def test_what_only_looks_like_a_reference_is_a_value() -> None:
    """A number of a call and a path make a reference."""
    assert references_in([FIRST, {"$call": "0", "$path": "a"}, {"$call": 0}, "$call"]) == [FIRST]


def chain(*links: Link) -> tuple[TurnSpec, ...]:
    """A search and a booking that takes from it."""
    steps = ((CallSpec(tool="search_hotels"),), (CallSpec(tool="book_hotel", links=links),))
    return (TurnSpec(kind="dependent", steps=steps),)


def planned(**booked: Any) -> DialogPlan:
    """A planner's reply with these arguments of the booking."""
    search = {"tool": "search_hotels", "arguments": {"city": "Rome", "check_in": "2024-06-01"}}
    turn = {
        "kind": "dependent",
        "intent": {"goal": "a room"},
        "steps": [[search], [{"tool": "book_hotel", "arguments": booked}]],
    }
    return DialogPlan.model_validate({"turns": [turn]})


@pytest.mark.parametrize(
    "booked",
    [{"hotel_id": FIRST, "guest": "Ana"}, {"hotel_id": "HTL-0001", "guest": "Ana"}, {"guest": "Ana"}],
    ids=["copied", "made up", "left out"],
)
def test_links_are_laid_over_what_the_planner_wrote(
    blueprint_of: Callable[..., Blueprint], booked: dict[str, Any]
) -> None:
    """The turn spec says where an argument comes from; a planner that miscopied it is put right."""
    turns = chain(Link(parameter="hotel_id", call=0, result="hotels.0.hotel_id"))
    blueprint = blueprint_of(turns, ("search_hotels", "book_hotel"))
    plan = planned(**booked)
    assert problem_of(plan, blueprint) is None
    assert laid(plan, turns, blueprint.apis).turns[0].steps[1][0].arguments == {"hotel_id": FIRST, "guest": "Ana"}


def test_links_of_one_parameter_fill_its_list(blueprint_of: Callable[..., Blueprint]) -> None:
    """Two links to a list become its two items, in order."""
    blueprint = blueprint_of(chain(), ("search_hotels", "book_hotel"))
    several = {"type": "array", "items": {"type": "string"}}
    book = blueprint.apis[1]
    listing = book.model_copy(update={"parameters": {"type": "object", "properties": {"hotel_id": several}}})
    turns = chain(
        Link(parameter="hotel_id", call=0, result="hotels.0.hotel_id"),
        Link(parameter="hotel_id", call=1, result="hotel_id"),
    )
    plan = laid(planned(hotel_id=FIRST), turns, [blueprint.apis[0], listing])
    assert plan.turns[0].steps[1][0].arguments == {"hotel_id": [FIRST, SECOND]}


@pytest.mark.parametrize(
    ("booked", "problem"),
    [
        ({"hotel_id": "HTL-0001"}, "turn 0: book_hotel: the required 'guest' has no value"),
        ({"hotel_id": FIRST, "guest": "Ana", "view": "sea"}, "turn 0: book_hotel: there is no parameter 'view'"),
        (
            {"hotel_id": FIRST, "guest": [{"$call": 1, "$path": "a"}]},
            "turn 0: book_hotel: 'guest' refers to call 1, which is not made before it",
        ),
    ],
)
def test_a_plan_that_cannot_be_carried_out_is_refused_in_words(
    blueprint_of: Callable[..., Blueprint], booked: dict[str, Any], problem: str
) -> None:
    """So that the planner can act on them."""
    blueprint = blueprint_of(chain(), ("search_hotels", "book_hotel"))
    assert problem_of(planned(**booked), blueprint) == problem


def test_calls_in_another_order_are_refused(blueprint_of: Callable[..., Blueprint]) -> None:
    """Links count the calls."""
    pair = (TurnSpec(kind="parallel", steps=((CallSpec(tool="get_forecast"), CallSpec(tool="list_warnings")),)),)
    calls = [
        {"tool": "list_warnings", "arguments": {"country": "Norway"}},
        {"tool": "get_forecast", "arguments": {"city": "Oslo", "day": "2024-05-14"}},
    ]
    plan = DialogPlan.model_validate({"turns": [{"kind": "parallel", "intent": {"goal": "?"}, "steps": [calls]}]})
    assert problem_of(plan, blueprint_of(pair, ("get_forecast", "list_warnings"))) == (
        'turn 0: the steps call [["list_warnings", "get_forecast"]], '
        'and the turn spec asks for [["get_forecast", "list_warnings"]]'
    )
