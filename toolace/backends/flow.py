"""A gate before each (endpoint, model): as many requests in flight as it can take, first come, first served."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from typing import NamedTuple

from toolace.backends.limit import Limit

MAX_IN_FLIGHT = 1000
"""Connections of the openai client's pool: beyond them requests would wait inside it, unseen."""

MAX_PAUSE = 30.0
"""Longest pause in seconds after a burst of refusals that name no Retry-After."""


class Ticket(NamedTuple):
    """A slot that was taken, while `others` were in flight."""

    epoch: int
    started: float
    others: int


class Flow:
    """Slots for requests. Works in one event loop after another; what it learnt stays."""

    def __init__(self, concurrency: int):
        self.limit = Limit(min(concurrency, MAX_IN_FLIGHT))
        self.in_flight = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._closed_until = 0.0
        self._bursts = 0

    async def enter(self) -> Ticket:
        """Waits for a slot."""
        if not self._waiting and self._is_open():
            self.in_flight += 1
        else:
            await self._queue()
        return Ticket(self.limit.epoch, time.monotonic(), self.in_flight - 1)

    def succeeded(self, ticket: Ticket, role: str) -> None:
        """Gives back the slot of an answered request."""
        busy = self.in_flight >= int(self.limit.value)
        self.limit.succeeded(role, ticket.epoch, time.monotonic() - ticket.started, busy=busy)
        self._bursts = 0
        self.leave()

    def refused(self, ticket: Ticket, retry_after: float | None) -> None:
        """Gives back the slot of a request that got a 429, and pauses everybody."""
        before = self.limit.epoch
        self.in_flight -= 1
        self.limit.refused(ticket.epoch, ticket.others)
        self._bursts += self.limit.epoch > before
        pause = min(MAX_PAUSE, 0.1 * 2.0**self._bursts) if retry_after is None else retry_after
        self._closed_until = max(self._closed_until, time.monotonic() + pause)
        self._wake()

    def leave(self) -> None:
        """Gives back a slot of which nothing is to be learnt."""
        self.in_flight -= 1
        self._wake()

    async def _queue(self) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        self._wake()
        try:
            await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled():
                self.leave()
            elif future in self._waiting:
                self._waiting.remove(future)
            raise

    def _is_open(self) -> bool:
        return self.in_flight < int(self.limit.value) and time.monotonic() >= self._closed_until

    def _wake(self) -> None:
        while self._waiting and self._is_open():
            future = self._waiting.popleft()
            if not future.done():
                self.in_flight += 1
                future.set_result(None)
        pause = self._closed_until - time.monotonic()
        if self._waiting and pause > 0:
            asyncio.get_running_loop().call_later(pause, self._wake)
