"""The single-call task of calls.py by what a user would pick instead, side by side with toolace, in one run.

    python scripts/bench/peers.py --folder /tmp/peers

Each program is installed into an environment of its own below the folder, once; one that does not install or does not end
well is named and left out. All ask the same server, start-up included.
"""

from __future__ import annotations

import math
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from serving import counters, loopback

PEERS = {"distilabel": ("distilabel[openai]", "requests"), "curator": ("bespokelabs-curator",)}
"""Programs of peer_programs.py, and what to install for them."""


def main(
    folder: Annotated[Path, typer.Option(help="where the environments go; they stay there")],
    count: Annotated[int, typer.Option(help="calls")] = 1000,
    at_once: Annotated[int, typer.Option(help="calls in flight")] = 64,
    latency: Annotated[float, typer.Option(help="seconds that the server takes")] = 0.1,
    names: Annotated[str, typer.Option(help="programs to compare with")] = ",".join(PEERS),
) -> None:
    """Prints one line a program."""
    here = Path(__file__).parent
    ideal = math.ceil(count / at_once) * latency
    print(f"{count} calls, {at_once} at a time, {latency:g} s each: ideal {ideal:.2f} s; load {os.getloadavg()[0]:.1f}")
    own = [sys.executable, str(here / "calls.py"), f"--count={count}", f"--at-once={at_once}"]
    for name in ("floor", "toolace", *names.split(",")):
        with loopback(str(latency), scripted=True) as url:
            if name in PEERS:
                python = installed(folder, name)
                command = [str(python), str(here / "peer_programs.py"), name, url, str(count), str(at_once)]
            else:
                command = [*own, "--program", name, "--url", url]
            print(f"{name:12} {measured(command, url, count, ideal)}", flush=True)


def installed(folder: Path, name: str) -> Path:
    """The interpreter of a peer's environment, which is made when it is missing."""
    python = (folder / name / "bin" / "python").absolute()
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder / name)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *PEERS[name]], check=False)
    return python


def measured(command: list[str], url: str, count: int, ideal: float) -> str:
    """What one program takes, or what it died of."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.time()
    ended = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    wall, after = time.time() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    if ended.returncode:
        return f"failed: {(ended.stderr.strip().splitlines() or ['without a word'])[-1]}"
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    found = counters(url)
    return (
        f"{wall:6.2f} s  {wall / ideal:5.2f} x ideal  {1000 * cpu / count:5.2f} ms CPU a call, start included  "
        f"first request after {found['first_request'] - started:.2f} s  {found['requests']} requests"
    )


if __name__ == "__main__":
    typer.run(main)
