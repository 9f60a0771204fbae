"""A real Ray cluster on loopback: a head node that only drives, and nodes that come and go."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import toolace


@pytest.fixture(scope="session")
def cluster() -> Iterator[Any]:
    """`cluster.add_node(num_cpus=1)` and `cluster.remove_node(node)`; RAY_ADDRESS names it. Skips where Ray is missing."""
    pytest.importorskip("ray")
    from ray.cluster_utils import Cluster

    root = Path(toolace.__file__).parents[1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(root), os.environ.get("PYTHONPATH", "")]))
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        made = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
        patch.setenv("RAY_ADDRESS", made.address)
        yield made
        made.shutdown()


@pytest.fixture
def nodes(cluster: Any) -> Iterator[list[Any]]:
    """Two nodes with a CPU each."""
    made = [cluster.add_node(num_cpus=1) for _ in range(2)]
    yield made
    for node in made:
        if node in cluster.worker_nodes:
            cluster.remove_node(node)
