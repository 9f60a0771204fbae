"""What was accepted before, exactly: 64 bits of a checksum each, in one flat table."""

from __future__ import annotations

from array import array


class Seen:
    """A set of checksums by their first 8 bytes, 10 to 20 bytes each. Odds that two of a million agree: 1 in 36 million."""

    def __init__(self) -> None:
        self._slots = array("Q", bytes(8 << 10))
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def nbytes(self) -> int:
        """Bytes the table takes."""
        return len(self._slots) * self._slots.itemsize

    def __contains__(self, checksum: bytes) -> bool:
        key = _key(checksum)
        return self._slots[self._place(key)] == key

    def add(self, checksum: bytes) -> None:
        """Remembers a checksum."""
        key = _key(checksum)
        place = self._place(key)
        if self._slots[place] == key:
            return
        self._slots[place] = key
        self._count += 1
        if self._count * 5 > len(self._slots) * 4:
            self._grow()

    def _place(self, key: int) -> int:
        """Where a key stands, or the free slot in which it belongs."""
        slots, mask = self._slots, len(self._slots) - 1
        place = key & mask
        while slots[place] not in (0, key):
            place = (place + 1) & mask
        return place

    def _grow(self) -> None:
        before = self._slots
        self._slots = array("Q", bytes(2 * before.itemsize * len(before)))
        for key in before:
            if key:
                self._slots[self._place(key)] = key


def _key(checksum: bytes) -> int:
    """A number from 1 on; 0 is a free slot."""
    return int.from_bytes(checksum[:8], "little") or 1
