"""An OpenAI-compatible server on this machine: it answers from a backend, over real HTTP, as slow and faulty as wished.

It understands the `toolace` field that `backend.send_context: true` puts into a request: the role's name, its context
and its key. It runs in a thread, or as a process (`python -m toolace.testing`) where it must not slow its client.
"""

from __future__ import annotations

import asyncio
import hashlib
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

import orjson
from aiohttp import web

from toolace.errors import ReplyError, Unanswerable
from toolace.roles import Backend, Key, Role
from toolace.testing.batches import BatchDesk
from toolace.testing.faults import CONTRADICTING_ATTEMPT, Faults, spoil

HANG_SECONDS = 60.0


@dataclass(frozen=True)
class Behaviour:
    """How the server behaves. Latencies in seconds."""

    latency: float = 0.0
    faults: Faults = field(default_factory=Faults)
    max_in_flight: int | None = None
    """More than this many at once get 429."""
    capacity: int | None = None
    """No more than this many are worked on at once; the others wait in line."""
    retry_after: float = 0.1
    api_key: str | None = None
    """Required when given."""
    models: tuple[str, ...] = ()
    """Known models; empty: any."""
    plain: str | None = None
    """The reply to requests without a context, as other programs send them; they are refused without one."""
    batch_seconds: float = 0.0
    """How long a batch takes."""
    batch_status: str = "completed"
    """How it ends; others than `completed` have no replies."""
    unknown: frozenset[str] = frozenset()
    """Parameters that get 400: json_schema, json_object, seed, temperature, max_tokens."""


class LoopbackServer:
    """`with LoopbackServer(backend, roles) as server:` listens on `server.url`. `counters` says what came in.

    Over HTTP, `GET /counters` says so too, with `first_request`, the time (as of time.time) when work began, and
    `in_flight`, the requests that it is at work on.
    """

    def __init__(
        self,
        backend: Backend | None = None,
        roles: Mapping[str, Role[Any, Any]] | None = None,
        behaviour: Behaviour | None = None,
        port: int = 0,
    ):
        """Without a backend the simulator with seed 0 answers; without roles, those of the pipeline are known."""
        self.behaviour = behaviour or Behaviour()
        self.counters: Counter[str] = Counter()
        self.port = port
        self._backend = backend or _simulator()
        self._roles = roles if roles is not None else _roles()
        self.batches = BatchDesk(self)
        self._seen: Counter[bytes] = Counter()
        self._answered: set[bytes] = set()
        self._in_flight = 0
        self._first_request: float | None = None
        self._slots: asyncio.Semaphore | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="loopback-server", daemon=True)
        self._ready = threading.Event()
        self._failure: OSError | None = None

    @property
    def url(self) -> str:
        """The base URL for `backend.base_url`."""
        return f"http://127.0.0.1:{self.port}/v1"

    def __enter__(self) -> LoopbackServer:
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            raise self._failure
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Drops all connections and listens no more."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()

    def serve(self) -> None:
        """Serves until the thread ends, for a process that does nothing else."""
        self._thread.join()

    def _run(self) -> None:
        runner = web.AppRunner(self._application(), access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        try:
            self._loop.run_until_complete(self._listen(runner))
            self._ready.set()
            self._loop.run_forever()
        except OSError as error:
            self._failure = error
            self._ready.set()
        finally:
            self._loop.run_until_complete(runner.cleanup())
            self._loop.close()

    def _application(self) -> web.Application:
        application = web.Application(client_max_size=1 << 28)
        application.router.add_get("/v1/models", self._list_models)
        application.router.add_get("/counters", self._show_counters)
        application.router.add_post("/v1/chat/completions", self._complete)
        self.batches.add_to(application.router)
        return application

    async def _listen(self, runner: web.AppRunner) -> None:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", self.port, backlog=2048)
        await site.start()
        self.port = runner.addresses[0][1]
        self._slots = asyncio.Semaphore(self.behaviour.capacity or 1_000_000)

    async def _list_models(self, request: web.Request) -> web.Response:
        if (refusal := self._refuse_key(request)) is not None:
            return refusal
        names = self.behaviour.models or ("any",)
        return _json({"object": "list", "data": [{"id": name, "object": "model"} for name in names]})

    async def _show_counters(self, _: web.Request) -> web.Response:
        return _json({**self.counters, "in_flight": self._in_flight, "first_request": self._first_request})

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        self._first_request = self._first_request or time.time()
        self.counters["requests"] += 1
        if (refusal := self._refuse_key(request) or self._refuse_body(raw)) is not None:
            return refusal
        digest = hashlib.blake2b(raw, digest_size=16).digest()
        self.counters["duplicates"] += digest in self._seen
        self._seen[digest] += 1
        self._in_flight += 1
        self.counters["in_flight_max"] = max(self.counters["in_flight_max"], self._in_flight)
        try:
            limit = self.behaviour.max_in_flight
            if limit is not None and self._in_flight > limit:
                return self._error(429, "too many requests in flight", retry_after=self.behaviour.retry_after)
            return await self._answer(request, raw, digest)
        finally:
            self._in_flight -= 1

    async def answer_line(self, body: dict[str, Any]) -> tuple[int, Any]:
        """Status and body for one line of a batch; status 0 for one that gets no answer at all."""
        raw = orjson.dumps(body)
        digest = hashlib.blake2b(raw, digest_size=16).digest()
        self.counters["duplicates"] += digest in self._seen
        self._seen[digest] += 1
        fault = self.behaviour.faults.draw(digest, self._seen[digest])
        if fault is not None:
            self.counters[fault] += 1
        if fault in ("hang", "drop"):
            return 0, None
        if fault is not None and fault.startswith("status_"):
            return int(fault[-3:]), {"error": {"message": "the server failed"}}
        refusal = self._refuse_body(raw)
        if refusal is not None:
            return refusal.status, orjson.loads(refusal.body or b"null")  # type: ignore[arg-type]
        try:
            completion = await self._completion(body, fault)
        except ReplyError as error:
            code = "unanswerable" if isinstance(error, Unanswerable) else None
            return 409, {"error": {"message": str(error), "code": code}}
        self.counters["answered"] += 1
        self.counters["answered_twice"] += digest in self._answered
        self._answered.add(digest)
        return 200, orjson.loads(completion)

    async def _answer(self, request: web.Request, raw: bytes, digest: bytes) -> web.StreamResponse:
        """The answer to a request that was let in, or the fault that it meets."""
        fault = self.behaviour.faults.draw(digest, self._seen[digest])
        if fault is not None:
            self.counters[fault] += 1
        assert self._slots is not None
        async with self._slots:
            await asyncio.sleep(HANG_SECONDS if fault == "hang" else self.behaviour.latency)
        match fault:
            case "status_429":
                return self._error(429, "slow down", retry_after=self.behaviour.retry_after)
            case "status_500" | "status_503":
                return self._error(int(fault[-3:]), "the server failed")
            case "bad_request":
                return self._error(400, f"bad request with {request.headers.get('Authorization')}")
            case "drop":
                assert request.transport is not None
                request.transport.abort()
                return web.Response()
        try:
            body = await self._completion(orjson.loads(raw), fault)
        except ReplyError as error:
            code = "unanswerable" if isinstance(error, Unanswerable) else None
            return self._error(409, str(error), code=code)  # neither retried nor taken for an unknown parameter
        self.counters["answered"] += 1
        self.counters["answered_twice"] += digest in self._answered
        self._answered.add(digest)
        return web.Response(
            body=body[: len(body) // 2] if fault == "broken_body" else body, content_type="application/json"
        )

    async def _completion(self, body: dict[str, Any], fault: str | None) -> bytes:
        """A chat completion whose content is the backend's reply."""
        if "toolace" not in body and self.behaviour.plain is not None:
            return _completed(body, self.behaviour.plain, fault)
        question = body["toolace"]
        role, key = self._roles[question["role"]], Key(*question["key"])
        self.counters[f"role.{role.name}"] += 1
        if fault == "contradiction" and role.name == "assistant":
            key = key._replace(attempt=key.attempt + CONTRADICTING_ATTEMPT)
        reply = await self._backend.ask(role, role.context.model_validate(question["context"]), key)
        return _completed(body, reply.model_dump_json(), fault)

    def _refuse_key(self, request: web.Request) -> web.Response | None:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if self.behaviour.api_key in (None, given):
            return None
        return self._error(401, f"Incorrect API key provided: {given}", code="invalid_api_key")

    def _refuse_body(self, raw: bytes) -> web.Response | None:
        """400 and 404 as endpoints give them: a broken body, an unknown parameter, model or role."""
        try:
            body = orjson.loads(raw)
            role = body["toolace"]["role"] if "toolace" in body or self.behaviour.plain is None else None
            used = {body["response_format"]["type"]} if "response_format" in body else set()
        except (ValueError, LookupError, TypeError):
            return self._error(400, "not a request of toolace; set backend.send_context: true")
        if unknown := sorted((used | body.keys()) & self.behaviour.unknown):
            hint = ", use max_completion_tokens" if unknown[0] == "max_tokens" else ""
            what = f"response_format {unknown[0]}" if unknown[0].startswith("json") else unknown[0]
            return self._error(400, f"Unsupported parameter: {what}{hint}")
        if self.behaviour.models and body["model"] not in self.behaviour.models:
            return self._error(404, f"The model `{body['model']}` does not exist", code="model_not_found")
        if role is not None and role not in self._roles:
            return self._error(400, f"unknown role {role!r}; known are {sorted(self._roles)}")
        return None

    def _error(
        self, status: int, message: str, *, code: str | None = None, retry_after: float | None = None
    ) -> web.Response:
        self.counters[f"status.{status}"] += 1
        headers = {} if retry_after is None else {"Retry-After": f"{retry_after:g}"}
        return _json({"error": {"message": message, "type": "error", "code": code}}, status, headers)


def _completed(body: dict[str, Any], content: str, fault: str | None) -> bytes:
    """A chat completion with this content."""
    asked = sum(len(message["content"]) for message in body["messages"])
    tokens = {"prompt_tokens": asked // 4, "completion_tokens": len(content) // 4}
    usage = {} if fault == "no_usage" else {"usage": tokens | {"total_tokens": sum(tokens.values())}}
    head = {"id": "loopback", "object": "chat.completion", "created": 0, "model": body["model"]}
    return orjson.dumps(head | {"choices": [spoil(fault, content)]} | usage)


def _json(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    return web.Response(body=orjson.dumps(value), status=status, headers=headers, content_type="application/json")


def _simulator() -> Backend:
    from toolace.backends.simulator import Simulator

    return Simulator(0)


def _roles() -> dict[str, Role[Any, Any]]:
    from toolace.testing.roles import roles

    return roles()
