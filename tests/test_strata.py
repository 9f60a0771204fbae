"""The bounded sample."""

from __future__ import annotations

import random

from toolace.strata import Strata


def drawn(size: int, ids: list[int], seed: int = 0) -> list[int]:
    strata: Strata[int] = Strata(size, seed)
    for id in ids:
        strata.offer("even" if id % 2 == 0 else "odd", str(id), id)
    return strata.drawn()


def test_the_order_of_the_stream_does_not_matter() -> None:
    """The same items, whatever came first."""
    ids = list(range(1000))
    shuffled = random.Random(1).sample(ids, len(ids))
    assert drawn(10, ids) == drawn(10, shuffled)


def test_strata_take_turns() -> None:
    """Any beginning of the sample is balanced."""
    assert [id % 2 for id in drawn(3, list(range(100)))] == [0, 1, 0, 1, 0, 1]


def test_a_smaller_sample_is_the_beginning_of_a_larger_one() -> None:
    """So that a review goes on when more is asked for."""
    ids = list(range(1000))
    assert drawn(20, ids)[:10] == drawn(5, ids)


def test_another_seed_draws_others() -> None:
    """And the same seed the same."""
    ids = list(range(1000))
    assert drawn(5, ids, seed=1) == drawn(5, ids, seed=1) != drawn(5, ids)


def test_a_small_stratum_gives_all_it_has() -> None:
    """Nothing is drawn twice."""
    assert sorted(drawn(10, [1, 2, 3])) == [1, 2, 3]
