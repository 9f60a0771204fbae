"""The pool as it grows: CPU time, memory and rejections at each size.

    python scripts/bench/pool_growth.py 30000 60000 120000

One workspace grows from size to size, each command a process of its own. `MB per 100,000` is what the main process
holds beyond its peak at the first size, which also holds catalogue and code. `rejected` is the share of the attempts
of this step alone that resembled an API of the pool, or had its name.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from growth import run


def main(
    sizes: Annotated[list[int], typer.Argument(help="numbers of APIs, growing")],
    folder: Annotated[Path | None, typer.Option(help="where the workspace goes; there must be room")] = None,
) -> None:
    """Prints one line a size."""
    with tempfile.TemporaryDirectory(dir=folder) as workspace:
        before: Counter[str] = Counter()
        spent, base = 0.0, 0.0
        for size in sizes:
            used = run(workspace, "synth-apis", "--num-apis", str(size))
            spent, base = spent + used.cpu, base or used.main
            counts = counted(orjson.loads((Path(workspace) / "apis" / "_manifest.json").read_bytes()))
            step = counts - before
            rejected = step.total() - step["kept"]
            grown = 1e5 * (used.main - base) / (size - sizes[0]) if size > sizes[0] else 0
            print(
                f"{counts['kept']:9,} APIs  {used.seconds:7.1f} s  {spent:7.1f} s CPU in all  {used.main:5.0f} MB "
                f"({grown:4.0f} per 100,000)  rejected {rejected / max(1, step.total()):6.1%} of {step.total():7,}  "
                f"load {os.getloadavg()[0]:.1f}",
                flush=True,
            )
            before = counts


def counted(manifest: dict[str, Any]) -> Counter[str]:
    """Kept and rejected attempts of all parts, by reason."""
    counts: Counter[str] = Counter()
    for part in manifest["parts"]:
        counts["kept"] += part["records"]
        counts.update(part["rejected"])
    return counts


if __name__ == "__main__":
    typer.run(main)
