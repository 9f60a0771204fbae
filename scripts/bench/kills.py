"""SIGKILLs at random moments of a run over HTTP: are the files the same in the end, and what was paid twice?

    python scripts/bench/kills.py --dialogs 2000 --kills 20

Calls that the server answered twice must not outnumber those in flight at the kills: the ones that it had not read or
not answered, and those whose answer the killed process had not read. The part files must equal an undisturbed run's.
"""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer
from serving import counters, loopback


def main(
    dialogs: Annotated[int, typer.Option(help="size of the run")] = 2000,
    kills: Annotated[int, typer.Option(help="how often it is killed")] = 20,
    at_once: Annotated[int, typer.Option(help="attempts in flight")] = 16,
    latency: Annotated[float, typer.Option(help="seconds that an answer takes")] = 0.1,
    seed: Annotated[int, typer.Option(help="of the moments")] = 0,
) -> None:
    """Prints what was asked, asked twice, and whether the files are equal."""
    with tempfile.TemporaryDirectory() as root:
        whole, cut = Path(root, "whole"), Path(root, "cut")
        for folder in (whole, cut):
            subprocess.run(
                [sys.executable, "-m", "toolace", "synth-apis", "--num-apis=200", f"--workspace={folder}"], check=True
            )
        with loopback("--latency", str(latency)) as url:
            started = time.monotonic()
            start(whole, url, dialogs, at_once).wait()
            seconds = time.monotonic() - started
            paid = counters(url)["answered"]
        print(f"undisturbed: {paid} calls, {seconds:.0f} s; load {os.getloadavg()[0]:.1f}", flush=True)
        rng, in_flight = random.Random(seed), 0
        with loopback("--latency", str(latency)) as url:
            for _ in range(kills):
                process = start(cut, url, dialogs, at_once)
                time.sleep(2 + rng.random() * 2 * seconds / kills)
                process.send_signal(signal.SIGSTOP)  # so that what is in flight can be counted
                in_flight += counters(url)["in_flight"] + unread(urlsplit(url).port or 0)
                process.kill()
                process.wait()
            print(f"{kills} kills, the last after {counters(url)['requests']} calls; the rest undisturbed")
            code = start(cut, url, dialogs, at_once).wait()
            found = counters(url)
        print(f"exit code {code}; {found['answered_twice']} calls paid twice, {in_flight} were in flight at the kills")
        print(f"paid beyond the undisturbed run: {found['answered'] - paid}")
        print("the files are", "equal" if digest(cut) == digest(whole) else "NOT EQUAL")


def start(workspace: Path, url: str, dialogs: int, at_once: int) -> subprocess.Popen[bytes]:
    """`toolace gen-dialogs` against the server."""
    settings = ["backend.kind=openai", f"backend.base_url={url}", "backend.send_context=true"]
    options = [f"--num-dialogs={dialogs}", f"--concurrency={at_once}", f"--workspace={workspace}"]
    command = [sys.executable, "-m", "toolace", "gen-dialogs", *options, *(f"--set={one}" for one in settings)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def unread(port: int) -> int:
    """Requests to the server on this port, and answers of it, that wait in a socket to be read."""
    sockets = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    connected = [one for one in sockets if f":{port:04X}" in (one[1][-5:], one[2][-5:])]
    return sum(int(one[4].partition(":")[2], 16) > 0 for one in connected)


def digest(workspace: Path) -> str:
    """Of all part files, of which there must be some."""
    found = hashlib.sha256()
    parts = sorted((workspace / "dialogs").glob("part-*.jsonl"))
    for part in parts:
        found.update(part.read_bytes())
    assert parts, f"no dialogs in {workspace}"
    return found.hexdigest()


if __name__ == "__main__":
    typer.run(main)
