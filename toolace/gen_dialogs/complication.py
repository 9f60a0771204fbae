"""Self-guided complication: what to change about an exchange that is too easy or too hard for the learner (section 2.2.2)."""

from __future__ import annotations

from dataclasses import replace

from toolace.complexity.steering import ROUNDS
from toolace.gen_dialogs.plan import Blueprint, Planner
from toolace.records import Complexity

DRAWS = 16
"""Blueprints drawn for a round until one begins as the dialog's own does; their numbers are those of no other attempt."""


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
    return (
        f"{facts}: too hard. Make a simpler request: one tool, only what it requires, and words close to the tool's "
        "description."
    )


def leaned(planner: Planner, index: int, attempt: int, round_: int, lean: int) -> Blueprint:
    """The blueprint of a round: the dialog's own at first; then another one whose first turn is of the same kind and situation,
    with more (`lean` > 0) or fewer candidates to choose from."""
    own = planner.draw(index, attempt)
    if round_ == 0:
        return own
    first = DRAWS * (round_ + ROUNDS * attempt)
    drawn = (planner.draw(index, number) for number in range(first, first + DRAWS))
    chosen = next((one for one in drawn if _opening(one) == _opening(own)), own)
    wanted = max(len(chosen.apis), round(len(own.tools) * 1.6**lean))
    return replace(chosen, tools=planner.resized(chosen, wanted))


def _opening(blueprint: Blueprint) -> tuple[str, str]:
    return blueprint.turns[0].kind, blueprint.turns[0].situation
