"""The prior set of a calibration, and the factors it is drawn by."""

from __future__ import annotations

from collections import Counter

import pytest

from toolace.complexity.factors import dissimilarity, first_exchange, number_of_calls
from toolace.complexity.prior import stratified
from toolace.records import Dialog, Function, Message, ToolCall, Turn


def tool(number: int) -> dict[str, object]:
    """A candidate."""
    return {
        "type": "function",
        "function": {"name": f"tool_{number}", "description": "Count the hotels", "parameters": {}},
    }


def dialog(index: int, *, calls: int, candidates: int, asked: str = "count the hotels") -> Dialog:
    """A dialog of two turns, the calls in the first."""
    made = tuple(ToolCall(id=f"call_{at}", function=Function(name=f"tool_{at}", arguments={})) for at in range(calls))
    messages = (
        Message(role="user", content=asked),
        Message(role="assistant", content=None if made else "No.", tool_calls=made or None),
        Message(role="user", content="Thanks."),
        Message(role="assistant", content="Gladly."),
    )
    turns = (Turn(kind="single", first=0), Turn(kind="none", first=2))
    return Dialog(
        id=f"dialog-{index}", kind="single", turns=turns, tools=tuple(map(tool, range(candidates))), messages=messages
    )


def test_the_first_exchange_ends_where_the_user_speaks_again() -> None:
    """What is scored while a dialog is being made."""
    one = dialog(0, calls=2, candidates=3)
    assert first_exchange(one) == list(one.messages[:2])
    assert number_of_calls(first_exchange(one)) == 2


@pytest.mark.parametrize(("asked", "distance"), [("count the hotels", 0.0), ("how many beds", 1.0), ("", 1.0)])
def test_dissimilarity_is_that_of_words(asked: str, distance: float) -> None:
    """Of the request and the called tools' descriptions."""
    one = dialog(0, calls=1, candidates=2, asked=asked)
    assert dissimilarity(one.tools, first_exchange(one)) == pytest.approx(distance)


def test_rare_complexities_are_taken_before_common_ones_are_taken_twice() -> None:
    """Ninety easy dialogs and five of each other sort give a set in which all are alike."""
    held = [dialog(at, calls=1, candidates=1) for at in range(90)]
    held += [dialog(90 + at, calls=at % 3, candidates=12 if at % 2 else 5) for at in range(30)]
    found = Counter((number_of_calls(one.messages), len(one.tools)) for one in stratified(held, 14))
    assert found == {(0, 5): 2, (0, 12): 2, (1, 1): 2, (1, 5): 2, (1, 12): 2, (2, 5): 2, (2, 12): 2}


def test_there_may_be_fewer_than_wanted() -> None:
    """Or none."""
    held = [dialog(at, calls=1, candidates=1) for at in range(3)]
    assert stratified(held, 10) == held
    assert stratified([], 10) == []
