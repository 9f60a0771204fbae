"""Which functionalities one API may cover together."""

from __future__ import annotations

from typing import Any

import pytest

from toolace.semantics import ANNOTATION
from toolace.synth_apis.companions import companions, noun_of
from toolace.synth_apis.tree import Functionality

HOTEL = {"type": "string", ANNOTATION: {"type": "id(hotel)"}}
STAY = {"type": "string", ANNOTATION: {"type": "id(stay)"}}
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


BOOKING = leaf("book room", {"hotel_id": HOTEL, "city": CITY}, {"stay_id": STAY})


def test_a_functionality_that_changes_something_includes_what_is_told_of_the_thing_it_made() -> None:
    (found,) = companions(BOOKING, [leaf("get directions", {"stay_id": STAY}, {"way": TEXT})])
    assert (found.noun, found.at, found.needs) == ("directions", (), ())


@pytest.mark.parametrize(
    ("neighbour", "needs"),
    [
        ("find reviews", {"stay_id": STAY}),
        ("get room", {"stay_id": STAY}),
        ("get tips", {"city": CITY}),
        ("get prices", {"hotel_id": HOTEL}),
    ],
)
def test_a_functionality_that_changes_something_includes_nothing_else(neighbour: str, needs: dict[str, Any]) -> None:
    assert companions(BOOKING, [leaf(neighbour, needs, {"answer": TEXT})]) == []


def test_after_an_ending_there_is_nothing_left_to_tell() -> None:
    cancelling = leaf("cancel room", {"hotel_id": HOTEL}, {"stay_id": STAY})
    assert companions(cancelling, [leaf("get directions", {"stay_id": STAY}, {"way": TEXT})]) == []


def test_what_a_search_finds_may_be_asked_about_with_a_value_more() -> None:
    prices = leaf("get prices", {"hotel_id": HOTEL, "month": TEXT}, {"prices": TEXT})
    (found,) = companions(SEARCH, [prices])
    assert (found.noun, found.at, found.needs) == ("prices", ("hotels",), ("month",))


def test_a_lookup_may_also_ask_about_the_thing_that_it_is_given_with_a_value_more() -> None:
    prices = leaf("get prices", {"hotel_id": HOTEL, "month": TEXT}, {"prices": TEXT})
    (found,) = companions(leaf("describe hotel", {"hotel_id": HOTEL}, {"name": TEXT}), [prices])
    assert (found.noun, found.at, found.needs) == ("prices", (), ("month",))


def test_what_works_something_out_includes_nothing_that_takes_a_value_more() -> None:
    prices = leaf("get prices", {"hotel_id": HOTEL, "month": TEXT}, {"prices": TEXT})
    assert companions(leaf("rate hotel", {"hotel_id": HOTEL}, {"score": TEXT}), [prices]) == []


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
