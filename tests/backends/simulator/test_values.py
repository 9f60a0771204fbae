"""Drawn values: valid for their schemas, of the kind their names promise, and bounded in depth."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from toolace.backends.simulator.patterns import matching
from toolace.backends.simulator.values import CannotDraw, Draw
from toolace.records import Api, plain

TODAY = "2024-05-13"


def draw(name: str, schema: dict[str, Any], seed: int = 0, /, **beside: Any) -> Any:
    """One value."""
    return Draw(random.Random(seed), TODAY).value(name, schema, beside)


def test_arguments_of_the_pool_are_valid(apis: dict[str, Api]) -> None:
    """Whatever is drawn for a tool's parameters fits them."""
    for api in apis.values():
        for seed in range(60):
            value = Draw(random.Random(seed), TODAY).object(api.parameters)
            Draft202012Validator(plain(api.parameters)).validate(value)


@pytest.mark.parametrize(
    ("name", "schema", "pattern"),
    [
        ("day", {"type": "string", "format": "date"}, r"\d{4}-\d\d-\d\d"),
        ("email", {"type": "string"}, r"[a-z.]+@example\.(com|org|net)"),
        ("phone_number", {"type": "string"}, r"(\+1-)?\d{3}-555-01\d\d"),
        ("start_time", {"type": "string", "format": "date-time"}, r"\d{4}-\d\d-\d\dT\d\d:\d\d:00Z"),
        ("city", {"type": "string"}, r"[A-Z].*"),
        ("currency", {"type": "string"}, r"[A-Z]{3}"),
        ("website", {"type": "string"}, r"https://[a-z]+\.example\.(com|org|net)/[a-z-]+"),
        ("code", {"type": "string", "pattern": "^[A-Z]{2}-\\d{3}$"}, r"[A-Z]{2}-\d{3}"),
        (
            "project",
            {"type": "string", "pattern": "^projects/[^/]+/locations/[^/]+$"},
            r"projects/[a-z]+/locations/[a-z]+",
        ),
        ("label", {"type": "string", "pattern": "^[a-z0-9-]+$"}, r"[a-z]+-\d+"),
    ],
)
def test_texts_are_of_the_kind_that_name_and_format_promise(name: str, schema: dict[str, Any], pattern: str) -> None:
    """Invented people and hosts cannot be met: they are in the ranges kept free for examples."""
    for seed in range(30):
        assert re.fullmatch(pattern, draw(name, schema, seed))


@pytest.mark.parametrize(
    ("schema", "allowed"),
    [
        ({"type": "integer", "minimum": 3, "maximum": 5}, {3, 4, 5}),
        ({"type": "integer", "minimum": 0, "exclusiveMaximum": 3}, {0, 1, 2}),
        ({"type": "integer", "minimum": 10, "maximum": 30, "multipleOf": 10}, {10, 20, 30}),
        ({"enum": ["a", None, "b"]}, {"a", "b"}),
        ({"const": 7}, {7}),
        ({"type": ["null", "boolean"]}, {True, False}),
        ({"anyOf": [{"type": "null"}, {"enum": ["x"]}]}, {"x"}),
    ],
)
def test_all_values_of_a_small_range_are_drawn(schema: dict[str, Any], allowed: set[Any]) -> None:
    """Bounds are reached and never passed."""
    assert {draw("field", schema, seed) for seed in range(80)} == allowed


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "integer", "minimum": 5, "maximum": 4},
        {"type": "string", "pattern": "^(?=x)y$"},
        {"type": "array", "items": {"const": 1}, "minItems": 2, "uniqueItems": True},
        {"type": "string", "minLength": 5000},
    ],
)
def test_what_cannot_be_drawn_is_said_and_not_faked(schema: dict[str, Any]) -> None:
    """A contradiction or a pattern beyond reach raises CannotDraw."""
    with pytest.raises(CannotDraw):
        draw("field", schema)


def test_a_later_date_comes_after_the_earlier_one() -> None:
    """The relation of an annotation holds between siblings."""
    schema = {"type": "string", "format": "date", "x-toolace": {"type": "future_date", "relation": ["after", "start"]}}
    assert all(draw("end", schema, seed, start="2024-06-01") > "2024-06-01" for seed in range(30))


@pytest.mark.parametrize(
    ("name", "beside", "expected"),
    [
        ("email", {"fullName": "Brian Wise", "manager": "Marilyn Kaufman"}, r"brian\.wise@.+"),
        ("work_email", {"name": "Lonnie"}, r"lonnie\..+@.+"),
        ("host_email", {"guest_name": "Ann Lee", "host_name": "Brian Wise"}, r"brian\.wise@.+"),
        ("full_name", {"email": "dean.lamb@example.com"}, "Dean Lamb"),
        ("first_name", {"email": "dean.lamb@example.com"}, "Dean"),
    ],
)
@pytest.mark.parametrize("seed", range(5))
def test_an_address_and_a_name_beside_it_are_one_persons(
    name: str, beside: dict[str, str], expected: str, seed: int
) -> None:
    assert re.fullmatch(expected, draw(name, {"type": "string"}, seed, **beside))


@pytest.mark.parametrize(
    "beside",
    [{"city": "Austin"}, {"host_name": "Austin Lee", "guest_name": "Austin Wise"}],
)
def test_an_address_is_not_made_of_what_may_name_another(beside: dict[str, str]) -> None:
    """No city, and neither of two people."""
    assert not any(draw("email", {"type": "string"}, seed, **beside).startswith("austin") for seed in range(20))


def test_schemas_that_nest_without_end_are_cut() -> None:
    """Thirty levels of optional objects end after a few."""
    schema: dict[str, Any] = {"type": "object", "properties": {"leaf": {"type": "string"}}}
    for _ in range(30):
        schema = {"type": "object", "properties": {"inner": schema, "flag": {"type": "boolean"}}}
    value, depth = draw("deep", schema, 3), 0
    while isinstance(value, dict) and "inner" in value:
        value, depth = value["inner"], depth + 1
    assert depth <= 6


@given(
    st.from_regex(r"\A\^[a-z]{1,3}(\[a-f0-9\]|\\d|\[A-Z\])(\{[1-4]\}|\+|\*)?(-[a-z]|\(x\|yz\))?\$\Z"),
    st.integers(0, 99),
)
@settings(max_examples=150, deadline=None)
def test_strings_drawn_for_a_pattern_match_it(pattern: str, seed: int) -> None:
    """Whatever comes out for the covered syntax is found by the pattern."""
    text = matching(pattern, random.Random(seed))
    assert text is not None
    assert re.search(pattern, text)


BOUNDS = st.integers(-50, 50)
LEAVES = st.one_of(
    st.builds(lambda low, more: {"type": "integer", "minimum": low, "maximum": low + more}, BOUNDS, st.integers(0, 90)),
    st.builds(
        lambda low, more: {"type": "number", "minimum": low, "maximum": low + more + 1}, BOUNDS, st.integers(0, 90)
    ),
    st.builds(
        lambda menu: {"type": "string", "enum": menu}, st.lists(st.text("abc", min_size=1), min_size=1, unique=True)
    ),
    st.sampled_from(
        [{"type": "boolean"}, {"type": "string"}, {"type": "string", "format": "date"}, {"type": "null"}, {}]
    ),
    st.builds(lambda name: {"type": "string", "description": name}, st.text(max_size=12)),
)
NAMES = st.one_of(st.text(min_size=1, max_size=10), st.sampled_from(["city", "userId", "start_date", "e-mail", "日付"]))
SCHEMAS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda items: {"type": "array", "items": items}, inner),
        st.dictionaries(NAMES, inner, max_size=4).map(
            lambda fields: {"type": "object", "properties": fields, "required": list(fields)[:2]}
        ),
    ),
    max_leaves=8,
)


@given(SCHEMAS, st.integers(0, 999))
@settings(max_examples=300, deadline=None)
def test_values_for_odd_schemas_are_valid(schema: dict[str, Any], seed: int) -> None:
    """Any mixture of types, bounds, menus and names gives a valid value."""
    Draft202012Validator(schema).validate(draw("field", schema, seed))
