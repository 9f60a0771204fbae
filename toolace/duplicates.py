"""Near-duplicates by MinHash and locality-sensitive hashing (rensa).

With 84 permutations in 14 bands of 6, a pair of Jaccard 0.8 is looked at with probability 0.986, one of 0.9 always.
The estimate's standard error at 0.8 is 0.044; what comes within one of the threshold counts as a near-duplicate, so
that few real ones slip through. A remembered text takes 1.6 KB."""

from __future__ import annotations

import math
from collections.abc import Iterable

from rensa import RMinHash, RMinHashLSH

PERMUTATIONS = 84
BANDS = 14
_SEED = 20240902


def shingles(text: str, size: int = 3) -> list[str]:
    """Runs of `size` words, lower-cased; a shorter text is one shingle."""
    words = text.lower().split()
    if len(words) <= size:
        return [" ".join(words)]
    return [" ".join(words[at : at + size]) for at in range(len(words) - size + 1)]


def sketch(features: Iterable[str]) -> RMinHash:
    """The MinHash of a set of features; it can be made in another process."""
    minhash = RMinHash(num_perm=PERMUTATIONS, seed=_SEED)
    minhash.update(list(features))
    return minhash


class NearDuplicates:
    """Remembers texts by name; says which remembered one a new one resembles (Jaccard >= threshold)."""

    def __init__(self, threshold: float):
        self.threshold = threshold
        self._enough = threshold - math.sqrt(threshold * (1 - threshold) / PERMUTATIONS)
        self._index = RMinHashLSH(threshold=threshold, num_perm=PERMUTATIONS, num_bands=BANDS)
        self._names: list[str] = []
        self._sketches: list[RMinHash] = []

    def __len__(self) -> int:
        return len(self._names)

    def resembles(self, minhash: RMinHash) -> str | None:
        """Name of a remembered near-duplicate, the earliest one, or None."""
        for at in sorted(map(int, self._index.query(minhash))):
            if self._sketches[at].jaccard(minhash) >= self._enough:
                return self._names[at]
        return None

    def add(self, name: str, minhash: RMinHash) -> str | None:
        """Remembers the text unless it resembles one already there, whose name is returned."""
        found = self.resembles(minhash)
        if found is None:
            self._index.insert(len(self._names), minhash)
            self._names.append(name)
            self._sketches.append(minhash)
        return found
