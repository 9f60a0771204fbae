"""The arithmetic of scores."""

from __future__ import annotations

import pytest
from evaluation.scores import Score, scored, wilson


@pytest.mark.parametrize(
    ("share", "number", "interval"),
    [
        (0.0, 40, (0.0, 0.0876)),
        (1.0, 40, (0.9124, 1.0)),
        (0.5, 40, (0.3520, 0.6480)),
        (0.5, 0, (0.0, 1.0)),
    ],
)
def test_wilson_gives_the_known_interval(share: float, number: int, interval: tuple[float, float]) -> None:
    """Textbook values, also at the ends and for nothing seen."""
    assert wilson(share, number) == pytest.approx(interval, abs=1e-4)


def test_answers_are_counted_by_category() -> None:
    """Categories stand in the order given; those without an answer are left out."""
    verdicts = [("b", True, False), ("a", False, True), ("b", False, False)]
    assert scored(verdicts, ["a", "b", "c"]) == {"a": Score(0, 1, 1), "b": Score(1, 2, 0)}
    assert list(scored(verdicts, ["a", "b", "c"])) == ["a", "b"]
