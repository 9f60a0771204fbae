"""The predictor: what it is trained on, and when the learner is asked all the same."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from toolace.complexity.bounds import predictor_for
from toolace.complexity.predictor import FEATURES, PredictingScorer, Predictor, features, trained
from toolace.complexity.steering import Range
from toolace.config import ComplexitySection
from toolace.errors import UserMistake
from toolace.records import Function, Message, ToolCall

TOOL = {"type": "function", "function": {"name": "book_room", "description": "Book a room.", "parameters": {}}}
CALL = ToolCall(id="call_1", function=Function(name="book_room", arguments={"city": "Oslo", "nights": 2}))
TALK = [
    Message(role="user", content="Book a room in Oslo."),
    Message(role="assistant", tool_calls=(CALL,)),
    Message(role="tool", tool_call_id="call_1", name="book_room", content="{}"),
    Message(role="assistant", content="Booked."),
]


class Asked:
    """A learner's scorer that counts how often it is asked."""

    learner, measure, range, forks = "m", "nll", Range(1.0, 2.0), True

    def __init__(self) -> None:
        self.times = 0

    async def score(self, tools: Sequence[dict[str, Any]], messages: Sequence[Message]) -> float:
        """Always the same."""
        self.times += 1
        return 1.25


def constant(value: float, error: float) -> Predictor:
    """A predictor that expects the same of everything."""
    return Predictor((value, *[0.0] * len(FEATURES)), error)


def test_features_are_counted_and_not_computed_by_a_model() -> None:
    """One candidate, one call in one step, two arguments, six words asked and six said."""
    found = dict(zip(FEATURES, features([TOOL], TALK), strict=True))
    counts = {name: round(2.718281828459045**value - 1) for name, value in found.items()}
    assert (counts["candidates"], counts["calls"], counts["steps"], counts["arguments"]) == (1, 1, 1, 2)
    assert (counts["user words"], counts["answer words"]) == (5, 5)
    assert 0 < found["dissimilarity"] < 1
    assert found["surprise"] == 1.0


@pytest.mark.parametrize(
    ("guess", "error", "value", "times"),
    [(1.5, 0.1, 1.5, 0), (9.0, 0.1, 9.0, 0), (1.9, 0.1, 1.25, 1), (1.5, 1.0, 1.25, 1)],
)
def test_the_learner_is_asked_where_the_guess_is_near_a_bound(
    guess: float, error: float, value: float, times: int
) -> None:
    """Nearer than one and a half errors."""
    asked = Asked()
    scorer = PredictingScorer(asked, constant(guess, error))
    assert asyncio.run(scorer.score([TOOL], TALK)) == value
    assert asked.times == times
    assert scorer.learner == "m, predicted where sure"


def test_training_finds_a_line_and_says_how_far_off_it_is() -> None:
    """200 rows with noise of 0.1."""
    pytest.importorskip("numpy", reason="numpy comes with the [learner] extra")
    rng = random.Random(0)
    rows = [tuple(rng.gauss(0, 1) for _ in FEATURES) for _ in range(200)]
    values = [2 + row[0] - 0.5 * row[3] + rng.gauss(0, 0.1) for row in rows]
    found = trained(rows, values)
    assert found.weights[0] == pytest.approx(2, abs=0.05)
    assert found.weights[1] == pytest.approx(1, abs=0.05)
    assert found.weights[4] == pytest.approx(-0.5, abs=0.05)
    assert found.error == pytest.approx(0.1, abs=0.02)


def test_few_exchanges_train_nothing() -> None:
    """As many as weights would be learned by heart."""
    pytest.importorskip("numpy", reason="numpy comes with the [learner] extra")
    with pytest.raises(ValueError, match="5 exchanges are too few"):
        trained([tuple(map(float, range(len(FEATURES))))] * 5, [1.0] * 5)


def test_a_calibration_without_predictor_is_a_mistake_where_one_is_wanted(tmp_path: Path) -> None:
    """Before work starts."""
    file = tmp_path / "calibration.json"
    one = {"measure": "nll", "lower": 1.0, "upper": 2.0}
    held = {**one, "measure": "total", "predictor": {"weights": [0.5], "error": 0.25}}
    file.write_text(json.dumps({"learner": "m", "calibrations": [one, held]}))
    assert predictor_for(ComplexitySection(measure="total"), "m", file) == Predictor((0.5,), 0.25)
    with pytest.raises(UserMistake, match="holds a predictor; run `toolace calibrate`"):
        predictor_for(ComplexitySection(measure="nll"), "m", file)
