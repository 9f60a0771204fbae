"""Plans: true calls that are valid, and words that say them."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from toolace.backends.simulator.planner import plan
from toolace.errors import Unanswerable
from toolace.gen_dialogs.roles import CallSpec, DialogPlan, Intent, Link, Persona, PlanContext, TurnSpec
from toolace.provenance import mentioned, searchable
from toolace.records import Api, plain

Plan = Callable[..., DialogPlan]
Spec = Callable[..., TurnSpec]
TODAY = "2024-05-13"


def says(intent: Intent, value: Any, schema: dict[str, Any]) -> bool:
    """Whether a reader finds a scalar value in a request."""
    return mentioned(value, searchable(intent.request), TODAY, schema) is not None


def test_planned_arguments_are_valid_and_said(apis: dict[str, Api], planned: Plan, single: Spec) -> None:
    """Each call fits its tool's parameters, and each value can be found in the request."""
    for name, api in apis.items():
        for seed in range(25):
            turn = planned(single(name), seed=seed).turns[0]
            arguments = turn.steps[0][0].arguments
            Draft202012Validator(plain(api.parameters)).validate(arguments)
            for parameter, value in arguments.items():
                schema = api.parameters["properties"][parameter]
                assert isinstance(value, list | bool) or says(turn.intent, value, schema), (turn.intent.request, value)


def test_most_requests_leave_most_optional_parameters_out(apis: dict[str, Api], planned: Plan, single: Spec) -> None:
    """Of 300 calls of a tool with five optional parameters few give more than two, and hardly any gives all."""
    required = len(apis["search_hotels"].parameters["required"])
    given = [
        len(planned(single("search_hotels"), seed=seed).turns[0].steps[0][0].arguments) - required
        for seed in range(300)
    ]
    assert sum(count > 2 for count in given) / 300 < 0.2
    assert sum(count == 5 for count in given) / 300 < 0.02
    assert sum(count == 0 for count in given) / 300 > 0.25


def test_a_default_is_not_asked_for(planned: Plan, single: Spec) -> None:
    """What holds without being said is left out of the call."""
    calls = [planned(single("get_forecast"), seed=seed).turns[0].steps[0][0] for seed in range(100)]
    assert {call.arguments.get("units") for call in calls} == {None, "imperial"}


def test_parallel_calls_of_a_tool_differ_in_one_or_two_arguments(planned: Plan, single: Spec) -> None:
    """The rest they share, and every value of every call is in the request."""
    for seed in range(60):
        turn = planned(single("get_forecast", "get_forecast", "get_forecast"), seed=seed).turns[0]
        calls = [call.arguments for call in turn.steps[0]]
        differing = [name for name in calls[0] if len({str(call.get(name)) for call in calls}) > 1]
        assert 1 <= len(differing) <= 2
        assert all(len({str(call[name]) for call in calls}) == 3 for name in differing)
        assert all(says(turn.intent, call[name], {}) for call in calls for name in call)


def test_a_dependent_call_says_what_it_takes_from_the_earlier_one(planned: Plan) -> None:
    """The identifier is a reference, and the request points at it in words."""
    link = Link(parameter="hotel_id", call=0, result="hotels.0.hotel_id")
    steps = ((CallSpec(tool="search_hotels"),), (CallSpec(tool="book_hotel", links=(link,)),))
    turn = planned(TurnSpec(kind="dependent", steps=steps)).turns[0]
    assert turn.steps[1][0].arguments["hotel_id"] == {"$call": 0, "$path": "hotels.0.hotel_id"}
    assert "first" in turn.intent.request or "top" in turn.intent.request


def test_a_missing_value_is_withheld_and_given_when_asked(apis: dict[str, Api], planned: Plan, single: Spec) -> None:
    """The request does not hold it, the next turn says nothing else, and the call is the one that was planned."""
    for seed in range(30):
        ask = single("convert_money", situation="missing_parameter").model_copy(update={"kind": "none"})
        first, second = planned(ask, single("convert_money", situation="given"), seed=seed).turns
        (name,) = first.missing
        value = second.steps[0][0].arguments[name]
        schema = apis["convert_money"].parameters["properties"][name]
        assert name not in {said.parameter for said in first.intent.values}
        assert first.intent.withheld == (schema["description"][0].lower() + schema["description"][1:],)
        assert says(second.intent, value, schema)
        assert second.steps == first.steps


def test_a_follow_up_changes_one_value_and_says_only_that(planned: Plan, single: Spec) -> None:
    """'And in Rome?' keeps the rest of the call before."""
    again = TurnSpec(kind="single", situation="follow_up", steps=((CallSpec(tool="get_forecast", like=0),),))
    for seed in range(30):
        first, second = planned(single("get_forecast"), again, seed=seed).turns
        before, after = first.steps[0][0].arguments, second.steps[0][0].arguments
        (changed,) = [name for name in after if after[name] != before.get(name)]
        assert [said.parameter for said in second.intent.values] == [changed]
        assert len(second.intent.request.split()) < 20


@pytest.mark.parametrize("kind", ["parallel", "follow_up"])
@pytest.mark.parametrize("seed", range(10))
def test_another_person_has_another_address_and_both_are_said(kind: str, seed: int) -> None:
    """A name is not called twice with one address, nor one person invited under two."""
    parameters = {"email": {"type": "string"}, "full_name": {"type": "string"}, "days": {"type": "integer"}}
    api = Api.model_validate(
        {
            "id": "x",
            "name": "invite_member",
            "description": "Invite a member.",
            "parameters": {"type": "object", "properties": parameters, "required": ["email", "full_name"]},
            "returns": {},
            "domain": (),
            "lineage": {"origin": "imported"},
        }
    )
    call, again = CallSpec(tool=api.name), CallSpec(tool=api.name, like=0)
    turns = (
        (TurnSpec(kind="parallel", steps=((call, call, call),)),)
        if kind == "parallel"
        else (TurnSpec(kind="single", steps=((call,),)), TurnSpec(kind="single", situation=kind, steps=((again,),)))
    )
    context = PlanContext(language="en", today=TODAY, persona=Persona(), turns=turns, apis=(api,))
    made = plan(context, random.Random(seed)).turns
    calls = [(turn, one.arguments) for turn in made for one in turn.steps[0]]
    assert len({one["full_name"] for _, one in calls}) == len({one["email"] for _, one in calls}) == len(calls) > 1
    for turn, one in calls:
        assert one["email"].partition("@")[0] == one["full_name"].lower().replace(" ", ".")
        assert all(says(turn.intent, one[name], {}) for name in ("email", "full_name"))


def test_the_system_message_states_the_day_where_dates_are_said(planned: Plan, single: Spec) -> None:
    """A relative date has something to be relative to; without dates and without wish there is no system message."""
    assert TODAY in (planned(single("get_forecast")).system or "")
    assert planned(single("convert_money")).system is None
    assert planned(single("convert_money"), system=True).system is not None


def test_small_talk_and_facts_come_with_their_answers(planned: Plan) -> None:
    """Turns without a tool hold their reply, and no two of a dialog are the same."""
    turns = [TurnSpec(kind="none", situation=situation) for situation in ("small_talk", "knowledge") * 3]
    found = planned(*turns).turns
    assert all(turn.reply and not turn.steps for turn in found)
    assert len({turn.intent.request for turn in found}) == 6


def test_an_ambiguous_request_is_answered_with_the_two_possibilities(planned: Plan, single: Spec) -> None:
    """The question back names what both tools do."""
    spec = single("search_hotels", "book_hotel", situation="ambiguous").model_copy(update={"kind": "none"})
    turn = planned(spec).turns[0]
    assert "hotels" in turn.intent.request
    assert "room" in turn.reply or "hotel" in turn.reply
    assert turn.reply.endswith(("?", ".", "example."))


def test_a_tool_that_cannot_be_called_twice_is_refused() -> None:
    """Parallel calls without anything to differ in are no plan."""
    nothing = Api.model_validate(
        {
            "id": "x",
            "name": "ping",
            "description": "Ping a server.",
            "parameters": {"type": "object", "properties": {}},
            "returns": {},
            "domain": (),
            "lineage": {"origin": "imported"},
        }
    )
    spec = TurnSpec(kind="parallel", steps=((CallSpec(tool="ping"), CallSpec(tool="ping")),))
    context = PlanContext(language="en", today=TODAY, persona=Persona(), turns=(spec,), apis=(nothing,))
    with pytest.raises(Unanswerable):
        plan(context, random.Random(1))
