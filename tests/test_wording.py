"""How values are said: forms by hand, and that each form means its value and no other nearby."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolace.wording import (
    date_forms,
    joined,
    money_forms,
    number_forms,
    ordinal,
    plain_number,
    spelled,
    split_datetime,
    string_forms,
    time_forms,
    unit_for,
    with_unit,
)

TODAY = "2024-05-15"  # a Wednesday
DAYS = st.dates(date(2023, 1, 1), date(2026, 12, 31)).map(date.isoformat)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"),
        (12, "twelve"),
        (21, "twenty-one"),
        (90, "ninety"),
        (105, "one hundred and five"),
        (1000, None),
        (-1, None),
    ],
)
def test_whole_numbers_are_spelled_below_a_thousand(number: int, words: str | None) -> None:
    """Beyond that people write digits."""
    assert spelled(number) == words


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (24, {"24", "twenty-four", "two dozen"}),
        (2, {"2", "two", "a couple of", "a pair of"}),
        (1500, {"1500", "1,500"}),
        (3000, {"3000", "3,000", "3k", "three thousand"}),
        (2.5, {"2.5", "2.50", "two and a half"}),
        (2.0, {"2", "2.0", "two", "a couple of", "a pair of"}),
    ],
)
def test_numbers_have_these_forms(number: float, said: set[str]) -> None:
    """All of them, and no other."""
    assert {form.text for form in number_forms(number)} == said


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2024-05-15", {"today"}),
        ("2024-05-16", {"tomorrow", "this Thursday", "this coming Thursday"}),
        ("2024-05-20", {"next Monday", "in five days", "five days from now"}),
        ("2024-05-22", {"in a week", "a week from today", "next Wednesday"}),
        ("2024-05-24", {"Friday of next week", "in nine days"}),
        ("2024-05-14", {"yesterday", "last Tuesday"}),
        ("2024-05-01", {"two weeks ago"}),
    ],
)
def test_days_near_today_are_said_relative_to_it(day: str, said: set[str]) -> None:
    """Seen from Wednesday, 15 May 2024."""
    assert said <= {form.text for form in date_forms(day, TODAY) if form.how == "relative"}


def test_days_are_relative_to_nothing_without_a_today() -> None:
    """Only full dates remain where no date of the conversation is known."""
    assert {form.how for form in date_forms("2024-05-16", None)} == {"verbatim", "formatted"}
    assert all("2024" in form.text for form in date_forms("2024-05-16", None))


@given(DAYS, DAYS, DAYS)
def test_no_relative_form_means_two_days(one: str, other: str, today: str) -> None:
    """What is said relative to a day names one day only."""
    shared = {form.text for form in date_forms(one, today) if form.how == "relative"} & {
        form.text for form in date_forms(other, today) if form.how == "relative"
    }
    assert one == other or not shared


@given(DAYS, st.integers(-200, 200))
def test_a_day_without_its_year_is_said_only_near_today(today: str, away: int) -> None:
    """`3 May` is the one within half a year."""
    day = (date.fromisoformat(today) + timedelta(days=away)).isoformat()
    bare = [form.text for form in date_forms(day, today) if form.how == "formatted" and day[:4] not in form.text]
    assert bool(bare) == (abs(away) <= 180)


@pytest.mark.parametrize(
    ("clock", "said"),
    [
        ("18:30", {"18:30", "6:30 pm", "6:30pm", "half past six in the evening"}),
        ("09:00", {"9 am", "9:00 am", "nine o'clock in the morning", "nine in the morning"}),
        ("00:00", {"midnight", "12 am"}),
        ("12:00", {"noon", "12 pm"}),
        ("06:45", {"quarter to seven in the morning"}),
    ],
)
def test_times_have_these_forms(clock: str, said: set[str]) -> None:
    """Digits with and without meridiem, and the clock face in words."""
    assert said <= {form.text for form in time_forms(clock)}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("2024-05-14T18:30:00Z", ("2024-05-14", "18:30")),
        ("2024-05-14 18:30", ("2024-05-14", "18:30")),
        ("2024-05-14T18:30:07Z", None),
        ("2024-05-14", None),
    ],
)
def test_moments_are_split_where_people_could_say_them(text: str, parts: tuple[str, str] | None) -> None:
    """Odd seconds are said by nobody."""
    assert split_datetime(text) == parts


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("fr", {"fr", "French"}),
        ("NL", {"NL", "the Netherlands", "Netherlands"}),
        ("EUR", {"EUR", "euros"}),
        ("late_checkout", {"late_checkout", "late checkout"}),
        ("highestRated", {"highestRated", "highest Rated"}),
        ("plain", {"plain"}),
    ],
)
def test_texts_have_these_forms(text: str, said: set[str]) -> None:
    """Codes by the names they stand for, identifiers by their words."""
    assert {form.text for form in string_forms(text, None)} == said


def test_small_pieces() -> None:
    """Units, money, ordinals and lists."""
    assert [unit_for(1, "nights"), unit_for(2, "nights"), unit_for(1, "kg"), unit_for(1, "boxes")] == [
        "night",
        "nights",
        "kg",
        "box",
    ]
    assert [with_unit("40", 40, "%"), with_unit("one", 1, "parties")] == ["40%", "one party"]
    assert money_forms(120.0, "EUR") == ("120 EUR", "120 euros", "€120")
    assert money_forms(9.5, "SEK") == ("9.50 SEK", "9.50 Swedish kronor")
    assert [ordinal(number) for number in (1, 2, 3, 4, 11, 22)] == ["1st", "2nd", "3rd", "4th", "11th", "22nd"]
    assert [joined([]), joined(["a"]), joined(["a", "b", "c"])] == ["", "a", "a, b and c"]
    assert [plain_number(2.0), plain_number(2.25), plain_number(7)] == ["2", "2.25", "7"]
