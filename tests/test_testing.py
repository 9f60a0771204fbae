"""The test doubles: the scripted backend, and the loopback server with each of its faults."""

from __future__ import annotations

import asyncio
import http.client
import json
import time
import urllib.error
import urllib.request
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from toolace.errors import ReplyError
from toolace.roles import Key, Role
from toolace.testing import FAULTS, Behaviour, Faults, LoopbackServer, ScriptedBackend


class Question(BaseModel):
    text: str


class Answer(BaseModel):
    word: str


ECHO: Role[Question, Answer] = Role("echo", Question, Answer)
ASSISTANT: Role[Question, Answer] = Role("assistant", Question, Answer)
ROLES: dict[str, Role[Any, Any]] = {"echo": ECHO, "assistant": ASSISTANT}


def echo(context: Question, key: Key) -> dict[str, str]:
    return {"word": f"{context.text} {key.attempt}"}


def serve(faults: Faults | None = None, **behaviour: Any) -> LoopbackServer:
    backend = ScriptedBackend({"echo": echo, "assistant": echo})
    return LoopbackServer(backend, ROLES, Behaviour(faults=faults or Faults(), **behaviour))


def post(server: LoopbackServer, *, role: str = "echo", text: str = "hi", timeout: float = 5.0, **more: Any) -> Any:
    """The JSON of a chat completion."""
    question = {"role": role, "context": {"text": text}, "key": ["stage", 0, 0, 0, 0]}
    body = {"model": "m", "messages": [{"role": "user", "content": text}], "toolace": question, **more}
    headers = {"Content-Type": "application/json", "Authorization": "Bearer key"}
    request = urllib.request.Request(f"{server.url}/chat/completions", json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=timeout) as response:
        return json.loads(response.read())


def message(server: LoopbackServer, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = post(server, **more)["choices"][0]["message"]
    return found


def status(server: LoopbackServer, **more: Any) -> tuple[int, str, str | None]:
    """Status, message and Retry-After of a refused request."""
    with pytest.raises(urllib.error.HTTPError) as caught:
        post(server, **more)
    with caught.value as error:
        return error.code, json.loads(error.read())["error"]["message"], error.headers["Retry-After"]


def test_a_script_is_a_function_or_a_list() -> None:
    """Answers are validated, exceptions raised, questions kept."""
    backend = ScriptedBackend({"echo": [{"word": "one"}, Answer(word="two"), ReplyError("three")], "assistant": echo})

    async def scene() -> list[Any]:
        key = Key("s", 1)
        found: list[Any] = [await backend.ask(ECHO, Question(text="?"), key) for _ in range(2)]
        found.append(await backend.ask(ASSISTANT, Question(text="hi"), key._replace(attempt=2)))
        with pytest.raises(ReplyError, match="three"):
            await backend.ask(ECHO, Question(text="?"), key)
        with pytest.raises(AssertionError, match="'echo' was asked once more"):
            await backend.ask(ECHO, Question(text="?"), key)
        return found

    assert asyncio.run(scene()) == [Answer(word="one"), Answer(word="two"), Answer(word="hi 2")]
    assert backend.asked[0] == ("echo", Question(text="?"), Key("s", 1))


def test_a_script_that_answers_badly_fails_the_test() -> None:
    """Not of the role's type, or a role that it does not know."""
    backend = ScriptedBackend({"echo": [{"words": 1}]})
    with pytest.raises(ValidationError):
        asyncio.run(backend.ask(ECHO, Question(text="?"), Key("s", 1)))
    with pytest.raises(AssertionError, match="'assistant' was asked"):
        asyncio.run(backend.ask(ASSISTANT, Question(text="?"), Key("s", 1)))


def test_the_server_answers_like_an_endpoint() -> None:
    """A chat completion with usage, and a list of models."""
    with serve() as server:
        found = post(server, text="hello")
        with urllib.request.urlopen(f"{server.url}/models") as response:
            models = json.loads(response.read())
    assert found["choices"] == [
        {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": '{"word":"hello 0"}'}}
    ]
    assert found["usage"] == {"prompt_tokens": 1, "completion_tokens": 4, "total_tokens": 5}
    assert models["data"][0]["object"] == "model"


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("status_429", (429, "slow down", "0.5")),
        ("status_500", (500, "the server failed", None)),
        ("status_503", (503, "the server failed", None)),
        ("bad_request", (400, "bad request with Bearer key", None)),
    ],
)
def test_a_fault_may_be_a_status(fault: str, expected: tuple[int, str, str | None]) -> None:
    """With Retry-After for 429."""
    with serve(Faults({fault: 1.0}), retry_after=0.5) as server:
        assert status(server) == expected


CONTENTS: list[tuple[str, dict[str, Any]]] = [
    ("truncated", {"content": '{"word"'}),
    ("length", {"content": '{"word"'}),
    ("wrong_schema", {"content": '{"unexpected":[null,"value"]}'}),
    ("empty", {"content": ""}),
    ("refusal", {"content": None, "refusal": "I cannot help with that."}),
    ("think", {"content": '<think>Perhaps {"unexpected": 1}? No.</think>\n\n{"word":"hi 0"}'}),
    ("fenced", {"content": 'Here you are:\n```json\n{"word":"hi 0"}\n```\nAnything else?'}),
    ("contradiction", {"content": '{"word":"hi 0"}'}),
]


@pytest.mark.parametrize(("fault", "expected"), CONTENTS)
def test_a_fault_may_lie_in_the_reply(fault: str, expected: dict[str, Any]) -> None:
    """The rest of the completion is as ever."""
    with serve(Faults({fault: 1.0})) as server:
        assert message(server) == {"role": "assistant"} | expected
        assert server.counters[fault] == server.counters["answered"] == 1


def test_only_an_assistant_contradicts_itself() -> None:
    """It answers as another sample would."""
    with serve(Faults({"contradiction": 1.0})) as server:
        assert message(server, role="assistant")["content"] == '{"word":"hi 1000"}'


def test_a_fault_may_be_missing_usage_half_a_body_or_no_answer() -> None:
    """Half a body is not JSON; a dropped connection has no status; a hang outlasts the client."""
    with serve(Faults({"no_usage": 1.0})) as server:
        assert "usage" not in post(server)
    with serve(Faults({"broken_body": 1.0})) as server, pytest.raises(json.JSONDecodeError):
        post(server)
    with serve(Faults({"drop": 1.0})) as server, pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        post(server)
    with serve(Faults({"hang": 1.0})) as server, pytest.raises(TimeoutError):
        post(server, timeout=0.1)


def test_faults_depend_on_seed_request_and_occurrence_only() -> None:
    """The same draw every time, close to the given rates, at most one a request."""
    rates = {"drop": 0.2, "empty": 0.3}
    draws = [Faults(rates, 7).draw(b"%d" % number, 1) for number in range(2000)]
    assert draws == [Faults(rates, 7).draw(b"%d" % number, 1) for number in range(2000)]
    assert draws != [Faults(rates, 8).draw(b"%d" % number, 1) for number in range(2000)]
    assert draws != [Faults(rates, 7).draw(b"%d" % number, 2) for number in range(2000)]
    assert [round(draws.count(name) / 2000, 1) for name in ("drop", "empty", None)] == [0.2, 0.3, 0.5]


@pytest.mark.parametrize("rates", [{"dorp": 0.1}, {"drop": 0.6, "empty": 0.6}, {"drop": -0.1}])
def test_bad_rates_are_refused(rates: dict[str, float]) -> None:
    """An unknown fault, more than all requests, less than none."""
    with pytest.raises(ValueError, match=r"unknown fault 'dorp'|add up"):
        Faults(rates)


def test_every_fault_has_a_test() -> None:
    """None is offered that was never tried."""
    tried = {fault for fault, _ in CONTENTS} | {"status_429", "status_500", "status_503", "bad_request"}
    assert tried | {"no_usage", "broken_body", "drop", "hang"} == set(FAULTS)


@pytest.mark.parametrize(
    ("behaviour", "more", "expected"),
    [
        ({"api_key": "other"}, {}, (401, "Incorrect API key provided: key")),
        ({"models": ("known",)}, {}, (404, "The model `m` does not exist")),
        ({"unknown": frozenset({"seed"})}, {"seed": 1}, (400, "Unsupported parameter: seed")),
        (
            {"unknown": frozenset({"json_schema"})},
            {"response_format": {"type": "json_schema"}},
            (400, "Unsupported parameter: response_format json_schema"),
        ),
        ({}, {"role": "nobody"}, (400, "unknown role 'nobody'; known are ['assistant', 'echo']")),
        ({}, {"toolace": None}, (400, "not a request of toolace; set backend.send_context: true")),
    ],
)
def test_what_the_server_does_not_accept(
    behaviour: dict[str, Any], more: dict[str, Any], expected: tuple[int, str]
) -> None:
    """Key, model, parameter, role."""
    with serve(**behaviour) as server:
        assert status(server, **more)[:2] == expected


def test_a_backend_that_has_no_answer_is_a_409() -> None:
    """A client gives up on it at once."""
    with LoopbackServer(ScriptedBackend({"echo": [ReplyError("no answer")]}), ROLES) as server:
        assert status(server) == (409, "no answer", None)


def test_latency_capacity_and_counters() -> None:
    """Two at a time take turns; the counters say what came in, and what was paid for twice."""
    from concurrent.futures import ThreadPoolExecutor

    with serve(latency=0.05, capacity=2) as server, ThreadPoolExecutor(4) as pool:
        started = time.monotonic()
        list(pool.map(lambda text: post(server, text=text), ["a", "b", "c", "c"]))
        assert time.monotonic() - started >= 0.1
        counters = dict(server.counters)
    assert counters == {
        "requests": 4,
        "duplicates": 1,
        "in_flight_max": 4,
        "role.echo": 4,
        "answered": 4,
        "answered_twice": 1,
    }


def test_too_many_in_flight_get_429() -> None:
    """The one too many is refused at once."""
    from concurrent.futures import ThreadPoolExecutor

    with serve(latency=0.3, max_in_flight=1, retry_after=2) as server, ThreadPoolExecutor(1) as pool:
        first = pool.submit(post, server, text="a")
        while not server.counters["requests"]:
            time.sleep(0.005)
        assert status(server, text="b") == (429, "too many requests in flight", "2")
        first.result()


def test_programs_that_send_no_context_get_the_plain_reply() -> None:
    """Where one is set; those that send a context get theirs."""
    with serve(plain="hello") as server:
        body = json.dumps({"model": "m", "messages": [{"role": "user", "content": "hi"}]}).encode()
        request = urllib.request.Request(f"{server.url}/chat/completions", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=5.0) as response:
            assert json.loads(response.read())["choices"][0]["message"]["content"] == "hello"
        assert message(server)["content"] == '{"word":"hi 0"}'
