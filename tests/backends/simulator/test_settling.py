"""Fields of one result that agree with each other and with the call."""

from __future__ import annotations

import random
from typing import Any

import pytest

from toolace.backends.simulator.settling import Paging, in_course, ranked, settled
from toolace.backends.simulator.tool import respond
from toolace.gen_dialogs.roles import ToolContext
from toolace.records import Api, ApiLineage

MONEY = {"type": "number", "minimum": 0, "maximum": 9000, "x-toolace": {"type": "money", "unit": "EUR"}}
WHOLE = {"type": "integer", "minimum": 0, "maximum": 900}
NAME = {"type": "string", "x-toolace": {"type": "fund_name", "values": ["Amber", "Cedar", "Delta", "Fjord", "Grove"]}}
FUND = {"id": {"type": "string", "x-toolace": {"type": "id(fund)"}}, "name": NAME, "cost": MONEY}


def listing(**fields: Any) -> dict[str, Any]:
    """Schemas of a result with one list of funds."""
    return {"funds": {"type": "array", "items": {"type": "object", "properties": FUND}}, **fields}


@pytest.mark.parametrize(
    ("made", "properties", "paging", "expected"),
    [
        ({"funds": [{"cost": 2.0}, {"cost": 3.5}], "total": 900.0}, listing(total=MONEY), None, {"total": 5.5}),
        (
            {"material": 40.0, "making": 60.0, "total": 980.0},
            dict.fromkeys(("material", "making", "total"), MONEY),
            None,
            {"total": 100.0},
        ),
        (
            {"net": 40.0, "monthly": 60.0, "total": 980.0},
            dict.fromkeys(("net", "monthly", "total"), MONEY),
            None,
            {"total": 980.0},
        ),
        (
            {"funds": [{"name": "Amber"}], "has_more": True},
            listing(has_more={"type": "boolean"}),
            Paging(5, 1),
            {"has_more": False},
        ),
        ({"funds": [{"name": "Amber"}], "total": 300}, listing(total=WHOLE), Paging(10, 3), {"total": 21}),
        ({"starts": "12:00", "ends": "09:30"}, {"starts": {}, "ends": {}}, None, {"starts": "09:30", "ends": "12:00"}),
        (
            {"funds": [{"name": "Amber", "cost": 3.0}, {"name": "Cedar", "cost": 2.0}], "cheapest_name": "Grove"},
            listing(cheapest_name=NAME),
            None,
            {"cheapest_name": "Cedar"},
        ),
        (
            {"steps": [{"at": "2024-05-03T10:00:00Z"}], "finish": "2024-05-01T10:00:00Z"},
            {"steps": {"type": "array"}, "finish": {"type": "string"}},
            None,
            {"finish": "2024-05-03T10:00:00Z"},
        ),
    ],
)
def test_fields_of_a_result_agree(
    made: dict[str, Any], properties: dict[str, Any], paging: Paging | None, expected: dict[str, Any]
) -> None:
    """Totals add up, ends follow starts, the best is one of the list, and what is not a full page is the last one."""
    found = settled(made, properties, {}, paging)
    assert {name: found[name] for name in expected} == expected


def test_entries_with_a_score_stand_best_first_and_places_are_counted() -> None:
    """Scores fall, distances rise, and a ranking has each place once."""
    assert ranked([{"score": 2}, {"score": 9}]) == [{"score": 9}, {"score": 2}]
    assert ranked([{"distance": 7.5}, {"distance": 1.2}]) == [{"distance": 1.2}, {"distance": 7.5}]
    assert ranked([{"rank": 4}, {"rank": 4}]) == [{"rank": 4}, {"rank": 5}]


def test_the_steps_of_one_piece_of_work_lie_hours_apart() -> None:
    """A dough is not folded again three weeks later."""
    steps = [{"at": "2024-05-03T10:00:00Z"}, {"at": "2024-06-01T12:30:00Z"}]
    assert in_course("timetable", steps) == [{"at": "2024-05-03T10:00:00Z"}, {"at": "2024-05-03T11:30:00Z"}]


def api(parameters: dict[str, Any], returns: dict[str, Any], description: str = "Finds funds.") -> Api:
    """A tool of these fields, each of them required in the result."""
    return Api(
        id="api-funds",
        name="funds",
        description=description,
        parameters={"type": "object", "properties": parameters},
        returns={"type": "object", "properties": returns, "required": list(returns)},
        domain=("money", "funds"),
        lineage=ApiLineage(origin="synthesized"),
    )


def result_of(tool: Api, seed: int = 0, **arguments: Any) -> Any:
    """What the tool answers on 13 May 2024."""
    return respond(
        ToolContext(language="en", today="2024-05-13", api=tool, arguments=arguments), random.Random(seed)
    ).result


def test_a_thing_met_in_two_results_is_the_same_thing() -> None:
    """A fund of one name has one identifier and one cost, whichever call of the dialog finds it."""
    theme = {"theme": {"type": "string"}}
    found: dict[str, set[tuple[str, float]]] = {}
    for seed in range(20):
        for fund in result_of(api(theme, listing()), seed, theme=f"theme {seed}")["funds"]:
            found.setdefault(fund["name"], set()).add((fund["id"], fund["cost"]))
    assert set(found) == {"Amber", "Cedar", "Delta", "Fjord", "Grove"}
    assert all(len(seen) == 1 for seen in found.values())


def test_a_result_repeats_the_days_counts_and_names_that_the_call_sets() -> None:
    """Alerts silenced until Friday resume on Friday, three guests get three invitations, the new owner is the one named."""
    day = {"type": "string", "format": "date"}
    parameters = {
        "until": day,
        "guests": {"type": "array", "items": {"type": "string"}},
        "owner_name": {"type": "string"},
    }
    returns = {"muted_until": day, "sent": WHOLE, "owner": {"type": "string"}}
    tool = api(parameters, returns, "Silences alerts.")
    given = {"until": "2024-05-17", "guests": ["a", "b", "c"], "owner_name": "Ross Jacobs"}
    assert result_of(tool, **given) == {"muted_until": "2024-05-17", "sent": 3, "owner": "Ross Jacobs"}


def test_an_address_in_a_result_is_that_of_the_person_named_in_the_call() -> None:
    tool = api({"full_name": {"type": "string"}}, {"work_email": {"type": "string"}}, "Opens a personnel file.")
    assert result_of(tool, full_name="Brian Wise")["work_email"].startswith("brian.wise@")


def test_what_happens_by_the_call_is_stamped_with_its_day() -> None:
    """A request is processed today, and data are at most some days old."""
    stamp = {"type": "string", "format": "date-time", "x-toolace": {"type": "past_datetime"}}
    for seed in range(10):
        done = result_of(api({}, {"processed_at": stamp}, "Cancels an order."), seed)
        read = result_of(api({}, {"updated_at": stamp}), seed)
        assert done["processed_at"].startswith("2024-05-13T")
        assert read["updated_at"][:10] in ("2024-05-11", "2024-05-12", "2024-05-13")


def test_shares_are_those_of_the_people_named() -> None:
    """A bill that is split among three tenants has a line for each of them, and for nobody else."""
    tenant = {"type": "object", "properties": {"tenant": {"type": "string"}, "area": {"type": "integer"}}}
    line = {"type": "object", "properties": {"tenant": {"type": "string"}, "amount": MONEY}}
    tool = api(
        {"flats": {"type": "array", "items": tenant}}, {"shares": {"type": "array", "items": line}}, "Splits a bill."
    )
    flats = [{"tenant": "Bauer", "area": 26}, {"tenant": "Landry", "area": 78}, {"tenant": "Riley", "area": 176}]
    assert [share["tenant"] for share in result_of(tool, flats=flats)["shares"]] == ["Bauer", "Landry", "Riley"]
