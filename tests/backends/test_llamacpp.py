"""A real server: llama.cpp with SmolLM2-135M. What it says is often wrong; here it counts that it is of the type."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, field_validator

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


class Boiling(Weather):
    """The schema cannot say what this type demands, so the server's grammar lets everything through."""

    @field_validator("degrees")
    @classmethod
    def _boils(cls, value: int) -> int:
        if value < 100:
            raise ValueError("water does not boil at that")
        return value


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


def ask(backend: OpenAIBackend, reply: type[BaseModel], count: int = 4) -> list[Any]:
    role = Role("weather", Report, reply)

    async def ask_all() -> list[Any]:
        await backend.check()
        texts = [f"In {city} it is 1{number} degrees, and it rains." for number, city in enumerate(CITIES[:count])]
        asked = (backend.ask(role, Report(report=text), Key("s", number)) for number, text in enumerate(texts))
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
    """Values that the type forbids never get through, though the model keeps to them."""
    outcomes = ask(build(re_asks=1), Boiling, count=2)
    assert [type(outcome) for outcome in outcomes] == [ReplyError] * 2
    assert "degrees: Value error, water does not boil at that" in str(outcomes[0])


def test_a_wrong_path_is_the_users_mistake(build: Callable[..., OpenAIBackend], server: str) -> None:
    """The base URL without /v1 plus a wrong folder."""
    (outcome,) = ask(build(base_url=server.replace("/v1", "/v9")), Weather, count=1)
    assert isinstance(outcome, UserMistake)
    assert "correct backend.model, or backend.base_url" in str(outcome)
