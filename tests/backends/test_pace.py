"""Requests and tokens a minute: no minute sees more than the cap, and what is allowed is used."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest

from toolace.backends.flow import Flow
from toolace.backends.pace import Pace
from toolace.config import Cap
from toolace.errors import UserMistake

Serve = Callable[..., Any]
Connect = Callable[..., Any]


def starts(cap: Cap, minutes: float, *, asked: int = 0, answered: int = 0) -> list[float]:
    """When requests start whose client never rests, by a clock that only waiting moves."""
    pace, now, found = Pace(cap), 0.0, list[float]()
    while True:
        now += pace.wait(now)
        if now > 60 * minutes:
            return found
        found.append(now)
        charged = pace.started("role", asked)
        pace.ended("role", asked, charged, asked + answered)


def busiest_minute(found: list[float]) -> int:
    """Most starts within any 60 seconds."""
    return max(sum(start <= other < start + 60 for other in found) for start in found)


@pytest.mark.parametrize("requests", [1, 3, 10, 60, 61, 500, 3000])
def test_no_minute_sees_more_requests_than_the_cap(requests: int) -> None:
    """Wherever it begins; and at least nine tenths of the cap are used."""
    found = starts(Cap(requests_per_minute=requests), 3)
    assert busiest_minute(found) <= requests
    assert len(found) >= 0.9 * 3 * requests


@pytest.mark.parametrize("tokens", [2_000, 60_000, 1_000_000])
def test_no_minute_sees_more_tokens_than_the_cap_but_for_one_request(tokens: int) -> None:
    """A request of 1,000 and 500 tokens, whose reply is estimated at first."""
    found = starts(Cap(tokens_per_minute=tokens), 3, asked=1000, answered=500)
    assert busiest_minute(found) * 1500 <= tokens + 1500
    assert len(found) * 1500 >= 0.9 * 3 * tokens


def test_the_tighter_cap_decides() -> None:
    """60 requests or 6,000 tokens: of 1,000 tokens each, six."""
    assert busiest_minute(starts(Cap(requests_per_minute=60, tokens_per_minute=6000), 3, asked=1000)) <= 7


def test_a_request_without_a_reply_gives_its_tokens_back() -> None:
    """Ten minutes of failures cost nothing; its share of the requests is gone."""
    pace = Pace(Cap(requests_per_minute=61, tokens_per_minute=6100))
    charged = pace.started("role", 5000)
    assert (charged, pace.wait(0.0)) == (5300, pytest.approx(52.0, abs=0.1))
    pace.ended("role", 5000, charged, 0)
    assert pace.wait(0.0) == pytest.approx(1.0)


def test_the_gate_keeps_the_pace_by_its_clock() -> None:
    """At 61 requests a minute the next one may start a second later, not before; no timer is needed to find that."""

    async def scene() -> list[bool]:
        now = [0.0]
        flow = Flow(8, Cap(requests_per_minute=61), clock=lambda: now[0])
        await flow.enter()
        waiting = asyncio.ensure_future(flow.enter())
        seen = []
        for now[0] in (0.0, 0.99, 1.01):
            await asyncio.sleep(0)
            flow._wake()
            await asyncio.sleep(0)
            seen.append(waiting.done())
        return seen

    assert asyncio.run(scene()) == [False, False, True]


def test_requests_over_http_keep_the_pace(serve: Serve, connect: Connect) -> None:
    """25 at 610 a minute: 10 at once, the others 0.1 s apart."""
    server = serve()
    ask = connect(server, caps={"m": {"requests_per_minute": 610}})
    started = time.monotonic()
    assert not [outcome for outcome in ask(25, at_once=25) if isinstance(outcome, Exception)]
    assert 1.4 < time.monotonic() - started < 4
    assert server.counters["requests"] == 25


def test_a_cap_may_be_that_of_one_endpoint(serve: Serve, connect: Connect) -> None:
    """Named by its address and the model."""
    server = serve()
    ask = connect(server, caps={f"{server.url} m": {"requests_per_minute": 61}, "m": {"requests_per_minute": 10_000}})
    started = time.monotonic()
    assert len(ask(2)) == 2
    assert time.monotonic() - started > 0.9


def test_a_cap_that_nobody_meets_is_a_mistake(connect: Connect) -> None:
    """Most likely a misspelt model."""
    with pytest.raises(UserMistake, match="no role asks 'n'"):
        connect("http://127.0.0.1:9/v1", caps={"n": {"requests_per_minute": 1}})
