"""Kills, Ctrl-C and termination of real processes: nothing is lost, nothing is paid twice, nobody lives on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import toolace
from toolace.assets import asset
from toolace.cli import app
from toolace.shell import run_app
from toolace.testing import Behaviour, LoopbackServer

DIALOGS = 8
AT_ONCE = 8
PATIENCE = 180.0


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a small pool, to be copied."""
    root = tmp_path_factory.mktemp("pool")
    document = str(asset("data/catalogue") / "banking.yaml")
    assert run_app(app, ["synth-apis", "-w", str(root), "--documents", document, "--num-apis", "12"]) == 0
    return root / "apis"


def workspace_in(folder: Path, pool: Path) -> Path:
    (folder / "apis").mkdir(parents=True)
    for file in pool.iterdir():
        (folder / "apis" / file.name).write_bytes(file.read_bytes())
    return folder


def start(workspace: Path, server: LoopbackServer | None = None, dialogs: int = DIALOGS) -> subprocess.Popen[str]:
    """`toolace gen-dialogs` as a process of its own."""
    settings = {"gen_dialogs.num_dialogs": dialogs, "run.concurrency": AT_ONCE, "run.shard_size": 5}
    if server is not None:
        settings |= {"backend.kind": "openai", "backend.base_url": server.url, "backend.send_context": True}
    options = [f"--set={name}={json.dumps(value)}" for name, value in settings.items()]
    command = [sys.executable, "-m", "toolace", "gen-dialogs", "-w", str(workspace), *options]
    environment = os.environ | {"PYTHONPATH": str(Path(toolace.__file__).parents[1])}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Exit code and stderr."""
    _, errors = process.communicate(timeout=PATIENCE)
    return process.returncode, errors


def wait_until(holds: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.005)


def kill_after(more: int, process: subprocess.Popen[str], server: LoopbackServer) -> None:
    """SIGKILL once the server has got so many requests more, or when the process has ended by itself."""
    enough = server.counters["requests"] + more
    wait_until(lambda: server.counters["requests"] >= enough or process.poll() is not None)
    process.kill()
    finish(process)


def files(workspace: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted((workspace / "dialogs").glob("part-*.jsonl"))}


def test_kills_lose_nothing_and_pay_for_no_reply_twice(tmp_path: Path, pool: Path) -> None:
    """After SIGKILLs at two moments: the bytes of an undisturbed run, and only what was in flight was asked again."""
    with LoopbackServer(behaviour=Behaviour(latency=0.03)) as server:
        whole, cut = workspace_in(tmp_path / "whole", pool), workspace_in(tmp_path / "cut", pool)
        assert finish(start(whole, server))[0] == 0
    with LoopbackServer(behaviour=Behaviour(latency=0.03)) as server:
        kill_after(5, start(cut, server), server)
        kill_after(45, start(cut, server), server)
        assert finish(start(cut, server))[0] == 0
        assert 0 < server.counters["duplicates"] <= 2 * AT_ONCE
    assert files(cut) == files(whole)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_takes_in_what_is_on_its_way(how: signal.Signals, tmp_path: Path, pool: Path) -> None:
    """Exit code 130, one line that says how to go on, and the rerun asks nothing twice."""
    cut = workspace_in(tmp_path / "cut", pool)
    with LoopbackServer(behaviour=Behaviour(latency=0.5)) as server:
        process = start(cut, server)
        wait_until(lambda: server.counters["requests"] >= 2 * AT_ONCE)
        process.send_signal(how)
        code, errors = finish(process)
        assert (code, errors.splitlines()[-1]) == (
            130,
            "interrupted: what is finished is kept; run the same command again to go on",
        )
        assert "Traceback" not in errors
        server.behaviour = Behaviour()
        assert finish(start(cut, server))[0] == 0
        assert server.counters["duplicates"] == 0


def test_an_interrupt_during_computation_ends_it_at_once(tmp_path: Path, pool: Path) -> None:
    """Worker processes and all; the rerun's files are those of an undisturbed run."""
    whole, cut = workspace_in(tmp_path / "whole", pool), workspace_in(tmp_path / "cut", pool)
    process = start(cut, dialogs=40)
    wait_until(lambda: children(process.pid))
    process.send_signal(signal.SIGINT)
    code, errors = finish(process)
    assert code == 130
    assert "Traceback" not in errors
    for workspace in (whole, cut):
        assert finish(start(workspace, dialogs=40))[0] == 0
    assert files(cut) == files(whole)


def test_worker_processes_die_with_their_parent(tmp_path: Path, pool: Path) -> None:
    """Even when it had no time to tell them."""
    process = start(workspace_in(tmp_path / "cut", pool), dialogs=20_000)
    wait_until(lambda: len(children(process.pid)) >= min(2, os.cpu_count() or 1))
    workers = children(process.pid)
    process.kill()
    finish(process)
    wait_until(lambda: not any(is_running(worker) for worker in workers))


def test_a_second_process_is_refused(tmp_path: Path, pool: Path) -> None:
    """One line with the first one's process id; the first goes on."""
    workspace = workspace_in(tmp_path / "shared", pool)
    with LoopbackServer(behaviour=Behaviour(latency=0.2)) as server:
        first = start(workspace, server)
        wait_until(lambda: server.counters["requests"])
        code, errors = finish(start(workspace, server))
        assert (code, errors) == (
            2,
            f"error: workspace {str(workspace)!r} is in use by process {first.pid}; "
            "wait for it or give another with -w\n",
        )
        server.behaviour = Behaviour()
        assert finish(first)[0] == 0


def children(process: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:
        return []


def is_running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
