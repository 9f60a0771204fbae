"""The process of a node: it is given the stage once, and then lots of jobs."""

from __future__ import annotations

import asyncio
import io
import os
import pickle
from dataclasses import dataclass, field
from pathlib import Path
from types import GeneratorType
from typing import Any

from toolace.config import Config
from toolace.errors import ReplyError, UserMistake
from toolace.roles import Backend
from toolace.workers import tried

CARRIED = ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID")
"""Variables that a node takes over from the driver."""


@dataclass(frozen=True)
class Orders:
    """What a node needs. The API key is in it: it goes as an argument of a call, which Ray does not keep."""

    config: Config
    root: Path
    """The workspace, on storage that all nodes see."""
    stage: bytes
    gates: Any
    environment: dict[str, str] = field(repr=False, default_factory=dict)


class Node:
    """The actor."""

    def __init__(self, name: str):
        self._name = name
        self._stage: Any = None
        self._backend: Backend | None = None

    async def open(self, orders: Orders) -> None:
        """Gets ready. Raises UserMistake where the workspace is not to be seen from here."""
        from toolace.answering import answering

        if not orders.root.is_dir():
            raise UserMistake(f"there is no workspace at {str(orders.root)!r}; put it on storage that all nodes share")
        os.environ.update(orders.environment)
        self._stage = pickle.loads(orders.stage)
        self._slots = asyncio.Semaphore(orders.config.run.concurrency)
        self._backend = answering(orders.config, orders.root, gates=orders.gates, name=self._name)

    async def work(self, lot: list[tuple[int, Any]], *, is_repeated: bool = False) -> list[Any]:
        """The results of these attempts, or the ReplyError of each. A repeated lot finds what its lost node has paid."""
        assert self._backend is not None
        if is_repeated and (catch_up := getattr(self._backend, "catch_up", None)):
            catch_up()
        return await asyncio.gather(*(self._attempt(index, job) for index, job in lot))

    async def close(self) -> None:
        """Takes in the replies that are on their way."""
        if self._backend is not None:
            await self._backend.close()

    async def _attempt(self, index: int, job: Any) -> Any:
        backend = self._backend
        assert backend is not None
        async with self._slots:
            try:
                return await tried(lambda: self._stage.attempt(index, job, backend.ask))
            except ReplyError as error:
                return error


def packed(stage: Any) -> bytes:
    """A stage for its journey. Its input, which only the driver reads, stays behind."""
    from ray.cloudpickle import CloudPickler

    class Packer(CloudPickler):  # type: ignore[misc]
        def reducer_override(self, thing: Any) -> Any:
            return (iter, ((),)) if isinstance(thing, GeneratorType) else super().reducer_override(thing)

    file = io.BytesIO()
    Packer(file).dump(stage)
    return file.getvalue()
