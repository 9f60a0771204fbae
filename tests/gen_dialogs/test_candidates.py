"""The dataflow graph and the candidates drawn over it."""

from __future__ import annotations

import random

from toolace.gen_dialogs.candidates import Candidates, differs
from toolace.gen_dialogs.dataflow import Edge, Input, Output
from toolace.records import Api


def test_edges_join_what_a_result_gives_with_what_a_parameter_needs(apis: list[Api], candidates: Candidates) -> None:
    """The identifier of a hotel in a list feeds the booking, whose own identifier feeds the cancellation."""
    search, book, cancel = (candidates.index[name] for name in ("search_hotels", "book_hotel", "cancel_booking"))
    assert candidates.flow.edges_into(book) == [
        Edge(Output(search, "hotels.0.hotel_id", True), Input(book, "hotel_id"))
    ]
    assert candidates.flow.edges_into(cancel) == [Edge(Output(book, "booking_id", False), Input(cancel, "booking_id"))]
    assert candidates.flow.consumers == [book, cancel]


def test_tools_of_different_areas_are_not_linked(apis: list[Api]) -> None:
    """A hotel of travel is no hotel of real estate."""
    moved = [api.model_copy(update={"domain": ("estate",)}) if api.name == "book_hotel" else api for api in apis]
    flow = Candidates(moved).flow
    assert flow.consumers == []


def test_hard_distractors_stand_in_the_graph_as_the_true_tool_does(candidates: Candidates) -> None:
    """Beside a tool that takes a result stand others that do, so that an identifier among the parameters tells nothing."""
    names = [api.name for api in candidates.apis]
    roles = {name: [names[at] for at in candidates.flow.of_the_role(candidates.index[name])] for name in names[:4]}
    assert roles == {
        "search_hotels": ["search_hotels"],
        "book_hotel": ["book_hotel", "cancel_booking"],
        "cancel_booking": ["book_hotel", "cancel_booking"],
        "get_forecast": [],
    }


def test_offered_tools_hold_the_true_ones_once_and_nothing_like_the_absent(
    candidates: Candidates, apis: list[Api]
) -> None:
    """Of 200 draws each has the wanted number of tools, all different, the true one among them, the absent one not."""
    rng = random.Random(4)
    true, absent = apis[0], apis[3]
    for _ in range(200):
        offered = candidates.offered([true, true], [absent], 4, rng)
        assert len({api.name for api in offered}) == len(offered) == 4
        assert true in offered
        assert absent not in offered


def test_tools_of_one_functionality_are_not_offered_together(apis: list[Api]) -> None:
    """Two tools for one thing would make two right answers."""
    twin = apis[0].model_copy(update={"name": "hotel_finder", "id": "twin"})
    pool = Candidates([*apis, twin])
    offered = pool.offered([apis[0]], [], 9, random.Random(1))
    assert twin not in offered
    assert not differs(apis[0], twin)
