"""Days and times in their place."""

from __future__ import annotations

import random
import re

import pytest

from toolace.backends.simulator.mentions import spoken_name
from toolace.backends.simulator.phrasing import Phrasing, fitting, turned
from toolace.backends.simulator.placing import placed
from toolace.backends.simulator.verbs import infinitive
from toolace.wording import date_forms

DAY = {"type": "string", "format": "date"}


@pytest.mark.parametrize(
    ("template", "said", "phrase"),
    [
        ("on {}", "tomorrow", "tomorrow"),
        ("arriving on {}", "next Friday", "arriving next Friday"),
        ("on {}", "3 May", "on 3 May"),
        ("at {}", "3 May at 8 am", "on 3 May at 8 am"),
        ("at {}", "half past six", "at half past six"),
        ("from {}", "tomorrow", "from tomorrow"),
        ("due {}", "in eight days", "due in eight days"),
        ("with {}", "on Monday at 8 am", "on Monday at 8 am"),
        ('saying "{}"', '"Call me back"', 'saying "Call me back"'),
    ],
)
def test_a_value_and_its_preposition_make_one_phrase(template: str, said: str, phrase: str) -> None:
    """`on tomorrow` and `with on Monday` are never said."""
    assert placed(template, said) == phrase


@pytest.mark.parametrize("template", ["on {}", "from {}", "by {}", "for {}", "until {}", "since {}", "at {}", "of {}"])
def test_no_phrase_of_a_day_has_two_prepositions(template: str) -> None:
    """Over a hundred days and draws, no day is said with a preposition that does not fit its wording."""
    wrong = re.compile(
        r"\b(on|from|by|for|until|since|at|of) (in|on|this evening|coming)\b|\bon (tomorrow|today|next|last|this)\b"
    )
    schema = {**DAY, "x-toolace": {"say": [template]}}
    words = Phrasing(random.Random(2), "2024-05-13")
    said = [words.phrase(f"2024-0{5 + day // 28}-{day % 28 + 1:02d}", schema, "day") for day in range(100)]
    assert [phrase for phrase in said if wrong.search(phrase)] == []


def test_days_in_figures_are_said_where_they_mean_one_day() -> None:
    """05/06/2024 may be in May or in June and is not said; 15/06/2024 may."""
    words = Phrasing(random.Random(1), "2024-05-13")
    said = {words.value("2024-06-05", DAY, "day") for _ in range(400)}
    assert not [text for text in said if "/" in text or text.count(".") == 2]
    assert [form.text for form in date_forms("2024-06-15", None) if "/" in form.text] == ["06/15/2024", "15/06/2024"]


def test_spoken_times_say_the_part_of_the_day() -> None:
    """`half past six` alone could be two times of the day."""
    words = Phrasing(random.Random(1), "2024-05-13")
    said = {words.value("18:30", {"type": "string"}, "time") for _ in range(300)}
    assert {text for text in said if "half past" in text} == {"half past six in the evening"}


def test_free_texts_are_said_letter_by_letter() -> None:
    """Only menus and codes are paraphrased; a file's name is its name."""
    words = Phrasing(random.Random(1), "2024-05-13")
    assert words.value("field_notes.pdf", {"type": "string"}, "file") == "field_notes.pdf"
    assert words.value("late_checkout", {"type": "string", "enum": ["late_checkout"]}, "option") == "late checkout"


@pytest.mark.parametrize(
    ("name", "description", "goal"),
    [
        ("x", "Creates an event in a calendar.", "create an event in a calendar"),
        ("x", "Use this to search old records: search births and deaths.", "search old records"),
        ("x", "Returns the fee (in EUR) of a transfer. Slow.", "get the fee of a transfer"),
        ("x", "Directly uploads an artifact.", "upload an artifact"),
        ("list_pets", "", "list pets"),
        ("list_pets", "The pets.", "list pets"),
    ],
)
def test_a_description_becomes_what_one_can_ask_for(name: str, description: str, goal: str) -> None:
    """The first sentence as a bare infinitive, or else the name in words."""
    assert infinitive(name, description) == goal


def test_a_users_words_turn_around_in_the_answer() -> None:
    """What is mine to the user is yours to the assistant."""
    assert turned("see where my parcel is and tell me") == "see where your parcel is and tell you"


def test_what_is_done_for_me_is_not_what_i_do() -> None:
    """`I want to tell me` is not said, and nothing follows a long clause."""
    frames = ("I want to {}.", "please {}.", "{} for me, will you?")
    assert fitting(frames, "tell me the time") == ["please {}.", "{} for me, will you?"]
    assert fitting(frames, "find " + "x" * 80) == ["I want to {}.", "please {}."]


@pytest.mark.parametrize(
    ("name", "said"), [("hotel_id", "hotel"), ("maxPrice", "max price"), ("id", "identifier"), ("", "value")]
)
def test_parameters_are_spoken_of_without_their_spelling(name: str, said: str) -> None:
    """No underscore, no camel case, no `id`."""
    assert spoken_name(name) == said
