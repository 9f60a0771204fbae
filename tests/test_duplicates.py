"""Near-duplicates by MinHash in flat arrays."""

from __future__ import annotations

import pytest

from toolace.duplicates import PERMUTATIONS, NearDuplicates, _differing, _packed, shingles, sketch


def pair(shared: int, own: int, seed: int) -> tuple[list[str], list[str]]:
    """Two sets of features that share `shared` and have `own` each besides: Jaccard shared / (shared + 2 own)."""
    common = [f"{seed} {at}" for at in range(shared)]
    return [*common, *(f"{seed} a{at}" for at in range(own))], [*common, *(f"{seed} b{at}" for at in range(own))]


def found_share(shared: int, own: int, pairs: int = 200) -> float:
    """Share of pairs of this likeness that a threshold of 0.8 finds."""
    found = 0
    for seed in range(pairs):
        one, other = pair(shared, own, seed)
        similar = NearDuplicates(0.8)
        similar.add("one", sketch(one))
        found += similar.add("other", sketch(other)) is not None
    return found / pairs


@pytest.mark.parametrize(
    ("shared", "own", "least", "most"),
    [(80, 10, 0.8, 1.0), (90, 5, 0.99, 1.0), (60, 20, 0.0, 0.02)],
    ids=["at the threshold", "well above it", "well below it"],
)
def test_pairs_are_found_by_their_likeness(shared: int, own: int, least: float, most: float) -> None:
    """A Jaccard similarity of 0.8 is mostly found, one of 0.9 nearly always, one of 0.6 hardly ever."""
    assert least <= found_share(shared, own) <= most


def test_the_packed_estimate_is_that_of_the_whole_minhash() -> None:
    """Sixteen bits of a minimum tell as much as all of them."""
    for seed in range(50):
        one, other = (sketch(features) for features in pair(80, 10, seed))
        lanes = [int.from_bytes(_packed(minhash), "little") for minhash in (one, other)]
        assert 1 - _differing(*lanes) / PERMUTATIONS == pytest.approx(one.jaccard(other), abs=1 / PERMUTATIONS)


def test_the_earliest_of_several_is_named() -> None:
    """Which one is resembled depends on the order of adding alone."""
    similar = NearDuplicates(0.5)
    text = shingles("the quick brown fox jumps over the lazy dog", 1)
    assert similar.add("first", sketch(text)) is None
    assert similar.resembles(sketch([*text, "again"])) == "first"
    assert similar.add("second", sketch(["entirely", "other", "words"])) is None
    assert similar.add("third", sketch(text)) == "first"
    assert len(similar) == 2


def test_what_was_added_is_found_after_the_index_has_grown() -> None:
    """Growing the slots loses nothing."""
    similar = NearDuplicates(0.8)
    sketches = [sketch(f"{at} {word}" for word in range(20)) for at in range(400)]
    assert [similar.add(str(at), one) for at, one in enumerate(sketches)] == [None] * 400
    assert [similar.resembles(one) for one in sketches] == [str(at) for at in range(400)]
