"""Calls are read out of whatever a model writes."""

from __future__ import annotations

import pytest
from evaluation.questions import Answer, answer_of_text

from toolace.records import Function

OSLO = Function(name="get_weather", arguments={"city": "Oslo"})
ROME = Function(name="get_weather", arguments={"city": "Rome"})
TAGGED = '<tool_call>{"name": "get_weather", "arguments": {"city": "Oslo"}}</tool_call>'


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        (TAGGED, (OSLO,)),
        (f"I look it up.\n{TAGGED}", (OSLO,)),
        (f"{TAGGED}\n{TAGGED.replace('Oslo', 'Rome')}", (OSLO, ROME)),
        ('{"name": "get_weather", "parameters": {"city": "Oslo"}}', (OSLO,)),
        ('[get_weather(city="Oslo"), get_weather(city="Rome")]', (OSLO, ROME)),
        ("None of the tools tells the time.", ()),
        ("", ()),
    ],
)
def test_text_is_read_as_calls_or_as_words(text: str, calls: tuple[Function, ...]) -> None:
    """Every notation gives the same calls; words give none, and are not broken."""
    assert answer_of_text("1", text, ["get_weather"]) == Answer("1", calls, text)


def test_a_call_cut_off_is_broken_and_calls_nothing() -> None:
    """A call that stops in the middle is told apart from words."""
    answer = answer_of_text("1", TAGGED[:40], ["get_weather"])
    assert answer.calls == ()
    assert answer.broken


def test_an_answer_is_read_back_as_it_was_written() -> None:
    """The line holds all of an answer."""
    answer = Answer("1", (OSLO,), "é\n", "why")
    assert Answer.of_line(answer.line()) == answer
