"""What the simulated assistant makes of a result."""

from __future__ import annotations

import random
from typing import Any

import pytest

from toolace.backends.simulator.telling import told
from toolace.records import Api, ApiLineage


def api(tell: str = "", description: str = "Finds things.", **returns: Any) -> Api:
    """A tool whose result is told by this sentence, or by none."""
    notes = {"x-toolace": {"tell": tell}} if tell else {}
    return Api(
        id="api-0",
        name="things.find",
        description=description,
        parameters={"type": "object", "properties": {}},
        returns={"type": "object", "properties": returns, **notes},
        domain=(),
        lineage=ApiLineage(origin="imported"),
    )


ITEM = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "size": {"type": "integer"}, "at": {"type": "string"}},
}
LIST = {"type": "array", "items": ITEM}
TWO = {"things": [{"name": "Owl", "size": 6, "at": "12:00"}, {"name": "Fox", "size": 1, "at": "13:30"}]}


@pytest.mark.parametrize(
    ("tell", "text"),
    [
        ("Found: {things.name} ({things.size}).", "Found: Owl (6) and Fox (1)."),
        ("{#things} are late ({things.name}) by {things.size} days.", "2 are late: Owl by 6 and Fox by 1 day."),
        (
            "Best: {things.name}, now {things.size} ({things.at} off).",
            "Best: Owl, now 6 (12:00 off); Fox, now 1 (13:30 off).",
        ),
        ("{things.name} owe {things.size} respectively; done.", "Owl owes 6 and Fox owes 1; done."),
        ("{things.name} have access as {things.at}.", "Owl has access as 12:00 and Fox has access as 13:30."),
        (
            "Of {things.name} the {#things} sizes are {things.size}.",
            "Of Owl and Fox the 2 sizes are 6 and 1 respectively.",
        ),
    ],
)
def test_entries_of_a_list_are_told_one_by_one(tell: str, text: str) -> None:
    """Brackets close, verbs fit one entry, and lists that stand apart are read side by side."""
    assert told(api(tell, things=LIST), {}, TWO, random.Random(0)) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"count": 1}, "1 guest is coming"),
        ({"count": 66.1}, "66.1 guests are coming"),
        ({"count": 21}, "21 guests are coming"),
    ],
)
def test_one_is_singular_and_a_decimal_that_ends_in_one_is_not(value: dict[str, Any], text: str) -> None:
    """`66.1 hours` is no `hour`."""
    assert told(api("{count} guests are coming", count={"type": "number"}), {}, value, random.Random(0)) == text


def test_a_moment_is_on_its_day_and_at_its_hour() -> None:
    """`at 10 March 2025 at 17:00` is nobody's English."""
    tool = api("It is ready at {ready}.", ready={"type": "string", "format": "date-time"})
    assert (
        told(tool, {}, {"ready": "2025-03-10T17:00:00Z"}, random.Random(0)) == "It is ready on 10 March 2025 at 17:00."
    )


def test_a_code_that_looks_like_a_day_stays_a_code() -> None:
    """No calendar has a month 17 or 00."""
    tool = api(serial={"type": "string"})
    for code in ("2024-17-05", "2024-00-05"):
        assert code in told(tool, {}, {"serial": code}, random.Random(1))


def test_a_result_without_a_sentence_is_told_by_what_people_ask_for() -> None:
    """Entries by number and name, figures by name; tokens, tags and what the user said are left out."""
    result = {
        "groups": [{"id": "g1", "name": "Choir"}, {"id": "g2", "name": "Chess"}],
        "etag": "a1",
        "nextPageToken": "x",
        "course": "c9",
    }
    group = {"type": "object", "properties": {"id": {"type": "string"}, "name": {"type": "string"}}}
    tool = api(groups={"type": "array", "items": group}, etag={"type": "string"}, course={"type": "string"})
    assert "2 groups" in (text := told(tool, {"course": "c9"}, result, random.Random(3)))
    assert "Choir and Chess" in text
    assert not [word for word in ("etag", "token", "c9") if word in text]


def test_an_act_without_news_is_reported_as_done() -> None:
    """The request's own words come back in the past."""
    tool = api(description="Deletes an alias of a course.")
    assert told(tool, {}, {"status": "ok"}, random.Random(0)).removesuffix(".").endswith("deleted an alias of a course")


def test_of_several_reports_none_opens_or_closes() -> None:
    """`All set` is said once, or not at all."""
    tool = api(description="Deletes an alias of a course.")
    alone = {told(tool, {}, {"number": 7}, random.Random(seed)) for seed in range(30)}
    beside = {told(tool, {}, {"number": 7}, random.Random(seed), beside=True) for seed in range(30)}
    assert beside == {"I've deleted an alias of a course. The number is 7."} < alone
