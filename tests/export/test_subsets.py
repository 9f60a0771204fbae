"""The subsets of the paper's ablations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from toolace.config import Export
from toolace.errors import UserMistake
from toolace.export.source import dialogs_of, scores_of
from toolace.export.subsets import CLUSTERS, clusters, selection
from toolace.records import Api, Dialog, Finding, Rejection
from toolace.shards import StageFolder

Dialogs = Callable[[], Iterator[Dialog]]


def reasons(dialogs: Dialogs, pool: list[Api], **settings: Any) -> Counter[str]:
    """Dialogs by the reason against them; "" for those taken."""
    choose = selection(Export(**settings), dialogs, lambda: pool)
    return Counter(map(choose, dialogs()))


@pytest.mark.parametrize(
    ("third", "others"), [("easy", "medium hard"), ("medium", "easy hard"), ("hard", "easy medium")]
)
def test_thirds_by_loss_are_of_one_size(third: str, others: str, dialogs: Dialogs, pool: list[Api]) -> None:
    """40 each of 120, by the rank of their loss."""
    found = reasons(dialogs, pool, complexity=third)
    assert found == {"": 40, **{f"complexity_{other}": 40 for other in others.split()}}


def test_in_range_means_the_calibrated_range(dialogs: Dialogs, pool: list[Api]) -> None:
    """What calibration said, not a third."""
    found = reasons(dialogs, pool, complexity="in-range")
    assert found == {"": 37, "out_of_range": 83}


def test_thirds_need_a_complexity(dialogs: Dialogs, pool: list[Api]) -> None:
    """Dialogs without one are left out; none at all is the user's mistake."""

    def bare() -> Iterator[Dialog]:
        return (dialog.model_copy(update={"complexity": None}) for dialog in dialogs())

    def half() -> Iterator[Dialog]:
        return (one if at % 2 else bald for at, (one, bald) in enumerate(zip(dialogs(), bare(), strict=True)))

    assert reasons(half, pool, complexity="easy")["without_complexity"] == 60
    with pytest.raises(UserMistake, match="no dialog has a complexity; run `toolace score` first"):
        reasons(bare, pool, complexity="easy")
    with pytest.raises(UserMistake, match="no dialog has a complexity; run `toolace score` first"):
        reasons(bare, pool, complexity="in-range")


def test_losses_of_two_learners_are_not_compared(dialogs: Dialogs, pool: list[Api]) -> None:
    """A resumed run may have steered with another one."""

    def mixed() -> Iterator[Dialog]:
        for at, one in enumerate(dialogs()):
            assert one.complexity
            other = one.complexity.model_copy(update={"learner": "larger"})
            yield one.model_copy(update={"complexity": other}) if at == 7 else one

    with pytest.raises(UserMistake, match=r"scored in 2 ways \(nll of larger; nll of smollm2\)"):
        reasons(mixed, pool, complexity="hard")


def test_scores_given_later_take_the_place_of_earlier_ones(dialogs: Dialogs, pool: list[Api], tmp_path: Path) -> None:
    """Turned round, what was hard is easy; a dialog that was edited since has no score."""
    folder = StageFolder(tmp_path / "scored")
    assert scores_of(folder)(next(dialogs())) == next(dialogs()).complexity
    turned = []
    for one in dialogs():
        assert one.complexity
        complexity = one.complexity.model_copy(update={"value": -one.complexity.value})
        turned.append(one.model_copy(update={"complexity": complexity}))
    folder.put("part-00000.jsonl", b"\n".join([*(one.line() for one in turned), b""]).decode())
    scores = scores_of(folder)
    before = selection(Export(complexity="hard"), dialogs, lambda: pool)
    after = selection(Export(complexity="easy"), dialogs, lambda: pool, lambda: scores)
    assert {one.id for one in dialogs() if not after(one)} == {one.id for one in dialogs() if not before(one)}
    assert after(next(dialogs()).model_copy(update={"messages": ()})) == "without_complexity"


def test_a_kind_can_be_left_out(dialogs: Dialogs, pool: list[Api]) -> None:
    """The ablation that matters most: without dialogs that call nothing."""
    assert reasons(dialogs, pool, without_kind="none") == {"": 90, "kind_none": 30}


def test_clusters_follow_the_context_tree_and_are_of_like_size(pool: list[Api]) -> None:
    """30 of them; neighbours in the tree lie together; found by id and by name."""
    found = clusters(pool)
    sizes = Counter(found[api.id] for api in pool)
    assert sorted(sizes) == list(range(CLUSTERS))
    assert set(sizes.values()) == {2}
    assert found["tool_0"] == found["api-0000"] == found["api-0001"]


def test_diversity_levels_are_nested(dialogs: Dialogs, pool: list[Api]) -> None:
    """Low within medium within high, which takes everything."""
    taken = {
        level: {one.id for one in dialogs() if not selection(Export(diversity=level), dialogs, lambda: pool)(one)}
        for level in ("low", "medium", "high")
    }
    assert taken["low"] < taken["medium"] < taken["high"]
    assert len(taken["high"]) == 120
    assert 10 < len(taken["low"]) < 45


def test_diversity_of_unknown_tools_is_outside(dialogs: Dialogs) -> None:
    """Foreign dialogs have no place in the tree."""
    assert reasons(dialogs, [], diversity="high") == {"outside_the_clusters": 120}


@pytest.fixture
def folders(tmp_path: Path, dialogs: Dialogs) -> dict[str, StageFolder]:
    """Of 120 dialogs every tenth is rejected, in turn by a rule, by an expert, and by both."""
    lines: dict[str, list[bytes]] = {"dialogs": [], "verified": [], "rejected": []}
    rule = Finding(check="a_rule", aspect="dialog", message="m")
    expert = Finding(check="hallucination", aspect="expert", message="m")
    for index, one in enumerate(dialogs()):
        lines["dialogs"].append(one.line())
        if index % 10:
            lines["verified"].append(one.line())
            continue
        found = ((rule,), (expert,), (rule, expert))[index // 10 % 3]
        lines["rejected"].append(Rejection(dialog=one, findings=found).line())
    found_folders = {}
    for name, content in lines.items():
        found_folders[name] = StageFolder(tmp_path / name)
        found_folders[name].put("part-00000.jsonl", b"\n".join([*content, b""]).decode())
    return found_folders


@pytest.mark.parametrize(("level", "number"), [("none", 120), ("rules", 112), ("both", 108)])
def test_levels_of_verification(level: str, number: int, folders: dict[str, StageFolder]) -> None:
    """12 rejected: 4 by a rule, 4 by an expert, 4 by both; `rules` takes back what experts alone rejected."""
    assert sum(1 for _ in dialogs_of(folders, level, None)()) == number


def test_a_limit_is_one_of_input_records(folders: dict[str, StageFolder]) -> None:
    """The first ones."""
    assert [one.id for one in dialogs_of(folders, "none", 2)()] == ["dialog-0000000", "dialog-0000001"]


def test_a_broken_line_is_named(folders: dict[str, StageFolder]) -> None:
    """Never skipped."""
    folders["verified"].put("part-00001.jsonl", "{}\n")
    with pytest.raises(UserMistake, match=r"verified/part-00001\.jsonl:1: "):
        list(dialogs_of(folders, "both", None)())
