"""Masked names: every name is replaced everywhere, and nothing else."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from toolace.backends.simulator.tool import respond
from toolace.gen_dialogs.masking import masked
from toolace.gen_dialogs.plan import Blueprint
from toolace.gen_dialogs.roles import CallSpec, Link, ToolContext, TurnSpec

CHAIN = TurnSpec(
    kind="dependent",
    steps=(
        (CallSpec(tool="search_hotels"),),
        (CallSpec(tool="book_hotel", links=(Link(parameter="hotel_id", call=0, result="hotels.0.hotel_id"),)),),
    ),
)


def test_names_are_replaced_and_descriptions_stay(blueprint_of: Callable[..., Blueprint]) -> None:
    """Tools and parameters bear no telling name; what they are for can still be read."""
    plain = blueprint_of((CHAIN,), ("search_hotels", "book_hotel"))
    hidden = masked(plain, 3)
    assert [api.description for api in hidden.tools] == [api.description for api in plain.tools]
    assert not {api.name for api in hidden.tools} & {api.name for api in plain.tools}
    for before, after in zip(plain.tools, hidden.tools, strict=True):
        old, new = before.parameters["properties"], after.parameters["properties"]
        assert not set(old) & set(new)
        assert [one["description"] for one in old.values()] == [one["description"] for one in new.values()]
        assert len(after.parameters["required"]) == len(before.parameters["required"])
        assert set(after.parameters["required"]) <= set(new)
        assert after.returns["properties"] == before.returns["properties"]


def test_calls_and_links_follow_the_new_names(blueprint_of: Callable[..., Blueprint]) -> None:
    """The plan's shape speaks of the masked tools."""
    hidden = masked(blueprint_of((CHAIN,), ("search_hotels", "book_hotel")), 3)
    search, book = hidden.apis
    first, second = hidden.turns[0].steps
    assert (first[0].tool, second[0].tool) == (search.name, book.name)
    assert second[0].links[0].parameter == next(iter(book.parameters["properties"]))
    assert second[0].links[0].result == "hotels.0.hotel_id"


def test_masks_are_the_same_for_the_same_dialog(blueprint_of: Callable[..., Blueprint]) -> None:
    """A rerun masks as before; another dialog masks otherwise."""
    plain = blueprint_of((CHAIN,), ("search_hotels", "book_hotel"))
    assert masked(plain, 3) == masked(plain, 3)
    assert masked(plain, 3) != masked(plain, 4)


def test_no_two_parameters_get_the_same_name(blueprint_of: Callable[..., Blueprint]) -> None:
    """However many parameters a tool has, each is masked by a name of its own."""
    plain = blueprint_of((CHAIN,), ("search_hotels", "book_hotel"))
    many = {f"field_{number}": {"type": "string"} for number in range(500)}
    wide = plain.tools[0].model_copy(update={"parameters": {"type": "object", "properties": many}})
    hidden = masked(replace(plain, tools=(wide, *plain.tools[1:]), apis=()), 3)
    assert len(hidden.tools[0].parameters["properties"]) == 500


def test_results_agree_with_arguments_whose_names_are_masked(blueprint_of: Callable[..., Blueprint]) -> None:
    """The tool answers a masked call as it answers the plain one: every hotel is within the price that was asked for."""
    plain = blueprint_of((CHAIN,), ("search_hotels", "book_hotel"))
    asked = {"city": "Oslo", "check_in": "2024-06-01", "max_price": 90}
    hidden = masked(plain, 3)
    names = list(hidden.tools[0].parameters["properties"])
    renamed = dict(zip(plain.tools[0].parameters["properties"], names, strict=True))
    found = [
        respond(ToolContext(language="en", today="2024-05-13", api=api, arguments=arguments), random.Random(5)).result
        for api, arguments in (
            (plain.tools[0], asked),
            (hidden.tools[0], {renamed[name]: value for name, value in asked.items()}),
        )
    ]
    assert found[0] == found[1]
    assert found[0]["hotels"]
