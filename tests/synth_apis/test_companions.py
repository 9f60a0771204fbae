"""Which functionalities one API may cover together."""

from __future__ import annotations

from typing import Any

import pytest

from toolace.semantics import ANNOTATION
from toolace.synth_apis.companions import companions, noun_of
from toolace.synth_apis.tree import Functionality

HOTEL = {"type": "string", ANNOTATION: {"type": "id(hotel)"}}
CITY = {"type": "string", ANNOTATION: {"type": "city"}}
TEXT = {"type": "string"}


def leaf(name: str, needs: dict[str, Any], gives: dict[str, Any]) -> Functionality:
    """A functionality of one domain that requires all it takes."""
    inputs = {"type": "object", "properties": needs, "required": list(needs)}
    outputs = {"type": "object", "properties": gives}
    return Functionality(name=name, summary=f"{name}.", domain=("travel", "hotels"), inputs=inputs, outputs=outputs)


SEARCH = leaf(
    "search hotels",
    {"city": CITY},
    {"hotels": {"type": "array", "items": {"type": "object", "properties": {"hotel_id": HOTEL}}}},
)


def test_a_reading_that_needs_an_identifier_of_the_result_stands_beside_it() -> None:
    reviews = leaf("get reviews", {"hotel_id": HOTEL}, {"reviews": {"type": "array", "items": TEXT}})
    (found,) = companions(SEARCH, [SEARCH, reviews])
    assert (found.leaf, found.noun, found.at) == (reviews, "reviews", ("hotels",))


def test_a_reading_that_needs_what_the_main_one_needs_stands_beside_its_result() -> None:
    weather = leaf("forecast rain", {"town": CITY}, {"rain": TEXT})
    (found,) = companions(SEARCH, [weather])
    assert (found.noun, found.at) == ("rain_forecast", ())


def test_a_functionality_that_changes_something_is_never_included() -> None:
    assert companions(SEARCH, [leaf("book room", {"hotel_id": HOTEL}, {"price": TEXT})]) == []


def test_a_functionality_that_changes_something_includes_nothing() -> None:
    booking = leaf("book room", {"hotel_id": HOTEL}, {"price": TEXT})
    assert companions(booking, [leaf("get reviews", {"hotel_id": HOTEL}, {"reviews": TEXT})]) == []


def test_a_reading_that_needs_one_parameter_more_is_not_included() -> None:
    assert companions(SEARCH, [leaf("get prices", {"hotel_id": HOTEL, "month": TEXT}, {"prices": TEXT})]) == []


def test_a_reading_that_needs_nothing_is_not_included() -> None:
    assert companions(SEARCH, [leaf("get news", {}, {"news": TEXT})]) == []


@pytest.mark.parametrize(
    ("name", "noun"),
    [
        ("get reviews", "reviews"),
        ("locate car", "car_location"),
        ("estimate running costs", "running_costs"),
        ("estimate toll", "toll_estimate"),
        ("summarise ratings", "rating_summary"),
        ("look up opening hours", "opening_hours"),
        ("describe hotel", "details"),
        ("search in archive", None),
        ("book room", None),
    ],
)
def test_the_name_says_what_comes_back(name: str, noun: str | None) -> None:
    assert noun_of(leaf(name, {"hotel_id": HOTEL}, {"answer": TEXT}), SEARCH) == noun
