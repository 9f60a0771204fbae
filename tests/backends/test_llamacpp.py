"""A real server: llama.cpp with SmolLM2-135M. What it says is often wrong; here it counts that it is of the type."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from toolace import config
from toolace.backends.openai import OpenAIBackend
from toolace.backends.prompts import Prompts
from toolace.backends.replies import ReplyLog
from toolace.complexity.learners.smollm2 import gguf_path
from toolace.errors import ReplyError, UserMistake
from toolace.roles import Key, Role

PROMPT = """
{% block system %}
You read weather reports. Reply with one JSON object of this JSON Schema:
{{ reply_schema }}
{% endblock %}
{% block user %}
{{ report | quoted }}
{% endblock %}
"""

CITIES = ("Paris", "London", "Rome", "Oslo")


class Report(BaseModel):
    report: str


class Weather(BaseModel):
    model_config = ConfigDict(extra="forbid")

    city: str = Field(max_length=20)
    degrees: int
    sky: Literal["clear", "cloudy", "rain"]


class Impossible(Weather):
    """The schema lets through what the type refuses: no weather has this number."""

    degrees: int = Field(json_schema_extra={"exclusiveMinimum": None}, gt=10**9)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Its base URL. In this process, on one thread: two compete where other work is done."""
    try:
        import xllamacpp
    except ImportError:
        pytest.fail("xllamacpp is not installed; pip install -e '.[dev]' (scripts/test does it)")
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(gguf_path())
    parameters.n_ctx, parameters.n_parallel, parameters.port = 2048, 2, 0
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 1
    parameters.warmup, parameters.verbosity = False, -1
    running = xllamacpp.Server(parameters)
    yield f"{running.listening_address}/v1"
    del running


@pytest.fixture
def build(server: str, tmp_path: Path) -> Callable[..., OpenAIBackend]:
    (tmp_path / "weather.jinja2").write_text(PROMPT)

    def make(**settings: Any) -> OpenAIBackend:
        chosen = {"model": "smollm2", "base_url": server, "temperature": 0.2, "max_tokens": 64, **settings}
        prompts, log = Prompts([tmp_path]), ReplyLog(tmp_path / "replies")
        return OpenAIBackend(config.Backend(kind="openai", **chosen), prompts, log, seed=0, concurrency=2)

    return make


def ask(backend: OpenAIBackend, reply: type[BaseModel]) -> list[Any]:
    role = Role("weather", Report, reply)

    async def ask_all() -> list[Any]:
        await backend.check()
        contexts = [
            Report(report=f"In {city} it is 1{number} degrees, and it rains.") for number, city in enumerate(CITIES)
        ]
        asked = (backend.ask(role, context, Key("s", number)) for number, context in enumerate(contexts))
        outcomes = await asyncio.gather(*asked, return_exceptions=True)
        await backend.close()
        return outcomes

    return asyncio.run(ask_all())


def test_schema_valid_replies_flow(build: Callable[..., OpenAIBackend]) -> None:
    """The server's grammar follows the schema; a second run is answered from the log."""
    backend = build()
    replies = ask(backend, Weather)
    assert [type(reply) for reply in replies] == [Weather] * 4
    assert sum(reply.city in CITIES for reply in replies) >= 2
    usage = backend.usage()
    assert usage["estimated"] == 0
    assert usage["output_tokens"] >= 4 * 5
    again = build()
    assert ask(again, Weather) == replies
    assert again.usage()["requests"] == 0


def test_bad_data_is_rejected_by_the_type(build: Callable[..., OpenAIBackend]) -> None:
    """Values that the type forbids never get through, also when the model keeps to them."""
    outcomes = ask(build(structured="json_object", re_asks=1, max_tokens=48), Impossible)
    assert [type(outcome) for outcome in outcomes] == [ReplyError] * 4


def test_a_wrong_path_is_the_users_mistake(build: Callable[..., OpenAIBackend], server: str) -> None:
    """The base URL without /v1 plus a wrong folder."""
    (outcome, *_) = ask(build(base_url=server.replace("/v1", "/v9")), Weather)
    assert isinstance(outcome, UserMistake)
    assert "correct backend.model, or backend.base_url" in str(outcome)
