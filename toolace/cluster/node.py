"""The process of a node: it is given the stage once, and then lots of jobs."""

from __future__ import annotations

import asyncio
import io
import os
import pickle
from dataclasses import dataclass, field
from pathlib import Path
from types import GeneratorType
from typing import TYPE_CHECKING, Any, cast

from toolace.cluster.carried import Carried
from toolace.complexity.learners import open_learner
from toolace.complexity.scoring import LearnerScorer
from toolace.complexity.steering import Range
from toolace.config import ComplexitySection, Config
from toolace.errors import ReplyError, UserMistake
from toolace.roles import Backend
from toolace.workers import tried

if TYPE_CHECKING:
    from toolace.backends.openai import OpenAIBackend

CARRIED = ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID")
"""Variables that a node takes over from the driver."""


@dataclass(frozen=True)
class Orders:
    """What a node needs. The API key is in it: it goes as an argument of a call, which Ray does not keep."""

    config: Config
    stage: bytes
    name: str
    """The stage's."""
    gates: Any
    ledger: Any
    """Where what is paid is written down; None where nothing is."""
    prompts: dict[str, str] = field(repr=False, default_factory=dict)
    """The user's own prompt files."""
    environment: dict[str, str] = field(repr=False, default_factory=dict)


class Node:
    """The actor."""

    def __init__(self, name: str):
        self._name = name
        self._stage: Any = None
        self._backend: Backend | None = None
        self._carried: Carried | None = None

    async def open(self, orders: Orders) -> None:
        """Gets ready. Raises UserMistake for what this machine lacks, such as the learner."""
        from toolace.answering import answering

        os.environ.update(orders.environment)
        self._stage = pickle.loads(orders.stage)
        self._slots = asyncio.Semaphore(orders.config.run.concurrency)
        config, root = orders.config, Path()
        if orders.ledger is not None:
            self._carried = Carried(self._name, orders.ledger)
            await self._carried.begin(orders.name)
            config, root = self._carried.with_prompts(config, orders.prompts), self._carried.root
        self._backend = answering(config, root, gates=orders.gates, name=self._name)

    async def work(self, lot: list[tuple[int, Any]], lost: tuple[str, ...] = ()) -> list[Any]:
        """The results of these attempts, or the ReplyError of each. What the nodes paid for it that are lost is found."""
        if self._carried is not None and lost:
            for name in lost:
                await self._carried.inherit(name)
            cast("OpenAIBackend", self._backend).catch_up()
        return await asyncio.gather(*(self._attempt(index, job) for index, job in lot))

    async def close(self) -> None:
        """Takes in the replies that are on their way."""
        if self._backend is not None:
            await self._backend.close()
        if self._carried is not None:
            await self._carried.close()

    async def _attempt(self, index: int, job: Any) -> Any:
        backend = self._backend
        assert backend is not None
        async with self._slots:
            try:
                return await tried(lambda: self._stage.attempt(index, job, backend.ask))
            except ReplyError as error:
                return error


def own_prompts(config: Config) -> dict[str, str]:
    """The text of the user's prompt files by name."""
    folder = config.prompts_dir
    return {file.name: file.read_text("utf-8") for file in Path(folder).iterdir() if file.is_file()} if folder else {}


@dataclass(frozen=True)
class Packed:
    """A stage for its journey."""

    content: bytes
    has_learner: bool


def packed(stage: Any, settings: ComplexitySection) -> Packed:
    """A stage without its input, which only the driver reads, and without its learner, which each node opens."""
    from ray.cloudpickle import CloudPickler

    learners: list[LearnerScorer] = []

    class Packer(CloudPickler):  # type: ignore[misc]
        def reducer_override(self, thing: Any) -> Any:
            if isinstance(thing, GeneratorType):
                return iter, ((),)
            if isinstance(thing, LearnerScorer):
                learners.append(thing)
                return _scorer, (settings, thing.learner, thing.measure, thing.range)
            return super().reducer_override(thing)

    file = io.BytesIO()
    Packer(file).dump(stage)
    return Packed(file.getvalue(), bool(learners))


def _scorer(settings: ComplexitySection, name: str, measure: str, bounds: Range) -> LearnerScorer:
    """The driver's scorer with this node's learner. Raises UserMistake where that is another one."""
    import ray

    learner = open_learner(settings)
    found = learner.name if learner else "none"
    if learner is None or found != name:
        raise UserMistake(
            f"the learner is {name!r} on the driver and {found!r} on a node; install the same on both and set "
            "complexity.dtype"
        )
    cores = int(ray.get_runtime_context().get_assigned_resources().get("CPU", 1))
    return LearnerScorer(learner, measure, bounds, threads=max(1, cores) if learner.forks else 0)
