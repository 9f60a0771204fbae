"""One OpenAI-compatible endpoint, spoken to through the openai client. Here alone foreign exceptions become ours.

The API key comes from OPENAI_API_KEY and leaves this module only in the request's header: whatever the server says back
is cleared of it first.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import os
import socket
import time
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import aiohttp
import openai

from toolace.errors import UserMistake

DEFAULT_URL = "https://api.openai.com/v1"

CHECK_SECONDS = 5.0
"""How long the preflight waits for an answer."""

SILENCE_SECONDS = 30.0
"""A timeout is told at once, and then no more often than this."""

log = logging.getLogger(__name__)

_RETRIED = (500, 502, 503, 504)

_PLACEHOLDER = "none-needed-on-loopback"


class Fault(Exception):
    """The connection or the server failed; the same request may work later."""

    def __init__(self, message: str, retry_after: float | None = None):
        super().__init__(message)
        self.retry_after = retry_after


class Limited(Exception):
    """429: too much at once."""

    def __init__(self, retry_after: float | None):
        super().__init__("the endpoint answers 429")
        self.retry_after = retry_after


class Refused(Exception):
    """The endpoint will not answer this request: its status, what it says, and its code for that."""

    def __init__(self, status: int, message: str, code: str | None = None):
        super().__init__(message)
        self.status, self.code = status, code


class Endpoint:
    """Connections to one base URL. Works in one event loop after another: a loop's end closes what was opened in it."""

    def __init__(self, url: str | None, timeout: float):
        """`url` falls back to OPENAI_BASE_URL, then to OpenAI's own. Raises UserMistake without the key it needs."""
        self._url = (url or os.environ.get("OPENAI_BASE_URL") or DEFAULT_URL).rstrip("/")
        parts = urlsplit(self._url)
        if "@" in parts.netloc:
            raise UserMistake(
                f"backend.base_url for {parts.hostname!r} holds a user or a password; set OPENAI_API_KEY instead"
            )
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UserMistake(f"backend.base_url {self._url!r} is no URL; write it as http://localhost:8000/v1")
        self.is_loopback = _is_loopback(parts.hostname)
        self.shown = urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))
        self._key = os.environ.get("OPENAI_API_KEY", "").strip()
        if not self._key and not self.is_loopback:
            raise UserMistake(
                f"no API key for {self.shown}: set OPENAI_API_KEY (any text will do for a server that asks for none)"
            )
        self._timeout = timeout
        self.given_up = 0
        """Requests that were given up since the last answer; whoever gives one up counts it."""
        self._answered = False
        self._told = -SILENCE_SECONDS
        self._loop: asyncio.AbstractEventLoop | None = None
        self._client: openai.AsyncOpenAI | None = None
        self._keeper: asyncio.Task[None] | None = None

    async def complete(self, body: dict[str, Any]) -> str:
        """The body of the answer. Raises Fault, Limited, Refused, or UserMistake for what only the user can mend."""
        try:
            async with asyncio.timeout(self._timeout):
                text = await self._connected().post("/chat/completions", cast_to=str, body=body)
        except TimeoutError:
            self._tell_silence()
            raise Fault(f"no answer within {self._timeout:g} s") from None
        except openai.APIStatusError as error:
            raise self._translated(error) from None
        except openai.APIConnectionError as error:
            raise self._unreachable(error) from None
        self._answered, self.given_up = True, 0
        return self.redacted(text)

    async def check(self) -> None:
        """Raises UserMistake when nothing answers here, or the key is refused. A server without GET /models is fine."""
        try:
            async with asyncio.timeout(CHECK_SECONDS):
                await self._connected().get("/models", cast_to=str)
        except TimeoutError:
            raise UserMistake(f"{self.shown} gives no answer within {CHECK_SECONDS:g} s; is the server up?") from None
        except openai.APIStatusError as error:
            if isinstance(translated := self._translated(error), UserMistake):
                raise translated from None
        except openai.APIConnectionError as error:
            failure = self._unreachable(error)
            raise UserMistake(str(failure)) from None

    async def close(self) -> None:
        """Closes the connections of the running loop; those of earlier loops are closed already."""
        if self._keeper is not None and self._loop is asyncio.get_running_loop():
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
        self._loop = self._client = self._keeper = None

    def redacted(self, text: str) -> str:
        """Text of the server's without the key. Keys of under 8 characters are no secrets."""
        return text.replace(self._key, "[key]") if len(self._key) >= 8 else text

    def _connected(self) -> openai.AsyncOpenAI:
        loop = asyncio.get_running_loop()
        if self._client is None or self._loop is not loop:
            self._loop = loop
            self._client = openai.AsyncOpenAI(
                api_key=self._key or _PLACEHOLDER,
                base_url=self._url,
                timeout=self._timeout + 5,  # ours comes first
                max_retries=0,
                http_client=openai.DefaultAioHttpClient(),
            )
            self._keeper = loop.create_task(_keep(self._client))
        return self._client

    def _translated(self, error: openai.APIStatusError) -> Exception:
        status, headers = error.status_code, error.response.headers
        self._answered = True
        message = self.redacted(_message(error))
        if status in (401, 403):
            return UserMistake(f"{self.shown} refuses the key ({status}); set OPENAI_API_KEY")
        if status == 402 or error.code == "insufficient_quota":
            return UserMistake(f"{self.shown}: the account has no credit left ({status}); top it up, then rerun")
        if status == 429:
            return Limited(_retry_after(headers))
        if status in _RETRIED:
            return Fault(f"the endpoint answers {status}", _retry_after(headers))
        return Refused(status, message, error.code)

    def _tell_silence(self) -> None:
        now = time.monotonic()
        if now - self._told >= SILENCE_SECONDS:
            self._told = now
            log.warning("%s gave no answer within %g s; asking again", self.shown, self._timeout)

    def _unreachable(self, error: openai.APIConnectionError) -> Exception:
        """UserMistake when nothing has ever answered there, else Fault."""
        for cause in _causes(error):
            if (
                isinstance(cause, aiohttp.ClientConnectorError | ConnectionRefusedError | socket.gaierror)
                and not self._answered
            ):
                refused = isinstance(getattr(cause, "os_error", cause), ConnectionRefusedError)
                reason = "nothing listens there" if refused else self.redacted(str(cause))
                return UserMistake(
                    f"no connection to {self.shown}: {reason}; start the server or correct backend.base_url"
                )
        return Fault("the connection was dropped or could not be made")


async def _keep(client: openai.AsyncOpenAI) -> None:
    """Closes the client when its loop ends: asyncio.run then cancels all tasks, and this one with them."""
    try:
        await asyncio.get_running_loop().create_future()
    finally:
        await client.close()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _causes(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in found:
        found.append(cause)
        cause = cause.__cause__ or cause.__context__
    return found


def _message(error: openai.APIStatusError) -> str:
    """What the server says, on one line."""
    body = error.body
    said = body.get("message") or body if isinstance(body, dict) else body
    return " ".join(str(said or error.message).split())[:500]


def _retry_after(headers: Any) -> float | None:
    """Seconds to wait, from `retry-after-ms` or `retry-after` (seconds or a date); None when neither is given."""
    for name, unit in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        value = headers.get(name)
        if value is None:
            continue
        try:
            seconds = float(value) / unit
        except ValueError:
            try:
                seconds = parsedate_to_datetime(value).timestamp() - time.time()
            except ValueError:
                continue
        if seconds >= 0:
            return seconds
    return None
