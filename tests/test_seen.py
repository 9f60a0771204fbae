"""The table of accepted conversations: what was added is there, and nothing else, however often it grows."""

from __future__ import annotations

import hashlib

from toolace.seen import Seen


def checksum(number: int) -> bytes:
    return hashlib.blake2b(str(number).encode(), digest_size=16).digest()


def test_it_holds_what_was_added_and_nothing_else() -> None:
    """Ten thousand checksums, each added twice."""
    seen = Seen()
    for number in [*range(10_000), *range(10_000)]:
        seen.add(checksum(number))
    assert len(seen) == 10_000
    assert all(checksum(number) in seen for number in range(10_000))
    assert not any(checksum(number) in seen for number in range(10_000, 20_000))


def test_a_checksum_of_zeros_is_no_free_place() -> None:
    """It is not there before it is added, and is afterwards."""
    seen = Seen()
    assert bytes(16) not in seen
    seen.add(bytes(16))
    assert bytes(16) in seen
