"""Runs cells one by one and writes what they give.

    scripts/reproduce/run                                               # all variants, 300 rows, one seed
    scripts/reproduce/run --variants base,ours --limit 40               # two cells, 40 items a category
    scripts/reproduce/run --seeds 0,1,2 --rows 1000 --epochs 3 --micro-batch 8   # with a GPU

A cell takes about 40 minutes of a core (bfloat16): 25 to train, 15 to answer 500 questions; `ours-all`, which trains on
every row that there is, longer. Killed anywhere, the same command goes on with what is owed.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from reproduce.cells import SCRIPTS, VARIANTS, Cell, Size, make
from reproduce.picture import svg
from reproduce.results import facts_of, into_readme, lines_of, markdown
from toolace.errors import UserMistake, nearest
from toolace.shell import run_app
from toolace.wholefiles import replace

app = typer.Typer(add_completion=False)
RESULTS = Path(__file__).parent / "results"


@app.command()
def main(
    variants: Annotated[str, typer.Option(help="Comma-separated; all of them by default.")] = ",".join(VARIANTS),
    seeds: Annotated[str, typer.Option(help="Comma-separated.")] = "0",
    work: Annotated[Path, typer.Option(help="Folder of the data and the cells.")] = Path("runs/reproduce"),
    rows: Annotated[int, typer.Option(min=1, help="Training rows, the same for every variant.")] = 300,
    epochs: Annotated[float, typer.Option(min=0.01)] = 1.0,
    batch: Annotated[int, typer.Option(min=1, help="Rows a step.")] = 1,
    micro_batch: Annotated[int, typer.Option(min=1, help="Rows a pass.")] = 1,
    rate: Annotated[float, typer.Option(help="Learning rate.")] = 1e-3,
    num_dialogs: Annotated[
        int, typer.Option(min=1, help="Dialogs to draw from; thirds need over three times the rows.")
    ] = 1200,
    limit: Annotated[int | None, typer.Option(min=1, help="BFCL items a category.")] = None,
    skip: Annotated[int, typer.Option(min=0, help="Items passed over first: those that a recipe was chosen on.")] = 0,
    learner: Annotated[str, typer.Option(help="smollm2, or hf:MODEL.")] = "smollm2",
    bfcl: Annotated[Path | None, typer.Option(help="bfcl-eval's wheel; else fetched once with pip.")] = None,
    readme: Annotated[bool, typer.Option(help="Write the table into README.md.")] = True,
) -> None:
    """Make the cells, then the table and the picture of all that are finished in the work folder."""
    size = Size(
        rows, epochs, batch, micro_batch, rate, num_dialogs=num_dialogs, limit=limit, skip=skip, learner=learner
    )
    settle(work, asdict(size))
    for cell in cells_of(variants, seeds, work):
        make(cell, size, bfcl)
        publish(work, size, readme=readme)


def cells_of(variants: str, seeds: str, work: Path) -> list[Cell]:
    """The cells asked for, seed by seed. Raises UserMistake."""
    names = variants.split(",")
    for name in names:
        if name not in VARIANTS:
            raise UserMistake(
                f"--variants: no variant {name!r}{nearest(name, VARIANTS)}; there are {', '.join(VARIANTS)}"
            )
    if not all(seed.isdecimal() for seed in seeds.split(",")):
        raise UserMistake(f"--seeds {seeds!r}: expected numbers, such as 0,1,2")
    return [Cell(name, int(seed), work) for seed in seeds.split(",") for name in names]


def settle(work: Path, size: dict[str, object]) -> None:
    """Holds the sizes against those of the work folder: only equal ones are compared. Raises UserMistake."""
    work.mkdir(parents=True, exist_ok=True)
    path = work / "size.json"
    there = json.loads(path.read_bytes()) if path.is_file() else size
    differing = [
        f"{name}: {there.get(name)!r} there, {size[name]!r} now" for name in size if there.get(name) != size[name]
    ]
    if differing:
        raise UserMistake(f"{str(work)!r} holds cells of another size ({'; '.join(differing)}); use another --work")
    if not path.is_file():
        replace(path, [json.dumps(size, indent=1).encode()])


def publish(work: Path, size: Size, *, readme: bool) -> None:
    """Writes results/ and the README's block from all finished cells of the work folder."""
    folders = (path.name.rpartition("-") for path in sorted((work / "cells").iterdir()))
    facts = facts_of(Cell(variant, int(seed), work) for variant, _, seed in folders)
    lines = lines_of(facts)
    last = "the last" if size.limit is None else size.skip + size.limit
    items = f"items {size.skip + 1} to {last} of a category"
    about = (
        f"{size.learner}, {size.rows} rows, epochs: {size.epochs:g}, batch {size.batch}, learning rate {size.rate:g}"
    )
    command = f"scripts/reproduce/run{options_of(size)}"
    note = f"`{command}`: BFCL AST accuracy in %, {items}, with 95 % intervals; {about}."
    block = f"{markdown(lines)}\n\n{note}\n\n![The same as a picture](scripts/reproduce/results/accuracy.svg)"
    RESULTS.mkdir(exist_ok=True)
    replace(RESULTS / "cells.json", [json.dumps({"size": asdict(size), "cells": facts}, indent=1).encode()])
    replace(RESULTS / "table.md", [f"{markdown(lines)}\n\n{note}\n".encode()])
    replace(RESULTS / "accuracy.svg", [svg(lines).encode()])
    if readme:
        into_readme(SCRIPTS.parent / "README.md", block)
    print(markdown(lines))


def options_of(size: Size) -> str:
    """What a command line says to get these sizes: what differs from the defaults."""
    values, defaults = asdict(size), asdict(Size())
    return "".join(f" --{name.replace('_', '-')} {values[name]}" for name in values if values[name] != defaults[name])


if __name__ == "__main__":
    sys.exit(run_app(app))
