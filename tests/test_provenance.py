"""Where arguments come from: what one part says, the other credits, and nothing else."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolace.backends.simulator.phrasing import Phrasing
from toolace.provenance import mentioned, searchable, trace
from toolace.records import Message, Source

TODAY = "2024-05-15"


def called(
    user: str, arguments: dict[str, Any], *before: Message, properties: dict[str, Any] | None = None
) -> list[Source]:
    """Sources of one call's arguments after these messages and the user's words."""
    call = {"id": "c", "function": {"name": "tool", "arguments": arguments}}
    assistant = Message.model_validate({"role": "assistant", "tool_calls": [call]})
    messages = [*before, Message(role="user", content=user), assistant]
    return list(trace(messages, {"tool": {"type": "object", "properties": properties or {}}}, TODAY))


@pytest.mark.parametrize(
    ("words", "value", "how"),
    [
        ("a table for two in Oslo", "Oslo", "verbatim"),
        ("a table for TWO", 2, "spelled"),
        ("two dozen eggs", 24, "implicit"),
        ("tomorrow at half past six in the evening", "2024-05-16T18:30:00Z", "formatted"),
        ("see you next Friday, 24 May", "2024-05-24", "formatted"),
        ("in five days", "2024-05-20", "relative"),
        ("at 6:30pm sharp", "18:30", "formatted"),
        ("about 1,500 words", 1500, "formatted"),
        ("speak French, please", "fr", "implicit"),
        ("with a late checkout", "late_checkout", "formatted"),
        ("it’s “Don’t panic”", "Don't panic", "verbatim"),
        ("from −3 to 12", 12, "verbatim"),
    ],
)
def test_a_value_is_credited_to_the_words_that_say_it(words: str, value: Any, how: str) -> None:
    """With the way it was said."""
    assert called(words, {"x": value}) == [
        Source(
            argument="/messages/1/tool_calls/0/function/arguments/x", source="user", at="/messages/0/content", how=how
        )
    ]


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("room 120", 12),
        ("version 1.25", 25),
        ("1.250 pieces", 250),
        ("the Oslofjord", "Oslo"),
        ("next Friday", "2024-05-18"),
        ("half past six", "07:30"),
        ("nothing of the sort", "Rome"),
    ],
)
def test_a_value_that_nobody_said_is_unknown(words: str, value: Any) -> None:
    """Parts of numbers and of words are not the number or the word."""
    assert [source.source for source in called(words, {"x": value})] == ["unknown"]


def test_sources_are_searched_in_order() -> None:
    """The user's words first, then results, then the system's and the assistant's words, then the default and the constant."""
    before = [
        Message(role="system", content="The office is in Bergen. Today is 2024-05-15."),
        Message(role="assistant", content="Did you mean Trondheim?"),
        Message(role="tool", tool_call_id="t", name="tool", content='{"hotels": [{"id": "HTL-7", "rooms": 3}]}'),
    ]
    arguments = {
        "a": "Oslo",
        "b": "HTL-7",
        "c": "Bergen",
        "d": "Trondheim",
        "e": "metric",
        "f": "v1",
        "g": "Rome",
        "h": 3,
    }
    properties = {"e": {"default": "metric"}, "f": {"const": "v1"}}
    found = called("Oslo it is", arguments, *before, properties=properties)
    assert [(source.source, source.at) for source in found] == [
        ("user", "/messages/3/content"),
        ("result", "/messages/2/content"),
        ("system", "/messages/0/content"),
        ("assistant", "/messages/1/content"),
        ("default", None),
        ("constant", None),
        ("unknown", None),
        ("result", "/messages/2/content"),
    ]


@pytest.mark.parametrize(
    "text",
    ["Today is 2024-05-15, a Wednesday.", "Today is Wednesday, 15 May 2024 (2024-05-15).", "Current date: 2024-05-15"],
)
def test_the_system_message_says_which_day_it_is(text: str) -> None:
    """Relative days are read as of the date that the system message states, in any of its forms."""
    call = {"id": "c", "function": {"name": "tool", "arguments": {"day": "2024-05-16"}}}
    messages = [
        Message(role="system", content=text),
        Message(role="user", content="tomorrow, please"),
        Message.model_validate({"role": "assistant", "tool_calls": [call]}),
    ]
    assert [(source.source, source.how) for source in trace(messages, {})] == [("user", "relative")]


def test_structured_values_are_traced_leaf_by_leaf() -> None:
    """Pointers lead into lists and objects, with odd names escaped."""
    found = called("two nights in Oslo", {"a/b": {"city": "Oslo", "nights": [2, 9]}})
    start = "/messages/1/tool_calls/0/function/arguments/a~1b"
    assert [(source.argument, source.source) for source in found] == [
        (f"{start}/city", "user"),
        (f"{start}/nights/0", "user"),
        (f"{start}/nights/1", "unknown"),
    ]


def test_what_is_said_after_the_call_is_no_source() -> None:
    """Only earlier messages count."""
    call = {"id": "c", "function": {"name": "tool", "arguments": {"x": "Oslo"}}}
    messages = [
        Message.model_validate({"role": "assistant", "tool_calls": [call]}),
        Message(role="user", content="Oslo"),
    ]
    assert [source.source for source in trace(messages, {})] == ["unknown"]


@pytest.mark.parametrize(
    ("schema", "words", "credited"),
    [
        ({"title": "pets allowed"}, "where I can bring my pets", True),
        ({"description": "Whether breakfast is included"}, "and breakfast", True),
        ({"description": "Whether breakfast is included"}, "in a double room", False),
    ],
)
def test_a_switch_is_credited_to_words_about_it(schema: dict[str, Any], words: str, credited: bool) -> None:
    """Nobody says `true`: a word of what the parameter is about must be there."""
    assert (mentioned(True, searchable(words), None, schema) is not None) is credited


VALUES = st.one_of(
    st.integers(0, 5000).map(lambda number: (number, {"type": "integer"})),
    st.integers(1, 900).map(lambda number: (number / 4, {"type": "number"})),
    st.dates(date(2024, 1, 1), date(2024, 12, 31)).map(
        lambda day: (day.isoformat(), {"type": "string", "format": "date"})
    ),
    st.builds(
        lambda hour, quarter: (f"{hour:02d}:{quarter * 15:02d}", {"type": "string"}),
        st.integers(0, 23),
        st.integers(0, 3),
    ),
    st.builds(
        lambda day, hour: (f"{day.isoformat()}T{hour:02d}:30:00Z", {"type": "string", "format": "date-time"}),
        st.dates(date(2024, 3, 1), date(2024, 9, 1)),
        st.integers(0, 23),
    ),
    st.sampled_from(["EUR", "fr", "US", "late_checkout", "two words", "HTL-0042", "a@example.com"]).map(
        lambda text: (text, {"type": "string", "enum": [text]})
    ),
    st.integers(1, 400).map(
        lambda cents: (cents / 2, {"type": "number", "x-toolace": {"type": "money", "unit": "EUR"}})
    ),
)


@given(VALUES, st.sampled_from(["on {}", "for {}", "from {} on", "{}", "as of {}"]), st.integers(0, 10_000))
def test_whatever_the_simulator_says_is_credited(drawn: tuple[Any, dict[str, Any]], template: str, seed: int) -> None:
    """Saying and crediting share one set of forms: each way of putting a value is found again."""
    value, schema = drawn
    notes = {**schema.get("x-toolace", {}), "say": [template]}
    phrase = Phrasing(random.Random(seed), TODAY).phrase(value, {**schema, "x-toolace": notes}, "field")
    assert mentioned(value, searchable(f"Please do it {phrase}, thanks."), TODAY, schema) is not None
