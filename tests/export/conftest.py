"""A stream of small dialogs over a pool of tools, and folders to export into."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from toolace.config import Export
from toolace.export.stage import ExportCounts, export
from toolace.records import Api, ApiLineage, Complexity, Dialog, DialogLineage, Function, Message, ToolCall, Turn
from toolace.shards import StageFolder

POOL = 60


def api(number: int) -> Api:
    """One tool of the pool; ten to a domain."""
    return Api(
        id=f"api-{number:04d}",
        name=f"tool_{number}",
        description=f"Does number {number}.",
        parameters={"type": "object", "properties": {"x": {"type": "integer"}}, "required": ["x"]},
        returns={"type": "object"},
        domain=("area", f"domain {number // 10}"),
        lineage=ApiLineage(origin="synthesized", licences=("Apache-2.0",)),
    )


def dialog(index: int, *, kind: str = "single", loss: float | None = None, candidates: int = 4) -> Dialog:
    """A dialog of one turn that calls its first tool, or none."""
    rng = random.Random(index)
    chosen = [api(number) for number in rng.sample(range(POOL), candidates)]
    tools = list(chosen)
    rng.shuffle(tools)
    messages = [Message(role="user", content=f"Do it with {index}.")]
    if kind != "none":
        called = ToolCall(id="call_1", function=Function(name=chosen[0].name, arguments={"x": index}))
        messages += [
            Message(role="assistant", tool_calls=(called,)),
            Message(role="tool", tool_call_id="call_1", name=chosen[0].name, content='{"done": true}'),
        ]
    messages.append(Message(role="assistant", content="Done." if kind != "none" else "I cannot."))
    data: dict[str, Any] = {
        "id": f"dialog-{index:07d}",
        "kind": kind,
        "turns": (Turn.model_validate({"kind": kind, "first": 0, "situation": "plain"}),),
        "tools": tuple(one.tool() for one in tools),
        "messages": tuple(messages),
        "lineage": DialogLineage(backend="simulator", attempt=index, apis=tuple(one.id for one in tools)),
    }
    if loss is not None:
        in_range = 0.3 <= loss <= 0.6
        data["complexity"] = Complexity(learner="smollm2", measure="nll", value=loss, in_range=in_range)
    return Dialog(**data)


@pytest.fixture
def dialogs() -> Callable[[], Iterator[Dialog]]:
    """120 dialogs, every fourth of kind none, each with a loss of its own."""

    def stream() -> Iterator[Dialog]:
        for index in range(120):
            yield dialog(index, kind="none" if index % 4 == 3 else "single", loss=(index * 37 % 120) / 120)

    return stream


@pytest.fixture
def pool() -> list[Api]:
    """The tools of all dialogs."""
    return [api(number) for number in range(POOL)]


@pytest.fixture
def folder(tmp_path: Path) -> StageFolder:
    """An export's folder."""
    return StageFolder(tmp_path / "export" / "trl")


@pytest.fixture
def exported(dialogs: Callable[[], Iterator[Dialog]], folder: StageFolder) -> Callable[..., ExportCounts]:
    """Exports the 120 dialogs with these settings."""

    def run(choose: Callable[[Dialog], str] = lambda dialog: "", **settings: Any) -> ExportCounts:
        return export(dialogs, Export(**{"format": "trl", **settings}), folder, choose)

    return run
