"""Dependent turns: every shape of the dataflow graph has its share, and links count the right calls."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest

from toolace.config import GenDialogs
from toolace.gen_dialogs.candidates import Candidates
from toolace.gen_dialogs.draft import Draft
from toolace.gen_dialogs.plan import Planner
from toolace.gen_dialogs.roles import TurnSpec
from toolace.records import Api, ApiLineage

TEXT = {"type": "string", "description": "What it is about"}


def identifier(thing: str) -> dict[str, Any]:
    """The schema of an identifier."""
    return {"type": "string", "description": f"Identifier of the {thing}", "x-toolace": {"type": f"id({thing})"}}


def tool(name: str, takes: dict[str, Any], gives: dict[str, Any]) -> Api:
    """A tool that needs all that it takes."""
    return Api(
        id=name,
        name=name,
        description=f"{name.split('_')[0].capitalize()} something.",
        parameters={"type": "object", "properties": takes, "required": list(takes)},
        returns={"type": "object", "properties": gives},
        domain=("office", "notes"),
        functionalities=(name,),
        lineage=ApiLineage(origin="imported"),
    )


def notes(number: int) -> list[Api]:
    """Find notes (a list), add one, read one, link two, print a batch, and trace the print; all of one sort of thing."""
    note, job = f"note{number}", f"job{number}"
    listed = {"type": "array", "items": {"type": "object", "properties": {"note_id": identifier(note)}}}
    batch = {"type": "array", "items": identifier(note), "minItems": 2, "maxItems": 5}
    return [
        tool(f"find_notes_{number}", {"topic": TEXT}, {"notes": listed}),
        tool(f"add_note_{number}", {"text": TEXT}, {"note_id": identifier(note)}),
        tool(f"read_note_{number}", {"note_id": identifier(note)}, {"text": TEXT}),
        tool(f"link_notes_{number}", {"source": identifier(note), "target": identifier(note)}, {"ok": TEXT}),
        tool(f"print_notes_{number}", {"note_ids": batch}, {"job_id": identifier(job)}),
        tool(f"print_note_{number}", {"note_id": identifier(note)}, {"job_id": identifier(job)}),
        tool(f"trace_print_{number}", {"job_id": identifier(job)}, {"state": TEXT}),
    ]


@pytest.fixture(scope="module")
def pool() -> Candidates:
    """Eight sorts of notes."""
    return Candidates([api for number in range(8) for api in notes(number)])


def shape_of(turn: TurnSpec) -> str:
    """How the calls of a dependent turn hang together."""
    calls = [call for step in turn.steps for call in step]
    sources = [{link.call for link in call.links} for call in calls]
    if any(len(one) > 1 for one in sources):
        return "fan_in"
    if max(Counter(call for one in sources for call in one).values()) > 1:
        return "fan_out"
    return "long_chain" if len(turn.steps) > 2 else "beside" if len(turn.steps[0]) > 1 else "chain"


def dependent_turns(pool: Candidates, count: int, more: int = 0) -> list[TurnSpec]:
    """First turns of dependent dialogs."""
    settings = GenDialogs(situations={"plain": 1.0})
    drafts = [Draft(pool, random.Random(number), more) for number in range(count)]
    for draft in drafts:
        draft.first_turn("dependent", settings)
    return [draft.turns[0] for draft in drafts]


def test_every_shape_has_its_share(pool: Candidates) -> None:
    """Of 1,000 dependent turns none of the shapes that the graph allows has less than a tenth."""
    found = Counter(map(shape_of, dependent_turns(pool, 1000)))
    assert set(found) == {"chain", "long_chain", "fan_out", "fan_in", "beside"}
    assert 200 < found["chain"] + found["long_chain"] < 500
    assert 200 < found["fan_out"] < 350
    assert 150 < found["fan_in"] < 290
    assert min(found["beside"], found["long_chain"]) > 60


def test_links_name_calls_of_earlier_steps_and_what_these_give(pool: Candidates) -> None:
    """Whatever stands beside: each link's call is made before, and its result has the place."""
    known = {api.name: api for api in pool.apis}
    for turn in dependent_turns(pool, 400, more=2):
        steps = [at for at, step in enumerate(turn.steps) for _ in step]
        calls = [call for step in turn.steps for call in step]
        for at, call in enumerate(calls):
            for link in call.links:
                assert steps[link.call] < steps[at]
                schema = known[calls[link.call].tool].returns
                for step in link.result.split("."):
                    schema = schema["items"] if step.isdigit() else schema["properties"][step]
                assert schema["x-toolace"]["type"].startswith("id(")


def test_two_results_fill_a_list_or_two_parameters(pool: Candidates) -> None:
    """The joining call takes from two calls: under two names, or twice under the name of its list."""
    joined = [turn.steps[-1][0] for turn in dependent_turns(pool, 400) if shape_of(turn) == "fan_in"]
    names = Counter(tuple(sorted(link.parameter for link in call.links)) for call in joined)
    assert set(names) == {("note_ids", "note_ids"), ("source", "target")}


def test_more_and_fewer_calls_keep_the_kind(pool: Candidates) -> None:
    """What is to be harder has three calls or more, what is to be easier just two; all are dependent still."""
    for more, allowed in ((-1, {2}), (1, {3, 4}), (2, {4, 5, 3})):
        turns = dependent_turns(pool, 200, more)
        assert {sum(map(len, turn.steps)) for turn in turns} <= allowed
        assert {turn.kind for turn in turns} == {"dependent"}


@pytest.mark.parametrize(("more", "counts"), [(-2, {2}), (0, {2, 3, 4}), (2, {4, 5, 6}), (9, {6})])
def test_parallel_turns_gain_and_lose_calls_within_their_kind(pool: Candidates, more: int, counts: set[int]) -> None:
    """Never fewer than two, never more than six."""
    settings = GenDialogs(situations={"plain": 1.0})
    found = set()
    for number in range(200):
        draft = Draft(pool, random.Random(number), more)
        draft.first_turn("parallel", settings)
        found.add(len(draft.turns[0].steps[0]))
    assert found == counts


def test_what_feeds_another_call_is_not_varied(pool: Candidates) -> None:
    """'And for Rome?' after a search whose find was booked would leave open what becomes of the booking."""
    settings = GenDialogs(turns={3: 1.0}, mix={"dependent": 1.0})
    planner = Planner(pool, settings, seed=1)
    for index in range(300):
        blueprint = planner.draw(index)
        calls = [call for turn in blueprint.turns if turn.kind != "none" for step in turn.steps for call in step]
        fed = {link.call for call in calls for link in call.links}
        assert not [call for call in calls if call.like in fed and call.like is not None]
