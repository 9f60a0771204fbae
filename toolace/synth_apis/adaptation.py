"""Adaptation: each new API is given a domain and a diversity level, a sampled subtree of the context tree (paper,
section 2.1)."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from toolace.synth_apis.companions import READING, Companion, companions, identifiers, required_kinds
from toolace.synth_apis.tree import ContextTree, Functionality, words_of

_LEAD = 4
"""A functionality with companions may be this many attempts ahead of its neighbours, so that wide APIs do not skew
the pool."""

TOGETHER = 3
"""Leaves of a domain that are covered one after the other."""

_FAILURE = 8
"""A rejected attempt counts like this many accepted ones more: a functionality of which few different APIs can be made
is drawn the less, the fuller the pool is."""

_OFTEN = 24
"""APIs of one functionality after which its draws are one level wider than wished for, and again after as many more."""

_CHOICE = 8
"""Leaves among which the company is chosen."""

NEAR = 60
"""Leaves of a domain that are looked at for company: all of most domains, the nearest where a document has thousands."""


def near(leaves: Sequence[Functionality], place: int) -> Sequence[Functionality]:
    """The leaves around a place, in their order; documents keep together what belongs together."""
    first = max(0, min(place - NEAR // 2, len(leaves) - NEAR))
    return leaves[first : first + NEAR]


@dataclass(frozen=True, slots=True)
class Assignment:
    """What a new API is to cover: one leaf, or a main one and its companions."""

    functionalities: tuple[Functionality, ...]

    @property
    def domain(self) -> tuple[str, ...]:
        return self.functionalities[0].domain

    @property
    def island(self) -> str:
        """First level of the domain: the island whose example buffer the API is written from."""
        return self.domain[0]


class Adaptation:
    """Draws assignments. Domains and leaves that are not covered, then those with the least effort come first, so coverage
    grows evenly.

    The drawn level is a wish: it falls to what the functionalities of the domain allow. Where `is_free`, a model
    writes the APIs and may join all of a domain, the whole subtree; else a computed one joins `companions` only.
    """

    def __init__(self, tree: ContextTree, diversity: dict[int, float], *, is_free: bool = False):
        self._is_free = is_free
        self._leaves = list(tree.domains().values())
        self._position = {
            leaf.id: at for leaves in self._leaves for at, leaf in enumerate(leaves) if len(leaves) > NEAR
        }
        self._linked = _by_identifier(tree)
        self._needed = {leaf.id: _identifiers_of(leaf) for leaf in tree}
        self._given = {leaf.id: set(identifiers(leaf.outputs)) - self._needed[leaf.id] for leaf in tree}
        known = {leaves[0].domain: set().union(*(self._given[leaf.id] for leaf in leaves)) for leaves in self._leaves}
        self._joins = {leaf.id: len(self._needed[leaf.id] & known[leaf.domain]) > 1 for leaf in tree}
        self._levels = sorted(diversity)
        self._shares = [diversity[level] for level in self._levels]
        self._home = {leaf.id: place for place, leaves in enumerate(self._leaves) for leaf in leaves}
        self._covered: Counter[str] = Counter()
        self._made: Counter[str] = Counter()
        self._combined: Counter[tuple[str, ...]] = Counter()
        self._effort: Counter[str] = Counter()
        self._spent = [0] * len(self._leaves)
        self._open = [len(leaves) for leaves in self._leaves]
        self._companions: dict[str, list[Companion]] = {}
        self._order: list[int] | None = None
        self._mixed = list(range(len(self._leaves)))
        random.Random(0).shuffle(self._mixed)

    def cover(self, functionalities: tuple[str, ...]) -> None:
        """Takes note of what an accepted API covers; what is not in the tree is no coverage."""
        known = [leaf for leaf in functionalities if leaf in self._home]
        for leaf in known:
            self._open[self._home[leaf]] -= self._covered[leaf] == 0
            self._covered[leaf] += 1
        if known:
            self._made[known[0]] += 1
            self._combined[_combination(known)] += 1
            self._spend(known[0], -_FAILURE)

    def tried(self, assignment: Assignment) -> None:
        """Takes note of an attempt, whatever came of it: what keeps failing must not be drawn for ever."""
        self._spend(assignment.functionalities[0].id, 1 + _FAILURE)

    def _spend(self, leaf: str, effort: int) -> None:
        self._effort[leaf] += effort
        self._spent[self._home[leaf]] += effort
        self._order = None

    def uncovered(self) -> int:
        """How many leaves no accepted API covers yet."""
        return sum(self._covered[leaf.id] == 0 for leaves in self._leaves for leaf in leaves)

    def draw(self, index: int, first: int, rng: random.Random) -> Assignment:
        """The assignment of attempt `index` of a generation that begins at `first`.

        The attempts of a generation see the same coverage. Each takes another leaf, a few leaves of one domain before
        the next one's, so that a small pool too holds tools whose results feed each other."""
        order = self._order = self._order or self._order_of_need()
        place, member = divmod(index - first, TOGETHER)
        leaves = self._leaves[order[place % len(order)]]
        level = rng.choices(self._levels, self._shares)[0]
        ranked = self._ranked(leaves, random.Random(f"{first}/{place}"))
        turned = member % len(ranked)
        ranked = ranked[turned:] + ranked[:turned]
        main = ranked[0]
        if level > 1:
            most = self._effort[main.id] + _LEAD
            wide = (leaf for leaf in ranked[:NEAR] if self._effort[leaf.id] < most and self._joinable(leaf, leaves))
            main = next(wide, main)
        level += self._made[main.id] // _OFTEN
        return Assignment((main, *self._company(main, leaves, level - 1)))

    def _ranked(self, leaves: list[Functionality], ties: random.Random) -> list[Functionality]:
        """The leaves of a domain by need. Of those not covered yet, what joins results of others comes first and then
        what gives them, so that the tools of a small pool feed each other."""
        order = {
            leaf.id: (self._covered[leaf.id] > 0, self._effort[leaf.id], -self._joins[leaf.id], ties.random())
            for leaf in leaves
        }
        ranked = sorted(leaves, key=lambda leaf: order[leaf.id])
        needed = self._needed[ranked[0].id]
        if self._covered[ranked[0].id] or not needed:
            return ranked
        beside = [leaf for leaf in ranked[1:] if not self._covered[leaf.id] and needed & self._given[leaf.id]]
        found = dict.fromkeys(kind for leaf in beside for kind in sorted(needed & self._given[leaf.id]))
        givers = {next(leaf.id for leaf in beside if kind in self._given[leaf.id]) for kind in found}
        return sorted(ranked, key=lambda leaf: (leaf is not ranked[0], leaf.id not in givers))

    def _company(self, main: Functionality, leaves: list[Functionality], number: int) -> Sequence[Functionality]:
        """So many that may join `main`, in the combination that the pool has least often."""
        joinable = self._joinable(main, leaves)[:_CHOICE] if number else []
        choices = combinations(joinable, min(number, len(joinable)))
        return min(choices, key=lambda joined: self._combined[_combination([main.id, *(leaf.id for leaf in joined)])])

    def _joinable(self, main: Functionality, leaves: list[Functionality]) -> list[Functionality]:
        """What an API for `main` may cover as well, the uncovered first; where free, what shares its nouns before the
        rest of the domain."""
        if not self._is_free:
            joined = [companion.leaf for companion in self._companions_of(main, leaves)]
            return sorted(joined, key=lambda leaf: self._covered[leaf.id])
        nouns = set(words_of(main.name)[1:])
        others = [leaf for leaf in self._around(main, leaves) if leaf.id != main.id]
        return sorted(others, key=lambda leaf: (not nouns & set(words_of(leaf.name)[1:]), self._covered[leaf.id]))

    def _companions_of(self, leaf: Functionality, leaves: list[Functionality]) -> list[Companion]:
        if leaf.id not in self._companions:
            beside = self._around(leaf, leaves)
            self._companions[leaf.id] = companions(leaf, [*beside, *self._in_area(leaf)])
        return self._companions[leaf.id]

    def _around(self, leaf: Functionality, leaves: list[Functionality]) -> Sequence[Functionality]:
        return leaves if len(leaves) <= NEAR else near(leaves, self._position[leaf.id])

    def _in_area(self, leaf: Functionality) -> list[Functionality]:
        """Leaves of other domains of the area that need an identifier which this one takes or gives."""
        kinds = sorted({*map(str, required_kinds(leaf.inputs)), *identifiers(leaf.outputs)})
        found = (one for kind in kinds for one in self._linked.get((leaf.domain[0], kind), ()))
        return list({one.id: one for one in found if one.domain != leaf.domain}.values())

    def _order_of_need(self) -> list[int]:
        """Domains with uncovered leaves first, then by effort per leaf, then in an order that mixes the areas."""
        return sorted(
            range(len(self._leaves)),
            key=lambda place: (
                self._open[place] <= 0,
                self._spent[place] / len(self._leaves[place]),
                self._mixed[place],
            ),
        )


def _combination(leaves: Sequence[str]) -> tuple[str, ...]:
    """The main leaf and what joins it, whatever its order."""
    return (leaves[0], *sorted(leaves[1:]))


def _identifiers_of(leaf: Functionality) -> set[str]:
    """Identifiers that the leaf requires."""
    return {str(kind) for kind in required_kinds(leaf.inputs) if str(kind).startswith("id(")}


def _by_identifier(tree: ContextTree) -> dict[tuple[str, str], list[Functionality]]:
    """Leaves by area and by each identifier that they require, of things that are found and not made: what one domain
    makes (a policy) may be another thing than its namesake elsewhere."""
    made = {
        (leaf.domain[0], kind)
        for leaf in tree
        for kind, place in identifiers(leaf.outputs).items()
        if place == () and words_of(leaf.name)[0] not in READING
    }
    found: dict[tuple[str, str], list[Functionality]] = {}
    for leaf in tree:
        for kind in _identifiers_of(leaf):
            if (leaf.domain[0], kind) not in made:
                found.setdefault((leaf.domain[0], kind), []).append(leaf)
    return found
