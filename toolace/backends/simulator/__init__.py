"""The simulator: answers every role by computation, seeded, without a network. The embedded default backend.

It is a schema-guided, agenda-based simulation: the planner draws true calls from the tools' definitions, the user says
their values in the words that the definitions carry, the assistant acts from the plan (its oracle), the tool computes
results from `returns`.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from toolace.roles import C, Key, R, Role

Answer = Callable[[Any, random.Random], Any]


class Simulator:
    """Answers roles. One answer depends on nothing but the seed, the role, its context and the key."""

    name = "simulator"

    def __init__(self, seed: int):
        self._seed = seed
        self._answers = _answers()

    async def ask(self, role: Role[C, R], context: C, key: Key) -> R:
        """Answers one role. Raises ReplyError where the simulator has no valid answer."""
        rng = random.Random(f"{self._seed}/{role.name}/{'/'.join(map(str, key))}")
        reply: R = self._answers[role.name](context, rng)
        return reply

    async def check(self) -> None:
        """The simulator always works."""

    async def close(self) -> None:
        """It holds nothing open."""

    def usage(self) -> dict[str, Any]:
        """It costs nothing."""
        return {}


def _answers() -> dict[str, Answer]:
    from toolace.backends.simulator import assistant, experts, planner, speciation, tool, user, writing

    return {
        "speciation": speciation.speciate,
        "evolution": writing.write,
        "mutation": writing.mutate,
        "plan": planner.plan,
        "user": user.speak,
        "assistant": assistant.act,
        "tool": tool.respond,
        **experts.ANSWERS,
    }
