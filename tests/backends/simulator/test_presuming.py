"""Results of tools whose definitions have no result schema, as lists of OpenAI and MCP tools mostly are."""

from __future__ import annotations

import random
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from toolace.backends.simulator.telling import told
from toolace.backends.simulator.tool import respond
from toolace.gen_dialogs.roles import ToolContext
from toolace.records import Api, ApiLineage


def tool(name: str, description: str, *parameters: str) -> Api:
    """An imported tool with these parameters, all of them strings."""
    return Api(
        id="api-0",
        name=name,
        description=description,
        parameters={"type": "object", "properties": {one: {"type": "string"} for one in parameters}},
        returns={"type": "object"},
        domain=("work", "desk"),
        lineage=ApiLineage(origin="imported"),
    )


def result_of(api: Api, seed: int = 0, **arguments: Any) -> Any:
    """What the tool answers on 13 May 2024."""
    context = ToolContext(language="en", today="2024-05-13", api=api, arguments=arguments)
    return respond(context, random.Random(seed)).result


@pytest.mark.parametrize(
    ("name", "many", "one"),
    [
        ("list_tickets", "tickets", "ticket_id"),
        ("getOpenTicketsForCustomer", "tickets", "ticket_id"),
        ("crm.search_companies", "companies", "company_id"),
        ("find_restaurant", "restaurants", "restaurant_id"),
        ("mcp__desk__overview", "tickets", "ticket_id"),
        ("list_buses", "buses", "bus_id"),
    ],
)
@pytest.mark.parametrize("seed", range(4))
def test_a_tool_that_lists_answers_with_entries_and_the_assistant_names_them(
    name: str, many: str, one: str, seed: int
) -> None:
    api = tool(name, "Lists the open tickets of a customer.", "area")
    result = result_of(api, seed, area="north")
    (entries,) = result.values()
    assert list(result) == [many]
    assert len({entry[one] for entry in entries}) == len(entries) > 1
    assert f"{len(entries)} {many}" in told(api, {"area": "north"}, result, random.Random(seed))


@pytest.mark.parametrize(
    ("name", "arguments", "fields"),
    [
        ("getUserById", {"id": "USR-1"}, {"name", "email"}),
        ("get_order_status", {"order_id": "ORD-1"}, {"status", "total", "date"}),
        ("find_contact", {"name": "Ann Lee"}, {"contact_id", "email"}),
    ],
)
def test_a_tool_that_looks_one_up_repeats_what_it_was_asked_for(
    name: str, arguments: dict[str, str], fields: set[str]
) -> None:
    result = result_of(tool(name, "Gets one.", *arguments), **arguments)
    assert arguments.items() <= result.items()
    assert result.keys() - arguments.keys() == fields


@pytest.mark.parametrize(
    ("name", "made"), [("book_flight", "booking_id"), ("createWorkspace", "workspace_id"), ("open_ticket", "ticket_id")]
)
def test_what_is_made_gets_an_identifier_that_the_assistant_passes_on(name: str, made: str) -> None:
    api = tool(name, "Makes a thing.", "flight_id")
    result = result_of(api, flight_id="FLG-1")
    assert list(result) == [made]
    assert result[made] in told(api, {"flight_id": "FLG-1"}, result, random.Random(0))


@pytest.mark.parametrize(
    "name",
    ["get_weather", "calculate_area", "add_numbers", "delete_event", "get_news", "open_file", "find_roots", "run"],
)
def test_nothing_is_made_up_where_the_name_does_not_call_for_it(name: str) -> None:
    """No forecast, and no value that would have to be computed."""
    assert result_of(tool(name, "Does it.", "city"), city="Oslo") == {"status": "ok"}


def test_what_numbers_alone_give_is_no_list_of_things() -> None:
    api = tool("get_rows", "Gets the rows of a triangle.").model_copy(
        update={"parameters": {"type": "object", "properties": {"depth": {"type": "integer"}}}}
    )
    assert result_of(api, depth=4) == {"status": "ok"}


@pytest.mark.parametrize(
    "stated",
    [
        {"type": "object", "properties": {"queued": {"type": "boolean"}}, "required": ["queued"]},
        {"type": "object", "additionalProperties": {"type": "string"}},
        {"type": "object", "maxProperties": 1},
    ],
)
def test_a_schema_that_says_anything_is_kept(stated: dict[str, Any]) -> None:
    result = result_of(tool("list_tickets", "Lists tickets.").model_copy(update={"returns": stated}))
    Draft202012Validator(stated).validate(result)
    assert "tickets" not in result
