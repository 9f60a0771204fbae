"""`--executor ray` on two nodes of a real cluster: the bytes of a local run, also when a node is killed."""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from toolace.assets import asset
from toolace.cli import app
from toolace.shell import run_app
from toolace.testing import Behaviour, LoopbackServer

Run = Callable[..., int]

COUNTS = {"synth_apis.num_apis": 12, "gen_dialogs.num_dialogs": 40, "run.shard_size": 16, "run.concurrency": 8}


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """run(workspace, server, command=…, key=value, …) on this machine, or with `run__executor="ray"` on the cluster."""

    def started(workspace: str, server: LoopbackServer | None = None, command: str = "run", **settings: Any) -> int:
        document = str(asset("data/catalogue") / "banking.yaml")
        chosen = COUNTS | {"complexity.learner": "none", "synth_apis.documents": [document]}
        if server is not None:
            chosen |= {"backend.kind": "openai", "backend.base_url": server.url, "backend.send_context": True}
            chosen |= {"backend.prices": {"gpt-4.1-mini": {"input": 1.0, "output": 4.0}}}
        chosen |= {name.replace("__", "."): value for name, value in settings.items()}
        options = [f"--set={name}={json.dumps(value)}" for name, value in chosen.items()]
        return run_app(app, [command, "-w", str(tmp_path / workspace), *options])

    return started


def files(workspace: Path) -> dict[str, bytes]:
    """Every part file."""
    return {f"{file.parent.name}/{file.name}": file.read_bytes() for file in sorted(workspace.glob("*/part-*.jsonl"))}


def kill_later(cluster: Any, node: Any, is_time: Callable[[], bool]) -> threading.Thread:
    """Kills a node as soon as it is time."""

    def work() -> None:
        end = time.monotonic() + 60
        while not is_time() and time.monotonic() < end:
            time.sleep(0.01)
        cluster.remove_node(node, allow_graceful=False)

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_two_nodes_write_the_bytes_of_a_local_run(run: Run, tmp_path: Path, nodes: list[Any]) -> None:
    """All stages, with the simulator."""
    assert run("local") == run("cluster", run__executor="ray") == 0
    assert len(files(tmp_path / "local")) > 5
    assert files(tmp_path / "cluster") == files(tmp_path / "local")


def test_dialogs_are_scored_where_they_are_made(
    run: Run, tmp_path: Path, nodes: list[Any], learner: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each node opens the learner; the complexities are those of a local run."""
    few = {"gen_dialogs__num_dialogs": 10, "complexity__learner": learner, "complexity__upper": 0.9}
    assert run("local", **few) == run("cluster", **few, run__executor="ray") == 0
    assert run("local", command="score", **few) == run("cluster", command="score", **few, run__executor="ray") == 0
    assert capsys.readouterr().err.count("learner lengths") == 4
    assert files(tmp_path / "cluster") == files(tmp_path / "local")
    assert b'"learner":"lengths' in files(tmp_path / "cluster")["dialogs/part-00000.jsonl"]


def test_nodes_need_no_disk_of_the_driver(
    run: Run, tmp_path: Path, nodes: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    """What they pay lies in the driver's log alone, and what it holds is not paid again; batches are the driver's."""
    prompts = tmp_path / "prompts"
    prompts.mkdir()
    assistant = asset("prompts") / "assistant.jinja2"
    (prompts / assistant.name).write_text(assistant.read_text() + "\n")
    with LoopbackServer() as server:
        more = {
            "prompts_dir": str(prompts),
            "backend__batch": {"roles": ["hallucination"], "gather": 0.1, "poll": 0.05},
        }
        more |= {"gen_dialogs__num_dialogs": 12, "gen_dialogs__votes": 1}
        assert run("local", server, **more) == run("cluster", server, **more, run__executor="ray") == 0
        assert "verify: its questions go in batches" in capsys.readouterr().err
        asked = server.counters["requests"]
        shutil.rmtree(tmp_path / "cluster" / "dialogs")
        assert run("cluster", server, "gen-dialogs", **more, run__executor="ray") == 0
        assert server.counters["requests"] == asked
    assert files(tmp_path / "cluster") == files(tmp_path / "local")


def test_a_killed_node_loses_nothing_and_pays_for_no_reply_twice(
    run: Run, tmp_path: Path, cluster: Any, nodes: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    """Half-way through a run over HTTP; what it had paid for comes from the log, what it held in the gate is freed."""
    with LoopbackServer(behaviour=Behaviour(latency=0.05, max_in_flight=1000)) as server:
        assert run("local", server, "synth-apis") == run("cluster", server, "synth-apis") == 0
        assert run("local", server, "gen-dialogs") == 0
        asked = server.counters["requests"]
    with LoopbackServer(behaviour=Behaviour(latency=0.05)) as server:
        killing = kill_later(cluster, nodes[0], lambda: server.counters["requests"] > asked / 3)
        assert run("cluster", server, "gen-dialogs", run__executor="ray", run__concurrency=4) == 0
        killing.join()
        assert server.counters["duplicates"] <= 2 * 4 * 3
        assert server.counters["in_flight_max"] <= 2 * 4 + 4
    assert files(tmp_path / "cluster") == files(tmp_path / "local")
