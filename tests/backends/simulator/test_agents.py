"""The simulated user, assistant and tool."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from toolace.backends.simulator.assistant import act
from toolace.backends.simulator.planner import plan
from toolace.backends.simulator.tool import respond
from toolace.backends.simulator.user import speak
from toolace.errors import Unanswerable
from toolace.gen_dialogs.roles import (
    AssistantContext,
    DialogPlan,
    Oracle,
    Persona,
    PlanContext,
    ToolContext,
    TurnSpec,
    UserContext,
)
from toolace.records import Api, plain
from toolace.semantics import ANNOTATION

Plan = Callable[..., DialogPlan]
Spec = Callable[..., TurnSpec]
TODAY = "2024-05-13"
DIRECTNESS = ("direct", "question", "context_first")


def spoken(plan: DialogPlan, seed: int, persona: Persona | None = None) -> str:
    """The user's words for the first turn."""
    turn = plan.turns[0]
    context = UserContext(
        language="en",
        today=TODAY,
        persona=persona or Persona(),
        intent=turn.intent,
        situation=turn.situation,
        history=(),
    )
    return speak(context, random.Random(seed)).text


def answered(api: Api, seed: int = 0, outcome: str = "ok", earlier: Any = (), **arguments: Any) -> Any:
    """The tool's result."""
    context = ToolContext(language="en", today=TODAY, api=api, arguments=arguments, outcome=outcome, earlier=earlier)  # type: ignore[arg-type]
    return respond(context, random.Random(seed)).result


# User


def test_a_user_never_names_a_tool_or_a_parameter(apis: dict[str, Api], planned: Plan, single: Spec) -> None:
    """Whatever the persona, identifiers of the definition do not appear."""
    for name, api in apis.items():
        identifiers = [name, *(key for key in api.parameters["properties"] if "_" in key)]
        for seed in range(40):
            persona = Persona.model_validate(
                {
                    "tone": ("neutral", "polite", "casual", "terse", "chatty")[seed % 5],
                    "directness": DIRECTNESS[seed % 3],
                }
            )
            text = spoken(planned(single(name), seed=seed), seed, persona)
            assert not [word for word in identifiers if word in text]
            assert text.strip() == text
            assert "{" not in text


def test_requests_differ_in_their_arrangement(planned: Plan, single: Spec) -> None:
    """Of 200 requests for one tool, some open with a place or time, some take two sentences, some are lists."""
    texts = [spoken(planned(single("search_hotels"), seed=seed), seed) for seed in range(200)]
    assert len(set(texts)) == 200
    assert sum(text.startswith(("In ", "From ", "Somewhere", "Arriving")) for text in texts) > 5
    assert sum(bool(re.search(r"[.?!] [A-Z]", text)) for text in texts) > 40
    assert sum("\n- " in text for text in texts) > 3


def test_some_things_are_asked_for_by_a_question(apis: dict[str, Api], single: Spec) -> None:
    """Where the definition has questions, about 4 of 10 requests are one; none that leaves open what it is about."""
    hotels = apis["search_hotels"]
    notes = {**hotels.parameters[ANNOTATION], "questions": ["which hotels are free", "how much is it"]}
    asked = hotels.model_copy(update={"parameters": {**hotels.parameters, ANNOTATION: notes}})
    texts = []
    for seed in range(200):
        persona = Persona.model_validate({"tone": ("polite", "chatty")[seed % 2], "directness": DIRECTNESS[seed % 3]})
        context = PlanContext(
            language="en", today=TODAY, persona=persona, turns=(single("search_hotels"),), apis=(asked,), system=False
        )
        texts.append(spoken(plan(context, random.Random(seed)), seed, persona))
    questions = [text for text in texts if "hich hotels are free" in text]
    assert 60 <= len(questions) <= 100
    assert all(re.search(r"hich hotels are free[^?]*\?(?: |$)", text) for text in questions)
    assert not [text for text in texts if "how much is it" in text.lower()]


def test_typos_spare_the_values(planned: Plan, single: Spec) -> None:
    """A misspelt request still says every value letter by letter."""
    for seed in range(40):
        plan = planned(single("set_reminder"), seed=seed)
        text = spoken(plan, seed, Persona(typos=True))
        said = [value.says for value in plan.turns[0].intent.values]
        assert all(words.lower() in text.lower() for words in said), text


# Assistant


def oracle_of(plan: DialogPlan, apis: dict[str, Api], action: str, results: tuple[Any, ...] = ()) -> Oracle:
    """The oracle of a plan's first turn."""
    turn = plan.turns[0]
    calls = tuple(call for step in turn.steps for call in step)
    return Oracle(
        action=action,  # type: ignore[arg-type]
        calls=calls if action == "call" else (),
        planned=turn,
        apis=tuple({call.tool: apis[call.tool] for call in calls}.values()),
        made=calls if results else (),
        results=results,
    )


def replied(oracle: Oracle | None, tools: list[Api], seed: int = 0) -> Any:
    """The assistant's reply."""
    context = AssistantContext(language="en", tools=tuple(api.tool() for api in tools), history=(), oracle=oracle)
    return act(context, random.Random(seed))


def test_samples_differ_in_words_and_never_in_the_decision(apis: dict[str, Api], planned: Plan, single: Spec) -> None:
    """The planned calls come out whatever the seed."""
    plan = planned(single("get_forecast"))
    replies = [replied(oracle_of(plan, apis, "call"), [apis["get_forecast"]], seed) for seed in range(5)]
    assert len({str(reply.calls) for reply in replies}) == 1
    assert replies[0].calls[0].arguments == plan.turns[0].steps[0][0].arguments


def test_an_assistant_without_an_oracle_says_that_it_cannot_go_on() -> None:
    """Where the conversation has left the plan the simulator makes nothing up."""
    with pytest.raises(Unanswerable):
        replied(None, [])


def test_a_thought_says_which_tools_fit_and_where_values_are_from(
    apis: dict[str, Api], planned: Plan, single: Spec
) -> None:
    """The true tool fits, the other does not with a reason, and each argument is the user's."""
    plan = planned(single("get_forecast"))
    thought = replied(oracle_of(plan, apis, "call"), [apis["convert_money"], apis["get_forecast"]]).thought
    assert [(fit.tool, fit.fits) for fit in thought.tools] == [("get_forecast", True), ("convert_money", False)]
    assert thought.tools[1].why == "It is there to convert an amount into another currency, which is not asked for."
    assert {value.source for value in thought.known} == {"user"}
    assert thought.steps == ("Call get_forecast.",)


def test_every_parallel_call_is_reported_under_what_sets_it_apart(
    apis: dict[str, Api], planned: Plan, single: Spec
) -> None:
    """Two forecasts are told apart by their city or day, and no result is left out."""
    plan = planned(single("get_forecast", "get_forecast"), seed=3)
    results = ({"high": 11.5, "low": 2.5}, {"high": 31.5, "low": 22.5})
    text = replied(oracle_of(plan, apis, "summarise", results), [apis["get_forecast"]]).content
    assert text.count("For ") == 2
    assert all(str(value) in text for result in results for value in result.values())


def test_items_of_a_list_are_reported_one_by_one(apis: dict[str, Api], planned: Plan, single: Spec) -> None:
    """Each hotel stands beside its own price."""
    hotels = [{"name": "Casa Miramar", "price": 80.0}, {"name": "Pension Adler", "price": 120.0}]
    oracle = oracle_of(planned(single("search_hotels")), apis, "summarise", ({"hotels": hotels, "count": 2},))
    text = replied(oracle, [apis["search_hotels"]], 5).content
    assert "2 hotels have rooms: Casa Miramar at 80 EUR and Pension Adler at 120 EUR a night." in text


@pytest.mark.parametrize(
    ("result", "told"), [({"error": "The hotel is full."}, "The hotel is full."), ({"hotels": [], "count": 0}, "")]
)
def test_failures_and_empty_results_are_reported_as_such(
    apis: dict[str, Api], planned: Plan, single: Spec, result: Any, told: str
) -> None:
    """No success is claimed, and an error is repeated in its words."""
    oracle = oracle_of(planned(single("search_hotels")), apis, "summarise", (result,))
    for seed in range(20):
        text = replied(oracle, [apis["search_hotels"]], seed).content
        assert "hotels have rooms" not in text
        assert not text.startswith(("Done", "OK")) or not told
        assert told.rstrip(".") in text


def test_a_missing_value_is_asked_for_by_what_it_is(apis: dict[str, Api], planned: Plan, single: Spec) -> None:
    """The question speaks of the value's meaning and lists a short menu."""
    spec = single("cancel_booking", situation="missing_parameter").model_copy(update={"kind": "none"})
    text = replied(oracle_of(planned(spec), apis, "ask"), [apis["cancel_booking"]]).content
    assert "identifier of the booking" in text
    assert "booking_id" not in text


def test_without_a_fitting_tool_the_assistant_says_so(apis: dict[str, Api], planned: Plan, single: Spec) -> None:
    """It names what it cannot do and claims no ability that it lacks."""
    spec = single("get_forecast", situation="no_fitting_tool").model_copy(update={"kind": "none"})
    for seed in range(30):
        text = replied(oracle_of(planned(spec), apis, "answer"), [apis["convert_money"]], seed).content
        assert re.search(r"^I\b.*(can't|no tool|none of|lack|outside|not able|don't have a function)", text, re.I)
        assert "weather" in text or "forecast" in text


# Tool


def test_results_fit_the_schema(apis: dict[str, Api], planned: Plan, single: Spec) -> None:
    """Whatever the call and the outcome, a result that is no error is valid against `returns`."""
    for name, api in apis.items():
        for seed in range(40):
            arguments = planned(single(name), seed=seed).turns[0].steps[0][0].arguments
            for outcome in ("ok", "empty"):
                Draft202012Validator(plain(api.returns)).validate(answered(api, seed, outcome, **arguments))


def test_an_error_is_the_definitions_own(apis: dict[str, Api]) -> None:
    """A failing call reports what its tool says of failures."""
    assert answered(apis["book_hotel"], outcome="error") == {"error": "The hotel has no room left."}


def test_results_agree_with_the_arguments(apis: dict[str, Api]) -> None:
    """Hotels are in the city asked for, no dearer than the limit, sorted as wished, as many as counted, and all different."""
    for seed in range(60):
        arguments = {"city": "Oslo", "check_in": "2024-06-01", "max_price": 120.0, "sort_by": "price"}
        result = answered(apis["search_hotels"], seed, **arguments)
        prices = [hotel["price"] for hotel in result["hotels"]]
        assert {hotel["city"] for hotel in result["hotels"]} == {"Oslo"}
        assert max(prices) <= 120
        assert prices == sorted(prices)
        assert result["count"] == len(prices) == len({hotel["name"] for hotel in result["hotels"]})


def test_the_best_rated_come_first(apis: dict[str, Api]) -> None:
    """Sorting by rating means from high to low."""
    for seed in range(30):
        hotels = answered(apis["search_hotels"], seed, city="Oslo", sort_by="rating")["hotels"]
        assert [one["rating"] for one in hotels] == sorted((one["rating"] for one in hotels), reverse=True)


def test_a_limit_is_kept_and_an_empty_search_counts_zero(apis: dict[str, Api]) -> None:
    """No more items than asked for; none where nothing was found."""
    assert all(
        len(answered(apis["list_warnings"], seed, country="Norway", limit=1)["warnings"]) == 1 for seed in range(20)
    )
    assert answered(apis["search_hotels"], 1, "empty", city="Oslo") == {"hotels": [], "count": 0}


def test_totals_add_up_and_lows_are_below_highs(apis: dict[str, Api]) -> None:
    """Numbers of one result agree with each other."""
    for seed in range(40):
        trip = answered(apis["estimate_trip"], seed, travellers=2)
        assert trip["total"] == pytest.approx(sum(item["amount"] for item in trip["items"]))
        day = answered(apis["get_forecast"], seed, city="Oslo", day="2024-05-14")
        assert day["low"] <= day["high"]


def test_the_same_call_gives_the_same_result_and_a_thing_keeps_its_name(apis: dict[str, Api]) -> None:
    """Earlier results of the dialog are remembered."""
    earlier = (
        (
            "book_hotel",
            {"hotel_id": "HTL-0001", "guest": "Ana Diaz"},
            {"booking_id": "BKG-0001", "guest": "Ana Diaz", "paid": 99.0},
        ),
    )
    again = answered(apis["book_hotel"], 9, earlier=earlier, hotel_id="HTL-0001", guest="Ana Diaz")
    assert again == earlier[0][2]
    other = answered(apis["book_hotel"], 9, hotel_id="HTL-0002", guest="Bo Lind")
    assert other["guest"] == "Bo Lind"
