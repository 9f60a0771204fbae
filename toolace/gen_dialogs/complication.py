"""Self-guided complication: what to change about an exchange that is too easy or too hard for the learner (section 2.2.2)."""

from __future__ import annotations

from dataclasses import replace

from toolace.gen_dialogs.plan import Blueprint, Planner
from toolace.records import Complexity


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


def leaned(blueprint: Blueprint, lean: int, planner: Planner) -> Blueprint:
    """The blueprint with more (`lean` > 0) or fewer candidates to choose from; the true tools stay."""
    if lean == 0:
        return blueprint
    wanted = max(len(blueprint.apis), round(len(blueprint.tools) * 1.6**lean))
    return replace(blueprint, tools=planner.resized(blueprint, wanted))
