"""Self-guided complication: what to change about an exchange that is too easy or too hard for the learner (section 2.2.2)."""

from __future__ import annotations

from dataclasses import replace

from toolace.complexity.steering import ROUNDS
from toolace.gen_dialogs.plan import Blueprint, Planner
from toolace.records import Complexity

DRAWS = 16
"""Blueprints drawn for a round, to choose from; their numbers are those of no other attempt."""


def instruction_for(side: int, complexity: Complexity | None, blueprint: Blueprint) -> str:
    """The instruction to the user agent, with its reasons. `side` is -1 for too easy, 1 for too hard."""
    calls = sum(len(step) for step in blueprint.turns[0].steps)
    found = f"The learner's loss is {complexity.value:.2f}" if complexity else "The exchange is out of range"
    facts = f"{found} with {calls} calls and {len(blueprint.tools)} candidate tools"
    if side < 0:
        return (
            f"{facts}: too easy. Make a request that needs more tools or more arguments, and word it further away from what the "
            "tools' descriptions say: everyday words, values said indirectly, no term of the documentation."
        )
    return f"{facts}: too hard. Make a simpler request: one tool, only what it requires, and words close to the tool's description."


def leaned(planner: Planner, index: int, attempt: int, round_: int, lean: int) -> Blueprint:
    """The blueprint of a round: the dialog's own at first; then, of several others whose first turn is of the same kind and
    situation, the one that should be hardest (`lean` > 0) or easiest."""
    own = planner.draw(index, attempt)
    if round_ == 0 or lean == 0:
        return own
    drawn = [planner.draw(index, DRAWS * (round_ + ROUNDS * attempt) + number) for number in range(1, DRAWS)]
    alike = [one for one in drawn if _opening(one) == _opening(own)] or [own]
    chosen = max(alike, key=lambda one: difficulty(one) * lean)
    wanted = max(len(chosen.apis), round(len(chosen.tools) * 1.6**lean))
    return replace(chosen, tools=planner.resized(chosen, wanted))


def difficulty(blueprint: Blueprint) -> float:
    """How hard a first exchange should be, before a word of it exists: an order, without unit."""
    calls = [call for step in blueprint.turns[0].steps for call in step]
    return len(calls) + 0.1 * len(blueprint.tools)


def _opening(blueprint: Blueprint) -> tuple[str, str]:
    return blueprint.turns[0].kind, blueprint.turns[0].situation
