"""What each diversity indicator, computed, changes in a definition, and what it keeps."""

from __future__ import annotations

import random
from typing import Any

import pytest

from toolace.backends.simulator import results
from toolace.backends.simulator.mutating import Around, in_batch, mutations
from toolace.backends.simulator.operators import OPERATORS
from toolace.backends.simulator.usual import usual_parameters
from toolace.records import plain
from toolace.semantics import ANNOTATION
from toolace.synth_apis.documents.fields import object_schema, parameter_schema, result_schema
from toolace.synth_apis.evolution import Definition
from toolace.synth_apis.tree import Functionality

VALUES = {"hotel_name": ["Copper Lantern", "Casa Miramar"]}
SHOP = {
    "city": "city! | in {} | City to search in",
    "max_price": "money 10..90 EUR | for at most {} | Highest price of a ticket",
    "genre": "one of [rock, folk, jazz] | playing {} | Kind of music",
}
FOUND = [
    {
        "show_id": "id(show) | Identifier of the show",
        "price": "money 10..90 EUR | Price of a ticket",
        "begins": "time | Beginning",
    }
]


def functionality(name: str, takes: dict[str, Any], gives: dict[str, Any], tell: str) -> Functionality:
    """A functionality in the catalogue's notation."""
    inputs, outputs = object_schema(takes, VALUES), result_schema(gives, VALUES)
    inputs[ANNOTATION] = {"goals": [f"{name} for me"], "questions": []}
    outputs[ANNOTATION] = {"tell": tell}
    return Functionality(name=name, summary=f"{name}.", domain=("music", "shows"), inputs=inputs, outputs=outputs)


def api(leaf: Functionality, *left_out: str) -> Definition:
    """A definition of a functionality without some of its optional parameters."""
    properties = {name: one for name, one in leaf.inputs["properties"].items() if name not in left_out}
    name = leaf.name.replace(" ", "_")
    parameters = {**leaf.inputs, "properties": properties}
    return Definition(name=name, description="Does what it says.", parameters=parameters, returns=leaf.outputs)


SEARCH = functionality("search shows", SHOP, {"shows": FOUND}, "{#shows} shows: {shows.show_id}.")
DETAILS = functionality(
    "get show", {"show_id": "id(show)! | {} | Show"}, {"venue": "hotel_name | Hall"}, "It is at {venue}."
)
BOOK = functionality(
    "book seats",
    {
        "show_id": "id(show)! | for {} | Show to see",
        "seats": "int 1..6! | {} of them | Number of seats",
        "start": "future_date! | from {} | First day",
        "address": "street_address | sent to {} | Where the tickets go",
        "valid_days": "int 1..60 days = 30 | for {} | Life of the voucher",
    },
    {
        "booking_id": "id(booking) | Identifier of the booking",
        "price": "money 9..90 EUR | Price",
        "fee": "money 1..9 EUR | Fee",
        "row": "int 1..30 | Row",
        "walk": "int 2..20 minutes | Way from the door",
    },
    "Booked as {booking_id} for {price}.",
)
LEAVES = (SEARCH, DETAILS, BOOK)
TECHNICAL = ("trace_id", "request_id", "on_behalf_of", "if_none_match", "no_cache", "fields")


def applied(indicator: Any, definition: Definition, seed: int = 0) -> Definition:
    """The definition after an indicator."""
    return OPERATORS[indicator](definition, LEAVES, random.Random(seed))


def test_added_parameters_are_optional_and_leave_the_others_as_they_were() -> None:
    before = api(SEARCH, "genre")
    for seed in range(20):
        after = applied("add_parameters", before, seed)
        assert after.parameters["required"] == ["city"]
        assert after.parameters["properties"].items() >= before.parameters["properties"].items()
        usual = {"genre", "limit", "page", "sort_by", *TECHNICAL}
        assert set(after.parameters["properties"]) - {"city", "max_price"} <= usual
        assert after.returns == before.returns


def test_a_parameter_is_added_to_the_object_that_gathers_its_like() -> None:
    filters = {
        "type": "object",
        "description": "Filters",
        "properties": {"max_price": SEARCH.inputs["properties"]["max_price"]},
    }
    bare = api(SEARCH, "genre", "max_price")
    before = bare.model_copy(
        update={"parameters": {**bare.parameters, "properties": {**bare.parameters["properties"], "filters": filters}}}
    )
    inside = {
        frozenset(applied("add_parameters", before, seed).parameters["properties"]["filters"]["properties"])
        for seed in range(20)
    }
    assert inside == {frozenset({"max_price"}), frozenset({"max_price", "genre"})}


def test_what_is_found_can_be_limited_sorted_and_filtered_by_its_own_fields() -> None:
    bundles = usual_parameters(api(SEARCH, "genre", "max_price"), "search")
    assert [sorted(bundle) for bundle in bundles] == [["limit"], ["limit", "page"], ["sort_by"], ["max_price"]]
    assert plain(bundles[3]["max_price"]) == {
        "type": "number",
        "description": "Highest price of a ticket, in EUR",
        "minimum": 10,
        "maximum": 90,
    }


def test_constraints_tighten_and_keep_types_names_and_results() -> None:
    before = api(BOOK)
    after = applied("add_constraints", before)
    changed = {
        name: one
        for name, one in after.parameters["properties"].items()
        if one != before.parameters["properties"][name]
    }
    assert plain(changed) == {
        "address": {"type": "string", "description": "Where the tickets go", "minLength": 1, "maxLength": 120}
    }
    assert (after.parameters["required"], after.returns) == (before.parameters["required"], before.returns)


@pytest.mark.parametrize(
    ("name", "spec", "verb", "reads", "shapes"),
    [
        ("genre", "one of [rock, jazz] | playing {} | Music", "search", True, [("genres", "array")]),
        ("genre", "one of [rock, jazz] | playing {} | Music", "book", False, []),
        ("sort_by", "one of [price, date] | by {} | Order", "search", True, []),
        ("max_price", "money 9..90 EUR | for at most {} | Highest price", "search", True, [("price_range", "object")]),
        ("guest", "email | for {} | Guest", "invite", False, [("guests", "array")]),
        ("address", "street_address | at {} | Place", "book", False, [("address", "object")]),
        ("weight", "int 1..90 kg | weighing {} | Weight", "book", False, [("weight", "number")]),
        ("valid_days", "int 1..60 days | for {} | Life", "book", False, [("valid_days", "integer")]),
        ("start", "future_date | from {} | First day", "book", False, [("start", "string")]),
        ("start", "past_date | since {} | First day", "list", True, []),
    ],
)  # fmt: skip
def test_a_type_mutates_into_what_suits_its_meaning(
    name: str, spec: str, verb: str, reads: bool, shapes: list[tuple[str, str]]
) -> None:
    schema, _ = parameter_schema(spec, VALUES)
    found = mutations(name, schema, Around(api(SEARCH if reads else BOOK), verb, reads))
    assert [(new, one["type"]) for new, one in found] == shapes


def test_points_in_time_become_rows_of_a_list() -> None:
    fields = {"from": "time! | from {} | Begin", "to": "time! | to {} | End"}
    schema, _ = parameter_schema({"is": "list 1..3 | at {} | Times", "fields": fields}, VALUES)
    ((name, made),) = mutations("slots", schema, Around(api(BOOK), "book", reads=False))
    assert (name, made["description"], made["items"]["type"]) == ("slots", "Times; each a list of from, to", "array")
    assert (made["items"]["minItems"], made["items"]["maxItems"], made["items"]["items"]["type"]) == (2, 2, "string")


def test_a_lookup_of_one_becomes_a_lookup_of_several_with_an_answer_for_each() -> None:
    parameters, returns = in_batch(api(DETAILS), "get") or ({}, {})
    assert (list(parameters["properties"]), parameters["required"]) == (["show_ids"], ["show_ids"])
    items = returns["properties"]["shows"]["items"]
    assert (list(items["properties"]), items["required"]) == (["show_id", "venue"], ["show_id", "venue"])
    assert in_batch(api(BOOK), "book") is None


def test_a_change_of_the_result_keeps_the_parameters() -> None:
    for seed in range(20):
        after = applied("change_returns", api(BOOK), seed)
        assert after.parameters == BOOK.inputs
        assert after.returns != BOOK.outputs


@pytest.mark.parametrize(
    ("change", "leaf", "paths"),
    [
        (results.with_time, BOOK, ["booking_id", "price", "fee", "row", "walk", "booked_at"]),
        (results.with_total, SEARCH, ["shows", "total_count"]),
        (results.with_details, SEARCH, ["shows"]),
        (results.wrapped, BOOK, ["booking"]),
        (results.gathered, BOOK, ["booking_id", "row", "walk", "amounts"]),
        (results.with_currency, BOOK, ["booking_id", "price", "fee", "row", "walk"]),
    ],
)
def test_each_change_of_a_result_says_what_it_does(
    change: results.Change, leaf: Functionality, paths: list[str]
) -> None:
    returns = change(api(leaf), LEAVES, random.Random(0))
    assert returns is not None
    assert list(returns["properties"]) == paths


def test_amounts_open_into_amount_and_currency_and_the_report_follows() -> None:
    returns = results.with_currency(api(BOOK), LEAVES, random.Random(0)) or {}
    assert plain(returns["properties"]["price"]) == {
        "type": "object",
        "description": "Price",
        "properties": {
            "amount": {"type": "number", "description": "Amount in the currency", "minimum": 9, "maximum": 90},
            "currency": {"type": "string", "description": "Currency of the amount (ISO 4217)", "const": "EUR"},
        },
        "required": ["amount", "currency"],
    }
    assert returns[ANNOTATION]["tell"] == "Booked as {booking_id} for {price.amount}."


def test_what_was_asked_for_comes_back_as_it_was_recorded() -> None:
    returns = results.with_request(api(BOOK), LEAVES, random.Random(3)) or {}
    added = {name: one for name, one in returns["properties"].items() if name not in BOOK.outputs["properties"]}
    assert plain(added["seats"]) == {"type": "integer", "description": "Number of seats", "minimum": 1, "maximum": 6}
