"""Cells: what is varied, and the commands that make one. A finished command is not run again."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from reproduce.benchmark import BENCHMARK, write_rows
from toolace.errors import Stopped

SCRIPTS = Path(__file__).resolve().parents[1]


class Variant(NamedTuple):
    """A line of the paper's ablations (section 3.3): options of `toolace export`, or None for no training at all."""

    title: str
    export: tuple[str, ...] | None = ()
    every_row: bool = False
    """Trained on all rows that there are, not on the number that the other cells have in common."""


VARIANTS = {
    "base": Variant("not tuned", None),
    "ours": Variant("our data (rules and experts)"),
    "ours-all": Variant("our data, every row", every_row=True),
    "without-none": Variant("without non-tool dialogs", ("--without-kind", "none")),
    "without-parallel": Variant("without parallel dialogs", ("--without-kind", "parallel")),
    "verified-none": Variant("not verified", ("--verification", "none")),
    "verified-rules": Variant("rules only", ("--verification", "rules")),
    "easy": Variant("easy third", ("--complexity", "easy")),
    "medium": Variant("medium third", ("--complexity", "medium")),
    "hard": Variant("hard third", ("--complexity", "hard")),
}


WITHOUT_CALLS = (
    "no_fitting_tool: 0.36",
    "tool_absent: 0.26",
    "missing_parameter: 0.03",
    "ambiguous: 0.01",
    "knowledge: 0.24",
    "small_talk: 0.1",
)
SHORT = (
    *("--set", "gen_dialogs.turns={1: 0.35, 2: 0.35, 3: 0.3}"),
    *("--set", "gen_dialogs.candidates={1: 0.4, 2: 0.25, 3: 0.2, 4: 0.15}"),
    *("--set", "gen_dialogs.later_turns={follow_up: 0.34, single: 0.3, parallel: 0.2, none: 0.16}"),
    *("--set", "gen_dialogs.near_absent=0.2"),
    *("--set", "gen_dialogs.mix={single: 0.3, parallel: 0.27, dependent: 0.02, none: 0.41}"),
    *("--set", "gen_dialogs.situations={plain: 0.83, missing_parameter: 0.03, tool_error: 0.07, empty_result: 0.07}"),
    *("--set", f"gen_dialogs.without_calls={{{', '.join(WITHOUT_CALLS)}}}"),
)
"""Up to three exchanges and few candidates, so that 300 rows are minutes of a CPU. Leaving long rows out instead spoils the
mix: those with several calls are long. How many exchanges go without a call and why, how far the tools are where none fits,
and the few requests that lack a value were chosen by scores on the first hundred items of BFCL's categories, which never ask
for a missing value: they are no advice for data of one's own."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much is made, trained and asked. The paper's batch of 48 would leave 300 rows 7 steps: here 1, at 1e-3."""

    rows: int = 300
    epochs: float = 1.0
    batch: int = 1
    micro_batch: int = 1
    rate: float = 1e-3
    longest: int = 2048
    num_apis: int = 1000
    num_dialogs: int = 1200
    limit: int | None = None
    skip: int = 0
    eval_batch: int = 32
    learner: str = "smollm2"


@dataclass(frozen=True, slots=True)
class Cell:
    """One variant with one seed, which draws the data, the rows and the training."""

    variant: str
    seed: int
    work: Path

    @property
    def folder(self) -> Path:
        """Where the cell keeps its rows, adapter and answers."""
        return self.work / "cells" / f"{self.variant}-{self.seed}"

    @property
    def scores(self) -> Path:
        """Written last: a cell with this file is finished."""
        return self.folder / "bfcl" / "scores.json"

    def commands(self, size: Size, bfcl: Path | None) -> Iterator[list[str]]:
        """What makes the cell, in order."""
        tuned = self.folder / "tuned"
        export = VARIANTS[self.variant].export
        if export is not None:
            workspace, settings = self._data(size, measured="--complexity" in export)
            settings += ["--set", f"verify.decontaminate=['{self.work / BENCHMARK}']"]
            common = ["-w", str(workspace), "--seed", str(self.seed), *settings]
            if not (workspace / "verified" / "_manifest.json").is_file():
                wanted = ["--num-apis", str(size.num_apis), "--num-dialogs", str(size.num_dialogs)]
                yield [*TOOLACE, "run", *wanted, *common]
            rows = self.folder / "rows"
            yield [*TOOLACE, "export", "--format", "trl", "--out", str(rows), *export, *common]
            recipe = self._recipe(size)
            yield [*self._script("train_lora.py"), str(rows / "train.jsonl"), "--out", str(tuned), *recipe]
        asked = ["--out", str(self.scores.parent), "--model", size.learner, "--batch", str(size.eval_batch)]
        asked += ["--adapter", str(tuned / "adapter")] if export is not None else []
        asked += ["--limit", str(size.limit)] if size.limit else []
        asked += ["--skip", str(size.skip)] if size.skip else []
        asked += ["--bfcl", str(bfcl)] if bfcl else []
        yield [*self._script("eval_bfcl.py"), *asked]

    def _data(self, size: Size, *, measured: bool) -> tuple[Path, list[str]]:
        """The workspace and its settings: the learner only measures, and only where thirds by its loss are wanted.

        It steers nothing here: two complications of each dialog would take longer than the training.
        """
        if not measured:
            return self.work / f"data-{self.seed}", [*SHORT, "--set", "complexity.learner=none"]
        measuring = [*SHORT, "--set", f"complexity.learner={size.learner}", "--set", "complexity.rounds=0"]
        return self.work / f"data-{self.seed}-measured", measuring

    def _recipe(self, size: Size) -> list[str]:
        values = {
            "learner": size.learner,
            **({} if VARIANTS[self.variant].every_row else {"rows": size.rows}),
            "epochs": size.epochs,
            "seed": self.seed,
            "batch": size.batch,
            "micro-batch": size.micro_batch,
            "rate": size.rate,
            "longest": size.longest,
        }
        return [part for name, value in values.items() for part in (f"--{name}", str(value))]

    def _script(self, name: str) -> list[str]:
        return [sys.executable, str(SCRIPTS / name)]


TOOLACE = [sys.executable, "-m", "toolace"]


def make(cell: Cell, size: Size, bfcl: Path | None) -> None:
    """Runs what the cell still owes. Raises Stopped with the command that failed."""
    if cell.scores.is_file():
        return
    cell.folder.mkdir(parents=True, exist_ok=True)
    write_rows(bfcl, cell.work)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(SCRIPTS.parent), os.environ.get("PYTHONPATH", "")])}
    for command in cell.commands(size, bfcl):
        print(f"{cell.variant}, seed {cell.seed}: {' '.join(command[1:])}", file=sys.stderr, flush=True)
        done = subprocess.run(command, env=environment, check=False)
        if done.returncode:
            raise Stopped(f"{' '.join(command)} ended with {done.returncode}; mend that and run the same command again")
