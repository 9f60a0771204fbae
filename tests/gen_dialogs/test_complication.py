"""Complication: what the planner and the user agent are told, and how the next blueprint leans."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from toolace.backends.simulator import Simulator
from toolace.complexity.steering import Range
from toolace.config import GenDialogs
from toolace.gen_dialogs.complication import change_for, leaned
from toolace.gen_dialogs.dialog import DialogStage
from toolace.gen_dialogs.plan import Blueprint, Lean, Planner
from toolace.gen_dialogs.roles import CallSpec, TurnSpec
from toolace.gen_dialogs.seeds import seeds
from toolace.records import Complexity, Message
from toolace.roles import Key, Role

ONE = TurnSpec(kind="single", steps=((CallSpec(tool="get_forecast"),),))


def calls_in(blueprint: Blueprint) -> int:
    """Calls of the first turn."""
    return sum(len(step) for step in blueprint.turns[0].steps)


@pytest.mark.parametrize(
    ("side", "begins", "plan", "user"),
    [
        (-1, "was too easy for", "Raise the dissimilarity", "Stray further"),
        (1, "was too hard for", "Lower the dissimilarity", "Ask plainly"),
    ],
)
def test_the_instructions_name_their_reason_and_the_factor(
    blueprint_of: Callable[..., Blueprint], side: int, begins: str, plan: str, user: str
) -> None:
    """The planner reads figures; the user agent, who knows no tools, reads how to ask."""
    complexity = Complexity(learner="l", measure="nll", value=0.4321)
    change = change_for(side, complexity, blueprint_of((ONE,), ("get_forecast",), ("get_forecast", "list_warnings")))
    assert change.plan.startswith("The last request (1 call, 2 candidate tools, a loss of 0.43) was too")
    assert begins in change.plan
    assert plan in change.plan
    assert begins in change.user
    assert user in change.user
    assert "tool" not in change.user


def test_the_user_agent_and_the_planner_are_told_what_to_change(planner: Planner) -> None:
    """In the round after one that was too easy; in the first round they are told nothing."""
    told: dict[tuple[str, int], set[str]] = {}

    class Listening(Simulator):
        async def ask(self, role: Role[Any, Any], context: Any, key: Key) -> Any:
            if role.name in ("plan", "user"):
                told.setdefault((role.name, len(scored)), set()).add(context.instruction)
            return await super().ask(role, context, key)

    scored: list[float] = []

    class Given:
        learner, measure, range = "given", "nll", Range(1.0, 2.0)

        async def score(self, tools: Sequence[dict[str, Any]], messages: Sequence[Message]) -> float:
            scored.append([0.5, 1.5][len(scored)])
            return scored[-1]

    settings = GenDialogs(turns={1: 1.0}, tries=1)
    stage = DialogStage(planner, settings, target=1, language="en", backend="simulator", rounds=2, scorer=Given())
    index = next(at for at in range(99) if len(planner.draw(at).turns) == 1 and planner.draw(at).kind == "single")
    assert asyncio.run(stage.attempt(index, index, Listening(0).ask)).line
    assert told["plan", 0] == told["user", 0] == {""}
    (plan,), (user,) = told["plan", 1], told["user", 1]
    assert "too easy" in plan
    assert "Stray further" in user


@pytest.mark.parametrize("kind", ["parallel", "dependent"])
def test_calls_are_gained_and_lost_from_the_second_round_on_one_side(planner: Planner, kind: str) -> None:
    """On the whole there are more after two steps up, fewer after two down, and the kind is the same throughout."""
    indexes = [at for at in range(400) if planner.draw(at).turns[0].kind == kind][:25]
    means = {}
    for lean in (-2, -1, 1, 2):
        found = [leaned(planner, index, 0, abs(lean), lean) for index in indexes]
        assert {one.turns[0].kind for one in found} == {kind}
        means[lean] = sum(map(calls_in, found)) / len(found)
    assert means[-2] < means[-1] <= means[1] + 0.5
    assert means[1] < means[2]


def test_the_situation_is_kept_whatever_the_lean(planner: Planner) -> None:
    """Also a rare one, for which no other blueprint is found soon."""
    for index in range(60):
        own = planner.draw(index)
        for lean in (-3, -1, 1, 3):
            other = leaned(planner, index, 0, 1, lean)
            first, second = own.turns[0], other.turns[0]
            assert (first.kind, first.situation) == (second.kind, second.situation)


def test_a_lean_changes_candidates_and_not_the_kind(planner: Planner) -> None:
    """The mix holds: the kind is the one asked for, whatever else is wished."""
    for index in range(80):
        usual, leaning = planner.draw(index), planner.draw(index, 0, None, Lean(1, 7, 1.0))
        assert leaning.kind == usual.kind
        absent = {turn.absent for turn in leaning.turns} - {None}
        assert len(leaning.tools) >= min(7, len(leaning.apis) - len(absent))


def test_seeds_differ_from_dialog_to_dialog(planner: Planner) -> None:
    """Of 500 dialogs no two have the same seeds, and each has its own when it is drawn again."""
    drawn = [planner.draw(index).seeds for index in range(500)]
    assert len(set(map(repr, drawn))) == 500
    assert planner.draw(3).seeds == drawn[3]
    assert planner.draw(3, attempt=1).seeds != drawn[3]
    assert seeds(random.Random(1)) == seeds(random.Random(1))
