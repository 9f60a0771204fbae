"""A gate before each (endpoint, model): as many requests in flight as it can take, first come, first served."""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from toolace.backends.limit import Limit
from toolace.backends.pace import Pace
from toolace.config import Cap

MAX_IN_FLIGHT = 1000
"""Connections of the openai client's pool: beyond them requests would wait inside it, unseen."""

MAX_PAUSE = 30.0
"""Longest pause in seconds after a burst of refusals that name no Retry-After."""


class Ticket(NamedTuple):
    """A slot that a role's request of about `asked` tokens took, while `others` were in flight."""

    role: str
    asked: int
    charged: float
    epoch: int
    started: float
    others: int


class Flow:
    """Slots for requests. Works in one event loop after another; what it learnt stays."""

    def __init__(self, concurrency: int, cap: Cap | None = None, clock: Callable[[], float] = time.monotonic):
        self.limit = Limit(min(concurrency, MAX_IN_FLIGHT))
        self.in_flight = 0
        self.spent: float | None = None
        """What was paid in all, where only the gate knows."""
        self._pace = Pace(cap or Cap())
        self._clock = clock
        self._waiting: deque[tuple[asyncio.Future[float], str, int]] = deque()
        self._timer: tuple[asyncio.AbstractEventLoop, asyncio.TimerHandle] | None = None
        self._closed_until = 0.0
        self._bursts = 0

    async def enter(self, role: str = "", asked: int = 0) -> Ticket:
        """Waits for a slot."""
        if not self._waiting and self._closed_for() <= 0:
            self.in_flight += 1
            charged = self._pace.started(role, asked)
        else:
            charged = await self._queue(role, asked)
        return Ticket(role, asked, charged, self.limit.epoch, self._clock(), self.in_flight - 1)

    def succeeded(self, ticket: Ticket, tokens: int = 0) -> None:
        """Gives back the slot of an answered request."""
        busy = self.in_flight >= int(self.limit.value)
        self.limit.succeeded(ticket.role, ticket.epoch, self._clock() - ticket.started, busy=busy)
        self._bursts = 0
        self.leave(ticket, tokens)

    def refused(self, ticket: Ticket, retry_after: float | None) -> None:
        """Gives back the slot of a request that got a 429, and pauses everybody."""
        before = self.limit.epoch
        self.limit.refused(ticket.epoch, ticket.others)
        self._bursts += self.limit.epoch > before
        pause = min(MAX_PAUSE, 0.1 * 2.0**self._bursts) if retry_after is None else retry_after
        self._closed_until = max(self._closed_until, self._clock() + pause)
        self.leave(ticket)

    def leave(self, ticket: Ticket, tokens: int = 0) -> None:
        """Gives back a slot, without a lesson about the limit."""
        self.in_flight -= 1
        self._pace.ended(ticket.role, ticket.asked, ticket.charged, tokens)
        self._wake()

    async def _queue(self, role: str, asked: int) -> float:
        future: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        place = (future, role, asked)
        self._waiting.append(place)
        self._wake()
        try:
            return await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled():
                self.leave(Ticket(role, asked, future.result(), 0, 0.0, 0))
            elif place in self._waiting:
                self._waiting.remove(place)
            raise

    def _closed_for(self) -> float:
        """Seconds until the gate opens: 0 now, infinity when a slot must be given back first."""
        if self.in_flight >= int(self.limit.value):
            return math.inf
        now = self._clock()
        return max(self._closed_until - now, self._pace.wait(now), 0.0)

    def _wake(self) -> None:
        pause = 0.0
        while self._waiting and (pause := self._closed_for()) <= 0:
            future, role, asked = self._waiting.popleft()
            if not future.done():
                self.in_flight += 1
                future.set_result(self._pace.started(role, asked))
        if self._waiting and pause < math.inf:
            self._wake_after(pause)

    def _wake_after(self, pause: float) -> None:
        """One timer at a time, of the running loop; where it comes too early it is set again."""
        loop = asyncio.get_running_loop()
        if self._timer is not None and self._timer[0] is loop:
            self._timer[1].cancel()
        self._timer = (loop, loop.call_later(pause, self._wake))


class Ungated(Flow):
    """Lets everybody in and learns nothing: for the questions of a batch, which wait elsewhere."""

    def __init__(self) -> None:
        super().__init__(1)

    async def enter(self, role: str = "", asked: int = 0) -> Ticket:
        """At once."""
        return Ticket(role, asked, 0.0, 0, 0.0, 0)

    def succeeded(self, ticket: Ticket, tokens: int = 0) -> None:
        """Nothing was taken."""

    def refused(self, ticket: Ticket, retry_after: float | None) -> None:
        """Nothing was taken."""

    def leave(self, ticket: Ticket, tokens: int = 0) -> None:
        """Nothing was taken."""
