"""Near-duplicates by MinHash and locality-sensitive hashing (rensa).

With 120 permutations in 20 bands of 6, a pair of Jaccard 0.8 is found with probability 0.998 and one of 0.5 is looked at with 0.27.
"""

from __future__ import annotations

from collections.abc import Iterable

from rensa import RMinHash, RMinHashLSH

PERMUTATIONS = 120
BANDS = 20
_SEED = 20240902


def shingles(text: str, size: int = 3) -> list[str]:
    """Runs of `size` words, lower-cased; a shorter text is one shingle."""
    words = text.lower().split()
    if len(words) <= size:
        return [" ".join(words)]
    return [" ".join(words[at : at + size]) for at in range(len(words) - size + 1)]


def sketch(features: Iterable[str]) -> RMinHash:
    """The MinHash of a set of features."""
    minhash = RMinHash(num_perm=PERMUTATIONS, seed=_SEED)
    minhash.update(list(features))
    return minhash


class NearDuplicates:
    """Remembers texts by name; says which remembered one a new one resembles (estimated Jaccard >= threshold)."""

    def __init__(self, threshold: float):
        self.threshold = threshold
        self._index = RMinHashLSH(threshold=threshold, num_perm=PERMUTATIONS, num_bands=BANDS)
        self._names: list[str] = []
        self._sketches: list[RMinHash] = []

    def __len__(self) -> int:
        return len(self._names)

    def resembles(self, features: Iterable[str]) -> str | None:
        """Name of a remembered near-duplicate, the earliest one, or None."""
        return self._nearest(sketch(features))

    def add(self, name: str, features: Iterable[str]) -> str | None:
        """Remembers the text unless it resembles one already there, whose name is returned."""
        minhash = sketch(features)
        found = self._nearest(minhash)
        if found is None:
            self._index.insert(len(self._names), minhash)
            self._names.append(name)
            self._sketches.append(minhash)
        return found

    def _nearest(self, minhash: RMinHash) -> str | None:
        for at in sorted(self._index.query(minhash)):
            if self._sketches[at].jaccard(minhash) >= self.threshold:
                return self._names[at]
        return None
