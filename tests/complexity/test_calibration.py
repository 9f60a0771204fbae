"""From losses to a range."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from toolace.complexity.bounds import bounds_for
from toolace.complexity.calibration import Sample, calibrated, picture, quantile
from toolace.complexity.ranks import ranked, spearman
from toolace.complexity.steering import Range
from toolace.config import ComplexitySection
from toolace.errors import UserMistake


def samples(right: int) -> list[Sample]:
    """Twenty exchanges with losses 1 to 20, of which the first `right` are answered correctly and the last two stay hard."""
    return [
        Sample("single", 1, 1, 0.5, float(loss), 9.0 if loss > 18 else 0.5, loss <= right, True)
        for loss in range(1, 21)
    ]


def test_the_lower_bound_comes_from_what_is_right_and_the_upper_from_what_stays_hard() -> None:
    """Medians of 1, 2, 3, 4 and of 19, 20."""
    found = calibrated(samples(right=4), "m", "nll")
    assert (found["lower"], found["upper"]) == (2.5, 19.5)
    assert found["accuracy"] == {"before": 0.2, "after": 1.0}
    assert [band["accuracy"] for band in found["bands"]] == [1.0, 0.0, 0.0, 0.0, 0.0]


def test_a_learner_that_gets_nothing_right_is_told_what_was_done_instead() -> None:
    """A tenth of the losses lies below the lower bound."""
    found = calibrated(samples(right=0), "m", "nll")
    assert found["lower"] == pytest.approx(2.9)
    assert found["note"].startswith(
        "0 samples are answered correctly before tuning, too few for a bound: the lower bound is"
    )


def test_bounds_never_cross() -> None:
    """Where what stays hard was easy before."""
    upside = [Sample("single", 1, 1, 0.5, float(loss), 21.0 - loss, loss > 10, None) for loss in range(1, 21)]
    found = calibrated(upside, "m", "nll")
    assert found["lower"] < found["upper"]
    assert "the 90% quantile instead" in found["note"]


def test_the_picture_is_an_svg_with_both_curves() -> None:
    """And the range."""
    root = ElementTree.fromstring(picture(calibrated(samples(4), "m", "nll")))
    assert len(root.findall("{*}polyline")) == 2
    assert len(root.findall("{*}rect")) == 1


def test_quantiles_lie_between_neighbours() -> None:
    """Linear."""
    assert [quantile([1.0, 2.0, 4.0], share) for share in (0.0, 0.5, 0.75, 1.0)] == [1.0, 2.0, 3.0, 4.0]


def test_ranks_share_ties_and_spearman_is_their_correlation() -> None:
    """Ties get the mean of their ranks."""
    assert ranked([5.0, 1.0, 5.0]) == [2.5, 1.0, 2.5]
    assert spearman([1, 2, 3], [10, 20, 15]) == pytest.approx(0.5)


def test_bounds_come_from_the_configuration_then_the_calibration(tmp_path: Path) -> None:
    """A calibration of another learner or measure does not count."""
    file = tmp_path / "calibration.json"
    file.write_text(json.dumps({"learner": "m", "calibrations": [{"measure": "nll", "lower": 1.0, "upper": 3.0}]}))
    assert bounds_for(ComplexitySection(measure="nll"), "m", file) == (Range(1.0, 3.0), str(file))
    assert bounds_for(ComplexitySection(measure="nll", upper=2.0), "m", file) == (Range(1.0, 2.0), "the configuration")
    assert bounds_for(ComplexitySection(measure="nll"), "other", file)[0] == Range(None, None)
    assert bounds_for(ComplexitySection(measure="nll_ratio"), "m", file)[0] == Range(None, None)


def test_bounds_that_cross_are_a_mistake(tmp_path: Path) -> None:
    """Before work starts."""
    with pytest.raises(UserMistake, match=r"complexity.lower 3.0 is not below complexity.upper 2.0"):
        bounds_for(ComplexitySection(lower=3.0, upper=2.0), "m", tmp_path / "none.json")
