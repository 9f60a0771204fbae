"""Simulated dialogs, ten thousand and more: time and memory of each stage as the number grows.

    python scripts/bench/growth.py 10000 100000 1000000

Each command is a process of its own. `MB` are the peaks of the main process and of its largest worker, which counts as its own
what it shares with the main process since the fork; of the former, `index` is what must grow: what was accepted, for the
search of duplicates.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated, NamedTuple

import orjson
import typer

PROGRAM = """
import atexit, resource
both = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
atexit.register(lambda: print("\\n", *(resource.getrusage(who).ru_maxrss for who in both)))
from toolace.cli import main
main()
"""
"""The command line, which prints the two peaks in kB at its end."""

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
                used = run(workspace, stage, *more.get(stage, ()))
                print(
                    f"{stage:12} {size:9,} dialogs  {used.seconds:8.1f} s  {1000 * used.cpu / size:6.2f} ms CPU each  "
                    f"{used.main:5.0f} + {used.worker:5.0f} MB, index {used.duplicates:4.0f} MB  load {os.getloadavg()[0]:.1f}",
                    flush=True,
                )


class Used(NamedTuple):
    """Wall and CPU seconds (workers included) of a command, and its peaks in MB: main process, largest worker, index."""

    seconds: float
    cpu: float
    main: float
    worker: float
    duplicates: float


def run(workspace: str, *arguments: str) -> Used:
    """Runs one command of toolace on the workspace."""
    started = time.monotonic()
    command = [sys.executable, "-c", PROGRAM, *arguments, "-w", workspace, "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    said, _, peaks = process.stdout.read().rstrip().rpartition(b"\n")
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(arguments)} ended with {os.waitstatus_to_exitcode(status)}")
    main, worker = (int(one) / 1024 for one in peaks.split())
    index = orjson.loads(said).get("index_bytes", 0) / 1e6
    return Used(time.monotonic() - started, used.ru_utime + used.ru_stime, main, worker, index)


if __name__ == "__main__":
    typer.run(main)
