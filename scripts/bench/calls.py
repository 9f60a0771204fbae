"""Single-call tasks, many at a time: wall time against the ideal, CPU a call, time to the first request.

    python scripts/bench/calls.py                                    # 1,000 calls, 64 at a time, 100 ms
    python scripts/bench/calls.py --count 5000 --at-once 256 --latency 1

Each program is a fresh process, start-up included. `floor` is 64 threads on http.client, which shows that the server is
not what limits; `toolace` renders a prompt, validates the reply, logs it, settles it and writes shards.
"""

from __future__ import annotations

import gc
import http.client
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

CONTEXT: dict[str, Any] = {
    "language": "en",
    "today": "2026-03-01",
    "persona": {"occupation": "nurse", "tone": "polite"},
    "intent": {"goal": "book a table", "request": "Please book a table for two."},
    "situation": "plain",
    "history": [],
}


def main(
    count: Annotated[int, typer.Option(help="calls")] = 1000,
    at_once: Annotated[int, typer.Option(help="calls in flight")] = 64,
    latency: Annotated[float, typer.Option(help="seconds that the server takes")] = 0.1,
    repeats: Annotated[int, typer.Option(help="runs of each; the fastest counts")] = 3,
    program: Annotated[str | None, typer.Option(hidden=True)] = None,
    url: Annotated[str, typer.Option(hidden=True)] = "",
) -> None:
    """Prints one line a program."""
    if program:
        {"floor": floor, "toolace": toolace}[program](url, count, at_once)
        return
    from serving import counters, loopback

    ideal = math.ceil(count / at_once) * latency
    print(f"{count} calls, {at_once} at a time, {latency:g} s each: ideal {ideal:.2f} s; load {os.getloadavg()[0]:.1f}")
    for name in ("floor", "toolace"):
        best: tuple[float, float, float] | None = None
        for _ in range(repeats):
            with loopback(str(latency), scripted=True) as served:
                before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.time()
                options = ["--count", str(count), "--at-once", str(at_once), "--program", name, "--url", served]
                subprocess.run([sys.executable, __file__, *options], check=True)
                wall, after = time.time() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
                cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
                first = counters(served)["first_request"] - started
            best = min(best or (wall, cpu, first), (wall, cpu, first))
        assert best is not None
        wall, cpu, first = best
        print(
            f"{name:8} {wall:6.2f} s  {wall / ideal:5.2f} x ideal  "
            f"{1000 * cpu / count:5.2f} ms CPU a call, start included  first request after {first:.2f} s"
        )


def floor(url: str, count: int, at_once: int) -> None:
    """Threads on http.client that send a request as toolace does, and read the answer."""
    messages = [{"role": "user", "content": "x" * 4000}]
    parts = urlsplit(url)
    assert parts.hostname is not None

    def work(records: range) -> None:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
        for record in records:
            question = {"role": "user", "context": CONTEXT, "key": ["user", record, 0, 0, 0]}
            body = json.dumps({"model": "m", "messages": messages, "toolace": question})
            connection.request("POST", f"{parts.path}/chat/completions", body, {"Content-Type": "application/json"})
            json.loads(connection.getresponse().read())["choices"][0]["message"]["content"]

    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(work, [range(count)[start::at_once] for start in range(at_once)]))


def toolace(url: str, count: int, at_once: int) -> None:
    """The engine, as a session builds it, with a stage of one question an attempt."""
    from single_calls import Calls

    from toolace.configfile import load_config
    from toolace.console import Console
    from toolace.session import Session
    from toolace.shards import Workspace
    from toolace.shell import GARBAGE

    gc.set_threshold(*GARBAGE)  # as the command line does
    settings = {
        "backend.kind": "openai",
        "backend.base_url": url,
        "backend.send_context": True,
        "run.concurrency": at_once,
    }
    with tempfile.TemporaryDirectory() as folder:
        session = Session(load_config(None, settings), Workspace(Path(folder)), Console(as_json=True))
        with session.working():
            counts = session.settle(
                Calls(CONTEXT, count), session.workspace.stage("calls"), fingerprint={}, upstream={}, total=count
            )
        assert counts.kept == count, counts


if __name__ == "__main__":
    typer.run(main)
