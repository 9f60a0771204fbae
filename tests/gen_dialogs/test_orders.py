"""What replaces a rejected dialog: the kind stays, the blame says what is redone, and a budget ends it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from toolace.backends.simulator import Simulator
from toolace.config import GenDialogs
from toolace.gen_dialogs.dialog import DialogStage, Made
from toolace.gen_dialogs.orders import Order, Rejected, Standing, ordered
from toolace.gen_dialogs.plan import Planner
from toolace.records import Dialog, Finding, Kind

PLANNED: list[Kind] = ["single", "none", "parallel", "single"]
ROLES = ("plan", "user", "assistant", "tool")
ALL: dict[Kind, int] = {"single": 2, "none": 1, "parallel": 1}


def rejected(attempt: int, blame: str | None, *messages: str) -> Rejected:
    """A dialog that was rejected for these faults."""
    faults = [{"check": "c", "aspect": "sample", "message": text, "blame": blame} for text in messages or ("no",)]
    return Rejected(attempt=attempt, findings=tuple(Finding.model_validate(one) for one in faults))


def standing(verified: dict[Kind, int], attempts: int = 4, each: int = 10) -> Standing:
    """Four dialogs are wanted; so many are verified."""
    return Standing(ALL, verified, {kind: count * each for kind, count in ALL.items()}, attempts)


@pytest.mark.parametrize(
    ("blame", "repeats", "anew"),
    [
        ("user", 2, {"plan", "user", "assistant", "tool"}),
        ("assistant", 2, {"assistant", "tool"}),
        ("tool", 2, {"tool"}),
        ("definition", None, {"plan", "user", "assistant", "tool"}),
        (None, None, {"plan", "user", "assistant", "tool"}),
    ],
)
def test_the_blame_says_who_is_asked_anew(blame: str | None, repeats: int | None, anew: set[str]) -> None:
    """The others are asked what they were asked before, under the keys of the attempt that is repeated."""
    (order,), spent = ordered(standing({"single": 2, "none": 1}), PLANNED, [], [rejected(2, blame)])
    assert (order.index, order.kind, order.replaces, order.repeats) == (4, "parallel", 2, repeats)
    assert {role for role in ROLES if order.record(role) == 4} == anew
    assert spent == {}


def test_the_one_that_is_blamed_reads_the_reasons() -> None:
    """And nobody else does; for a user's fault the planner reads them too."""
    (order,), _ = ordered(standing({"single": 2, "none": 1}), PLANNED, [], [rejected(2, "tool", "no price", "no id")])
    assert [order.faults(role) for role in ROLES] == [(), (), (), ("no price", "no id")]
    (order,), _ = ordered(standing({"single": 2, "none": 1}), PLANNED, [], [rejected(2, "user", "too short")])
    assert [order.faults(role) for role in ROLES] == [("too short",), ("too short",), (), ()]


def test_a_second_rejection_is_replaced_by_another_dialog() -> None:
    """The same request is not tried for ever."""
    again = Order(index=4, kind="parallel", replaces=2, repeats=2, blame="tool", reasons=("no",))
    planned = [*PLANNED, "parallel"]
    found, _ = ordered(
        standing({"single": 2, "none": 1}, 5), planned, [again], [rejected(2, "tool"), rejected(4, "tool")]
    )
    assert found == [Order(index=5, kind="parallel", replaces=4)]


def test_what_came_to_no_dialog_is_made_out_of_nothing() -> None:
    """An attempt that was dropped leaves nothing to repeat; the kinds that miss most come first."""
    found, spent = ordered(standing({"none": 1}), PLANNED, [], [rejected(3, "assistant")])
    assert [(order.kind, order.repeats) for order in found] == [("single", 3), ("single", None), ("parallel", None)]
    assert spent == {}


def test_never_more_than_are_missing_in_all() -> None:
    """A kind that came out too often (a model left the plan) takes the place of another."""
    found, _ = ordered(standing({"single": 3}), PLANNED, [], [])
    assert [order.kind for order in found] == ["none"]


def test_a_spent_budget_is_reported_by_kind() -> None:
    """Two attempts for each dialog wanted: the parallel one has had its two."""
    planned = [*PLANNED, "parallel"]
    found, spent = ordered(standing({"none": 1}, 5, each=2), planned, [], [])
    assert [order.kind for order in found] == ["single", "single"]
    assert spent == {"parallel": 1}


def made(planner: Planner, index: int, *orders: Order) -> Dialog:
    """The dialog of an attempt, by the simulator."""
    stage = DialogStage(planner, GenDialogs(), target=9, language="en", backend="simulator", orders=orders)
    result: Made = asyncio.run(stage.attempt(index, index, Simulator(0).ask))
    return Dialog.model_validate_json(result.line)


def of(dialog: Dialog, role: str) -> list[Any]:
    """What a role said, or the calls it made."""
    messages = [message for message in dialog.messages if message.role == role]
    if role == "assistant":
        return [call.function for message in messages for call in message.tool_calls or ()]
    return [message.content for message in messages]


@pytest.mark.parametrize(("blame", "kept"), [("tool", True), ("assistant", True), ("user", False)])
def test_a_repeated_dialog_keeps_what_was_not_to_blame(planner: Planner, blame: str, kept: bool) -> None:
    """The tool's or assistant's fault: the user's words stay; the user's: the same tools, another request."""
    index = next(at for at in range(99) if planner.draw(at).kind == "single" and len(planner.draw(at).turns) == 1)
    order = Order.model_validate(
        {"index": 500, "kind": "single", "replaces": index, "repeats": index, "blame": blame, "reasons": ["no"]}
    )
    before, after = made(planner, index), made(planner, 500, order)
    assert after.id == "dialog-0000500"
    assert after.tools == before.tools
    assert (of(after, "user") == of(before, "user")) is kept
    assert (of(after, "assistant") == of(before, "assistant")) is kept
    assert of(after, "tool") != of(before, "tool") or not of(before, "tool")


def test_a_repeated_request_is_no_duplicate(planner: Planner) -> None:
    """The dialog that it replaces was rejected; another one with the same words is."""
    order = Order(index=500, kind="single", replaces=0, repeats=0, blame="tool", reasons=("no",))
    stage = DialogStage(planner, GenDialogs(), target=9, language="en", backend="simulator", orders=[order])
    settled = [stage.settle(index, index, Made(b"{}", request=b"7")).outcome for index in (0, 500, 1)]
    assert settled == ["kept", "kept", "rejected"]


def test_ordered_kinds_are_made(planner: Planner) -> None:
    """Whatever the mix would have at that place."""
    for at, kind in enumerate(("none", "single", "parallel", "dependent")):
        assert made(planner, at, Order.model_validate({"index": at, "kind": kind})).kind == kind
