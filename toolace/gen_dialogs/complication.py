"""Self-guided complication: what to change about an exchange that is too easy or too hard for the learner (section 2.2.2)."""

from __future__ import annotations

from dataclasses import dataclass

from toolace.complexity.steering import ROUNDS
from toolace.gen_dialogs.plan import Blueprint, Lean, Planner
from toolace.records import Complexity, Kind

DRAWS = 16
"""Blueprints drawn for a round until one begins as the dialog's own does; their numbers are those of no other attempt."""
WIDER = 1.6
"""Factor by which a round changes the number of candidates."""
MANY = 20
"""Candidates at most."""


@dataclass(frozen=True, slots=True)
class Change:
    """What the planner and the user agent are told to do otherwise, each with the reason."""

    plan: str = ""
    user: str = ""


def change_for(side: int, complexity: Complexity | None, blueprint: Blueprint) -> Change:
    """The instructions after an exchange on this side of the range: -1 is too easy, 1 too hard.

    They name the factors of the paper: how many calls, how many candidates, how far from the tools' descriptions.
    """
    calls = sum(len(step) for step in blueprint.turns[0].steps)
    loss = f"a loss of {complexity.value:.2f}" if complexity else "a loss out of range"
    shape = f"{calls} {'call' if calls == 1 else 'calls'}, {len(blueprint.tools)} candidate tools, {loss}"
    much = "easy" if side < 0 else "hard"
    plan, user = _HARDER if side < 0 else _EASIER
    return Change(
        f"The last request ({shape}) was too {much} for the model that is to learn from it. {plan}",
        f"The last way to ask was too {much} for the one who is to learn from it. {user}",
    )


_HARDER = (
    "Raise the dissimilarity: choose a goal whose everyday wording is far from what the tools' descriptions say, and "
    "more values that are said indirectly. Where a tool has optional parameters, let the goal call for one or two. "
    "Candidates and, where the kind allows it, calls are already more.",
    "Stray further from the usual way to ask: everyday words instead of technical terms, the purpose instead of the "
    "operation, what comes first in your mind instead of the order in which a form would ask.",
)
_EASIER = (
    "Lower the dissimilarity: a plain goal, close to what the tools' descriptions say, only required parameters, each "
    "value said as it is. Candidates and, where the kind allows it, calls are already fewer.",
    "Ask plainly: name what you want by its usual word, one fact after the other, and leave out all else.",
)


def leaned(planner: Planner, index: int, attempt: int, round_: int, lean: int, kind: Kind | None = None) -> Blueprint:
    """The blueprint of a round: the dialog's own at first; then another one whose first turn is of the same kind and
    situation, with more (`lean` > 0) or fewer candidates, nearer to the true tools or further. From the second round on
    one side the calls change as well, where the kind may have more: they come later because a mean loss falls with them
    (toolace/complexity/__init__.py).
    """
    own = planner.draw(index, attempt, kind)
    if round_ == 0:
        return own
    wish = Lean(
        calls=int(lean / 2),
        candidates=max(1, min(MANY, round(len(own.tools) * WIDER**lean))),
        near=1.0 if lean > 0 else planner.near / 2,
    )
    first = DRAWS * (round_ + ROUNDS * attempt)
    drawn = (planner.draw(index, number, kind, wish) for number in range(first, first + DRAWS))
    alike = next((one for one in drawn if _opening(one) == _opening(own)), None)
    return alike or planner.draw(index, attempt, kind, wish)


def _opening(blueprint: Blueprint) -> tuple[str, str]:
    return blueprint.turns[0].kind, blueprint.turns[0].situation
