"""Scores conversations with a learner: one a core at a time, with the measure and the range of the configuration."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, TypeVar

from toolace.complexity.chat import unasked
from toolace.complexity.learners import Learner
from toolace.complexity.loss import MEASURES, NEED_UNASKED, LogProbs
from toolace.complexity.steering import Range
from toolace.records import Message

T = TypeVar("T")

IN_FLIGHT = 32
"""Conversations at once for a GPU, which batches them, and for a learner behind an endpoint."""


class LearnerScorer:
    """Scores with one learner, in threads: its matrix products run outside Python's lock, its weights are in memory once.

    A worker process that is forked later inherits the loaded learner and starts threads of its own.
    """

    def __init__(self, learner: Learner, measure: str, bounds: Range, threads: int = 0):
        self.learner, self.measure, self.range = learner.name, measure, bounds
        self.forks = learner.forks
        self._learner = learner
        self._size = threads or (len(os.sched_getaffinity(0)) if learner.forks else IN_FLIGHT)
        self._threads: tuple[int, ThreadPoolExecutor] | None = None

    async def score(self, tools: Sequence[dict[str, Any]], messages: Sequence[Message]) -> float:
        """Complexity of the assistant's messages, in the measure's unit. Raises Unscorable."""
        return await self.in_thread(self.measured, tools, messages)

    async def in_thread(self, function: Callable[..., T], *arguments: Any) -> T:
        """Runs a function of the learner in one of this scorer's threads, as soon as one is free."""
        return await asyncio.get_running_loop().run_in_executor(self._pool(), function, *arguments)

    def measured(self, tools: Sequence[dict[str, Any]], messages: Sequence[Message]) -> float:
        """The same, in this thread."""
        asked = self.logprobs(tools, messages, blank=False)
        base = self.logprobs(tools, messages, blank=True) if self.measure in NEED_UNASKED else ()
        return MEASURES[self.measure](asked, base)

    def every_measure(self, tools: Sequence[dict[str, Any]], messages: Sequence[Message]) -> dict[str, float]:
        """The exchange by every measure, in this thread. Raises Unscorable."""
        asked, base = self.logprobs(tools, messages, blank=False), self.logprobs(tools, messages, blank=True)
        return {name: measure(asked, base) for name, measure in MEASURES.items()}

    def logprobs(self, tools: Sequence[dict[str, Any]], messages: Sequence[Message], *, blank: bool) -> LogProbs:
        """Log-probabilities of the answers; without the user's words if `blank`."""
        read = self._learner.read(tools, messages)
        if blank:
            silent = self._learner.read(tools, unasked(messages))
            read = [replace(one, shared=other.shared) for one, other in zip(silent, read, strict=True)]
        return [answer for passage in read for answer in self._learner.logprobs(passage)]

    def _pool(self) -> ThreadPoolExecutor:
        if self._threads is None or self._threads[0] != os.getpid():
            self._threads = (os.getpid(), ThreadPoolExecutor(self._size, thread_name_prefix="learner"))
        return self._threads[1]
