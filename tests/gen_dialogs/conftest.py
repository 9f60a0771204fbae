"""A small pool with a chain (search, book, cancel) and tools of other areas."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from toolace.config import GenDialogs
from toolace.gen_dialogs.candidates import Candidates
from toolace.gen_dialogs.orders import Order
from toolace.gen_dialogs.plan import Blueprint, Planner
from toolace.gen_dialogs.play import Play
from toolace.gen_dialogs.roles import DialogPlan, Persona, TurnSpec
from toolace.records import Api
from toolace.testing import ScriptedBackend


@pytest.fixture(scope="session")
def apis() -> list[Api]:
    """The pool."""
    return [Api.model_validate(one) for one in json.loads((Path(__file__).parent / "pool.json").read_text())]


@pytest.fixture(scope="session")
def candidates(apis: list[Api]) -> Candidates:
    """The pool as stage 2 sees it."""
    return Candidates(apis)


@pytest.fixture(scope="session")
def planner(candidates: Candidates) -> Planner:
    """Draws blueprints with the default settings."""
    return Planner(candidates, GenDialogs(), seed=7)


@pytest.fixture
def blueprint_of(apis: list[Api]) -> Callable[..., Blueprint]:
    """Builds a blueprint of the given turns over the named true tools."""

    def build(turns: tuple[TurnSpec, ...], true: tuple[str, ...], offered: tuple[str, ...] | None = None) -> Blueprint:
        known = {api.name: api for api in apis}
        return Blueprint(
            kind=turns[0].kind,
            today="2024-05-13",
            persona=Persona(),
            turns=turns,
            apis=tuple(known[name] for name in true),
            tools=tuple(known[name] for name in (offered if offered is not None else true)),
            system=False,
            masked=False,
        )

    return build


@pytest.fixture
def played() -> Callable[..., Play]:
    """Plays a plan to its end with scripted answers."""

    def play(blueprint: Blueprint, plan: dict[str, Any], backend: ScriptedBackend, **settings: Any) -> Play:
        parsed = DialogPlan.model_validate(plan)
        order = Order(index=0, kind=blueprint.kind)
        dialog = Play(blueprint, parsed, GenDialogs(**{"votes": 1, **settings}), order, 0, "en", backend.ask)

        async def every_turn() -> None:
            for number in range(len(parsed.turns)):
                await dialog.turn(number)

        asyncio.run(every_turn())
        return dialog

    return play
