"""What each diversity indicator must change, and what it must keep."""

from __future__ import annotations

from typing import Any

import pytest

from toolace.synth_apis.indicators import INDICATORS, Indicator

CITY = {"type": "string", "description": "City"}
ROOM = {"type": "string", "enum": ["single", "double"]}
BEFORE: dict[str, Any] = {"type": "object", "properties": {"city": CITY, "room": ROOM}, "required": ["city"]}
RETURNS: dict[str, Any] = {"type": "object", "properties": {"price": {"type": "number"}}}
PETS = {"type": "boolean"}


def changed(required: list[str] | None = None, **properties: Any) -> dict[str, Any]:
    """The parameters with other properties."""
    return {**BEFORE, "properties": properties, "required": ["city"] if required is None else required}


CASES: list[tuple[Indicator, dict[str, Any], dict[str, Any], str | None]] = [
    ("add_parameters", changed(city=CITY, room=ROOM, pets=PETS), RETURNS, None),
    ("add_parameters", BEFORE, RETURNS, "added no parameter"),
    ("add_parameters", changed(city=CITY, pets=PETS, stars=PETS), RETURNS, "changed or lost 'room'"),
    ("add_parameters", changed(["city", "room"], city=CITY, room=ROOM, pets=PETS), RETURNS, "made 'room' required"),
    ("add_constraints", changed(city={**CITY, "maxLength": 80}, room=ROOM), RETURNS, None),
    ("add_constraints", BEFORE, RETURNS, "added no constraint"),
    (
        "add_constraints",
        changed(city={**CITY, "type": "integer", "minimum": 1}, room=ROOM),
        RETURNS,
        "changed the type of 'city'",
    ),
    ("add_constraints", changed(city={**CITY, "maxLength": 80}), RETURNS, "added or removed parameters"),
    ("mutate_type", changed(city=CITY, room={"type": "array", "items": ROOM}), RETURNS, None),
    ("mutate_type", changed(city=CITY, rooms={"type": "array", "items": ROOM}), RETURNS, None),
    ("mutate_type", changed(["cities"], cities={"type": "array", "items": CITY}, room=ROOM), RETURNS, None),
    ("mutate_type", changed([], cities={"type": "array", "items": CITY}, room=ROOM), RETURNS, "made 'cities' optional"),
    ("mutate_type", BEFORE, RETURNS, "changed 0 parameters, not one"),
    ("mutate_type", changed(city={**CITY, "type": "integer"}, room=PETS), RETURNS, "changed 2 parameters, not one"),
    ("mutate_type", changed(city={**CITY, "maxLength": 3}, room=ROOM), RETURNS, "'city' has the same type as before"),
    ("change_returns", BEFORE, {**RETURNS, "properties": {}}, None),
    ("change_returns", BEFORE, RETURNS, "left the result as it was"),
    ("change_returns", changed(city=CITY), {}, "changed the parameters"),
]


@pytest.mark.parametrize(("indicator", "after", "returns", "wrong"), CASES)
def test_an_indicator_says_what_is_wrong_with_a_change(
    indicator: Indicator, after: dict[str, Any], returns: dict[str, Any], wrong: str | None
) -> None:
    assert INDICATORS[indicator](BEFORE, after, RETURNS, returns) == wrong


FILTERS: dict[str, Any] = {"type": "object", "description": "Filters", "properties": {"pets": PETS}}
GROUPED: dict[str, Any] = {"type": "object", "properties": {"filters": FILTERS}}


@pytest.mark.parametrize(
    ("filters", "wrong"),
    [
        ({**FILTERS, "properties": {"pets": PETS, "city": CITY}}, None),
        ({**FILTERS, "properties": {"city": CITY}}, "changed or lost 'filters'"),
        ({**FILTERS, "properties": {"pets": PETS, "city": CITY}, "required": ["city"]}, "changed or lost 'filters'"),
    ],
)
def test_parameters_may_be_added_inside_an_object_that_keeps_what_it_has(filters: Any, wrong: str | None) -> None:
    after = {**GROUPED, "properties": {"filters": filters}}
    assert INDICATORS["add_parameters"](GROUPED, after, RETURNS, RETURNS) == wrong


@pytest.mark.parametrize("indicator", INDICATORS)
def test_every_indicator_has_a_case_that_passes_and_one_that_fails(indicator: Indicator) -> None:
    outcomes = {wrong is None for name, _, _, wrong in CASES if name == indicator}
    assert outcomes == {True, False}
