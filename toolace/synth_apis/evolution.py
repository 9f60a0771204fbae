"""Evolution: a new API is written from a sampled subtree and an example, then changed by diversity indicators
(section 2.1)."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from toolace.config import Naming, Styles, SynthApis
from toolace.roles import Ask, Key, Role
from toolace.synth_apis.adaptation import Assignment
from toolace.synth_apis.indicators import INDICATORS, Indicator
from toolace.synth_apis.tree import Functionality


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Style(_Model):
    """How a definition is written, drawn from configured mixtures so that the pool does not collapse into one style."""

    naming: Naming = "snake"
    description: Literal["short", "medium", "long"] = "medium"
    voice: Literal["imperative", "third_person", "use_this"] = "imperative"
    order: Literal["required_first", "as_is", "alphabetical"] = "required_first"
    optional: float = Field(default=0.7, ge=0, le=1)
    """Share of the functionality's optional parameters that the API offers."""
    depth: Literal["flat", "as_is", "grouped"] = "as_is"
    wording: Literal["plain", "explicit"] = "plain"
    """Parameter names: as the functionality has them, or spelled out (`max_price` as `maximum_price`, `rooms` as
    `room_count`)."""
    detail: float = Field(default=0, ge=0, le=1)
    """Share of the parameters whose description also gives range, form, example or default."""


class Definition(_Model):
    """What a role writes: an API without its record's bookkeeping."""

    name: str = Field(min_length=1, max_length=64, pattern=r"^[A-Za-z][A-Za-z0-9_.-]*$")
    description: str = Field(min_length=8)
    parameters: dict[str, Any]
    returns: dict[str, Any]


class EvolutionContext(_Model):
    """What a new API is written from."""

    language: str
    functionalities: tuple[Functionality, ...]
    example: Definition | None
    style: Style
    taken_names: tuple[str, ...] = ()


class MutationContext(_Model):
    """An API and the change it is to undergo; `siblings` are functionalities of its domain that it may borrow from."""

    language: str
    api: Definition
    indicator: Indicator
    siblings: tuple[Functionality, ...]


EVOLUTION = Role("evolution", EvolutionContext, Definition)
MUTATION = Role("mutation", MutationContext, Definition)


async def evolve(
    assignment: Assignment,
    example: Definition | None,
    siblings: tuple[Functionality, ...],
    taken_names: tuple[str, ...],
    *,
    settings: SynthApis,
    language: str,
    index: int,
    seed: int,
    ask: Ask,
) -> tuple[Definition, tuple[Indicator, ...]]:
    """Writes one API and applies diversity indicators to it; one that did not do what it stands for is not applied.

    Raises ReplyError.
    """
    rng = random.Random(f"{seed}/evolution/{index}")
    context = EvolutionContext(
        language=language,
        functionalities=assignment.functionalities,
        example=example,
        style=draw_style(settings.styles, rng),
        taken_names=taken_names,
    )
    api = await ask(EVOLUTION, context, Key("evolution", index))
    wanted = rng.sample(list(INDICATORS), rng.randint(*settings.indicators))
    applied: list[Indicator] = []
    for turn, indicator in enumerate(wanted, 1):
        changed = await ask(
            MUTATION,
            MutationContext(language=language, api=api, indicator=indicator, siblings=siblings),
            Key("mutation", index, turn),
        )
        if INDICATORS[indicator](api.parameters, changed.parameters, api.returns, changed.returns) is None:
            api = changed
            applied.append(indicator)
    return api, tuple(applied)


def draw_style(styles: Styles, rng: random.Random) -> Style:
    """A style from the configured mixtures."""

    def draw(shares: Mapping[Any, float]) -> Any:
        return rng.choices(list(shares), list(shares.values()))[0]

    return Style(
        naming=draw(styles.naming),
        description=draw(styles.description),
        voice=draw(styles.voice),
        order=draw(styles.order),
        optional=round(rng.betavariate(*styles.optional), 2),
        depth=draw(styles.depth),
        wording=draw(styles.wording),
        detail=round(rng.betavariate(*styles.detail), 2),
    )
