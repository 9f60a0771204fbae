"""Blueprints: shares, true tools among the candidates, and what a situation asks of its tools."""

from __future__ import annotations

from collections import Counter

import pytest

from toolace.config import GenDialogs
from toolace.gen_dialogs.candidates import Candidates
from toolace.gen_dialogs.plan import Planner, schedule
from toolace.gen_dialogs.traits import can_vary, finds_lists, only_looks
from toolace.records import Api


@pytest.mark.parametrize("count", [1, 7, 100, 3000])
def test_an_even_sequence_keeps_every_share_within_two(count: int) -> None:
    """After any number of places each kind stands as often as its share says, give or take two."""
    mix = GenDialogs().mix
    found = Counter(schedule(mix, index) for index in range(count))
    assert all(abs(found[kind] - share * count) <= 2 for kind, share in mix.items())


def test_every_kind_is_reached_within_two_percent(planner: Planner) -> None:
    """The richest turn of a dialog is of the kind that the mix gave it."""
    mix = GenDialogs().mix
    kinds = Counter(planner.draw(index).kind for index in range(1500))
    assert all(abs(kinds[kind] / 1500 - share) <= 0.02 for kind, share in mix.items())


def test_situations_of_first_turns_follow_the_configuration(planner: Planner) -> None:
    """Dialogs that call tools begin in the configured situations, within three percent of 1,500."""
    settings = GenDialogs()
    drawn = [blueprint for index in range(1500) if (blueprint := planner.draw(index)).kind != "none"]
    tells = {"missing_parameter": "missing_parameter", "tool_absent": "tool_offered_later", "tool_error": "tool_error"}
    first = Counter(tells.get(blueprint.turns[0].situation, "other") for blueprint in drawn)
    for situation in ("missing_parameter", "tool_error", "tool_offered_later"):
        assert abs(first[situation] / len(drawn) - settings.situations[situation]) <= 0.03


def test_a_blueprint_depends_on_nothing_but_its_index(candidates: Candidates) -> None:
    """Two planners with one seed draw the same dialog, whatever they drew before."""
    one, other = (Planner(candidates, GenDialogs(), seed=3) for _ in range(2))
    [other.draw(index) for index in range(20)]
    assert one.draw(41) == other.draw(41)


def test_true_tools_are_offered_and_absent_ones_are_not(planner: Planner) -> None:
    """Every tool that is called stands among the candidates; one that is said to be absent does not, unless it comes later."""
    for index in range(400):
        blueprint = planner.draw(index)
        offered = {api.name for api in blueprint.tools}
        called = {call.tool for turn in blueprint.turns if turn.kind != "none" for step in turn.steps for call in step}
        later = {name for turn in blueprint.turns for name in turn.tools_added}
        gone = {turn.absent for turn in blueprint.turns if turn.absent} - later
        assert called <= offered
        assert not gone & offered


def test_true_tools_stand_at_any_position(planner: Planner) -> None:
    """The place of a single true tool among four or more candidates is even: no quarter holds over 40 percent of them."""
    quarters: Counter[int] = Counter()
    for index in range(4000):
        blueprint = planner.draw(index)
        if len(blueprint.apis) == 1 and len(blueprint.tools) >= 4 and blueprint.kind != "none":
            names = [api.name for api in blueprint.tools]
            quarters[names.index(blueprint.apis[0].name) * 4 // len(names)] += 1
    assert max(quarters.values()) / sum(quarters.values()) < 0.4


def test_an_empty_result_befalls_a_tool_that_finds_lists(apis: list[Api]) -> None:
    """Tools are told apart by whether their result holds a list that may come back empty."""
    assert [api.name for api in apis if finds_lists(api)] == ["search_hotels", "list_warnings", "estimate_trip"]


def test_only_lookups_are_asked_again_without_harm(apis: list[Api]) -> None:
    """Booking, cancelling and setting change the world; the others only look."""
    doing = [api.name for api in apis if not only_looks(api)]
    assert doing == ["book_hotel", "cancel_booking", "set_reminder"]


def test_calls_vary_in_a_required_text_or_number(apis: list[Api]) -> None:
    """All tools of the pool can be called twice with different values."""
    assert [api.name for api in apis if not can_vary(api)] == []


def test_the_kinds_of_a_pool_without_dataflow_still_come_out(apis: list[Api]) -> None:
    """Where no tool feeds another, dialogs that should be dependent are parallel."""
    lonely = Planner(Candidates([api for api in apis if api.name == "convert_money"]), GenDialogs(), seed=1)
    assert {lonely.draw(index).kind for index in range(200)} == {"none", "single", "parallel"}
