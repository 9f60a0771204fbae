"""The log of paid replies: nothing is paid twice, whatever happens to the process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from toolace.backends import replies
from toolace.backends.costs import Bill, Tokens
from toolace.backends.replies import Reply, ReplyLog
from toolace.config import Price
from toolace.errors import ReplyError, UserMistake

Serve = Callable[..., Any]
Connect = Callable[..., Any]

BILL = Bill("stage", "role", "m", 10, 5, 0.25)


def key(number: int) -> bytes:
    return number.to_bytes(16)


def write(folder: Path, *numbers: int) -> None:
    log = ReplyLog(folder)
    for number in numbers:
        log.put(key(number), Reply(f"reply {number} é\n", "stop"), BILL)
    log.close()


@pytest.mark.parametrize("on_disk", [True, False])
def test_a_reply_is_found_again(on_disk: bool, tmp_path: Path) -> None:
    """In the same process, with a folder or without."""
    log = ReplyLog(tmp_path / "replies" if on_disk else None)
    assert log.get(key(1)) is None
    long = Reply("x" * 100_000, "stop", "no")
    log.put(key(1), long, BILL)
    log.put(key(2), Reply(None), BILL)
    assert (log.get(key(1)), log.get(key(2)), log.get(key(3))) == (long, Reply(None), None)
    log.close()


def test_replies_and_totals_outlive_the_process(tmp_path: Path) -> None:
    """Totals are rebuilt from the log."""
    write(tmp_path, 1, 2)
    write(tmp_path, 3)
    log = ReplyLog(tmp_path)
    assert [log.get(key(number)) for number in (1, 3)] == [Reply("reply 1 é\n", "stop"), Reply("reply 3 é\n", "stop")]
    row = {"replies": 3, "input_tokens": 30, "output_tokens": 15, "estimated": 0, "unpriced": 0, "cost": 0.75}
    groups = {"by_stage": {"stage": row}, "by_role": {"role": row}, "by_model": {"m": row}}
    assert log.totals.summary() == row | groups
    log.close()


@pytest.mark.parametrize("torn", [b'{"key":"00', b"\0" * 100, b'{"key":"00000000000000000000000000000009","stage"'])
def test_a_torn_last_line_is_dropped(torn: bytes, tmp_path: Path) -> None:
    """And what comes next is whole."""
    write(tmp_path, 1)
    with (tmp_path / "segment-00000.jsonl").open("ab") as file:
        file.write(torn)
    write(tmp_path, 2)
    log = ReplyLog(tmp_path)
    assert [log.get(key(number)) is not None for number in (1, 2, 9)] == [True, True, False]
    log.close()


def test_a_broken_line_in_the_middle_is_named(tmp_path: Path) -> None:
    """Not skipped in silence."""
    write(tmp_path, 1)
    with (tmp_path / "segment-00000.jsonl").open("ab") as file:
        size = file.tell()
        file.write(b"garbage\n")
    with pytest.raises(UserMistake, match=rf"replies/segment-00000\.jsonl at byte {size}: not a paid reply; delete"):
        ReplyLog(tmp_path).load()


def test_segments_follow_one_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full one is left, and all are read."""
    monkeypatch.setattr(replies, "SEGMENT_BYTES", 300)
    write(tmp_path, *range(5))
    write(tmp_path, *range(5, 8))
    assert len(list(tmp_path.glob("segment-*.jsonl"))) > 2
    log = ReplyLog(tmp_path)
    assert [log.get(key(number)) for number in range(8)] == [
        Reply(f"reply {number} é\n", "stop") for number in range(8)
    ]
    log.close()


def test_processes_that_share_a_log_write_segments_of_their_own(tmp_path: Path) -> None:
    """Each takes up what the others wrote, whole lines only, and counts what it cost once."""
    write(tmp_path, 0)
    one, other = ReplyLog(tmp_path, is_shared=True), ReplyLog(tmp_path, is_shared=True)
    for log in (one, other):
        log.load()
    for log, number in ((one, 1), (other, 2)):
        log.put(key(number), Reply(str(number)), BILL)
    with (tmp_path / "segment-00002.jsonl").open("ab") as file:
        file.write(b'{"key":"00')
    one.catch_up()
    one.catch_up()
    assert [one.get(key(number)) is not None for number in (0, 1, 2, 3)] == [True, True, True, False]
    assert (other.get(key(1)), one.elsewhere, one.paid_here, one.totals.cost) == (None, 1, 0.25, 0.75)
    for log in (one, other):
        log.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"segment-0000{number}.jsonl" for number in range(3)]


def test_forgotten_replies_are_owed_but_their_cost_remains(tmp_path: Path) -> None:
    """Also after a restart; paid again, they are back."""
    log = ReplyLog(tmp_path)
    for number in (1, 2):
        log.put(key(number), Reply("bad"), BILL)
    log.forget([key(1)])
    log.close()
    again = ReplyLog(tmp_path)
    assert (again.get(key(1)), again.get(key(2))) == (None, Reply("bad"))
    assert again.totals.cost == 0.5
    again.put(key(1), Reply("good"), BILL)
    again.close()
    assert ReplyLog(tmp_path).get(key(1)) == Reply("good")


def test_a_full_disk_is_one_clear_line_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a line written before the disk was full is taken back."""
    log = ReplyLog(tmp_path)
    log.put(key(1), Reply("one"), BILL)
    real = os.write

    def full(descriptor: int, data: bytes) -> int:
        if len(data) > 20:
            return real(descriptor, data[:20])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", lambda descriptor, data: full(descriptor, data[:21]))
    with pytest.raises(UserMistake, match="replies/ cannot be written: No space left on device; make room"):
        log.put(key(2), Reply("two"), BILL)
    monkeypatch.undo()
    log.put(key(3), Reply("three"), BILL)
    log.close()
    again = ReplyLog(tmp_path)
    assert [again.get(key(number)) for number in (1, 2, 3)] == [Reply("one"), None, Reply("three")]
    again.close()


def test_bills() -> None:
    """Prices are per million tokens; without usage four characters are a token; without a price nothing is added."""
    price = Price(input=2.0, output=10.0)
    assert Tokens.counted_or_estimated(1000, 100, 0, 0).bill("s", "r", "m", price) == Bill(
        "s", "r", "m", 1000, 100, 0.003
    )
    assert Tokens.counted_or_estimated(None, 7, 80, 40).bill("s", "r", "m", None) == Bill(
        "s", "r", "m", 20, 7, None, True
    )


def test_a_rerun_pays_nothing_and_replays_the_re_asks(serve: Serve, connect: Connect, tmp_path: Path) -> None:
    """Malformed replies are in the log as well, so the path to the valid one is walked again without a request."""
    server = serve(faults={"truncated": 0.4})
    first = connect(server, replies=tmp_path / "replies", re_asks=8)(20)
    paid = server.counters["requests"]
    assert paid > 20
    again = connect(server, replies=tmp_path / "replies", re_asks=8)
    assert again(20) == first
    assert server.counters["requests"] == paid
    assert (again.backend.usage()["replies"], again.backend.usage()["requests"]) == (paid, 0)


def test_what_never_became_valid_is_owed_again(serve: Serve, connect: Connect, tmp_path: Path) -> None:
    """A rerun asks anew instead of failing on the same replies for ever."""
    bad, good = serve(faults={"truncated": 1.0}), serve()
    (failed,) = connect(bad, replies=tmp_path / "replies", re_asks=2)()
    assert isinstance(failed, ReplyError)
    ask = connect(good, replies=tmp_path / "replies", re_asks=2)
    assert ask()[0].answer == "riddle 0/0/0"
    assert ask.backend.usage()["replies"] == 4


CHANGES: list[tuple[dict[str, Any], bool]] = [
    ({}, False),
    ({"concurrency": 3, "timeout": 9.0, "retries": 1, "re_asks": 1}, False),
    ({"prices": {"m": {"input": 1.0, "output": 1.0}}}, False),
    ({"model": "other"}, True),
    ({"temperature": 0.1}, True),
    ({"max_tokens": 99}, True),
    ({"extra_body": {"top_p": 0.5}}, True),
    ({"structured": "json_object"}, True),
    ({"seed": 1}, True),
]


@pytest.mark.parametrize(("change", "pays"), CHANGES)
def test_what_may_change_a_reply_is_paid_for_and_nothing_else(
    change: dict[str, Any], pays: bool, serve: Serve, connect: Connect, tmp_path: Path
) -> None:
    """The endpoint's address is not among it: every run here has its own."""
    connect(serve(), replies=tmp_path / "replies")(2)
    other = serve()
    connect(other, replies=tmp_path / "replies", **change)(2)
    assert other.counters["requests"] == (2 if pays else 0)


def test_a_changed_prompt_misses_the_log(serve: Serve, connect: Connect, tmp_path: Path, prompts_folder: Path) -> None:
    """And changed back, it hits."""
    server, file = serve(), prompts_folder / "riddle.jinja2"
    text = file.read_text()
    for content, requests in ((text, 1), (text.replace("Solve", "Please solve"), 2), (text, 2)):
        file.write_text(content)
        connect(server, replies=tmp_path / "replies")()
        assert server.counters["requests"] == requests


ASKER = """
import asyncio, sys
from pathlib import Path
from pydantic import BaseModel, Field
from toolace import config
from toolace.backends.openai import OpenAIBackend
from toolace.backends.prompts import Prompts
from toolace.backends.replies import ReplyLog
from toolace.roles import Key, Role

class Riddle(BaseModel):
    text: str

class Solution(BaseModel):
    answer: str
    number: int

RIDDLE = Role("riddle", Riddle, Solution)

async def main(url, prompts, replies):
    settings = config.Backend(kind="openai", model="m", base_url=url, send_context=True)
    backend = OpenAIBackend(settings, Prompts([Path(prompts)]), ReplyLog(Path(replies)), seed=0, concurrency=16)
    slots = asyncio.Semaphore(16)
    async def one(record):
        async with slots:
            return await backend.ask(RIDDLE, Riddle(text=f"riddle {record}"), Key("s", record))
    print(len(await asyncio.gather(*map(one, range(400)))))
    await backend.close()

asyncio.run(main(*sys.argv[1:]))
"""


def test_killed_at_any_moment_no_finished_reply_is_paid_again(
    serve: Serve, prompts_folder: Path, tmp_path: Path
) -> None:
    """Three SIGKILLs; what is paid twice was in flight at one of them."""
    server = serve(latency=0.03)
    command = [sys.executable, "-c", ASKER, server.url, str(prompts_folder), str(tmp_path / "replies")]
    for answered in (40, 130, 220):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        while server.counters["answered"] < answered:
            time.sleep(0.005)
            assert process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.wait()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "400\n"
    assert 400 <= server.counters["answered"] <= 400 + 3 * 16
    assert server.counters["answered_twice"] == server.counters["answered"] - 400
