"""Where attempts run: tasks of this process's event loop, or forked worker processes for a backend that computes.

A worker process inherits the stage and the backend by fork, ignores Ctrl-C (its parent handles it) and dies with its
parent.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import multiprocessing
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from toolace.errors import ReplyError, Unanswerable
from toolace.roles import Backend

if TYPE_CHECKING:
    from toolace.runner import Stage

T = TypeVar("T")

CHUNK = 16
"""Jobs sent to a worker process at once: enough to hide the hand-over, few enough to keep both cores busy."""

TRIES = 2
"""What failed for want of a reply is tried once more before it is errored; its other replies come from the log."""

_inherited: tuple[Any, Any] | None = None


class Workers:
    """Runs attempts with bounded concurrency; a future's result is the attempt's, or the ReplyError that ended it."""

    def __init__(self, stage: Stage, backend: Backend, processes: int, concurrency: int):
        self._stage, self._backend = stage, backend
        self._slots = asyncio.Semaphore(concurrency)
        self._processes = processes if _can_fork() else 1
        self._pool: ProcessPoolExecutor | None = None
        self.chunk = 1 if self._processes == 1 else CHUNK
        self.capacity = concurrency if self._processes == 1 else self._processes * CHUNK * 2

    def submit(self, batch: list[tuple[int, Any]]) -> dict[int, asyncio.Future[Any]]:
        """Starts these attempts; a small batch is not worth a process."""
        if self._processes == 1 or (self._pool is None and len(batch) < CHUNK):
            return {index: asyncio.ensure_future(self._here(index, job)) for index, job in batch}
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._processes,
                mp_context=multiprocessing.get_context("fork"),
                initializer=_become_worker,
                initargs=(self._stage, self._backend, os.getpid()),
            )
        loop = asyncio.get_running_loop()
        futures: dict[int, asyncio.Future[Any]] = {}
        for at in range(0, len(batch), CHUNK):
            chunk = batch[at : at + CHUNK]
            for index, _ in chunk:
                futures[index] = loop.create_future()
            done = loop.run_in_executor(self._pool, _work, chunk)
            done.add_done_callback(partial(_deliver, [futures[index] for index, _ in chunk]))
        return futures

    async def close(self, running: Iterable[asyncio.Future[Any]]) -> None:
        """Cancels what still runs and ends the worker processes."""
        left = list(running)
        for future in left:
            future.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)

    async def _here(self, index: int, job: Any) -> Any:
        async with self._slots:
            try:
                return await tried(lambda: self._stage.attempt(index, job, self._backend.ask))
            except ReplyError as error:
                return error


async def tried(work: Callable[[], Awaitable[T]]) -> T:
    """Does work that asks, more than once if need be. Raises the last ReplyError."""
    for _ in range(TRIES - 1):
        try:
            return await work()
        except Unanswerable:
            raise
        except ReplyError:
            continue
    return await work()


def _deliver(futures: list[asyncio.Future[Any]], finished: asyncio.Future[list[Any]]) -> None:
    if finished.cancelled():
        return
    error = finished.exception()
    for at, future in enumerate(futures):
        if future.done():
            continue
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(finished.result()[at])


def _can_fork() -> bool:
    return sys.platform.startswith("linux")


def _become_worker(stage: Any, backend: Any, parent: int) -> None:
    global _inherited
    _inherited = (stage, backend)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(OSError):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:  # it died before the call above
        os._exit(1)


def _work(chunk: list[tuple[int, Any]]) -> list[Any]:
    assert _inherited is not None
    stage, backend = _inherited

    async def one(index: int, job: Any) -> Any:
        try:
            return await stage.attempt(index, job, backend.ask)
        except ReplyError as error:
            return error

    async def all_of_them() -> list[Any]:
        return [await one(index, job) for index, job in chunk]

    return asyncio.run(all_of_them())
