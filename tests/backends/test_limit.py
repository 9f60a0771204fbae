"""The limit on requests in flight, against simulated endpoints with endless demand, and the gate that keeps it."""

from __future__ import annotations

import asyncio
import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from toolace.backends.flow import Flow
from toolace.backends.limit import Limit


@dataclass
class Endpoint:
    """A server in simulated time: so many work at once, others wait in line; above `refuses` it answers 429."""

    limit: Limit
    service: Callable[[], float]
    workers: int = 10**6
    refuses: int = 10**6
    now: float = 0.0
    in_flight: int = 0
    working: int = 0
    closed_until: float = 0.0
    done: int = 0
    refused: int = 0
    line: list[tuple[int, float, int]] = field(default_factory=list)
    events: list[tuple[float, int, str, tuple[int, float, int]]] = field(default_factory=list)
    trace: list[tuple[float, float]] = field(default_factory=list)

    def run(self, seconds: float) -> Endpoint:
        self._admit()
        while self.now < seconds:
            self.now, _, what, ticket = heapq.heappop(self.events)
            getattr(self, what)(ticket)
            self._admit()
            self.trace.append((self.now, self.limit.value))
        return self

    def values(self, since: float) -> list[float]:
        return [value for at, value in self.trace if at >= since]

    def finish(self, ticket: tuple[int, float, int]) -> None:
        busy = self.in_flight >= int(self.limit.value)
        self.limit.succeeded("role", ticket[0], self.now - ticket[1], busy=busy)
        self.in_flight, self.working, self.done = self.in_flight - 1, self.working - 1, self.done + 1
        if self.line:
            self._work(self.line.pop(0))

    def refuse(self, ticket: tuple[int, float, int]) -> None:
        self.in_flight, self.refused = self.in_flight - 1, self.refused + 1
        self.limit.refused(ticket[0], ticket[2])
        self.closed_until = self.now + 1.0
        self._push(self.closed_until, "wake", ticket)

    def wake(self, ticket: tuple[int, float, int]) -> None:
        """Only admits."""

    def _admit(self) -> None:
        while self.in_flight < int(self.limit.value) and self.now >= self.closed_until:
            ticket = (self.limit.epoch, self.now, self.in_flight)
            self.in_flight += 1
            if self.in_flight > self.refuses:
                self._push(self.now + 0.002, "refuse", ticket)
            elif self.working < self.workers:
                self._work(ticket)
            else:
                self.line.append(ticket)

    def _work(self, ticket: tuple[int, float, int]) -> None:
        self.working += 1
        self._push(self.now + self.service(), "finish", ticket)

    def _push(self, at: float, what: str, ticket: tuple[int, float, int]) -> None:
        heapq.heappush(self.events, (at, len(self.trace) * 10_000 + len(self.events), what, ticket))


def even() -> float:
    return 0.1


def test_an_endpoint_that_takes_all_gets_all() -> None:
    """Nothing is lost to caution: 64 in flight at 0.1 s are 640 a second."""
    endpoint = Endpoint(Limit(64), even).run(20)
    assert {value for _, value in endpoint.trace} == {64.0}
    assert endpoint.done / endpoint.now > 620


@pytest.mark.parametrize("bound", [64, 256])
def test_an_endpoint_that_refuses_above_20_is_held_at_20(bound: int) -> None:
    """Within 10 s, and without hammering it afterwards."""
    endpoint = Endpoint(Limit(bound), even, refuses=20).run(10)
    before = endpoint.refused
    endpoint.run(40)
    assert min(endpoint.values(10)) >= 18
    assert max(endpoint.values(10)) < 22
    assert endpoint.done / endpoint.now > 0.8 * 200
    assert endpoint.refused - before < 30


@pytest.mark.parametrize("workers", [8, 16])
def test_an_endpoint_that_queues_is_not_driven_past_its_knee(workers: int) -> None:
    """64 at once would wait four to eight times as long, and no more would be done."""
    endpoint = Endpoint(Limit(64), even, workers=workers).run(60)
    late = endpoint.values(15)
    assert sum(late) / len(late) < 2.5 * workers
    assert endpoint.done / endpoint.now > 0.9 * workers / 0.1


def test_latency_that_merely_varies_costs_little() -> None:
    """Suspicion is tried out, found wrong, and tried ever less often."""
    draw = random.Random(1)
    endpoint = Endpoint(Limit(64), lambda: draw.lognormvariate(-1.0, 0.8)).run(120)
    possible = 64 / 0.5066  # the mean of this distribution
    assert endpoint.done / endpoint.now > 0.85 * possible


def test_a_limit_that_was_lowered_grows_again() -> None:
    """The endpoint got better after a while."""
    endpoint = Endpoint(Limit(64), even, refuses=20).run(5)
    endpoint.refuses = 10**6
    endpoint.run(60)
    assert endpoint.limit.value > 50


def test_one_burst_lowers_the_limit_once() -> None:
    """At most by half, at least by a twentieth; stragglers of the same burst change nothing more."""
    limit = Limit(64)
    for held in range(63, 2, -1):
        limit.refused(0, held)
    assert limit.value == 32
    limit.refused(limit.epoch, 31)
    assert limit.value == pytest.approx(32 * 0.95)


def run(coroutine: Any) -> Any:
    return asyncio.run(coroutine)


def test_the_gate_lets_no_more_in_than_the_limit_and_is_fair() -> None:
    """First come, first served."""

    async def scene() -> tuple[int, list[int]]:
        flow, most, order = Flow(3), 0, []

        async def one(number: int) -> None:
            nonlocal most
            ticket = await flow.enter()
            order.append(number)
            most = max(most, flow.in_flight)
            await asyncio.sleep(0)
            flow.succeeded(ticket)

        await asyncio.gather(*(one(number) for number in range(20)))
        return most, order

    assert run(scene()) == (3, list(range(20)))


def test_retry_after_pauses_everybody() -> None:
    """Nobody enters before it is over."""

    async def scene() -> float:
        flow = Flow(4)
        ticket = await flow.enter()
        started = asyncio.get_running_loop().time()
        flow.refused(ticket, 0.05)
        await asyncio.gather(flow.enter(), flow.enter())
        return asyncio.get_running_loop().time() - started

    assert run(scene()) >= 0.049


def test_who_gives_up_waiting_leaves_no_slot_taken() -> None:
    """Cancelled in line, and cancelled just as its turn came."""

    async def scene() -> int:
        flow = Flow(1)
        ticket = await flow.enter()
        in_line, next_one = asyncio.ensure_future(flow.enter()), asyncio.ensure_future(flow.enter())
        await asyncio.sleep(0)
        in_line.cancel()
        await asyncio.sleep(0)
        flow.succeeded(ticket)
        next_one.cancel()
        await asyncio.gather(in_line, next_one, return_exceptions=True)
        return flow.in_flight

    assert run(scene()) == 0
