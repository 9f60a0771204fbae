"""The stage: every dialog is a row or is counted with its reason, files appear whole, and memory stays flat."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from toolace.config import Export
from toolace.export.stage import ExportCounts, export
from toolace.records import Dialog
from toolace.shards import StageFolder

Run = Callable[..., ExportCounts]
FORMATS = ["openai", "trl", "llamafactory", "swift", "hermes", "xlam", "toolace", "bfcl"]


def rows_of(folder: StageFolder, name: str = "train.jsonl") -> list[dict[str, Any]]:
    """The rows of a file."""
    return [json.loads(line) for line in folder.lines_of(name)]


@pytest.mark.parametrize("format", FORMATS)
def test_every_dialog_becomes_one_row_of_train(format: str, exported: Run, folder: StageFolder) -> None:
    """The default, in every format: nothing left out, in the order of the dialogs."""
    counts = exported(format=format)
    assert (counts.read, counts.rows, dict(counts.left_out), dict(counts.not_carried)) == (120, {"train": 120}, {}, {})
    rows = rows_of(folder)
    assert [str(index) in json.dumps(row) for index, row in enumerate(rows)] == [True] * 120
    assert folder.stands(counts.files)


def test_what_became_no_row_is_counted(exported: Run) -> None:
    """Rows, what was left out and what was not carried add up to what was read."""
    counts = exported(
        lambda dialog: "too_late" if dialog.id > "dialog-0000099" else "", format="xlam", without_kind="none"
    )
    assert counts.read == counts.rows["train"] + counts.left_out.total() + counts.not_carried.total() == 120
    assert counts.left_out == {"too_late": 20}


def test_bfcl_answers_stand_beside_their_questions(exported: Run, folder: StageFolder) -> None:
    """As in BFCL's own folders."""
    counts = exported(format="bfcl")
    questions, answers = rows_of(folder), rows_of(folder, "possible_answer/train.jsonl")
    assert [row["id"] for row in questions] == [row["id"] for row in answers]
    assert sorted(counts.files) == ["possible_answer/train.jsonl", "train.jsonl"]


def test_a_failure_in_the_middle_leaves_the_earlier_export_as_it_was(
    exported: Run, folder: StageFolder, dialogs: Callable[[], Iterator[Dialog]]
) -> None:
    """Files are renamed at the end, all of them."""
    before = exported().files

    def breaking() -> Iterator[Dialog]:
        yield next(dialogs())
        raise OSError("disk gone")

    with pytest.raises(OSError, match="disk gone"):
        export(breaking, Export(format="trl"), folder, lambda dialog: "")
    assert folder.stands(before)
    assert sorted(path.name for path in folder.path.iterdir()) == ["train.jsonl"]


def test_a_number_of_rows_is_drawn_from_the_whole_and_nested(exported: Run, folder: StageFolder) -> None:
    """30 of 120, not the first 30; 10 rows are a part of them; a larger number than there are takes all."""
    exported(rows=30)
    thirty = [json.dumps(row) for row in rows_of(folder)]
    assert exported(rows=10).left_out == {"beyond_the_rows_wanted": 110}
    ten = [json.dumps(row) for row in rows_of(folder)]
    assert len(thirty) == 30
    assert len(ten) == 10
    assert set(ten) < set(thirty)
    assert "Do it with 119." in "".join(thirty) or "Do it with 11" in "".join(thirty)
    assert exported(rows=1000).rows == {"train": 120}


def test_a_number_of_rows_counts_what_the_format_carries(exported: Run) -> None:
    """Exactly N rows where there are as many."""
    counts = exported(lambda dialog: "" if dialog.kind == "none" else "called", rows=20)
    assert counts.rows == {"train": 20}
    assert counts.left_out == {"called": 90, "beyond_the_rows_wanted": 10}


def test_figures_are_counted_by_split(exported: Run) -> None:
    """What the dataset card shows."""
    facts = exported().figures["train"].facts()
    assert facts["kinds"] == {"none": 30, "single": 90}
    assert (facts["dialogs"], facts["calls"], facts["messages"]) == (120, 90, 90 * 4 + 30 * 2)
    assert (facts["candidates"], facts["backends"]) == ({"4": 120}, {"simulator": 120})
    assert facts["measure"] == ["nll of smollm2"]


def test_memory_does_not_grow_with_the_dialogs(folder: StageFolder, dialogs: Callable[[], Iterator[Dialog]]) -> None:
    """Ten times the dialogs, the same peak."""

    def peak(times: int) -> int:
        def stream() -> Iterator[Dialog]:
            for _ in range(times):
                yield from dialogs()

        tracemalloc.start()
        export(stream, Export(format="trl"), folder, lambda dialog: "")
        _, high = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return high

    peak(1)
    assert peak(10) < peak(1) * 1.5 + 100_000
