"""Near-duplicates by MinHash (rensa) and locality-sensitive hashing, in flat arrays.

With 84 permutations in 14 bands of 6, a pair of Jaccard 0.8 is looked at with probability 0.986, one of 0.9 always.
The estimate's standard error at 0.8 is 0.044; what comes within one of the threshold counts as a near-duplicate, so
that few real ones slip through. Of a permutation's minimum the low 16 bits are kept: unequal ones agree in 1 of 65,536.
A remembered text takes 168 bytes for its sketch, 110 to 170 for the bands and 8 beside its name."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Iterator
from zlib import crc32

from rensa import RMinHash

PERMUTATIONS = 84
BANDS = 14
_SEED = 20240902
_LANE = 2
"""Bytes kept of a permutation's minimum."""
_WIDTH = PERMUTATIONS * _LANE
_BAND = _WIDTH // BANDS
_HIGH = int.from_bytes(b"\x00\x80" * PERMUTATIONS, "little")
_REST = int.from_bytes(b"\xff\x7f" * PERMUTATIONS, "little")


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
        enough = threshold - math.sqrt(threshold * (1 - threshold) / PERMUTATIONS)
        self._most = math.floor(PERMUTATIONS * (1 - enough) + 1e-9)
        self._names = bytearray()
        self._ends = array("Q")
        self._sketches = bytearray()
        self._heads = array("I", bytes(4 << 10))
        self._following = array("I")

    def __len__(self) -> int:
        return len(self._ends)

    @property
    def nbytes(self) -> int:
        """Bytes that the texts remembered take."""
        flat = (self._heads, self._following, self._ends)
        return len(self._names) + len(self._sketches) + sum(len(one) * one.itemsize for one in flat)

    def resembles(self, minhash: RMinHash) -> str | None:
        """Name of a remembered near-duplicate, the earliest one, or None."""
        return self._earliest(_packed(minhash))

    def add(self, name: str, minhash: RMinHash) -> str | None:
        """Remembers the text unless it resembles one already there, whose name is returned."""
        packed = _packed(minhash)
        found = self._earliest(packed)
        if found is None:
            self._names += name.encode()
            self._ends.append(len(self._names))
            self._sketches += packed
            if len(self._following) + BANDS > len(self._heads):
                self._rehash()
            else:
                self._link(packed)
        return found

    def _earliest(self, packed: bytes) -> str | None:
        lanes = int.from_bytes(packed, "little")
        for at in sorted(self._candidates(packed)):
            other = int.from_bytes(self._sketches[at * _WIDTH : (at + 1) * _WIDTH], "little")
            if _differing(lanes, other) <= self._most:
                return self._names[self._ends[at - 1] if at else 0 : self._ends[at]].decode()
        return None

    def _candidates(self, packed: bytes) -> set[int]:
        """Places of what shares a band, and a few that share a slot by chance."""
        following, found = self._following, set[int]()
        for slot in self._slots(packed):
            entry = self._heads[slot]
            while entry:
                found.add((entry - 1) // BANDS)
                entry = following[entry - 1]
        return found

    def _slots(self, packed: bytes) -> Iterator[int]:
        mask = len(self._heads) - 1
        return (crc32(packed[at : at + _BAND], at) & mask for at in range(0, _WIDTH, _BAND))

    def _link(self, packed: bytes) -> None:
        """Puts a sketch at the head of the chain of each of its bands."""
        for slot in self._slots(packed):
            self._following.append(self._heads[slot])
            self._heads[slot] = len(self._following)

    def _rehash(self) -> None:
        """Twice the slots, and every sketch linked anew."""
        self._heads = array("I", bytes(8 * len(self._heads)))
        self._following = array("I")
        for at in range(0, len(self._sketches), _WIDTH):
            self._link(bytes(self._sketches[at : at + _WIDTH]))


def _packed(minhash: RMinHash) -> bytes:
    """The low 16 bits of each minimum, little-endian on every machine."""
    return b"".join((value & 0xFFFF).to_bytes(_LANE, "little") for value in minhash.digest())


def _differing(one: int, other: int) -> int:
    """How many 16-bit lanes of two sketches differ: adding the rest's largest value carries into the high bit of every
    lane that is not zero."""
    unequal = one ^ other
    return (((unequal & _REST) + _REST | unequal) & _HIGH).bit_count()
