"""Simulated dialogs, ten thousand and more: time and memory of each stage as the number grows.

    python scripts/bench/growth.py 10000 100000 1000000

Each command is a process of its own. `MB` is the peak of the main process; its workers hold a copy of the pool.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer

STAGES = ("synth-apis", "gen-dialogs", "verify", "export")


def main(
    sizes: Annotated[list[int], typer.Argument(help="numbers of dialogs")],
    num_apis: Annotated[int, typer.Option(help="size of the pool")] = 1000,
    stages: Annotated[str, typer.Option(help="those to run")] = ",".join(STAGES),
    folder: Annotated[Path | None, typer.Option(help="where the workspaces go; there must be room")] = None,
) -> None:
    """Prints one line a stage and size."""
    for size in sizes:
        with tempfile.TemporaryDirectory(dir=folder) as workspace:
            more = {"synth-apis": ("--num-apis", str(num_apis)), "gen-dialogs": ("--num-dialogs", str(size))}
            for stage in stages.split(","):
                seconds, cpu, megabytes = run(workspace, stage, *more.get(stage, ()))
                print(
                    f"{stage:12} {size:9,} dialogs  {seconds:8.1f} s  {1000 * cpu / size:6.2f} ms CPU each  "
                    f"{megabytes:7.0f} MB  load {os.getloadavg()[0]:.1f}",
                    flush=True,
                )


def run(workspace: str, *arguments: str) -> tuple[float, float, float]:
    """Wall and CPU seconds (workers included), and the peak memory in MB, of one command."""
    started = time.monotonic()
    with open(os.devnull, "w") as nowhere:
        command = [sys.executable, "-m", "toolace", *arguments, "-w", workspace]
        process = os.posix_spawn(
            sys.executable, command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, nowhere.fileno(), 1)]
        )
        _, status, used = os.wait4(process, 0)
    if status:
        raise SystemExit(f"{' '.join(arguments)} ended with {os.waitstatus_to_exitcode(status)}")
    return time.monotonic() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


if __name__ == "__main__":
    typer.run(main)
