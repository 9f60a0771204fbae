"""Experts: what they are asked, when, how their votes count, and that what they quote must be there."""

from __future__ import annotations

import asyncio
import copy
from dataclasses import replace
from typing import Any

import pytest

from tests.rules.handmade import Json, clean, dialog
from toolace.backends.simulator import Simulator
from toolace.backends.simulator.judging import Known, calls_of, misfit
from toolace.errors import ReplyError
from toolace.records import Dialog, Message
from toolace.roles import Key, Role
from toolace.verify.experts import TRIES, context_for, examine
from toolace.verify.grounding import open_arguments
from toolace.verify.roles import ExpertContext, ExpertReply

ALL = ("consistency", "tool_response", "hallucination")
ARGUMENTS = "/messages/2/tool_calls/0/function/arguments"


class Scripted:
    """Answers with the given replies in turn, and remembers who was asked with which key."""

    def __init__(self, **replies: list[ExpertReply]):
        self.replies = replies
        self.asked: list[tuple[str, Key]] = []

    async def __call__(self, role: Role[Any, Any], context: Any, key: Key) -> Any:
        self.asked.append((role.name, key))
        waiting = self.replies.get(role.name)
        return waiting.pop(0) if waiting else ExpertReply(verdict="ok")


def examined(made: Dialog, ask: Any, votes: int = 1) -> list[Any]:
    return asyncio.run(examine(made, ALL, votes, "en", 7, ask))


def spoilt(**arguments: Any) -> Dialog:
    """The clean dialog with other arguments in its first call."""
    made = clean()
    made["messages"][2]["tool_calls"][0]["function"]["arguments"].update(arguments)
    return dialog(made)


def test_cheap_experts_are_asked_before_dear_ones() -> None:
    """And hallucination not at all where provenance leaves nothing open."""
    ask = Scripted()
    assert examined(dialog(clean()), ask) == []
    assert [name for name, _ in ask.asked] == ["consistency", "tool_response"]


def test_a_dialog_without_calls_is_asked_about_consistency_alone() -> None:
    """There is no result and no argument to judge."""
    made = clean()
    made["messages"] = made["messages"][7:]
    ask = Scripted()
    assert examined(dialog(made), ask) == []
    assert [name for name, _ in ask.asked] == ["consistency"]


def test_no_context_holds_plan_or_thought() -> None:
    """Experts see what a reader of the conversation sees."""
    made = clean()
    made["messages"][2]["thought"] = {"asked": "the secret plan"}
    context = context_for("consistency", dialog(made), "en")
    assert context is not None
    assert "secret" not in context.model_dump_json()
    assert "plan" not in ExpertContext.model_fields


def test_the_first_defect_ends_the_examination() -> None:
    """The dearer experts are not asked about a dialog that is rejected."""
    wrong = ExpertReply(verdict="defect", message=6, evidence="A room", reason="Wrong.")
    ask = Scripted(consistency=[wrong])
    assert [found.check for found in examined(dialog(clean()), ask)] == ["consistency"]
    assert [name for name, _ in ask.asked] == ["consistency"]


def test_a_defect_of_a_result_is_the_tools() -> None:
    """The finding points to the message and blames who wrote it."""
    defect = ExpertReply(verdict="defect", message=3, evidence='"price": 84.5', reason="Too cheap.")
    ask = Scripted(tool_response=[defect])
    (finding,) = examined(dialog(clean()), ask)
    assert (finding.check, finding.aspect, finding.severity) == ("tool_response", "expert", "error")
    assert (finding.where, finding.blame) == ("/messages/3", "tool")
    assert [name for name, _ in ask.asked] == ["consistency", "tool_response"]


def test_only_a_majority_of_votes_rejects_and_cannot_tell_does_not() -> None:
    """One defect of three is overruled, two are a verdict."""
    defect = ExpertReply(verdict="defect", message=6, evidence="A room", reason="Wrong.")
    unsure, fine = ExpertReply(verdict="cannot_tell"), ExpertReply(verdict="ok")
    assert examined(dialog(clean()), Scripted(consistency=[defect, unsure, fine]), votes=3) == []
    assert examined(dialog(clean()), Scripted(consistency=[unsure, unsure, unsure]), votes=3) == []
    assert len(examined(dialog(clean()), Scripted(consistency=[defect, defect, fine]), votes=3)) == 1


@pytest.mark.parametrize(
    ("message", "evidence"),
    [
        (6, "a room at Grand Meridian"),
        (3, "A room at Casa Miramar"),
        (6, ""),
        (99, "A room"),
        (-1, "A room"),
    ],
    ids=["not there", "in another message", "empty", "no such message", "negative"],
)
def test_a_quotation_that_is_not_there_is_no_verdict(message: int, evidence: str) -> None:
    """It is asked for again, with another key each time, and in the end the dialog is owed."""
    bad = ExpertReply(verdict="defect", message=message, evidence=evidence, reason="Wrong.")
    ask = Scripted(consistency=[bad] * TRIES)
    with pytest.raises(ReplyError, match="quoted"):
        examined(dialog(clean()), ask)
    assert [key.attempt for name, key in ask.asked if name == "consistency"] == list(range(TRIES))


def test_a_second_reply_with_a_true_quotation_counts() -> None:
    """White space and case do not matter."""
    bad = ExpertReply(verdict="defect", message=6, evidence="nothing of it", reason="Wrong.")
    good = ExpertReply(verdict="defect", message=6, evidence="a ROOM  at casa miramar", reason="Wrong.")
    assert len(examined(dialog(clean()), Scripted(consistency=[bad, good]))) == 1


@pytest.mark.parametrize(
    ("arguments", "parameter"),
    [
        ({"city": "Lisbon"}, "city"),
        ({"check_in": "2024-05-16"}, "check_in"),
        ({"guests": 3}, "guests"),
        ({"room": "double"}, "room"),
        ({"country": "PT"}, "country"),
        ({"amenities": ["pool"]}, "amenities"),
        ({"budget": 80.0}, "budget"),
    ],
)
def test_made_up_values_are_found_by_the_simulated_expert(arguments: Json, parameter: str) -> None:
    """A neighbouring city, the day after, one guest more, an option nobody chose."""
    (finding,) = examined(spoilt(**arguments), Simulator(0).ask)
    assert finding.check == "hallucination"
    assert finding.where.startswith(f"{ARGUMENTS}/{parameter}")


@pytest.mark.parametrize(
    ("said", "arguments"),
    [
        ("for two dozen guests", {"guests": 24}),
        ("on Friday", {"check_in": "2024-05-17"}),
        ("the day after tomorrow", {"check_in": "2024-05-16"}),
        ("from 20th May", {"check_in": "2024-05-20"}),
        ("in a double room", {"room": "double"}),
        ("in Portugal", {"country": "PT"}),
        ("with a pool and a spa", {"amenities": ["pool", "spa"]}),
        ("for at most one thousand two hundred, that is 1,200", {"budget": 1200}),
    ],
)
def test_what_people_say_in_their_own_words_is_credited(said: str, arguments: Json) -> None:
    """Numbers in words, days counted from today, names for codes."""
    made = clean()
    made["messages"][1]["content"] = f"Find a hotel in Porto for two guests from tomorrow, {said}, for Ana Lima."
    made["messages"][2]["tool_calls"][0]["function"]["arguments"].update(arguments)
    assert open_arguments(dialog(made)) == []


@pytest.mark.parametrize(
    ("said", "arguments", "parameter"),
    [
        ("Book it for us.", {"country": "US"}, "country"),
        ("We come the day after tomorrow.", {"check_in": "2024-05-15"}, "check_in"),
        ("We are twenty-two.", {"guests": 20}, "guests"),
        ("We arrive at half past six.", {"guests": 6}, "guests"),
    ],
)
def test_words_that_happen_to_stand_there_are_no_source(said: str, arguments: Json, parameter: str) -> None:
    """A pronoun is no country, a part of a number no number."""
    made = clean()
    made["messages"][1]["content"] = f"Find a hotel in Porto. {said}"
    made["messages"][2]["tool_calls"][0]["function"]["arguments"] = {"city": "Porto", **arguments}
    found = [one.parameter for one in open_arguments(dialog(made)) if one.where.startswith("/messages/2")]
    assert found == [parameter]


@pytest.mark.parametrize(("check_in", "is_open"), [("2024-05-15", False), ("2024-05-20", True)])
def test_words_said_of_one_argument_are_no_source_for_another(check_in: str, is_open: bool) -> None:
    """Twice the 20th leaves `tomorrow` without an argument, so one of the two days is made up."""
    made = clean()
    made["messages"][1]["content"] = "Find a hotel in Porto from tomorrow until 20 May."
    given = {"city": "Porto", "check_in": check_in, "check_out": "2024-05-20"}
    made["messages"][2]["tool_calls"][0]["function"]["arguments"] = given
    found = {one.parameter for one in open_arguments(dialog(made)) if one.where.startswith("/messages/2")}
    assert ("check_in" in found) is is_open


SWITCH = {"type": "boolean", "description": "Whether rooms with seats in a garden count; off by default"}


@pytest.mark.parametrize(
    ("name", "said", "is_open"),
    [
        ("garden_only", "with a garden", False),
        ("arg_ef3", "with arg ef3 switched on", False),
        ("include_breakfast_menu", "with all the breakfast menu", False),
        ("include_breakfast_menu", "with breakfast", True),
        ("garden_only", "for another trip, about two hours off the coast", True),
        ("garden_only", "with seats", True),
    ],
)
def test_a_switch_needs_words_that_are_its_own(name: str, said: str, is_open: bool) -> None:
    """Its name, or what nothing else is described by; grammar and `off by default` say nothing."""
    made = clean()
    made["tools"] = copy.deepcopy(made["tools"])
    made["tools"][0]["function"]["parameters"]["properties"][name] = SWITCH
    made["messages"][1]["content"] = f"Find a hotel in Porto {said}."
    made["messages"][2]["tool_calls"][0]["function"]["arguments"] = {"city": "Porto", name: True}
    found = [one.parameter for one in open_arguments(dialog(made)) if one.where.startswith("/messages/2")]
    assert found == ([name] if is_open else [])


def test_an_option_that_the_assistant_offered_is_not_one_that_the_user_chose() -> None:
    """The question lists them all; the answer names one."""
    made = clean()
    made["messages"][2:2] = [
        {"role": "assistant", "content": "Would you like a single or a double room?"},
        {"role": "user", "content": "A single one."},
    ]
    made["messages"][4]["tool_calls"][0]["function"]["arguments"]["room"] = "double"
    assert [one.parameter for one in open_arguments(dialog(made))] == ["room"]
    made["messages"][4]["tool_calls"][0]["function"]["arguments"]["room"] = "single"
    assert open_arguments(dialog(made)) == []


@pytest.mark.parametrize(
    ("at", "content", "expert"),
    [
        (6, "I'm afraid I can't help you with that.", "consistency"),
        (6, "Bananas grow on large plants, not on trees.", "consistency"),
        (5, "I'm sorry, as an AI I cannot book rooms.", "tool_response"),
        (5, '{"booking_id": "BKN-0815"}', "tool_response"),
        (5, '{"booking_id": "BKN-0815", "total": 84.5, "hotel_id": "HTL-9"}', "tool_response"),
    ],
)
def test_the_simulated_experts_see_what_can_be_computed(at: int, content: str, expert: str) -> None:
    """An answer that has nothing of the results, a result that is talk, half, or about another hotel."""
    made = clean()
    made["messages"][at]["content"] = content
    (finding,) = examined(dialog(made), Simulator(0).ask)
    assert finding.check == expert


def test_a_claim_without_a_call_is_a_defect() -> None:
    """Nothing was booked."""
    made = clean()
    made["messages"] = [made["messages"][1], {"role": "assistant", "content": "I have booked the hotel for you."}]
    (finding,) = examined(dialog(made), Simulator(0).ask)
    assert (finding.check, finding.where) == ("consistency", "/messages/1")


def test_the_simulated_experts_work_on_foreign_dialogs() -> None:
    """Without plan, provenance and returns."""
    made = clean()
    for absent in ("plan", "provenance", "returns"):
        del made[absent]
    assert examined(dialog(made), Simulator(0).ask) == []


def test_a_thing_is_known_by_all_its_identifiers() -> None:
    """Two filters of one account may differ in name; one filter may not."""
    made = calls_of(dialog(clean()).messages)[0]
    told = Message(role="tool", content="{}")

    def problems(*things: dict[str, Any]) -> list[bool]:
        known: Known = {}
        return [misfit(replace(made, result=thing), told, None, known) is not None for thing in things]

    first = {"accountId": "acc-1", "id": "flt-1", "name": "north"}
    assert problems(first, {"accountId": "acc-1", "id": "flt-2", "name": "south"}) == [False, False]
    assert problems(first, {**first, "name": "south"}) == [False, True]


def test_an_expert_is_told_which_tools_were_offered_later() -> None:
    """From which user message on, by the tool's name; else a refusal before it would look wrong."""
    made = clean()
    made["turns"][0]["tools_added"] = ["book_hotel"]
    context = context_for("consistency", dialog(made), "en")
    assert context is not None
    assert context.tools_added == {"book_hotel": made["turns"][0]["first"]}
