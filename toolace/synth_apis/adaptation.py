"""Adaptation: each new API is given a domain and a diversity level, a sampled subtree of the context tree (paper, section 2.1)."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass

from toolace.synth_apis.tree import ContextTree, Functionality


@dataclass(frozen=True, slots=True)
class Assignment:
    """What a new API is to cover: one leaf or several of one subtree."""

    functionalities: tuple[Functionality, ...]

    @property
    def domain(self) -> tuple[str, ...]:
        return self.functionalities[0].domain

    @property
    def island(self) -> str:
        """First level of the domain: the island whose example buffer the API is written from."""
        return self.domain[0]


class Adaptation:
    """Draws assignments. Domains and leaves that are covered least come first, so coverage grows evenly."""

    def __init__(self, tree: ContextTree, diversity: dict[int, float]):
        self._domains = list(tree.domains().values())
        self._levels = sorted(diversity)
        self._shares = [diversity[level] for level in self._levels]
        self._covered: Counter[str] = Counter()
        self._by_domain: Counter[tuple[str, ...]] = Counter()
        self._order: list[list[Functionality]] | None = None

    def cover(self, functionalities: tuple[str, ...], domain: tuple[str, ...]) -> None:
        """Takes note of what an accepted API covers."""
        self._covered.update(functionalities)
        self._by_domain[domain] += 1
        self._order = None

    def uncovered(self) -> int:
        """How many leaves no accepted API covers yet."""
        return sum(self._covered[leaf.id] == 0 for leaves in self._domains for leaf in leaves)

    def draw(self, index: int, first: int, rng: random.Random) -> Assignment:
        """The assignment of attempt `index` of a generation that begins at `first`.

        The attempts of a generation see the same coverage; each takes another place in the order of need.
        """
        order = self._order = self._order or self._order_of_need()
        leaves = order[(index - first) % len(order)]
        level = min(rng.choices(self._levels, self._shares)[0], len(leaves))
        ranked = sorted(leaves, key=lambda leaf: (self._covered[leaf.id], rng.random()))
        return Assignment(tuple(ranked[:level]))

    def _order_of_need(self) -> list[list[Functionality]]:
        def need(leaves: list[Functionality]) -> tuple[bool, float]:
            covered = sum(self._covered[leaf.id] > 0 for leaf in leaves)
            return covered == len(leaves), self._by_domain[leaves[0].domain] / len(leaves)

        return sorted(self._domains, key=need)
