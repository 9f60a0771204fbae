"""A bounded, repeatable sample of a stream, drawn stratum by stratum."""

from __future__ import annotations

import hashlib
import heapq
from itertools import zip_longest
from typing import Generic, TypeVar

T = TypeVar("T")


class Strata(Generic[T]):
    """Keeps of each stratum the `size` items whose ids hash lowest.

    The same data and seed give the same sample, whatever the order, and a smaller sample is a part of a larger one.
    Memory holds `size` items a stratum.
    """

    def __init__(self, size: int, seed: int = 0):
        self._size, self._seed = size, seed
        self._heaps: dict[str, list[tuple[int, str, T]]] = {}
        self.seen: dict[str, int] = {}

    def offer(self, stratum: str, id: str, item: T) -> None:
        """Looks at one item."""
        self.seen[stratum] = self.seen.get(stratum, 0) + 1
        heap = self._heaps.setdefault(stratum, [])
        entry = (-_rank(self._seed, id), id, item)
        if len(heap) < self._size:
            heapq.heappush(heap, entry)
        elif entry[0] > heap[0][0]:
            heapq.heapreplace(heap, entry)

    def drawn(self) -> list[T]:
        """The sample: the first of each stratum, then the second of each, so that any beginning of it is balanced."""
        strata = [sorted(heap, key=lambda entry: (-entry[0], entry[1])) for _, heap in sorted(self._heaps.items())]
        return [entry[2] for row in zip_longest(*strata) for entry in row if entry is not None]


def _rank(seed: int, id: str) -> int:
    return int.from_bytes(hashlib.blake2b(f"{seed}/{id}".encode(), digest_size=8, person=b"strata").digest())
