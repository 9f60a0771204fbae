"""The split by API: no tool of eval stands in train, and train, eval and left out add up."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from toolace.export.split import held_out, placed
from toolace.export.stage import ExportCounts
from toolace.records import Dialog, DialogLineage, Function, Message, ToolCall, Turn
from toolace.shards import StageFolder


def tools_of(folder: StageFolder, name: str) -> set[str]:
    """Names of all tools that rows of a file offer."""
    rows = [json.loads(line) for line in folder.lines_of(name)]
    return {tool["function"]["name"] for row in rows for tool in row["tools"]}


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_train_and_eval_share_no_tool(share: float, exported: Callable[..., ExportCounts], folder: StageFolder) -> None:
    """Offered or called; the counts add up."""
    counts = exported(split=share)
    assert not tools_of(folder, "train.jsonl") & tools_of(folder, "eval.jsonl")
    assert counts.rows["train"] + counts.rows["eval"] + counts.left_out.total() == counts.read == 120
    assert counts.rows["eval"] > 0


def test_the_same_tool_is_held_out_every_time(exported: Callable[..., ExportCounts]) -> None:
    """By its own hash alone, whatever else there is."""
    assert exported(split=0.3).files == exported(split=0.3).files
    held = [name for name in map(str, range(2000)) if held_out(name, 0.25)]
    assert 450 < len(held) < 550
    assert set(held) <= {name for name in map(str, range(2000)) if held_out(name, 0.5)}


def offering(*names: str, called: str = "", situation: str = "plain", **more: Any) -> Dialog:
    """A dialog over tools of these names."""
    calls = (ToolCall(id="call_1", function=Function(name=called, arguments={})),) if called else None
    return Dialog(
        id="d",
        kind="single" if called else "none",
        turns=(Turn(kind="single" if called else "none", situation=situation, first=0),),
        tools=tuple({"type": "function", "function": {"name": name}} for name in names),
        messages=(Message(role="user", content="?"), Message(role="assistant", content="x", tool_calls=calls)),
        **more,
    )


HELD = [name for name in map(str, range(40)) if held_out(name, 0.5)]
KEPT = [name for name in map(str, range(40)) if not held_out(name, 0.5)]


def test_candidates_of_the_other_side_leave_the_offer_of_a_call() -> None:
    """They are never called, so the row stays true without them."""
    side, dialog = placed(offering(KEPT[0], HELD[0], HELD[1], called=HELD[0]), 0.5)
    assert side == "eval"
    assert [tool["function"]["name"] for tool in dialog.tools] == HELD[:2]
    side, dialog = placed(offering(KEPT[0], HELD[0], called=KEPT[0]), 0.5)
    assert side == "train"
    assert [tool["function"]["name"] for tool in dialog.tools] == KEPT[:1]


def test_a_dialog_that_may_speak_of_its_candidates_is_left_out_whole() -> None:
    """Having declined or asked back, the assistant may have named what it can do."""
    for situation in ("no_fitting_tool", "missing_parameter", "plain"):
        assert placed(offering(KEPT[0], HELD[0], situation=situation), 0.5)[0] is None
    assert placed(offering(*KEPT[:3], situation="no_fitting_tool"), 0.5)[0] == "train"
    assert placed(offering(), 0.5)[0] == "train"


def test_masked_names_are_held_out_by_the_tool_behind_them() -> None:
    """The pool's id decides where the dialog knows it."""
    lineage = DialogLineage(backend="simulator", attempt=0, apis=(HELD[0],))
    assert placed(offering("func_x1", called="func_x1", lineage=lineage), 0.5)[0] == "eval"


def test_without_a_split_everything_is_train() -> None:
    """The default."""
    assert placed(offering(KEPT[0], HELD[0], called=HELD[0]), 0.0)[0] == "train"
