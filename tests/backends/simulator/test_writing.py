"""Definitions the simulator writes: names, styles, composition, and annotations that stay true."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest

from toolace.backends.simulator.naming import names
from toolace.backends.simulator.operators import OPERATORS
from toolace.backends.simulator.reshaping import HOLE, camelled, flattened, grouped
from toolace.backends.simulator.rewording import in_manner
from toolace.backends.simulator.speaking import as_list, as_lists, as_range
from toolace.backends.simulator.writing import mutate, write
from toolace.config import Styles
from toolace.rules.definition import check_definition
from toolace.semantics import ANNOTATION
from toolace.synth_apis.documents.fields import object_schema, result_schema
from toolace.synth_apis.evolution import Definition, EvolutionContext, MutationContext, Style, draw_style
from toolace.synth_apis.indicators import INDICATORS, Indicator
from toolace.synth_apis.tree import Functionality

VALUES = {"hotel_name": ["Copper Lantern", "Casa Miramar"]}


def leaf(name: str, takes: dict[str, Any], gives: dict[str, Any], tell: str) -> Functionality:
    """A functionality of the hotels domain in the catalogue's notation."""
    inputs, outputs = object_schema(takes, VALUES), result_schema(gives, VALUES)
    inputs[ANNOTATION] = {"goals": [f"{name} for me"], "questions": []}
    outputs[ANNOTATION] = {"tell": tell, "fails": "Nothing fits."}
    summary = f"{name[:1].upper()}{name[1:]} by several wishes"
    return Functionality(name=name, summary=summary, domain=("travel", "hotels"), inputs=inputs, outputs=outputs)


SEARCH = leaf(
    "search hotels",
    {
        "city": "city! | in {} | City to stay in",
        "check_in": "future_date! | from {} | Day of arrival",
        "check_out": "future_date after check_in | until {} | Day of departure",
        "guests": {
            "is": "object | for {} | People who stay",
            "fields": {
                "adults": "int 1..4 adults! | {} | Number of adults",
                "children": "int 0..3 children | {} | Number of children",
            },
        },
        "room": "one of [single, double, suite] | with rooms of the kind {} / in a {} room | Kind of room",
        "max_price": "money 60..500 EUR | for at most {} a night | Highest price of one night",
        "pets": "bool | where I can bring my dog / ~no pets | Whether pets must be allowed",
    },
    {
        "hotels": [
            {
                "hotel_id": "id(hotel) | Identifier of the hotel",
                "name": "hotel_name | Name of the hotel",
                "price": "money 60..500 EUR | Price of one night",
            }
        ],
        "tax": "percent | Local tax",
    },
    "{#hotels} hotels in {city}: {hotels.name} for {hotels.price}, from {check_in}.",
)
REVIEWS = leaf(
    "get reviews", {"hotel_id": "id(hotel)! | of {} | Hotel"}, {"stars": "number 1..5 | Average"}, "It has {stars}."
)
PRICES = leaf(
    "get price history",
    {"hotel_id": "id(hotel)! | of {} | Hotel"},
    {"lowest": "money 40..90 EUR | Lowest price"},
    "It was {lowest}.",
)
BOOK = leaf(
    "book room",
    {
        "hotel_id": "id(hotel)! | at {} | Hotel to stay in",
        "start": "future_date! | from {} | First day",
        "minutes": "int 10..240 minutes | within {} | Time limit",
        "points": {
            "is": "list 2..4 | by way of {} | Points on the way",
            "fields": {"x": "int 0..60! | {} | East", "y": "int 0..60! | {} | North"},
        },
    },
    {
        "booking_id": "id(booking) | Identifier of the booking",
        "price": "money 60..900 EUR | Price",
        "city": "city | City",
        "note": "hotel_name | Note",
    },
    "Booked as {booking_id} for {price}.",
)
LEAVES = (SEARCH, REVIEWS, PRICES, BOOK)


def context(*leaves: Functionality, **style: Any) -> EvolutionContext:
    """What the author is given."""
    return EvolutionContext(language="en", functionalities=leaves, example=None, style=Style(optional=1, **style))


def written(*leaves: Functionality, seed: int = 0, **style: Any) -> Definition:
    """The definition the simulator writes."""
    return write(context(*leaves, **style), random.Random(seed))


def findings(api: Definition) -> list[str]:
    """Names of the definition rules that it breaks."""
    function = {"name": api.name, "description": api.description, "parameters": api.parameters}
    found = check_definition({"type": "function", "function": function}, api.returns, is_foreign=False)
    return [one.check for one in found if one.severity == "error"]


def holes_resolve(api: Definition) -> bool:
    """Whether every hole of the report is a field of the result or a parameter."""

    def resolves(path: list[str], schema: dict[str, Any]) -> bool:
        for step in path:
            while schema.get("type") == "array":
                schema = schema["items"]
            if step not in schema.get("properties", {}):
                return False
            schema = schema["properties"][step]
        return True

    paths = [match[2].split(".") for match in HOLE.finditer(api.returns[ANNOTATION]["tell"])]
    return all(resolves(path, api.returns) or resolves(path, api.parameters) for path in paths)


def relations_resolve(schema: dict[str, Any]) -> bool:
    """Whether what a field is compared with stands beside it, everywhere."""
    properties = schema.get("properties", {})
    inner = [*properties.values(), *([schema["items"]] if "items" in schema else [])]
    named = [one[ANNOTATION]["relation"][1] for one in properties.values() if "relation" in one.get(ANNOTATION, {})]
    return all(name in properties for name in named) and all(relations_resolve(one) for one in inner)


@pytest.mark.parametrize("main", [SEARCH, BOOK])
@pytest.mark.parametrize("seed", range(60))
def test_every_definition_keeps_the_rules_and_true_annotations_through_all_indicators(
    main: Functionality, seed: int
) -> None:
    rng = random.Random(seed)
    others = (REVIEWS, PRICES)[: seed % 3] if main is SEARCH else ()
    styled = EvolutionContext(
        language="en", functionalities=(main, *others), example=None, style=draw_style(Styles(), rng)
    )
    api = write(styled, rng)
    for indicator in rng.sample(list(INDICATORS), 4):
        changed = mutate(MutationContext(language="en", api=api, indicator=indicator, siblings=LEAVES), rng)
        if changed != api:
            wrong = INDICATORS[indicator](api.parameters, changed.parameters, api.returns, changed.returns)
            assert wrong is None, indicator
        api = changed
    assert findings(api) == []
    assert holes_resolve(api)
    assert relations_resolve(api.parameters)


@pytest.mark.parametrize("indicator", OPERATORS)
def test_every_operator_finds_something_to_change(indicator: Indicator) -> None:
    changed = 0
    for seed in range(20):
        rng = random.Random(seed)
        api = write(
            EvolutionContext(language="en", functionalities=(BOOK,), example=None, style=Style(optional=0.4)), rng
        )
        changed += mutate(MutationContext(language="en", api=api, indicator=indicator, siblings=LEAVES), rng) != api
    assert changed > 0


def test_one_companion_is_offered_by_a_switch_and_answered_beside_its_identifier() -> None:
    api = written(SEARCH, REVIEWS)
    switch = api.parameters["properties"]["include_reviews"]
    assert (switch["type"], switch["default"]) == ("boolean", False)
    assert "together with the reviews" in switch[ANNOTATION]["say"]
    item = api.returns["properties"]["hotels"]["items"]
    assert item["properties"]["reviews"][ANNOTATION] == {"when": ["include_reviews", True], "tell": "It has {stars}."}
    assert "reviews" not in item["required"]


def test_several_companions_are_offered_in_one_list() -> None:
    api = written(SEARCH, REVIEWS, PRICES)
    include = api.parameters["properties"]["include"]
    assert include["items"]["enum"] == ["reviews", "price_history"]
    answer = api.returns["properties"]["hotels"]["items"]["properties"]["price_history"]
    assert answer[ANNOTATION]["when"] == ["include", "price_history"]


def test_camel_case_goes_through_names_relations_conditions_and_report() -> None:
    api = written(SEARCH, REVIEWS, naming="camel")
    assert api.parameters["properties"]["checkOut"][ANNOTATION]["relation"] == ["after", "checkIn"]
    assert "{checkIn}" in api.returns[ANNOTATION]["tell"]
    reviews = api.returns["properties"]["hotels"]["items"]["properties"]["reviews"]
    assert reviews[ANNOTATION]["when"] == ["includeReviews", True]


@pytest.mark.parametrize(
    ("naming", "form"),
    [
        ("snake", r"[a-z0-9]+(_[a-z0-9]+)+"),
        ("camel", r"[a-z]+([A-Z][a-z0-9]+)+"),
        ("pascal", r"([A-Z][a-z0-9]+)+"),
        ("kebab", r"[a-z]+(-[a-z0-9]+)+"),
        ("noun_first", r"hotel_(search|finder)"),
        ("namespaced", r"\w+__(search|find)_hotels.*"),
    ],
)
def test_a_name_follows_its_style(naming: Any, form: str) -> None:
    for seed in range(5):
        assert re.fullmatch(form, written(SEARCH, seed=seed, naming=naming).name)


def test_there_are_always_more_names_and_none_twice() -> None:
    endless = names(SEARCH, [], "snake", True, random.Random(0))
    found = [next(endless) for _ in range(300)]
    assert len(set(found)) == 300
    assert all(re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", name) for name in found)


def test_a_taken_name_is_not_used_again() -> None:
    first = written(SEARCH)
    again = context(SEARCH).model_copy(update={"taken_names": (first.name,)})
    assert write(again, random.Random(0)).name != first.name


def test_flattened_objects_keep_what_is_compared_and_told() -> None:
    parameters, _ = flattened(SEARCH.inputs, SEARCH.outputs)
    assert "guests_adults" in parameters["properties"]
    assert parameters["properties"]["guests_adults"][ANNOTATION]["say"] == ["for {}"]


def test_grouped_parameters_are_told_from_where_they_went() -> None:
    returns = {**SEARCH.outputs, ANNOTATION: {"tell": "A {room} room for {max_price}."}}
    parameters, returns = grouped(SEARCH.inputs, returns, "filters", "Filters")
    assert set(parameters["properties"]["filters"]["properties"]) == {"room", "max_price", "pets"}
    assert returns[ANNOTATION]["tell"] == "A {filters.room} room for {filters.max_price}."


def test_a_choice_becomes_several_under_a_plural_name_with_phrases_that_carry_them() -> None:
    room = SEARCH.inputs["properties"]["room"]
    name, several = as_list("room", room) or ("", {})
    assert (name, several["type"], several[ANNOTATION]["say"]) == ("rooms", "array", ["with rooms of the kind {}"])
    article = {**room, ANNOTATION: {"say": ["in a {} room"]}}
    assert as_list("room", article) is None


def test_a_bound_becomes_a_range_that_can_be_said() -> None:
    name, made = as_range("max_price", SEARCH.inputs["properties"]["max_price"]) or ("", {})
    assert (name, made["required"]) == ("price_range", ["max"])
    assert made["description"] == "Range of the price of one night, in EUR"
    assert made["properties"]["min"][ANNOTATION]["say"] == ["for at least {} a night"]


def test_points_become_lists_of_lists() -> None:
    _, made = as_lists("points", BOOK.inputs["properties"]["points"]) or ("", {})
    assert made["items"] == {
        "type": "array",
        "items": {"type": "integer", "minimum": 0, "maximum": 60},
        "minItems": 2,
        "maxItems": 2,
    }


def test_camelled_leaves_names_of_another_form() -> None:
    schema = {"type": "object", "properties": {"check_in": {}, "X-Trace": {}}}
    assert list(camelled(schema)["properties"]) == ["checkIn", "X-Trace"]


def test_parameters_are_described_in_one_manner_throughout_an_api() -> None:
    parameters = {
        "type": "object",
        "properties": {
            "day": {"type": "string", "description": "Day of arrival; optional"},
            "city": {"type": "string", "description": "City to stay in"},
            "pets": {"type": "boolean", "description": "Whether pets come along"},
        },
        "required": ["city"],
    }
    seen = set()
    for seed in range(500):
        described = in_manner(parameters, random.Random(seed))["properties"]
        seen.add(tuple(one["description"] for one in described.values()))
    assert {
        ("Day of arrival; optional", "City to stay in", "Whether pets come along"),
        ("The day of arrival; optional.", "The city to stay in.", "Whether pets come along."),
        ("Optional. The day of arrival", "Required. The city to stay in", "Optional. Whether pets come along"),
    } <= seen
    assert len(seen) == 8


def test_a_description_may_say_when_to_call_it_but_never_in_the_words_of_the_one_who_asks() -> None:
    goals = ["find a hotel", "see where I could stay"]
    notes = {**SEARCH.inputs.get(ANNOTATION, {}), "goals": goals}
    searching = SEARCH.model_copy(update={"inputs": {**SEARCH.inputs, ANNOTATION: notes}})
    texts = [written(searching, seed=seed, description="medium").description for seed in range(60)]
    assert any("find a hotel" in text for text in texts)
    assert not any("could stay" in text for text in texts)
