"""The backend that asks models: any OpenAI-compatible endpoint, a model and sampling parameters per role.

A question is rendered and asked, and its reply read into the role's type; a malformed reply is asked for again, showing
what was wrong, a bounded number of times. A paid reply goes to the log before it is used; the same question later costs
nothing.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import orjson
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from toolace import config
from toolace.backends.batchlog import Labels
from toolace.backends.costs import CHARACTERS_A_TOKEN, Tokens, stage_of
from toolace.backends.endpoint import Fault, Limited, Refused
from toolace.backends.flow import Flow, Ticket
from toolace.backends.prompts import Messages, Prompts
from toolace.backends.replies import Reply, ReplyLog
from toolace.backends.routes import Gate, Route, Routes
from toolace.backends.structured import Malformed, ask_again, parse, read_completion
from toolace.errors import BudgetSpent, EndpointDown, GivenUp, ReplyError, Unanswerable, UserMistake
from toolace.roles import C, Key, R, Role

MAX_REFUSALS = 20
"""A request that got this many 429s is given up."""

MAX_RETRY_AFTER = 300.0
"""Seconds; an endpoint that wants to be left alone for longer ends the run, which can be resumed."""

GIVE_UPS = 10
"""Requests given up one after the other, with no answer in between, that show an endpoint to be down."""

LAST_SECONDS = 10.0
"""How long `close` waits for replies that are on their way: they are paid for, and belong into the log."""

log = logging.getLogger(__name__)

_backoff = wait_random_exponential(multiplier=0.5, max=30)


class Way(NamedTuple):
    """A reply's way into the log, with the tokens it took."""

    task: asyncio.Task[tuple[Reply, int]]
    since: float
    is_batched: bool


@dataclass(frozen=True)
class Request:
    """One question as it is sent, but for what the endpoint does not accept."""

    role: Role[Any, Any]
    key: Key
    route: Route
    body: dict[str, Any]
    hash: bytes

    @property
    def characters(self) -> int:
        """Of all that is asked."""
        return sum(len(message["content"]) for message in self.body["messages"])

    @property
    def tokens(self) -> int:
        """About how many it asks."""
        return self.characters // CHARACTERS_A_TOKEN


class OpenAIBackend:
    """Answers roles by asking models."""

    name = "openai"

    def __init__(
        self,
        settings: config.Backend,
        prompts: Prompts,
        replies: ReplyLog,
        *,
        seed: int,
        concurrency: int,
        max_cost: float | None = None,
        gate: Gate | None = None,
    ):
        """`gate` makes the flow of an (endpoint, model), where that is not this process's own.

        Raises UserMistake for what is known before work starts: no key, an unknown role, a limit without prices.
        """
        self._settings, self._prompts, self._replies = settings, prompts, replies
        self._seed, self._max_cost = seed, max_cost
        self._sent = self._replayed = self._malformed = 0
        self._on_the_way: dict[bytes, Way] = {}
        self._retrying = AsyncRetrying(
            retry=retry_if_exception_type(Fault),
            stop=stop_after_attempt(settings.retries + 1),
            wait=_wait,
            reraise=True,
        )
        gate = gate or (lambda _, cap: Flow(concurrency, cap))
        self._routes = Routes(settings, prompts.names(), gate, replies.folder, self._taken)
        if max_cost is not None:
            self._routes.refuse_without_prices()

    async def ask(self, role: Role[C, R], context: C, key: Key) -> R:
        """Answers one role. Raises ReplyError, BudgetSpent, or UserMistake for what only the user can mend."""
        question = messages = self._prompts.render(role, context)
        hashes: list[bytes] = []
        problem = ""
        for number in range(self._settings.re_asks + 1):
            request = self._request(role, context, key, messages, number)
            reply = await self._reply(request)
            hashes.append(request.hash)
            try:
                return parse(reply, role.reply)
            except Malformed as error:
                problem = str(error)
                self._malformed += 1
                log.debug("%s %s: %s; the reply was %r", role.name, key, problem, reply.text)
                messages = ask_again(question, reply, problem, role.reply)
        self._replies.forget(hashes)  # the record is owed: a rerun must not replay what never became valid
        raise ReplyError(f"{role.name}: no valid reply in {len(hashes)} tries; the last: {problem}")

    async def check(self) -> None:
        """Asks each endpoint for its models: finds a missing server and a wrong key. Raises UserMistake."""
        for endpoint in self._routes.endpoints.values():
            await endpoint.check()

    async def close(self) -> None:
        """Takes in the replies that are on their way, then closes connections and the log."""
        for batches in self._routes.batches.values():
            await batches.close()
        for way in [way for way in self._on_the_way.values() if way.is_batched]:
            way.task.cancel()
        if left := [way.task for way in self._on_the_way.values() if not way.is_batched]:
            log.warning("waiting up to %g s for %d replies that are on their way", LAST_SECONDS, len(left))
            await asyncio.wait(left, timeout=LAST_SECONDS)
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)
        for endpoint in self._routes.endpoints.values():
            await endpoint.close()
        self._replies.close()

    def catch_up(self) -> None:
        """Takes up the replies that other nodes of a cluster have paid for."""
        self._replies.catch_up()

    def usage(self) -> dict[str, Any]:
        """Requests and malformed replies of this process, and replies, tokens and cost of the workspace since its
        beginning.

        While requests are in flight, their number and the seconds that the oldest has waited.
        """
        self.catch_up()
        requests = self._sent + self._replies.elsewhere
        usage = {"requests": requests, "replayed": self._replayed, **self._replies.totals.summary()}
        if self._malformed:
            usage["malformed"] = self._malformed
        if started := [way.since for way in self._on_the_way.values()]:
            usage |= {"in_flight": len(started), "longest_wait": time.monotonic() - min(started)}
        return usage

    def model(self, role_name: str) -> str:
        """The model that answers a role, for the records' lineage."""
        return self._routes[role_name].model

    def flow(self, role_name: str) -> Flow:
        """The gate that a role's requests go through; what it has learnt can be read there."""
        return self._routes[role_name].flow

    def _request(self, role: Role[C, R], context: C, key: Key, messages: Messages, number: int) -> Request:
        """The hash covers all that may change the reply; not the URL, nor what the endpoint turns out not to accept."""
        route = self._routes[role.name]
        identity = [self._seed, *key, number]
        body = {"messages": messages, **route.parameters}
        body["seed"] = int.from_bytes(hashlib.sha256(orjson.dumps(identity)).digest()[:4]) >> 1
        if self._settings.send_context:
            body["toolace"] = {"role": role.name, "context": context.model_dump(mode="json"), "key": list(key)}
        canonical = orjson.dumps([identity, self._settings.structured, role.name, body], option=orjson.OPT_SORT_KEYS)
        return Request(role, key, route, body, hashlib.sha256(canonical).digest()[:16])

    async def _reply(self, request: Request) -> Reply:
        """The reply from the log, or a paid one."""
        if (known := self._replies.get(request.hash)) is not None:
            self._replayed += 1
            return known
        try:
            reply: Reply = await self._retrying.copy()(self._send, request)
        except Fault as error:
            raise self._given_up(request, error) from None
        return reply

    def _given_up(self, request: Request, error: Fault) -> Exception:
        """GivenUp, or EndpointDown once nothing but this happens there."""
        endpoint = request.route.endpoint
        endpoint.given_up += request.route.batches is None  # the lines of a batch fail together
        if endpoint.given_up >= GIVE_UPS:
            return EndpointDown(
                f"{endpoint.shown} is down: {error}; {endpoint.given_up} requests were given up and none answered; "
                "run the same command again once it is up"
            )
        tries = f"gave up after {self._settings.retries + 1} tries at {endpoint.shown}"
        return GivenUp(f"{request.role.name}: {error}; {tries}")

    async def _send(self, request: Request) -> Reply:
        """One reply. 429s wait at the gate; parameters that the endpoint does not know are left out."""
        route, role = request.route, request.role
        for _ in range(MAX_REFUSALS):
            ticket = await route.flow.enter(role.name, request.tokens)
            way: asyncio.Task[tuple[Reply, int]] | None = None
            try:
                self._check_budget(route.flow.spent)
                body = route.abilities.fit(request.body, role.name, role.reply)
                way = self._way(request, body)
                reply, tokens = await asyncio.shield(way)
            except Limited as error:
                if (error.retry_after or 0) > MAX_RETRY_AFTER:
                    route.flow.leave(ticket)
                    raise UserMistake(
                        f"{route.endpoint.shown} asks to wait {error.retry_after:.0f} s; rerun later"
                    ) from None
                route.flow.refused(ticket, error.retry_after)
            except Refused as error:
                route.flow.leave(ticket)
                if not route.abilities.learn(body, error.status, str(error)):
                    raise _final(request, error) from None
                log.warning("%s, model %s: %s; asking without", route.endpoint.shown, route.model, error)
            except asyncio.CancelledError:
                if way is not None:  # the slot is taken until the reply has come
                    way.add_done_callback(partial(_left, route.flow, ticket))
                raise
            except BaseException:
                route.flow.leave(ticket)
                raise
            else:
                route.flow.succeeded(ticket, tokens)
                return reply
        raise ReplyError(f"{role.name}: {route.endpoint.shown} answered 429 {MAX_REFUSALS} times")

    def _way(self, request: Request, body: dict[str, Any]) -> asyncio.Task[tuple[Reply, int]]:
        """The reply's way into the log, and the tokens it took.

        It outlives who asked, because it is paid for; who asks the same shares it.
        """
        known = self._on_the_way.get(request.hash)
        if known is not None:
            return known.task
        way = asyncio.ensure_future(self._exchange(request, body))
        self._on_the_way[request.hash] = Way(way, time.monotonic(), request.route.batches is not None)
        way.add_done_callback(lambda _: self._on_the_way.pop(request.hash))
        return way

    async def _exchange(self, request: Request, body: dict[str, Any]) -> tuple[Reply, int]:
        if (known := self._replies.get(request.hash)) is not None:  # it came while this request waited
            return known, 0
        self._sent += 1
        route, stage = request.route, stage_of(request.role, request.key)
        labels = Labels(stage, request.role.name, request.characters)
        if route.batches is None:
            text = await route.endpoint.complete(body)
            return self._taken(request.hash, labels, text)
        await route.batches.complete(request.hash, labels, body)
        reply = self._replies.get(request.hash)
        assert reply is not None, "a batch's reply is taken before it is told"
        return reply, 0

    def _taken(self, request: bytes, labels: Labels, text: str) -> tuple[Reply, int]:
        """Logs a paid reply; the tokens it took."""
        reply, input_tokens, output_tokens = read_completion(text)
        tokens = Tokens.counted_or_estimated(input_tokens, output_tokens, labels.characters, len(reply.text or ""))
        route = self._routes[labels.role]
        self._replies.put(request, reply, tokens.bill(labels.stage, labels.role, route.model, route.price))
        return reply, tokens.input + tokens.output

    def _check_budget(self, elsewhere: float | None) -> None:
        spent = self._replies.totals.cost if elsewhere is None else elsewhere
        if self._max_cost is not None and spent >= self._max_cost:
            raise BudgetSpent(
                f"{spent:.4f} is spent of --max-cost {self._max_cost:g}; rerun with a higher one to go on"
            )


def _left(flow: Flow, ticket: Ticket, _: object) -> None:
    flow.leave(ticket)


def _wait(state: RetryCallState) -> float:
    """Jittered exponential backoff, and no less than the server asks for."""
    error = state.outcome.exception() if state.outcome else None
    return max(_backoff(state), min(getattr(error, "retry_after", None) or 0.0, MAX_RETRY_AFTER))


def _final(request: Request, error: Refused) -> Exception:
    """What a refusal means that no change of the request can mend."""
    route = request.route
    if error.status in (404, 405):
        return UserMistake(
            f"{route.endpoint.shown} does not answer for model {route.model!r} ({error.status}: {error}); "
            "correct backend.model, or backend.base_url (most end in /v1)"
        )
    if error.code == "unanswerable":  # the loopback server of toolace.testing says so
        return Unanswerable(str(error))
    return ReplyError(f"{request.role.name}: {route.endpoint.shown} refuses the request ({error.status}): {error}")
