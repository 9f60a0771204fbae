"""Loss-based complexity: the arithmetic, against sums done by hand."""

from __future__ import annotations

import math

import pytest

from toolace.complexity.loss import nll, nll_ratio, total
from toolace.complexity.steering import Unscorable


@pytest.mark.parametrize(
    ("answers", "summed", "mean"),
    [
        ([[-0.5]], 0.5, 0.5),
        ([[-1.0, -3.0]], 4.0, 2.0),
        ([[-1.0, -2.0], [-6.0]], 9.0, 3.0),  # tokens count alike: 3, not the mean 3.75 of the messages' means
        ([[], [-2.0]], 2.0, 2.0),
        ([[math.log(0.5), math.log(0.25)]], 3 * math.log(2), 1.5 * math.log(2)),
    ],
)
def test_total_sums_and_nll_divides_by_the_tokens(answers: list[list[float]], summed: float, mean: float) -> None:
    """In nats, over all answers' tokens together."""
    assert total(answers) == pytest.approx(summed)
    assert nll(answers) == pytest.approx(mean)


def test_the_ratio_is_over_the_loss_without_the_users_words() -> None:
    """H = 1, H₀ = 4: the user's words explain three quarters."""
    assert nll_ratio([[-1.0, -1.0]], [[-3.0, -5.0]]) == 0.25


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ([], "nothing_to_score"),
        ([[]], "nothing_to_score"),
        ([[-1.0, math.nan]], "loss_is_not_finite"),
        ([[-math.inf]], "loss_is_not_finite"),
    ],
)
def test_what_has_no_loss_says_why(answers: list[list[float]], reason: str) -> None:
    """It is counted under that reason."""
    for measure in (total, nll, lambda found: nll_ratio(found, [[-1.0]])):
        with pytest.raises(Unscorable) as caught:
            measure(answers)
        assert caught.value.reason == reason
