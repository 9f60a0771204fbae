"""Whole dialogs over HTTP, three votes for each action: wall time against the least that the latency allows.

    python scripts/bench/dialogs.py

The ideal keeps every slot busy: calls x latency / calls at once, and no less than the longest dialog's own steps, each of
which waits for the one before.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated

import orjson
import typer
from serving import counters, loopback


def main(
    dialogs: Annotated[int, typer.Option(help="how many")] = 200,
    at_once: Annotated[int, typer.Option(help="calls in flight")] = 64,
    latency: Annotated[float, typer.Option(help="seconds that an answer takes")] = 0.5,
) -> None:
    """Prints one line."""
    with tempfile.TemporaryDirectory() as folder:
        run("synth-apis", folder, "--num-apis=200")
        with loopback("--latency", str(latency)) as url:
            backend = (
                "backend.kind=openai",
                f"backend.base_url={url}",
                "backend.send_context=true",
                "gen_dialogs.votes=3",
            )
            options = [f"--num-dialogs={dialogs}", f"--concurrency={at_once}", *(f"--set={one}" for one in backend)]
            before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
            run("gen-dialogs", folder, *options)
            wall, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
            calls = counters(url)["requests"]
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        longest = max(steps(line) for part in Path(folder, "dialogs").glob("part-*") for line in part.open("rb"))
    ideal = max(calls * latency / at_once, longest * latency)
    print(
        f"{dialogs} dialogs, {calls} calls, {at_once} at a time, {latency:g} s each: {wall:.1f} s, ideal {ideal:.1f} s, "
        f"{wall / ideal:.2f} x; {1000 * cpu / calls:.2f} ms CPU a call; load {os.getloadavg()[0]:.1f}"
    )


def run(command: str, folder: str, *options: str) -> None:
    """One command of toolace, quietly."""
    whole = [sys.executable, "-m", "toolace", command, "-w", folder, "--set=complexity.learner=none", *options]
    subprocess.run(whole, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def steps(line: bytes) -> int:
    """Calls of a dialog that wait for one another: its plan, each turn of the user and the assistant, each round of tools."""
    messages = orjson.loads(line)["messages"]
    spoken = sum(message["role"] in ("user", "assistant") for message in messages)
    return 1 + spoken + sum(bool(message.get("tool_calls")) for message in messages)


if __name__ == "__main__":
    typer.run(main)
