"""The pool: exactly N, the same bytes whatever the concurrency and the interruptions, and imports first."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import orjson
import pytest

from toolace.assets import asset
from toolace.backends.simulator import Simulator
from toolace.config import SynthApis
from toolace.records import Api
from toolace.runner import Counts, Plan, run_stage
from toolace.shards import StageFolder
from toolace.synth_apis.documents import Document, read_documents
from toolace.synth_apis.documents.document import Operation
from toolace.synth_apis.pool import Import, PoolStage
from toolace.synth_apis.speciation import speciate
from toolace.synth_apis.tree import ContextTree


@pytest.fixture(scope="module")
def tree() -> ContextTree:
    """The context tree of one area of the catalogue."""
    simulator, grown = Simulator(0), ContextTree()
    for document in read_documents([asset("data/catalogue") / "travel.yaml"]):
        assert isinstance(document, Document)
        for functionality in asyncio.run(speciate(document, 0, "en", simulator.ask)):
            grown.add(functionality)
    return grown


def grow(
    folder: Path,
    tree: ContextTree,
    target: int,
    *,
    imports: tuple[Import, ...] = (),
    stop: int | None = None,
    **plan: Any,
) -> tuple[Counts, PoolStage]:
    """Brings a pool to `target`; `stop` interrupts it after that many attempts."""
    settings = SynthApis(generation_size=32, **plan.pop("settings", {}))
    stage = PoolStage(imports, tree, settings, target=target, seed=3, language="en", backend="simulator")
    how = Plan(StageFolder(folder), {}, {}, shard_size=40, concurrency=plan.get("concurrency", 4))
    done = 0

    def observe(*_: Any) -> None:
        nonlocal done
        done += 1
        if done == stop:
            raise KeyboardInterrupt

    return asyncio.run(run_stage(stage, Simulator(3), how, observe)), stage


def content(folder: Path) -> bytes:
    """All records of a folder."""
    return b"".join(part.read_bytes() for part in sorted(folder.glob("part-*.jsonl")))


def records(folder: Path) -> list[Api]:
    """The pool."""
    return list(StageFolder(folder).records(Api))


def test_exactly_as_many_as_are_wanted(tmp_path: Path, tree: ContextTree) -> None:
    counts, stage = grow(tmp_path / "apis", tree, 130)
    pool = records(tmp_path / "apis")
    assert counts.kept == len(pool) == 130
    assert len({api.name for api in pool}) == 130
    assert stage.notes()["uncovered"] == 0


def test_the_same_bytes_at_any_concurrency(tmp_path: Path, tree: ContextTree) -> None:
    grow(tmp_path / "one", tree, 110, concurrency=1)
    grow(tmp_path / "many", tree, 110, concurrency=23)
    assert content(tmp_path / "one") == content(tmp_path / "many")


@pytest.mark.parametrize("stop", [1, 33, 75, 100])
def test_the_same_bytes_after_an_interruption(tmp_path: Path, tree: ContextTree, stop: int) -> None:
    grow(tmp_path / "whole", tree, 110)
    with pytest.raises(KeyboardInterrupt):
        grow(tmp_path / "cut", tree, 110, stop=stop)
    grow(tmp_path / "cut", tree, 110)
    assert content(tmp_path / "cut") == content(tmp_path / "whole")


def test_a_larger_target_grows_what_is_there(tmp_path: Path, tree: ContextTree) -> None:
    grow(tmp_path / "whole", tree, 120)
    for target in (30, 75, 120):
        grow(tmp_path / "grown", tree, target)
    assert content(tmp_path / "grown") == content(tmp_path / "whole")


def tool(name: str) -> Import:
    """A tool of the user's."""
    parameters = {"type": "object", "properties": {"q": {"type": "string", "description": "Query"}}, "required": ["q"]}
    operation = Operation(name, f"Looks {name} up.", parameters, {"type": "object"})
    return Import(operation, Document("tools.json", "tools", f"Tools of {name}", licence="MIT"))


def test_imports_come_first_unchanged_and_count(tmp_path: Path, tree: ContextTree) -> None:
    counts, _ = grow(tmp_path / "apis", tree, 50, imports=(tool("acme.find"), tool("zeta/look up")))
    pool = records(tmp_path / "apis")
    assert counts.kept == 50
    assert [(api.name, api.lineage.origin) for api in pool[:2]] == [
        ("acme.find", "imported"),
        ("zeta/look up", "imported"),
    ]
    assert pool[0].lineage.licences == ("MIT",)
    assert {api.lineage.origin for api in pool[2:]} == {"synthesized"}


def test_two_imports_of_one_name_are_told_apart(tmp_path: Path) -> None:
    other = Import(tool("find").operation, Document("more.json", "tools", "More tools"))
    counts, _ = grow(tmp_path / "apis", ContextTree(), 1, imports=(tool("find"), other))
    assert [api.name for api in records(tmp_path / "apis")] == ["find", "more_tools.find"]
    assert counts.kept == 2


def test_what_cannot_be_reached_ends_with_the_budget_and_says_what_was_alike(tmp_path: Path, tree: ContextTree) -> None:
    small = ContextTree(list(tree)[:1])
    counts, stage = grow(tmp_path / "apis", small, 60, settings={"attempts_per_api": 2, "near_duplicate": 0.6})
    assert counts.kept < 60
    assert counts.kept + counts.rejected == 120
    examples = stage.notes()["near_duplicates"]
    assert examples
    names = {api.name for api in records(tmp_path / "apis")}
    assert {example["resembles"] for example in examples} <= names


def test_an_api_names_its_document_licence_parent_and_functionalities(tmp_path: Path, tree: ContextTree) -> None:
    grow(tmp_path / "apis", tree, 80)
    api = records(tmp_path / "apis")[-1]
    assert api.lineage.documents == ("travel.yaml",)
    assert api.lineage.parent in {other.name for other in records(tmp_path / "apis")}
    assert set(api.functionalities) <= {leaf.id for leaf in tree}
    assert orjson.loads(api.line())["lineage"]["generation"] == api.lineage.generation > 0


def test_scope_leaves_domains_out(tree: ContextTree) -> None:
    assert {leaf.domain for leaf in tree.scoped(("travel/hotels",), ())} == {("travel", "hotels")}
    assert ("travel", "hotels") not in {leaf.domain for leaf in tree.scoped((), ("*/hotels",))}
    assert len(tree.scoped(("travel",), ())) == len(tree)
