"""The pool as stage 2 sees it: true tools to draw, and candidates to hide them among."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from toolace.gen_dialogs.dataflow import Dataflow
from toolace.records import Api

Fits = Callable[[Api], bool] | None

LINKED = 0.5
"""Share of the near distractors that stand in the dataflow graph as the true tool does: as giving, as taking, as neither."""
ALIKE = 0.6
"""Share of the distractors beside a chain that could be its first call as well: mostly a search without identifiers."""
TRIES = 24
"""Draws after which a wish for a certain sort of tool is given up."""


class Candidates:
    """Tools by domain and area, the dataflow graph between them, and draws over them."""

    def __init__(self, apis: Sequence[Api]):
        self.apis = list(apis)
        self.index = {api.name: at for at, api in enumerate(self.apis)}
        self.flow = Dataflow(self.apis)
        self._by_domain: dict[tuple[str, ...], list[int]] = defaultdict(list)
        self._by_area: dict[str, list[int]] = defaultdict(list)
        for at, api in enumerate(self.apis):
            self._by_domain[api.domain].append(at)
            self._by_area[api.domain[0] if api.domain else ""].append(at)

    def one(self, rng: random.Random, fits: Fits = None) -> Api:
        """Any tool; of those that fit where some are soon found."""
        api = self.apis[rng.randrange(len(self.apis))]
        for _ in range(TRIES if fits else 0):
            if fits is None or fits(api):
                break
            api = self.apis[rng.randrange(len(self.apis))]
        return api

    def beside(self, api: Api, rng: random.Random, avoid: Iterable[Api] = ()) -> Api | None:
        """Another tool of the same domain (or area) that does something else; None when there is none."""
        taken = [*avoid, api]
        for group in (self._by_domain[api.domain], self._by_area[api.domain[0] if api.domain else ""]):
            for at in rng.sample(group, min(len(group), 12)):
                if all(differs(self.apis[at], other) for other in taken):
                    return self.apis[at]
        return None

    def apart(self, api: Api, rng: random.Random) -> Api:
        """A tool of another area, or of any when there is but one."""
        for _ in range(20):
            other = self.one(rng)
            if other.domain[:1] != api.domain[:1] and differs(other, api):
                return other
        return self.one(rng)

    def offered(
        self,
        true: Sequence[Api],
        absent: Sequence[Api],
        wanted: int,
        rng: random.Random,
        near: float,
        like: Fits = None,
        first: Api | None = None,
    ) -> list[Api]:
        """`wanted` tools in random order with the true ones among them; none of them does what `absent` tools do.

        Where the true tool was chosen for a trait, `like` asks the same of the others, lest the trait gives it away.
        `near` is the share of distractors that are drawn near the true tools, `first` the tool that a chain begins with.
        """
        chosen = list({api.name: api for api in true}.values())
        banned = [*chosen, *absent]
        anchors = banned or [self.one(rng)]
        for _ in range(wanted * 8):
            if len(chosen) >= wanted:
                break
            if first and rng.random() < ALIKE:
                other = self._alike(first, rng, near)
            else:
                other = self._distractor(rng.choice(anchors), rng, near)
            if like and not like(other):
                other = self.one(rng, like)
            if not all(differs(other, api) for api in (*banned, *chosen)):
                other = self._of_the_size(other, rng)
            if all(differs(other, api) for api in (*banned, *chosen)):
                chosen.append(other)
        rng.shuffle(chosen)
        return chosen

    def _of_the_size(self, api: Api, rng: random.Random) -> Api:
        """A tool that does as many things: large ones collide more often, and their want would give the true one away."""
        return self.one(
            rng, lambda other: len(other.functionalities) == len(api.functionalities) and differs(other, api)
        )

    def _alike(self, first: Api, rng: random.Random, near: float) -> Api:
        """A tool that the chain could begin with instead, of the same area in a `near` share."""
        at = self.index[first.name]
        group = self._by_area[first.domain[0] if first.domain else ""] if rng.random() < near else range(len(self.apis))
        for _ in range(TRIES):
            other = rng.choice(group)
            if other != at and self.flow.begins_like(at, other):
                return self.apis[other]
        return self.apis[rng.choice(group)]

    def _distractor(self, anchor: Api, rng: random.Random, near: float) -> Api:
        if rng.random() >= near:
            return self.one(rng)
        if rng.random() < LINKED and (akin := self.flow.of_the_role(self.index.get(anchor.name, -1))):
            return self.apis[rng.choice(akin)]
        domain = self._by_domain[anchor.domain]
        area = self._by_area[anchor.domain[0] if anchor.domain else ""]
        return self.apis[rng.choice(domain if len(domain) > 1 and rng.random() < 0.7 else area)]


def differs(one: Api, other: Api) -> bool:
    """Whether two tools do different things: other names, and no functionality in common."""
    return one.name != other.name and not set(one.functionalities) & set(other.functionalities)
