"""A tiny role with its prompt, a loopback server that answers it, and a backend that asks it over real HTTP."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, Field

from toolace import config
from toolace.backends.openai import OpenAIBackend
from toolace.backends.prompts import Prompts
from toolace.backends.replies import ReplyLog
from toolace.roles import Key, Role
from toolace.testing import Behaviour, Faults, LoopbackServer, ScriptedBackend

PROMPT = """
{% block system %}
Solve riddles. Answer with one JSON object of this JSON Schema:
{{ reply_schema }}
{% endblock %}
{% block user %}
{{ text | quoted }}
{% endblock %}
"""


class Riddle(BaseModel):
    text: str
    secret: str = Field(default="", json_schema_extra={"oracle": True})


class Solution(BaseModel):
    model_config = ConfigDict(extra="forbid")

    answer: str
    number: int


RIDDLE: Role[Riddle, Solution] = Role("riddle", Riddle, Solution)
ASSISTANT: Role[Riddle, Solution] = Role("assistant", Riddle, Solution)
ROLES = {"riddle": RIDDLE, "assistant": ASSISTANT}


class Asker:
    """Asks the riddles 0 to n-1 at once; an outcome is a Solution, or the exception that was raised."""

    def __init__(self, backend: OpenAIBackend):
        self.backend = backend

    def __call__(
        self, count: int = 1, *, at_once: int = 16, sample: int = 0, role: Role[Any, Any] = RIDDLE
    ) -> list[Any]:
        async def ask_all() -> list[Any]:
            slots = asyncio.Semaphore(at_once)

            async def one(record: int) -> Any:
                async with slots:
                    context = Riddle(text=f"riddle {record}", secret="the secret plan")
                    return await self.backend.ask(role, context, Key("stage", record, sample=sample))

            try:
                return await asyncio.gather(*(one(record) for record in range(count)), return_exceptions=True)
            finally:
                await self.backend.close()

        return asyncio.run(ask_all())


def solve(context: Riddle, key: Key) -> Solution:
    """The right answer; it depends on the sample and the attempt only where a test asks for another one."""
    return Solution(answer=f"{context.text}/{key.sample}/{key.attempt}", number=key.record)


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    monkeypatch.setattr("toolace.backends.openai._backoff", lambda state: 0.01)


@pytest.fixture
def riddle() -> Role[Any, Any]:
    return RIDDLE


@pytest.fixture
def assistant() -> Role[Any, Any]:
    return ASSISTANT


@pytest.fixture
def prompts_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "prompts"
    folder.mkdir()
    for name in ROLES:
        (folder / f"{name}.jinja2").write_text(PROMPT)
    return folder


@pytest.fixture
def serve() -> Iterator[Callable[..., LoopbackServer]]:
    """serve(latency=…, faults={…}, …) starts a server that ends with the test."""
    with contextlib.ExitStack() as stack:

        def start(*, faults: dict[str, float] | None = None, port: int = 0, **behaviour: Any) -> LoopbackServer:
            scripted = ScriptedBackend({"riddle": solve, "assistant": solve})
            behaves = Behaviour(faults=Faults(faults), **behaviour)
            return stack.enter_context(LoopbackServer(scripted, ROLES, behaves, port))

        yield start


@pytest.fixture
def connect(prompts_folder: Path) -> Callable[..., Asker]:
    """connect(server, replies=folder, max_cost=…, backend settings…) builds a backend and what asks it."""

    def build(
        server: LoopbackServer | str,
        *,
        replies: Path | None = None,
        seed: int = 0,
        concurrency: int = 64,
        max_cost: float | None = None,
        **settings: Any,
    ) -> Asker:
        url = server if isinstance(server, str) else server.url
        chosen = {"model": "m", "base_url": url, "timeout": 5.0, "send_context": True, **settings}
        prompts, log = Prompts([prompts_folder]), ReplyLog(replies)
        backend = config.Backend(kind="openai", **chosen)
        return Asker(OpenAIBackend(backend, prompts, log, seed=seed, concurrency=concurrency, max_cost=max_cost))

    return build
