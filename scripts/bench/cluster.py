"""Two Ray nodes against one on work that waits for an endpoint; and two of which one is killed half-way.

    python scripts/bench/cluster.py

The cluster is a real one on this machine: a head that drives, and nodes with a CPU each. Times run from the first request
to the last settled attempt; what Ray takes to start a process on a node comes before.
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
from pathlib import Path
from typing import Annotated, Any

import typer
from calls import CONTEXT
from ray.cluster_utils import Cluster
from serving import counters, loopback
from single_calls import Calls

import toolace
from toolace.configfile import load_config
from toolace.console import Console
from toolace.session import Session
from toolace.shards import Workspace


def main(
    count: Annotated[int, typer.Option(help="calls")] = 2000,
    at_once: Annotated[int, typer.Option(help="calls in flight on each node")] = 32,
    latency: Annotated[float, typer.Option(help="seconds that the server takes")] = 0.25,
) -> None:
    """Prints one line a run."""
    os.environ["PYTHONPATH"] = os.pathsep.join([str(Path(toolace.__file__).parents[1]), str(Path(__file__).parent)])
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
    os.environ["RAY_ADDRESS"] = cluster.address
    alone = 0.0
    try:
        for nodes, is_killed in ((1, False), (2, False), (2, True)):
            while len(cluster.worker_nodes) < nodes:
                cluster.add_node(num_cpus=1)
            with loopback(str(latency), scripted=True) as url:
                seconds = measured(cluster, url, count, at_once, is_killed=is_killed)
                found = counters(url)
            alone = alone or seconds
            print(
                f"{nodes} nodes{', one killed half-way' if is_killed else ''}: {seconds:.2f} s, "
                f"{alone / seconds:.2f} x one node's speed; {found['requests']} requests, {found['duplicates']} of them "
                f"twice, {found['in_flight_max']} at once at most; load {os.getloadavg()[0]:.1f}",
                flush=True,
            )
    finally:
        cluster.shutdown()


def measured(cluster: Any, url: str, count: int, at_once: int, *, is_killed: bool) -> float:
    """Seconds of one run, all of whose attempts are kept."""
    settings = {"kind": "openai", "base_url": url, "send_context": True}
    overrides = {f"backend.{name}": value for name, value in settings.items()}
    overrides |= {"run.concurrency": at_once, "run.executor": "ray"}
    with tempfile.TemporaryDirectory() as folder:
        session = Session(load_config(None, overrides), Workspace(Path(folder)), Console(as_json=True))
        killing = threading.Thread(target=kill_half_way, args=(cluster, url, count))
        if is_killed:
            killing.start()
        with session.working():
            stage, place = Calls(CONTEXT, count), session.workspace.stage("calls")
            counts = session.settle(stage, place, fingerprint={}, upstream={}, total=count)
            end = time.time()
        assert counts.kept == count, counts
        if is_killed:
            killing.join()
        return float(end - counters(url)["first_request"])


def kill_half_way(cluster: Any, url: str, count: int) -> None:
    """Kills a node once half of the requests have come."""
    while counters(url).get("requests", 0) < count / 2:
        time.sleep(0.05)
    cluster.remove_node(next(iter(cluster.worker_nodes)), allow_graceful=False)


if __name__ == "__main__":
    typer.run(main)
