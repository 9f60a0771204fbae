"""The stage: one verdict a line, in order; duplicates against what was accepted; a resume changes nothing."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from tests.rules.handmade import Json, clean
from toolace.backends.simulator import Simulator
from toolace.config import Verify
from toolace.errors import ReplyError
from toolace.records import Dialog, Rejection
from toolace.shards import Settled
from toolace.verify.contamination import Benchmark
from toolace.verify.stage import VerifyStage


def line(id: str, **changes: Any) -> bytes:
    """A clean dialog as a line, with another id and other texts."""
    made = {**clean(), "id": id}
    for pointer, value in changes.items():
        made["messages"][int(pointer.removeprefix("m"))]["content"] = value
    return Dialog.model_validate(made).line()


def parse(index: int, raw: bytes) -> Dialog:
    if raw == b"broken":
        raise ReplyError(f"input.jsonl:{index + 1}: no dialog")
    return Dialog.model_validate_json(raw)


def stage(lines: list[bytes], **options: Any) -> VerifyStage:
    return VerifyStage(iter(lines), len(lines), parse, options.pop("settings", Verify()), language="en", **options)


def verdicts(made: VerifyStage, first: int = 0) -> list[Settled]:
    """Settles every line from `first` on, one after the other."""
    found: list[Settled] = []
    index = first
    while (job := made.job(index)) is not None:
        result = asyncio.run(made.attempt(index, job, Simulator(0).ask))
        found.append(made.settle(index, job, result))
        index += 1
    return found


OTHER = {"m1": "We need a place to sleep in Porto tomorrow, two guests, in the name of Ana Lima."}


def test_an_accepted_line_is_kept_byte_for_byte() -> None:
    """Verification changes nothing."""
    raw = json.dumps(clean()).encode()
    assert verdicts(stage([raw])) == [Settled(0, "kept", line=raw)]


def test_a_rejected_dialog_comes_with_what_was_found() -> None:
    """Errors before warnings; the reason is the first error's rule."""
    (settled,) = verdicts(stage([line("a", m6="A room is booked for 99.")]))
    assert (settled.outcome, settled.reason) == ("rejected", "figures_come_from_results")
    rejection = Rejection.model_validate_json(settled.line)
    assert rejection.dialog.id == "a"
    assert [finding.severity for finding in rejection.findings] == ["error"]


def test_no_expert_is_asked_about_what_a_rule_rejects() -> None:
    """Cheap before dear."""

    async def never(*_: Any) -> Any:
        raise AssertionError("an expert was asked")

    made = stage([line("a", m6="A room is booked for 99.")])
    job = made.job(0)
    assert job is not None
    asyncio.run(made.attempt(0, job, never))


def test_the_second_of_two_equal_conversations_is_rejected() -> None:
    """The first one stays, whatever the ids."""
    settled = verdicts(stage([line("a"), line("b"), line("c", **OTHER)]))
    assert [(one.outcome, one.reason) for one in settled] == [
        ("kept", ""),
        ("rejected", "conversation_is_unique"),
        ("kept", ""),
    ]


def test_a_request_that_differs_in_little_is_a_near_duplicate() -> None:
    """By the configured similarity."""
    words = "Find a quiet hotel with a nice view in Porto for tomorrow for two guests who like the sea and book it for Ana Lima"
    lines = [line("a", m1=f"{words}."), line("b", m1=f"{words}, please.")]
    settled = verdicts(stage(lines, settings=Verify(near_duplicate=0.8)))
    assert [one.reason for one in settled] == ["", "requests_are_not_near_duplicates"]
    assert b"'a', which was accepted before" in settled[1].line


def test_duplicates_among_foreign_rows_are_warnings() -> None:
    """Both rows are kept, and it is counted."""
    made = stage([line("a"), line("b")], foreign=True)
    assert [one.outcome for one in verdicts(made)] == ["kept", "kept"]
    assert made.warnings == {"conversation_is_unique": 1}


def test_a_malformed_line_is_owed() -> None:
    """The runner counts it as errored, with its place."""
    made = stage([b"broken"])
    with pytest.raises(ReplyError, match=r"input.jsonl:1"):
        asyncio.run(made.attempt(0, b"broken", Simulator(0).ask))


def test_after_a_resume_the_rest_is_settled_as_it_would_have_been() -> None:
    """What was accepted before is remembered, what was rejected is not."""
    lines = [line("a"), line("b", m6="A room is booked for 99."), line("c"), line("d", **OTHER), line("e", **OTHER)]
    whole = verdicts(stage(lines))
    for done in range(len(lines)):
        resumed = stage(lines)
        for settled in whole[:done]:
            resumed.restore(settled)
        assert verdicts(resumed, first=done) == whole[done:]


def test_a_request_of_a_benchmark_is_rejected() -> None:
    """Before any expert is asked."""
    benchmark = Benchmark()
    benchmark.add_query("find a hotel in porto for tomorrow for two guests", "bench.jsonl:1")
    (settled,) = verdicts(stage([line("a")], benchmark=benchmark))
    assert settled.reason == "request_is_in_no_benchmark"


def test_experts_can_be_left_out() -> None:
    """`verify.experts: []` is rules only."""
    made: Json = clean()
    made["messages"][2]["tool_calls"][0]["function"]["arguments"]["country"] = "PT"
    raw = json.dumps(made).encode()
    assert verdicts(stage([raw]))[0].reason == "hallucination"
    assert verdicts(stage([raw], settings=Verify(experts=())))[0].outcome == "kept"
