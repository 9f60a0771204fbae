"""Agreement of samples: what counts as one decision, and how often contradictions pass."""

from __future__ import annotations

import math
import random

import pytest

from toolace.gen_dialogs.roles import AssistantReply
from toolace.gen_dialogs.voting import agreed, decision_of, normalised
from toolace.records import Thought


def call(**arguments: object) -> AssistantReply:
    """A sample that calls one tool."""
    calls = [{"name": "get_forecast", "arguments": arguments}]
    return AssistantReply.model_validate({"thought": {"asked": "?"}, "action": "call", "calls": calls})


def words(action: str, content: str = "Text.") -> AssistantReply:
    """A sample without calls."""
    return AssistantReply.model_validate({"thought": Thought(asked="?"), "action": action, "content": content})


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (call(city="Oslo"), call(city=" Oslo "), True),
        (call(days=2), call(days=2.0), True),
        (call(a=1, b=2), call(b=2, a=1), True),
        (call(city="Oslo"), call(city="oslo"), False),
        (call(days=2), call(days="2"), False),
        (call(days=True), call(days=1), False),
        (call(city="Oslo"), words("answer"), False),
        (words("answer"), words("summarise", "Other words."), True),
        (words("ask"), words("answer"), False),
    ],
)
def test_decisions_are_compared_by_action_and_normalised_arguments(
    one: AssistantReply, other: AssistantReply, same: bool
) -> None:
    """White space, key order and 2.0 for 2 make no difference; case, type and action do."""
    assert (decision_of(one) == decision_of(other)) is same


def test_the_order_of_parallel_calls_makes_no_difference() -> None:
    """Parallel calls are a set with repetitions."""
    pair = [{"name": "a", "arguments": {}}, {"name": "b", "arguments": {"x": 1}}]
    one, other = (
        AssistantReply.model_validate({"thought": {"asked": "?"}, "action": "call", "calls": calls})
        for calls in (pair, pair[::-1])
    )
    assert decision_of(one) == decision_of(other)


def test_the_first_sample_of_the_largest_group_speaks_for_it() -> None:
    """A majority of two in three is enough for a share of 0.6 and too little for unanimity."""
    replies = [call(city="Rome"), call(city="Oslo"), call(city="Oslo", note="").model_copy(), call(city="Oslo")]
    assert agreed(replies[:2] + replies[3:], 0.6) == replies[1]
    assert agreed(replies[:2] + replies[3:], 1.0) is None


def test_a_tie_is_no_agreement() -> None:
    """Two against two decides nothing."""
    assert agreed([call(city="Rome")] * 2 + [call(city="Oslo")] * 2, 0.5) is None


def test_integers_beyond_floats_stay_whole() -> None:
    """Large identifiers are not rounded to be compared."""
    assert normalised({"id": 2**60, "x": 3.0}) == {"id": 2**60, "x": 3}


@pytest.mark.parametrize(("share", "expected"), [(0.6, 0.1**3 + 3 * 0.1**2 * 0.9), (1.0, 0.1**3)])
def test_contradictions_pass_as_often_as_chance_allows(share: float, expected: float) -> None:
    """Of three samples, each contradictory with 10 percent and always in the same way (the worst case), a majority lets
    2.8 percent of actions through and unanimity 0.1 percent."""
    rng = random.Random(5)
    right, wrong = call(city="Oslo"), call(city="Rome")
    passed = total = 0
    for _ in range(20_000):
        reply = agreed([wrong if rng.random() < 0.1 else right for _ in range(3)], share)
        total += 1
        passed += reply is not None and reply == wrong
    assert math.isclose(passed / total, expected, abs_tol=4 * math.sqrt(expected / total))
