"""Attempts on the nodes of a Ray cluster, as the runner wants them: it submits jobs and gets futures."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import ray
from ray.exceptions import RayActorError, RayTaskError
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from toolace.backends.openai import LAST_SECONDS
from toolace.cluster.gate import Gates
from toolace.cluster.ledger import Ledger
from toolace.cluster.node import CARRIED, Node, Orders, own_prompts, packed
from toolace.config import Config
from toolace.errors import Stopped, UserMistake
from toolace.workers import CHUNK

PATIENCE = 20.0
"""Seconds of waiting for a node after which that is told."""

MANY = 100_000
"""Calls that one actor may have under way: the gates and the slots limit them, not Ray."""

log = logging.getLogger(__name__)


class Cluster:
    """A connection to a running Ray cluster, with the gates that all stages of a session share."""

    def __init__(self, config: Config, root: Path, spent: float):
        """Raises UserMistake when there is no cluster. `spent`: what the workspace has cost before."""
        ending = signal.getsignal(signal.SIGTERM)
        try:
            ray.init(address=config.run.ray_address, log_to_driver=False, logging_level=logging.ERROR)
        except (ConnectionError, RuntimeError, ValueError) as error:
            reason = " ".join(str(error).split())[:200]
            raise UserMistake(
                f"no Ray cluster at {config.run.ray_address!r} ({reason}); start one with `ray start --head`"
            ) from None
        signal.signal(signal.SIGTERM, ending)  # Ray sets one of its own
        self.config = config
        here = NodeAffinitySchedulingStrategy(ray.get_runtime_context().get_node_id(), soft=False)
        remote = ray.remote(Gates).options(num_cpus=0, max_concurrency=MANY, scheduling_strategy=here)
        self.gates = remote.remote(config.run.concurrency * max(1, len(places(config))), spent)
        self.ledger: Any = None
        if config.backend.kind != "simulator":
            remote = ray.remote(Ledger).options(num_cpus=0, scheduling_strategy=here)
            self.ledger = remote.remote(root.resolve() / "replies")

    def workers(self, stage: Any, _: Any) -> ClusterWorkers:
        """For a stage; the nodes make backends of their own."""
        return ClusterWorkers(self, stage)

    def close(self) -> None:
        """Leaves the cluster."""
        with contextlib.suppress(Exception):
            if self.ledger is not None:
                ray.get(self.ledger.close.remote(), timeout=LAST_SECONDS)
                ray.kill(self.ledger)
            ray.kill(self.gates)
        ray.shutdown()


class ClusterWorkers:
    """Runs the attempts of one stage; a future's result is the attempt's, or the ReplyError that ended it."""

    def __init__(self, cluster: Cluster, stage: Any):
        self._cluster = cluster
        config = cluster.config
        environment = {name: os.environ[name] for name in CARRIED if name in os.environ}
        found = packed(stage, config.complexity)
        self._orders = Orders(
            config, found.content, stage.name, cluster.gates, cluster.ledger, own_prompts(config), environment
        )
        computes = config.backend.kind == "simulator" and not found.has_learner
        self.chunk = CHUNK if computes else 1
        self._each = 2 * CHUNK if computes else config.run.concurrency
        self._load: dict[Any, int] = {}
        """Attempts under way by node that is ready."""
        self._names: dict[Any, str] = {}
        self._lots: set[asyncio.Future[list[Any]]] = set()
        self._failure: Exception | None = None
        self._changed = asyncio.Condition()
        found_places = places(config, has_learner=found.has_learner)
        self._starting = {asyncio.ensure_future(self._start(place)) for place in found_places}
        self.capacity = max(1, len(self._starting)) * self._each

    def submit(self, batch: list[tuple[int, Any]]) -> dict[int, asyncio.Future[Any]]:
        """Starts these attempts, in lots."""
        futures: dict[int, asyncio.Future[Any]] = {}
        for at in range(0, len(batch), self.chunk):
            lot = batch[at : at + self.chunk]
            done = asyncio.ensure_future(self._done(lot))
            self._lots.add(done)
            done.add_done_callback(self._lots.discard)
            for number, (index, _) in enumerate(lot):
                futures[index] = asyncio.ensure_future(_item(done, number))
        return futures

    async def close(self, running: Iterable[asyncio.Future[Any]]) -> None:
        """Cancels what still runs, and lets the nodes take in what is on its way."""
        left: list[asyncio.Future[Any]] = [*running, *self._lots, *self._starting]
        for future in left:
            future.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        closing = [asyncio.wrap_future(node.close.remote().future()) for node in self._load]
        if closing:
            await asyncio.wait(closing, timeout=LAST_SECONDS)
        for node in self._load:
            ray.kill(node)

    async def _start(self, place: Place) -> None:
        """One process on a node, once it has the CPUs for it."""
        identity = place.node
        where = NodeAffinitySchedulingStrategy(identity, soft=False)
        remote = ray.remote(Node).options(
            num_cpus=place.cpus, num_gpus=place.gpus, max_concurrency=MANY, scheduling_strategy=where
        )
        name = f"{identity}-{place.number}-{uuid.uuid4().hex[:8]}"
        node = remote.remote(name)
        self._names[node] = name
        try:
            await self._opened(node, identity)
            self._load[node] = 0
        except asyncio.CancelledError:
            ray.kill(node)
            raise
        except RayActorError as error:
            log.warning("Ray node %s does not start: %s", identity[:8], " ".join(str(error).split())[:200])
        except RayTaskError as error:
            self._failure = error.cause
            log.warning("Ray node %s: %s", identity[:8], error.cause)
        async with self._changed:
            self._changed.notify_all()

    async def _opened(self, node: Any, identity: str) -> None:
        """Waits until it is ready, and tells so now and then."""
        opened = asyncio.wrap_future(node.open.remote(self._orders).future())
        try:
            while not (await asyncio.wait([opened], timeout=PATIENCE))[0]:
                log.warning("Ray node %s is not ready yet: it has no free CPU, or loads the learner", identity[:8])
            await opened
        finally:
            opened.cancel()

    async def _done(self, lot: list[tuple[int, Any]]) -> list[Any]:
        """The results of a lot, from another node where the one that had it is lost."""
        lost: tuple[str, ...] = ()
        while True:
            node = await self._taken(len(lot))
            try:
                results: list[Any] = await node.work.remote(lot, lost)
                return results
            except RayActorError:
                lost = (*lost, self._names[node])
                self._lost(node)
            except RayTaskError as error:
                raise error.cause from None
            finally:
                async with self._changed:
                    if node in self._load:
                        self._load[node] -= len(lot)
                    self._changed.notify_all()

    async def _taken(self, attempts: int) -> Any:
        """The node with the least to do, once one has room. Raises Stopped when there is none left."""
        async with self._changed:
            while True:
                node = min(self._load, key=self._load.__getitem__, default=None)
                if node is not None and self._load[node] + attempts <= max(self._each, attempts):
                    self._load[node] += attempts
                    return node
                if node is None and all(start.done() for start in self._starting):
                    down = "no node of the Ray cluster is left; run the same command again once it is up"
                    raise self._failure or Stopped(down)
                await self._changed.wait()

    def _lost(self, node: Any) -> None:
        if self._load.pop(node, None) is not None:
            log.warning("a Ray node is lost; its attempts go to the others")
            self._cluster.gates.forget.remote(self._names[node])


async def _item(done: asyncio.Future[list[Any]], number: int) -> Any:
    return (await asyncio.shield(done))[number]


class Place(NamedTuple):
    """Where a process is to run: the number of it on its node, and what it takes up there."""

    node: str
    number: int
    cpus: int = 1
    gpus: int = 0


def places(config: Config, *, has_learner: bool = False) -> list[Place]:
    """The processes to start: one a CPU for the simulator, which computes; one a node where models are asked; and with a
    learner one that has the whole node, whose cores or GPU score one conversation after the other."""
    found: list[Place] = []
    for one in (node for node in ray.nodes() if node["Alive"]):
        cpus, gpus = (int(one["Resources"].get(name, 0)) for name in ("CPU", "GPU"))
        if cpus and has_learner:
            found.append(Place(one["NodeID"], 0, cpus, min(1, gpus)))
        else:
            number = cpus if config.backend.kind == "simulator" else min(1, cpus)
            found += [Place(one["NodeID"], at) for at in range(min(number, config.run.processes or number))]
    return found
