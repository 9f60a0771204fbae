"""The batch API of OpenAI-compatible providers: questions are gathered into a file, answered within hours, half as dear.

To whoever asks it is another way to the same reply. What is sent is written down before it is sent (`BatchLog`): after a
kill the batches that lie with the provider are waited for, and nothing in them is asked again.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from toolace.backends.batchlog import BatchLog, Labels, Sent
from toolace.backends.endpoint import Endpoint, Fault, Limited, Refused
from toolace.config import Batch
from toolace.errors import UserMistake

if TYPE_CHECKING:
    import openai
    from openai.types import Batch as Seen

MOST_BYTES = 180_000_000
"""Of one file; providers take 200 MB."""

ENDED = ("completed", "failed", "expired", "cancelled")

MARK = "toolace"
"""Key of a batch's metadata under which its tag stands."""

log = logging.getLogger(__name__)

Take = Callable[[bytes, Labels, str], object]
"""Gets a request's hash and labels, and the chat completion that answers it."""


class Question(NamedTuple):
    """What is gathered."""

    labels: Labels
    line: bytes


class Batches:
    """Questions to one (endpoint, model). Used in one event loop until it is closed."""

    def __init__(self, endpoint: Endpoint, model: str, settings: Batch, sent: BatchLog, take: Take):
        """`take` puts a reply where it lasts; a batch is only then forgotten."""
        self._endpoint, self._place, self._settings = endpoint, f"{endpoint.shown} {model}", settings
        self._log, self._take = sent, take
        self._gathered: dict[bytes, Question] = {}
        self._awaited: dict[bytes, asyncio.Future[None]] = {}
        self._lying: set[bytes] = set()
        """Hashes of what lies with the provider."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._client: openai.AsyncOpenAI | None = None

    async def complete(self, request: bytes, labels: Labels, body: dict[str, Any]) -> None:
        """Returns once the reply was taken. Raises Fault, Refused, or UserMistake for what only the user can mend."""
        self._resume()
        answer = self._awaited[request] = asyncio.get_running_loop().create_future()
        if request not in self._lying:
            line = {"custom_id": request.hex(), "method": "POST", "url": "/v1/chat/completions", "body": body}
            self._gathered[request] = Question(labels, orjson.dumps(line) + b"\n")
            self._send_soon()
        try:
            await answer
        finally:
            self._awaited.pop(request, None)
            self._gathered.pop(request, None)

    async def close(self) -> None:
        """Leaves what lies with the provider there: a rerun collects it."""
        if self._lying:
            log.warning("%d questions lie in batches at %s; a rerun collects them", len(self._lying), self._place)
        if self._timer is not None:
            self._timer.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._client is not None:
            await self._client.close()
        self._client = self._timer = None
        self._tasks.clear()
        self._lying.clear()

    def _resume(self) -> None:
        """Takes up the batches of an earlier process, once."""
        if self._client is None:
            self._client = self._endpoint.sdk()
            for sent in self._log.open(self._place):
                log.warning("batch %s of an earlier run: waiting for it", sent.id or sent.tag)
                self._start(sent)

    def _send_soon(self) -> None:
        """At once when a batch is full, else when no question has come for a while."""
        if self._timer is not None:
            self._timer.cancel()
        if len(self._gathered) >= self._settings.size:
            self._send()
        else:
            self._timer = asyncio.get_running_loop().call_later(self._settings.gather, self._send)

    def _send(self) -> None:
        while self._gathered:
            chosen: dict[bytes, Question] = {}
            size = 0
            for request, question in self._gathered.items():
                size += len(question.line)
                if chosen and (size > MOST_BYTES or len(chosen) >= self._settings.size):
                    break
                chosen[request] = question
            for request in chosen:
                del self._gathered[request]
            sent = Sent(uuid.uuid4().hex, None, {request: question.labels for request, question in chosen.items()})
            self._start(sent, b"".join(question.line for question in chosen.values()))

    def _start(self, sent: Sent, lines: bytes | None = None) -> None:
        self._lying.update(sent.asked)
        task = asyncio.get_running_loop().create_task(self._carry(sent, lines))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _carry(self, sent: Sent, lines: bytes | None) -> None:
        """One batch from its file to its replies; whatever has none in the end is told why."""
        why: Exception = Fault("its batch ended without a reply")
        try:
            identity = sent.id or (await self._found(sent.tag) if lines is None else await self._sent(sent, lines))
            if identity is not None:
                why = await self._collected(sent, identity) or why
            self._log.done(sent.tag)
        except Exception as error:  # a bug as well: nobody must wait for ever
            why = error
        for request in sent.asked:
            self._answer(request, why)

    async def _sent(self, sent: Sent, lines: bytes) -> str:
        """The id of a new batch. One whose answer was lost on the way is not sent again."""
        self._log.intend(self._place, sent)
        try:
            identity = await self._created(sent, lines)
        except Fault:
            found = await self._found(sent.tag)
            if found is None:
                raise
            identity = found
        self._log.sent(sent.tag, identity)
        return identity

    async def _created(self, sent: Sent, lines: bytes) -> str:
        client = self._connected()
        with self._endpoint.translating("a batch"):
            file = await client.files.create(file=(f"{sent.tag}.jsonl", lines), purpose="batch")
            batch = await client.with_options(max_retries=0).batches.create(
                input_file_id=file.id,
                endpoint="/v1/chat/completions",
                completion_window="24h",
                metadata={MARK: sent.tag},
            )
        log.info("batch %s: %d questions", batch.id, len(sent.asked))
        return batch.id

    async def _found(self, tag: str) -> str | None:
        """The batch that a killed process had sent but not yet written down; None when it was not sent."""
        with self._endpoint.translating("the list of batches"):
            async for batch in self._connected().batches.list(limit=100):
                if (batch.metadata or {}).get(MARK) == tag:
                    return batch.id
        return None

    async def _collected(self, sent: Sent, identity: str) -> Exception | None:
        """Waits for the batch and takes its replies. What is wrong with all that has none, if it is known."""
        client, batch = self._connected(), await self._ended(identity)
        if batch is None:
            return Fault(f"batch {identity} is not known there any more")
        if batch.status == "failed":
            reasons = [error.message or "" for error in (batch.errors.data or [] if batch.errors else [])]
            return UserMistake(
                f"{self._place} failed batch {identity}: {' '.join(reasons)[:500]}; "
                "make backend.batch.size smaller, or backend.batch false"
            )
        for file in filter(None, (batch.output_file_id, batch.error_file_id)):
            with self._endpoint.translating("a batch's replies"):
                content = await client.files.content(file)
            self._read(sent, self._endpoint.redacted(content.text).splitlines())
        return None

    async def _ended(self, identity: str) -> Seen | None:
        """The batch once it is over; None where it is gone. Failures to look are passed over: it goes on meanwhile."""
        while True:
            try:
                with self._endpoint.translating("a batch"):
                    batch = await self._connected().batches.retrieve(identity)
                if batch.status in ENDED:
                    return batch
            except Fault as error:
                log.warning("batch %s: %s; looking again", identity, error)
            except Refused as error:
                if error.status != 404:
                    raise
                return None
            await asyncio.sleep(self._settings.poll)

    def _read(self, sent: Sent, lines: Iterable[str]) -> None:
        """Takes the replies; what failed by itself is told so."""
        for text in filter(None, lines):
            line = orjson.loads(text)
            request = bytes.fromhex(line["custom_id"])
            answer = line.get("response") or {}
            if answer.get("status_code") == 200:
                self._take(request, sent.asked[request], orjson.dumps(answer["body"]).decode())
                self._answer(request, None)
            elif status := answer.get("status_code"):
                said = self._endpoint.translated(status, {}, orjson.dumps(answer.get("body")).decode())
                self._answer(request, Fault(str(said)) if isinstance(said, Limited) else said)
            else:
                self._answer(request, Fault(str((line.get("error") or {}).get("message") or "no reply in its batch")))

    def _answer(self, request: bytes, error: Exception | None) -> None:
        self._lying.discard(request)
        answer = self._awaited.get(request)
        if answer is not None and not answer.done():
            if error is None:
                answer.set_result(None)
            else:
                answer.set_exception(error)

    def _connected(self) -> openai.AsyncOpenAI:
        assert self._client is not None, "complete() comes first"
        return self._client
