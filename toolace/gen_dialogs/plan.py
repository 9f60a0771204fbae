"""The shape of a dialog, drawn before any word: kind, turns, true tools and how calls depend on each other (section
2.2)."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from toolace.config import GenDialogs
from toolace.gen_dialogs.candidates import Candidates
from toolace.gen_dialogs.draft import Draft, choice
from toolace.gen_dialogs.roles import Persona, Seeds, TurnSpec
from toolace.gen_dialogs.seeds import seeds
from toolace.records import Api, Kind

_OCCUPATIONS_TEXT = (
    "nurse teacher student electrician accountant baker retiree engineer gardener lawyer parent musician "
    "shopkeeper researcher driver designer farmer receptionist chef journalist carpenter analyst librarian "
    "pharmacist"
)
_OCCUPATIONS = _OCCUPATIONS_TEXT.split()


@dataclass(frozen=True, slots=True)
class Blueprint:
    """Everything about a dialog that is fixed before its words."""

    kind: Kind
    today: str
    persona: Persona
    turns: tuple[TurnSpec, ...]
    apis: tuple[Api, ...]
    """True tools, and absent ones whose request is made."""
    tools: tuple[Api, ...]
    """Candidates in the order in which they are offered."""
    system: bool
    masked: bool
    seeds: Seeds | None = None


@dataclass(frozen=True, slots=True)
class Lean:
    """How much harder or easier than usual a blueprint is to be; the kind stays."""

    calls: int = 0
    """Calls of the first turn beyond the usual number, within its kind; negative: below."""
    candidates: int | None = None
    """Candidate tools, at least the true ones; None: as configured."""
    near: float | None = None
    """Share of the distractors that are drawn near the true tools; None: as configured."""


AS_USUAL = Lean()


def schedule(shares: Mapping[Any, float], index: int) -> Any:
    """The item for place `index` of an even sequence with these shares.

    A golden-ratio low-discrepancy sequence: after any number of places each item's count is within one or
    two of its share.
    """
    point = (0.5 + index * 0.6180339887498949) % 1.0
    total = sum(shares.values())
    for item, share in shares.items():
        point -= share / total
        if point < 0:
            return item
    return next(reversed(list(shares)))


class Planner:
    """Draws blueprints from a pool."""

    def __init__(self, candidates: Candidates, settings: GenDialogs, seed: int):
        self._pool = candidates
        self._settings = settings
        self._seed = seed

    @property
    def near(self) -> float:
        """Share of the distractors that are usually drawn near the true tools."""
        return self._settings.near_distractors

    def kind(self, index: int) -> Kind:
        """The kind of dialog `index` by the mix."""
        kind: Kind = schedule(self._settings.mix, index)
        return kind

    def draw(self, index: int, attempt: int = 0, kind: Kind | None = None, lean: Lean = AS_USUAL) -> Blueprint:
        """The blueprint of dialog `index`, of the mix's kind or of another; another `attempt` draws all the rest anew."""
        rng = random.Random(f"{self._seed}/plan/{index}/{attempt}")
        kind = kind or self.kind(index)
        usual = choice(rng, self._settings.candidates)
        draft = Draft(self._pool, rng, lean.calls, lean.candidates or usual)
        count = choice(rng, self._settings.turns)
        draft.first_turn(kind, self._settings)
        while len(draft.turns) < count:
            draft.next_turn(kind, self._settings)
        wanted = max(len(draft.apis), lean.candidates or usual, 1)
        true = [api for api in draft.apis if api.name not in draft.absent]
        absent = [api for api in draft.apis if api.name in draft.absent]
        usually = self.near if true or not absent else self._settings.near_absent
        near = usually if lean.near is None else lean.near
        offered = self._pool.offered(true, absent, wanted, rng, near, draft.like, draft.first)
        return Blueprint(
            kind=draft.kind(),
            today=(date(2024, 1, 1) + timedelta(days=rng.randrange(0, 1000))).isoformat(),
            persona=_persona(rng),
            turns=tuple(draft.turns),
            apis=tuple(draft.apis),
            tools=tuple(offered),
            system=rng.random() < self._settings.system_share,
            masked=rng.random() < self._settings.masked_names and not any(_is_imported(api) for api in offered),
            seeds=seeds(random.Random(f"{self._seed}/seeds/{index}/{attempt}")),
        )


def _persona(rng: random.Random) -> Persona:
    return Persona(
        occupation=rng.choice(_OCCUPATIONS),
        tone=rng.choices(("neutral", "polite", "casual", "terse", "chatty"), (0.3, 0.2, 0.22, 0.14, 0.14))[0],
        directness=rng.choices(("direct", "question", "context_first"), (0.42, 0.34, 0.24))[0],
        typos=rng.random() < 0.05,
    )


def _is_imported(api: Api) -> bool:
    """The user's own tools are offered under their own names."""
    return api.lineage.origin == "imported"
