"""The prior set of a calibration: few dialogs that span complexities (paper, section 2.2.2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from toolace.complexity.factors import dissimilarity, number_of_calls
from toolace.records import Dialog

LEVELS = (3, 8)
"""Candidates up to the first number are few, beyond the second many."""

OVERDRAWN = 6
"""Dialogs made for each one of the prior set."""


def stratified(dialogs: Iterable[Dialog], size: int) -> list[Dialog]:
    """At most `size` dialogs, taken in turn from strata of calls, candidates and dissimilarity (thirds), poorest first.

    What a stratum is too poor to give, the others give. The same dialogs in the same order give the same set.
    """
    held = list(dialogs)
    distances = {one.id: dissimilarity(one.tools, one.messages) for one in held}
    ordered = sorted(distances.values())
    thirds = [ordered[len(ordered) * third // 3] for third in (1, 2)] if held else []
    strata: dict[tuple[int, int, int], list[Dialog]] = defaultdict(list)
    for one in held:
        candidates = sum(len(one.tools) > level for level in LEVELS)
        distance = sum(distances[one.id] >= third for third in thirds)
        strata[number_of_calls(one.messages), candidates, distance].append(one)
    taken: list[Dialog] = []
    for place in range(max(map(len, strata.values()), default=0)):
        taken += [stratum[place] for _, stratum in sorted(strata.items()) if place < len(stratum)]
    return taken[:size]
