"""The batch API over real HTTP: gathered, collected, half as dear, and never paid twice."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.backends.riddles import answers, right
from toolace import config
from toolace.errors import ReplyError, UserMistake
from toolace.roles import Key

Serve = Callable[..., Any]
Connect = Callable[..., Any]
PRICES = {"m": {"input": 10.0, "output": 10.0}}


def batched(roles: tuple[str, ...] = ("riddle",), **settings: Any) -> config.Batch:
    """Quick settings, for a role of the tests' own."""
    return config.Batch.model_construct(
        **{"size": 100, "gather": 0.05, "poll": 0.02, "price": 0.5, **settings}, roles=roles
    )


def abandon(ask: Any, count: int, riddle: Any, folder: Path) -> None:
    """Asks, and goes away once the batch is sent, before the answers are there, as a killed process does."""

    async def scene() -> None:
        contexts = [riddle.context(text=f"riddle {record}", secret="the secret plan") for record in range(count)]
        questions = [
            asyncio.create_task(ask.backend.ask(riddle, context, Key("stage", record)))
            for record, context in enumerate(contexts)
        ]
        await asyncio.to_thread(until_sent, folder)
        for question in questions:
            question.cancel()
        await asyncio.gather(*questions, return_exceptions=True)
        await ask.backend.close()

    asyncio.run(scene())


def until_sent(folder: Path) -> None:
    """Waits for the line that notes a batch's id."""
    while not (folder / "batches.jsonl").exists() or len(logged(folder)) < 2:
        time.sleep(0.01)


def logged(folder: Path) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in (folder / "batches.jsonl").read_bytes().splitlines()]


def test_many_questions_make_one_batch_at_half_the_price(serve: Serve, connect: Connect) -> None:
    """None goes the other way; the replies are the same."""
    server = serve()
    cheap, dear = connect(server, batch=batched(), prices=PRICES), connect(server, prices=PRICES)
    assert answers(cheap(30, at_once=30)) == right(30)
    assert (server.counters["batches"], server.counters["batch_lines"], server.counters["requests"]) == (1, 30, 0)
    assert answers(dear(30)) == right(30)
    assert cheap.backend.usage()["cost"] == pytest.approx(dear.backend.usage()["cost"] / 2)
    assert cheap.backend.usage()["cost"] > 0


def test_a_full_batch_is_sent_at_once(serve: Serve, connect: Connect) -> None:
    """30 questions in tens; the last of them need not wait for more."""
    server = serve()
    assert answers(connect(server, batch=batched(size=10, gather=60.0))(30, at_once=30)) == right(30)
    assert (server.counters["batches"], server.counters["batch_lines"]) == (3, 30)


def test_other_roles_are_asked_one_by_one(serve: Serve, connect: Connect, assistant: Any) -> None:
    """Only those that are named wait for a batch."""
    server = serve()
    assert answers(connect(server, batch=batched())(5, role=assistant)) == right(5)
    assert (server.counters["batches"], server.counters["requests"]) == (0, 5)


@pytest.mark.parametrize("fault", ["status_500", "status_429", "hang", "truncated", "wrong_schema", "empty"])
def test_a_line_that_fails_is_asked_again_in_another_batch(fault: str, serve: Serve, connect: Connect) -> None:
    """A third of them, in every way: an error, no answer before the batch expired, a malformed reply."""
    server = serve(faults={fault: 0.33})
    assert answers(connect(server, batch=batched(), retries=8, re_asks=8)(20, at_once=20)) == right(20)
    assert server.counters[fault] > 0
    assert server.counters["batches"] > 1
    assert server.counters["answered"] == server.counters["batch_lines"] - (
        server.counters[fault] if fault in ("status_500", "status_429", "hang") else 0
    )


def test_a_line_that_never_gets_a_reply_is_owed(serve: Serve, connect: Connect, tmp_path: Path) -> None:
    """It is errored after the bounded retries; the others stand, and a rerun asks for it alone."""
    broken, sound = serve(faults={"status_500": 1.0}), serve()
    (outcome,) = connect(broken, batch=batched(), retries=1, replies=tmp_path)(1)
    assert isinstance(outcome, ReplyError)
    assert broken.counters["batch_lines"] == 2
    assert answers(connect(sound, batch=batched(), replies=tmp_path)(1)) == right(1)


def test_what_an_endpoint_does_not_accept_is_left_out_of_the_next_batch(serve: Serve, connect: Connect) -> None:
    """The first batch finds it out."""
    server = serve(unknown=frozenset({"json_schema"}))
    assert answers(connect(server, batch=batched())(10, at_once=10)) == right(10)
    assert (server.counters["batches"], server.counters["batch_lines"], server.counters["answered"]) == (2, 20, 10)


def test_a_batch_of_a_killed_process_is_collected_not_paid_again(
    serve: Serve, connect: Connect, tmp_path: Path, riddle: Any
) -> None:
    """The next process waits for it; its questions and those that nobody asks any more are in the log, with their cost."""
    server = serve(batch_seconds=1.0)
    abandon(connect(server, batch=batched(), replies=tmp_path), 10, riddle, tmp_path)
    assert server.counters["batches"] == 1
    ask = connect(server, batch=batched(), replies=tmp_path, prices=PRICES)
    assert answers(ask(4, at_once=10)) == right(4)
    assert (server.counters["batches"], server.counters["duplicates"]) == (1, 0)
    assert ask.backend.usage()["replies"] == 10
    later = connect(server, batch=batched(), replies=tmp_path)
    assert answers(later(10)) == right(10)
    assert (server.counters["batch_lines"], later.backend.usage()["replayed"]) == (10, 10)
    assert [next(iter(entry)) for entry in logged(tmp_path)] == ["intended", "sent", "done"]


def test_a_kill_between_sending_a_batch_and_noting_its_id_pays_nothing_twice(
    serve: Serve, connect: Connect, tmp_path: Path, riddle: Any
) -> None:
    """The batch is found again by the tag in its metadata; a line torn by the kill is no hindrance."""
    server = serve(batch_seconds=1.0)
    abandon(connect(server, batch=batched(), replies=tmp_path), 10, riddle, tmp_path)
    intended, sent = (tmp_path / "batches.jsonl").read_bytes().splitlines(keepends=True)
    (tmp_path / "batches.jsonl").write_bytes(intended + sent[:20])
    assert answers(connect(server, batch=batched(), replies=tmp_path)(10, at_once=10)) == right(10)
    assert (server.counters["batches"], server.counters["duplicates"]) == (1, 0)


def test_a_kill_before_a_batch_was_sent_leaves_its_questions_to_be_asked(
    serve: Serve, connect: Connect, tmp_path: Path, riddle: Any
) -> None:
    """No batch has its tag: they are asked, once."""
    server = serve()
    abandon(connect(server, batch=batched(), replies=tmp_path), 10, riddle, tmp_path)
    intended = (tmp_path / "batches.jsonl").read_bytes().splitlines(keepends=True)[0]
    (tmp_path / "batches.jsonl").write_bytes(intended)
    for file in tmp_path.glob("segment-*"):
        file.unlink()
    another = serve()
    (tmp_path / "batches.jsonl").write_bytes(intended.replace(server.url.encode(), another.url.encode()))
    assert answers(connect(another, batch=batched(retries=1), replies=tmp_path)(10, at_once=10)) == right(10)
    assert another.counters["batches"] == 1


def test_a_batch_that_the_provider_forgot_is_asked_again(
    serve: Serve, connect: Connect, tmp_path: Path, riddle: Any
) -> None:
    """Its id is not known there any more."""
    server = serve(batch_seconds=1.0)
    abandon(connect(server, batch=batched(), replies=tmp_path), 10, riddle, tmp_path)
    server.batches.batches.clear()
    assert answers(connect(server, batch=batched(), replies=tmp_path)(10, at_once=10)) == right(10)


def test_a_failed_batch_ends_the_run_with_one_line(serve: Serve, connect: Connect) -> None:
    """Too large for the account, or a model that has no batches."""
    (outcome,) = connect(serve(batch_status="failed"), batch=batched())(1)
    assert isinstance(outcome, UserMistake)
    assert "failed batch batch-0" in str(outcome)
    assert str(outcome).endswith("make backend.batch.size smaller, or backend.batch false")


def test_an_expired_batch_is_asked_again_a_bounded_number_of_times(serve: Serve, connect: Connect) -> None:
    """Then its questions are owed."""
    server = serve(batch_status="expired")
    (outcome,) = connect(server, batch=batched(), retries=2)(1)
    assert isinstance(outcome, ReplyError)
    assert server.counters["batches"] == 3


@pytest.mark.parametrize(("given", "roles"), [(True, 6), (False, 0), ({"roles": ["evolution"]}, 1), ({}, 0)])
def test_true_means_all_roles_that_one_question_serves(given: Any, roles: int) -> None:
    """`backend.batch: true`."""
    assert len(config.Backend.model_validate({"batch": given}).batch.roles) == roles
