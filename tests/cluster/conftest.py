"""A real Ray cluster on loopback: a head node that only drives, and nodes that come and go."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import toolace
from tests.serving import JsonHandler, listening


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


class Lengths(JsonHandler):
    """A model whose characters are as likely as their code points say: what a learner behind an endpoint is asked."""

    def do_GET(self) -> None:
        """The models served."""
        self.reply(200, {"data": [{"id": "lengths"}]})

    def do_POST(self) -> None:
        """Log-probabilities of a text; no other route."""
        body = self.body()
        if self.path != "/v1/completions":
            self.reply(404, {})
            return
        text = body["prompt"] + "!"
        values = [None, *(-(ord(char) % 7) / 7 for char in text[1:])]
        echoed = {"token_logprobs": values, "text_offset": list(range(len(text))), "tokens": list(text)}
        self.reply(200, {"choices": [{"logprobs": echoed}]})


@pytest.fixture
def learner() -> Iterator[str]:
    """A setting of complexity.learner that answers at once."""
    with listening(Lengths) as url:
        yield f"vllm:{url}"
