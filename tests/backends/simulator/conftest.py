"""The small pool of the dialog tests, and a simulator's roles by hand."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from toolace.backends.simulator.planner import plan
from toolace.gen_dialogs.roles import CallSpec, DialogPlan, Persona, PlanContext, TurnSpec
from toolace.records import Api

TODAY = "2024-05-13"


@pytest.fixture(scope="session")
def apis() -> dict[str, Api]:
    """The pool by name."""
    path = Path(__file__).parents[2] / "gen_dialogs" / "pool.json"
    found = [Api.model_validate(one) for one in json.loads(path.read_text())]
    return {api.name: api for api in found}


@pytest.fixture
def planned(apis: dict[str, Api]) -> Callable[..., DialogPlan]:
    """Plans the given turns with a seed."""

    def make(*turns: TurnSpec, seed: int = 1, system: bool = False) -> DialogPlan:
        names = dict.fromkeys(call.tool for turn in turns for step in turn.steps for call in step)
        true = tuple(apis[name] for name in names)
        context = PlanContext(language="en", today=TODAY, persona=Persona(), turns=turns, apis=true, system=system)
        return plan(context, random.Random(seed))

    return make


@pytest.fixture
def single() -> Callable[..., TurnSpec]:
    """A turn with calls of the named tools, all in one step."""

    def make(*tools: str, situation: str = "plain") -> TurnSpec:
        kind = "single" if len(tools) == 1 else "parallel"
        return TurnSpec(kind=kind, situation=situation, steps=(tuple(CallSpec(tool=tool) for tool in tools),))

    return make
