"""The cells of the reproduction: their commands, and what is made of their scores."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from reproduce.__main__ import cells_of, options_of, settle
from reproduce.benchmark import BENCHMARK, write_rows
from reproduce.cells import VARIANTS, Cell, Size
from reproduce.picture import svg
from reproduce.results import BEGIN, CATEGORIES, END, facts_of, into_readme, lines_of, markdown

from toolace.errors import UserMistake


def finished(work: Path, variant: str, seed: int, right: int, total: int = 40) -> Cell:
    """A cell with the same score in every category."""
    cell = Cell(variant, seed, work)
    cell.scores.parent.mkdir(parents=True)
    scores = {name: {"right": right, "total": total, "broken": 0} for name in CATEGORIES}
    cell.scores.write_text(json.dumps({"scores": scores}))
    return cell


def names(cell: Cell) -> list[str]:
    """What the cell's commands do."""
    return [command[3] if command[1] == "-m" else Path(command[1]).name for command in cell.commands(Size(), None)]


@pytest.mark.parametrize(
    ("variant", "commands"),
    [
        ("base", ["eval_bfcl.py"]),
        ("ours", ["run", "export", "train_lora.py", "eval_bfcl.py"]),
        ("hard", ["run", "export", "train_lora.py", "eval_bfcl.py"]),
    ],
)
def test_a_cell_runs_what_its_variant_needs(tmp_path: Path, variant: str, commands: list[str]) -> None:
    """The base model is only asked."""
    assert names(Cell(variant, 0, tmp_path)) == commands


def test_only_thirds_need_a_measured_workspace(tmp_path: Path) -> None:
    """The learner measures their dialogs, and complicates none."""
    first = {variant: next(Cell(variant, 3, tmp_path).commands(Size(), None)) for variant in ("ours", "easy")}
    assert first["ours"][-3] == "complexity.learner=none"
    assert str(tmp_path / "data-3") in first["ours"]
    assert str(tmp_path / "data-3-measured") in first["easy"]
    assert first["easy"][-5:-2] == ["complexity.learner=smollm2", "--set", "complexity.rounds=0"]


def test_nothing_of_the_benchmark_is_trained_on(tmp_path: Path) -> None:
    """Its rows of all categories are written once, and every workspace is verified against them."""
    wheel = tmp_path / "bfcl.whl"
    with zipfile.ZipFile(wheel, "w") as opened:
        for name, text in {
            "v4_multiple": '{"id": 1}\n\n',
            "v4_simple": '{"id": 2}',
            "v4_format_sensitivity": "{}",
        }.items():
            opened.writestr(f"bfcl_eval/data/BFCL_{name}.json", text)
        opened.writestr("bfcl_eval/data/possible_answer/BFCL_v4_simple.json", "{}")
    write_rows(wheel, tmp_path)
    wheel.unlink()
    write_rows(wheel, tmp_path)
    assert (tmp_path / BENCHMARK).read_text() == '{"id": 1}\n{"id": 2}\n'
    command = next(Cell("ours", 0, tmp_path).commands(Size(), None))
    assert command[-1] == f"verify.decontaminate=['{tmp_path / BENCHMARK}']"


def test_every_trained_variant_has_as_many_rows(tmp_path: Path) -> None:
    """Only the export's options differ; but for the one that takes all."""
    for variant, (_, export, every_row) in VARIANTS.items():
        commands = list(Cell(variant, 0, tmp_path).commands(Size(rows=77), None))
        trained = [command for command in commands if command[1].endswith("train_lora.py")]
        assert len(trained) == (export is not None)
        assert all(("--rows" in command) != every_row for command in trained)
        assert every_row or all(command[command.index("--rows") + 1] == "77" for command in trained)


def test_seeds_are_averaged_and_the_interval_is_over_items(tmp_path: Path) -> None:
    """Two seeds on the same 40 items leave the interval of 40 items."""
    cells = [finished(tmp_path, "ours", 0, 10), finished(tmp_path, "ours", 1, 30), Cell("base", 0, tmp_path)]
    (line,) = lines_of(facts_of(cells))
    found = line.by_category["simple"]
    assert (line.variant, line.seeds, found.mean, found.seeds) == ("ours", 2, 0.5, (0.25, 0.75))
    assert (found.low, found.high) == pytest.approx((0.352, 0.648), abs=1e-3)
    assert "| our data (rules and experts) | 0 | 2 | 50 (35–65)<br>seeds 25–75 |" in markdown([line])


def test_the_picture_is_xml_with_a_dot_a_score(tmp_path: Path) -> None:
    """One dot for each variant and category."""
    lines = lines_of(facts_of([finished(tmp_path, "base", 0, 0), finished(tmp_path, "ours", 0, 20)]))
    root = ElementTree.fromstring(svg(lines))
    assert len(root.findall("{http://www.w3.org/2000/svg}circle")) == 2 * len(CATEGORIES)


def test_the_readme_keeps_what_stands_around_the_block(tmp_path: Path) -> None:
    """Written twice, the block is replaced."""
    path = tmp_path / "README.md"
    path.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    into_readme(path, "new")
    into_readme(path, "newer")
    assert path.read_text() == f"before\n{BEGIN}\nnewer\n{END}\nafter\n"


def test_a_readme_without_markers_is_left_alone(tmp_path: Path) -> None:
    """The message says what to put where."""
    path = tmp_path / "README.md"
    path.write_text("text\n")
    with pytest.raises(UserMistake, match="put them where the table belongs"):
        into_readme(path, "new")


@pytest.mark.parametrize(
    ("variants", "seeds", "message"),
    [("our", "0", "did you mean 'ours'"), ("ours", "a", "expected numbers")],
)
def test_unknown_cells_are_refused(tmp_path: Path, variants: str, seeds: str, message: str) -> None:
    """Before any work starts."""
    with pytest.raises(UserMistake, match=message):
        cells_of(variants, seeds, tmp_path)


def test_cells_of_another_size_are_not_mixed(tmp_path: Path) -> None:
    """The field that differs is named."""
    sizes: list[dict[str, Any]] = [{"rows": 300}, {"rows": 300}, {"rows": 100}]
    settle(tmp_path, sizes[0])
    settle(tmp_path, sizes[1])
    with pytest.raises(UserMistake, match="rows: 300 there, 100 now"):
        settle(tmp_path, sizes[2])


def test_the_table_says_the_options_that_it_was_made_with() -> None:
    """Those that are at their default are left out."""
    assert options_of(Size()) == ""
    assert options_of(Size(num_dialogs=700, limit=100, skip=50)) == " --num-dialogs 700 --limit 100 --skip 50"
