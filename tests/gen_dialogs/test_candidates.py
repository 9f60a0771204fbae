"""The dataflow graph and the candidates drawn over it."""

from __future__ import annotations

import random

from toolace.gen_dialogs.candidates import Candidates, differs
from toolace.gen_dialogs.dataflow import Edge, Input, Output
from toolace.records import Api


def test_edges_join_what_a_result_gives_with_what_a_parameter_needs(candidates: Candidates) -> None:
    """The identifier of a hotel in a list feeds the booking."""
    search, book = (candidates.index[name] for name in ("search_hotels", "book_hotel"))
    edge = Edge(Output(search, "hotels.0.hotel_id", True), Input(book, "hotel_id"))
    assert candidates.flow.edges_into(book) == [edge]
    assert candidates.flow.edges_from(search) == [edge]
    assert candidates.flow.consumers == [book]


def test_nothing_is_made_to_be_undone_in_the_same_breath(apis: list[Api], candidates: Candidates) -> None:
    """A booking does not feed its cancellation; a tool that finds bookings does."""
    book, cancel = (candidates.index[name] for name in ("book_hotel", "cancel_booking"))
    assert candidates.flow.edges_into(cancel) == []
    finder = {"name": "find_booking", "description": "Find a booking.", "id": "finder", "functionalities": ("find",)}
    wider = Candidates([*apis, apis[book].model_copy(update=finder)])
    assert [edge.output for edge in wider.flow.edges_into(cancel)] == [Output(len(apis), "booking_id", False)]


def test_tools_of_different_areas_are_not_linked(apis: list[Api]) -> None:
    """A hotel of travel is no hotel of real estate."""
    moved = [api.model_copy(update={"domain": ("estate",)}) if api.name == "book_hotel" else api for api in apis]
    flow = Candidates(moved).flow
    assert flow.consumers == []


def test_what_one_domain_creates_is_no_case_of_another(apis: list[Api]) -> None:
    """Where two domains of an area book rooms, each has its own bookings; a search may serve both, and what only one
    domain gives is the same thing everywhere."""
    known = {api.name: api for api in apis}
    hostel = {"name": "book_hostel", "id": "hostel", "domain": ("travel", "hostels"), "functionalities": ("hostel",)}
    show = {"name": "show_booking", "description": "Shows a booking.", "id": "show", "functionalities": ("show",)}
    book, other = known["book_hotel"], known["book_hotel"].model_copy(update=hostel)
    reader = known["cancel_booking"].model_copy(update=show | {"domain": ("travel", "hostels")})
    both, one = Candidates([book, other, reader]), Candidates([book, reader])
    assert [both.apis[edge.output.api].name for edge in both.flow.edges_into(2)] == ["book_hostel"]
    assert [one.apis[edge.output.api].name for edge in one.flow.edges_into(1)] == ["book_hotel"]


def test_hard_distractors_stand_in_the_graph_as_the_true_tool_does(candidates: Candidates) -> None:
    """Beside a tool that takes a result stand others that do, so that an identifier among the parameters tells nothing."""
    names = [api.name for api in candidates.apis]
    roles = {name: [names[at] for at in candidates.flow.of_the_role(candidates.index[name])] for name in names[:4]}
    assert roles == {
        "search_hotels": ["search_hotels"],
        "book_hotel": ["book_hotel"],
        "cancel_booking": [],
        "get_forecast": [],
    }


def test_offered_tools_hold_the_true_ones_once_and_nothing_like_the_absent(
    candidates: Candidates, apis: list[Api]
) -> None:
    """Of 200 draws each has the wanted number of tools, all different, the true one among them, the absent one not."""
    rng = random.Random(4)
    true, absent = apis[0], apis[3]
    for _ in range(200):
        offered = candidates.offered([true, true], [absent], 4, rng, 0.7)
        assert len({api.name for api in offered}) == len(offered) == 4
        assert true in offered
        assert absent not in offered


def test_tools_of_one_functionality_are_not_offered_together(apis: list[Api]) -> None:
    """Two tools for one thing would make two right answers."""
    twin = apis[0].model_copy(update={"name": "hotel_finder", "id": "twin"})
    pool = Candidates([*apis, twin])
    offered = pool.offered([apis[0]], [], 9, random.Random(1), 0.7)
    assert twin not in offered
    assert not differs(apis[0], twin)
