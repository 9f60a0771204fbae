"""Many at once over real HTTP: what the server takes decides, and event loops may follow one another."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from typing import Any

import pytest

from toolace.roles import Key

Serve = Callable[..., Any]
Connect = Callable[..., Any]


def test_never_more_in_flight_than_the_runs_concurrency(serve: Serve, connect: Connect) -> None:
    """However many are asked for at once."""
    server = serve(latency=0.01)
    assert len(connect(server, concurrency=5)(40, at_once=40)) == 40
    assert server.counters["in_flight_max"] == 5


def test_a_server_that_answers_429_above_20_is_held_there(serve: Serve, connect: Connect) -> None:
    """The first burst teaches it; afterwards refusals are rare."""
    server = serve(latency=0.03, max_in_flight=20, retry_after=0.05)
    ask = connect(server)
    assert not [outcome for outcome in ask(150, at_once=64) if isinstance(outcome, Exception)]
    learnt = server.counters["status.429"]
    assert not [outcome for outcome in ask(600, at_once=64) if isinstance(outcome, Exception)]
    assert server.counters["status.429"] - learnt < 20
    assert 15 <= ask.backend.flow("riddle").limit.value <= 22


def test_one_backend_works_in_one_event_loop_after_another(
    serve: Serve, connect: Connect, riddle: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Each stage has a loop of its own; the end of a loop closes its connections without a word."""
    server = serve()
    backend = connect(server).backend

    async def ask(record: int) -> int:
        answer = await backend.ask(riddle, riddle.context(text="x"), Key("s", record))
        return int(answer.number)

    assert [asyncio.run(ask(record)) for record in range(3)] == [0, 1, 2]
    asyncio.run(backend.close())
    gc.collect()
    assert not [record for record in caplog.records if "nclosed" in record.getMessage()]
