"""The complication loop around a first exchange, with a scorer whose numbers are given."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from toolace.backends.simulator import Simulator
from toolace.complexity.steering import Range, Unscorable
from toolace.config import GenDialogs
from toolace.gen_dialogs.candidates import Candidates
from toolace.gen_dialogs.complication import leaned
from toolace.gen_dialogs.dialog import DialogStage, Made
from toolace.gen_dialogs.plan import Planner
from toolace.records import Api, ApiLineage, Dialog, Message

SETTINGS = GenDialogs(mix={"single": 1.0}, situations={"plain": 1.0}, turns={1: 1.0}, tries=1)


class Given:
    """A scorer that gives these numbers one after the other."""

    learner, measure, range, forks = "given", "nll", Range(1.0, 2.0), True

    def __init__(self, *values: float | str):
        self.values = list(values)
        self.offered: list[int] = []

    async def score(self, tools: Sequence[dict[str, Any]], messages: Sequence[Message]) -> float:
        """The next number; a text is why there is none."""
        self.offered.append(len(tools))
        value = self.values.pop(0)
        if isinstance(value, str):
            raise Unscorable(value)
        return value


@pytest.fixture(scope="module")
def planner() -> Planner:
    """Over forty tools of four domains."""
    return Planner(Candidates([api(at) for at in range(40)]), SETTINGS, seed=0)


def api(at: int) -> Api:
    """A tool that lists things of a sort."""
    what = ("hotels", "trains", "films", "books")[at % 4]
    schema = {
        "type": "object",
        "properties": {"city": {"type": "string", "description": "City"}},
        "required": ["city"],
    }
    result = {"type": "object", "properties": {"count": {"type": "integer", "description": "How many there are"}}}
    return Api(
        id=f"api-{at}",
        name=f"count_{what}_{at}",
        description=f"Count {what} of sort {at} in a city.",
        parameters=schema,
        returns=result,
        domain=("leisure", what),
        functionalities=(f"{what}/{at}",),
        lineage=ApiLineage(origin="imported"),
    )


def make(planner: Planner, scorer: Given, *, drops: bool = False) -> Made:
    """One attempt with two rounds."""
    stage = DialogStage(
        planner, SETTINGS, target=1, language="en", backend="simulator", rounds=2, scorer=scorer, drops=drops
    )
    return asyncio.run(stage.attempt(0, 0, Simulator(0).ask))


@pytest.mark.parametrize(
    ("values", "value", "rounds", "band"),
    [
        ([1.5], 1.5, 0, "medium"),
        ([0.5, 1.5], 1.5, 1, "medium"),
        ([0.5, 0.9, 0.7], 0.9, 1, "easy"),
        ([9.0, 4.0, 3.0], 3.0, 2, "hard"),
        ([0.5, "longer_than_learner_window", 1.2], 1.2, 2, "medium"),
    ],
)
def test_the_best_of_the_rounds_is_kept(
    planner: Planner, values: list[Any], value: float, rounds: int, band: str
) -> None:
    """The first in range ends the loop; where none is, the nearest stays, with its band."""
    scorer = Given(*values)
    complexity = Dialog.model_validate_json(make(planner, scorer).line).complexity
    assert complexity is not None
    assert (complexity.value, complexity.rounds, complexity.band) == (value, rounds, band)
    assert complexity.in_range is (band == "medium")
    assert scorer.values == []


@pytest.mark.parametrize(
    ("values", "reason"),
    [([0.1, 0.1, 0.1], "too_easy"), ([9.0, 9.0, 9.0], "too_hard"), (["loss_is_not_finite"], "loss_is_not_finite")],
)
def test_what_stays_out_of_range_is_dropped_if_so_configured(planner: Planner, values: list[Any], reason: str) -> None:
    """With the reason that is counted."""
    assert make(planner, Given(*values), drops=True).reason == reason


def test_too_easy_gets_more_candidates_and_too_hard_fewer(planner: Planner) -> None:
    """The kind and the situation stay, so that no kind starves."""
    own = planner.draw(3)
    harder, easier = leaned(planner, 3, 0, 1, 2), leaned(planner, 3, 0, 1, -2)
    assert len(harder.tools) > len(own.tools) >= len(easier.tools)
    assert harder.turns[0].kind == easier.turns[0].kind == own.turns[0].kind
    assert leaned(planner, 3, 0, 0, 0) == own


def test_the_same_attempt_gives_the_same_line(planner: Planner) -> None:
    """Whatever else was made before."""
    assert make(planner, Given(0.5, 1.5)).line == make(planner, Given(0.5, 1.5)).line
