"""Asking over real HTTP: replies, malformed replies, faults, what endpoints do not accept, and the user's mistakes."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.backends.riddles import answers, right
from toolace.errors import BudgetSpent, ReplyError, UserMistake

Serve = Callable[..., Any]
Connect = Callable[..., Any]

TRANSPORT_FAULTS = ["status_429", "status_500", "status_503", "drop"]
MALFORMED = ["truncated", "wrong_schema", "empty", "refusal", "length", "broken_body"]
HARMLESS = ["think", "fenced", "no_usage"]


@pytest.mark.parametrize("fault", TRANSPORT_FAULTS + MALFORMED + HARMLESS)
def test_a_fault_in_every_third_answer_is_mended(fault: str, serve: Serve, connect: Connect) -> None:
    """Transport faults are retried, malformed replies asked for again; the other faults do no harm."""
    server = serve(faults={fault: 0.33}, retry_after=0.01)
    ask = connect(server, retries=8, re_asks=8)
    assert answers(ask(20)) == right(20)
    assert server.counters[fault] > 0


def test_all_faults_together_are_mended(serve: Serve, connect: Connect) -> None:
    """Half of the answers are bad, in every way at once."""
    names = TRANSPORT_FAULTS + MALFORMED + HARMLESS
    server = serve(faults=dict.fromkeys(names, 0.5 / len(names)), retry_after=0.01)
    assert answers(connect(server, retries=10, re_asks=10)(60)) == right(60)


@pytest.mark.parametrize("fault", MALFORMED)
def test_a_reply_that_never_becomes_valid_is_an_error_after_bounded_re_asks(
    fault: str, serve: Serve, connect: Connect
) -> None:
    """The error is one line that names the role; the endpoint is asked once and re_asks times again."""
    server = serve(faults={fault: 1.0})
    (outcome,) = connect(server, re_asks=2)()
    assert isinstance(outcome, ReplyError)
    assert str(outcome).startswith("riddle: no valid reply in 3 tries; the last: ")
    assert "\n" not in str(outcome)
    assert server.counters["requests"] == 3


def test_a_re_ask_shows_the_malformed_reply_and_what_is_wrong(serve: Serve, connect: Connect, riddle: Any) -> None:
    """The model sees its own reply, cut, and the validation error."""
    from toolace.backends.replies import Reply
    from toolace.backends.structured import ask_again

    question = [{"role": "user", "content": "?"}]
    first, shown, request = ask_again(question, Reply("x" * 9000), "number: Field required", riddle.reply)
    assert (first, shown) == (question[0], {"role": "assistant", "content": "x" * 2000})
    assert request["role"] == "user"
    assert "number: Field required" in request["content"]


@pytest.mark.parametrize("fault", ["status_500", "status_503", "drop"])
def test_transport_faults_are_retried_so_often_and_no_more(fault: str, serve: Serve, connect: Connect) -> None:
    """After the retries the record is errored, and owed."""
    server = serve(faults={fault: 1.0})
    (outcome,) = connect(server, retries=2)()
    assert isinstance(outcome, ReplyError)
    assert "gave up after 3 tries" in str(outcome)
    assert server.counters["requests"] == 3


def test_a_hung_endpoint_shows_within_the_timeout(serve: Serve, connect: Connect) -> None:
    """Never silence."""
    (outcome,) = connect(serve(faults={"hang": 1.0}), timeout=0.2, retries=1)()
    assert isinstance(outcome, ReplyError)
    assert "no answer within 0.2 s" in str(outcome)


def test_other_refusals_are_not_retried(serve: Serve, connect: Connect) -> None:
    """A 400 about something else concerns one record."""
    server = serve(faults={"bad_request": 1.0})
    (outcome,) = connect(server)()
    assert isinstance(outcome, ReplyError)
    assert "refuses the request (400)" in str(outcome)
    assert server.counters["requests"] == 1


@pytest.mark.parametrize(
    ("unknown", "requests_at_first"),
    [
        ({"json_schema"}, 2),
        ({"json_schema", "json_object"}, 3),
        ({"seed"}, 2),
        ({"temperature"}, 2),
        ({"max_tokens"}, 2),
        ({"json_schema", "json_object", "seed", "temperature", "max_tokens"}, 6),
    ],
)
def test_what_an_endpoint_does_not_accept_is_left_out_from_then_on(
    unknown: set[str], requests_at_first: int, serve: Serve, connect: Connect
) -> None:
    """The first question finds it out, the later ones know."""
    server = serve(unknown=frozenset(unknown))
    ask = connect(server)
    assert answers(ask(1)) == right(1)
    assert server.counters["requests"] == requests_at_first
    assert answers(ask(10)) == right(10)
    assert server.counters["requests"] == requests_at_first + 9


def test_a_configured_format_is_not_given_up(serve: Serve, connect: Connect) -> None:
    """Only `auto` falls back."""
    (outcome,) = connect(serve(unknown=frozenset({"json_schema"})), structured="json_schema")()
    assert isinstance(outcome, ReplyError)


def test_a_role_may_have_its_own_model_endpoint_and_sampling(serve: Serve, connect: Connect, assistant: Any) -> None:
    """The overridden role goes elsewhere; the other stays."""
    cheap, strong = serve(models=("m",)), serve(models=("strong",))
    own = {"model": "strong", "base_url": strong.url, "temperature": 0.1, "max_tokens": 7, "extra_body": {"top_p": 0.5}}
    ask = connect(cheap, roles={"assistant": own})
    assert answers(ask(2)) == answers(ask(2, role=assistant)) == right(2)
    assert (cheap.counters["role.riddle"], strong.counters["role.assistant"]) == (2, 2)
    assert ask.backend.model("assistant") == "strong"


def test_another_sample_is_another_request(serve: Serve, connect: Connect, tmp_path: Path) -> None:
    """Samples and attempts are asked anew, a repeated key is not."""
    server = serve()
    ask = connect(server, replies=tmp_path / "replies")
    assert [answers(ask(sample=sample))[0] for sample in (0, 1, 0)] == ["riddle 0/0/0", "riddle 0/1/0", "riddle 0/0/0"]
    assert (server.counters["requests"], server.counters["duplicates"]) == (2, 0)


MISTAKES: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"api_key": "another"}, {}, "refuses the key (401); set OPENAI_API_KEY"),
    ({"models": ("known",)}, {}, "does not answer for model 'm' (404: The model `m` does not exist)"),
    ({}, {"base_url": "http://127.0.0.1:1/v1"}, "no connection to http://127.0.0.1:1/v1: nothing listens there"),
]


@pytest.mark.parametrize(("behaviour", "settings", "message"), MISTAKES)
def test_the_users_mistakes_end_the_run_with_one_line(
    behaviour: dict[str, Any], settings: dict[str, Any], message: str, serve: Serve, connect: Connect
) -> None:
    """Wrong key, unknown model, no server: no retrying, and no ReplyError for every record."""
    (outcome,) = connect(serve(**behaviour), **settings)()
    assert isinstance(outcome, UserMistake)
    assert message in str(outcome)
    assert "\n" not in str(outcome)


def test_a_server_that_goes_away_is_waited_for(serve: Serve, connect: Connect) -> None:
    """A refused connection is the user's mistake only before anything was answered."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    server = serve(port=port)
    ask = connect(server, retries=1)
    assert answers(ask(1)) == right(1)
    server.stop()
    outcome = ask(2)[1]
    assert isinstance(outcome, ReplyError)


BAD_SETTINGS: list[tuple[dict[str, Any], str]] = [
    (
        {"base_url": "http://192.0.2.1/v1", "send_context": False},
        "no API key for http://192.0.2.1/v1: set OPENAI_API_KEY",
    ),
    ({"base_url": "localhost:8000"}, "backend.base_url 'localhost:8000' is no URL"),
    ({"roles": {"ridle": {}}}, "there is no role 'ridle'; did you mean 'riddle'?"),
    ({"max_cost": 1.0}, "--max-cost needs the price of 'm'"),
]


@pytest.mark.parametrize(("settings", "message"), BAD_SETTINGS)
def test_bad_settings_are_found_before_work(settings: dict[str, Any], message: str, connect: Connect) -> None:
    """The backend is not even built."""
    with pytest.raises(UserMistake) as caught:
        connect("http://127.0.0.1:1/v1", **settings)
    assert message in str(caught.value)


def test_the_context_is_sent_only_to_this_machine(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    """It holds the oracle."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-something")
    for url in ("http://127.0.0.1:9/v1", "http://localhost:9/v1", "http://[::1]:9/v1"):
        connect(url)
    for url in ("http://192.0.2.1/v1", "https://api.openai.com/v1", "http://localhost.example.com/v1"):
        with pytest.raises(UserMistake, match="send_context is only for a test server on this machine"):
            connect(url)


def test_the_budget_stops_before_the_next_request(serve: Serve, connect: Connect, tmp_path: Path) -> None:
    """What is paid stays paid, and is not paid again with a higher limit."""
    server = serve()
    settings = {"prices": {"m": {"input": 1000.0, "output": 0.0}}, "replies": tmp_path / "replies"}
    one = connect(server, prices=settings["prices"])
    one(1)
    price = one.backend.usage()["cost"]
    outcomes = connect(server, **settings, max_cost=2.5 * price)(6, at_once=1)
    assert [type(outcome) for outcome in outcomes[3:]] == [BudgetSpent] * 3
    ask = connect(server, **settings, max_cost=100.0)
    assert answers(ask(6)) == right(6)
    assert server.counters["requests"] == 1 + 6
    usage = ask.backend.usage()
    assert usage["cost"] == pytest.approx(6 * price)
    assert (usage["requests"], usage["replayed"], usage["replies"]) == (3, 3, 6)
    assert usage["by_role"]["riddle"] == usage["by_stage"]["stage"] == usage["by_model"]["m"]


def test_missing_usage_is_estimated_and_said(serve: Serve, connect: Connect) -> None:
    """Four characters a token."""
    ask = connect(serve(faults={"no_usage": 1.0}))
    assert answers(ask(2)) == right(2)
    usage = ask.backend.usage()
    assert (usage["estimated"], usage["unpriced"], usage["cost"]) == (2, 2, 0)
    assert usage["input_tokens"] > 50


def test_check_finds_what_is_wrong_before_work(serve: Serve, connect: Connect) -> None:
    """A good endpoint passes; a missing one and a wrong key do not."""
    asyncio.run(connect(serve()).backend.check())
    for server, message in (
        (serve(api_key="another"), "refuses the key"),
        ("http://127.0.0.1:1/v1", "nothing listens"),
    ):
        with pytest.raises(UserMistake, match=message):
            asyncio.run(connect(server).backend.check())
