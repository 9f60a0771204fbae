"""One OpenAI-compatible endpoint, asked over aiohttp. Here alone foreign exceptions become ours.

The openai client would do the same, but importing it takes longer than all else together and it triples the CPU of a
call; batches.py, where neither matters, uses it. The API key comes from OPENAI_API_KEY and leaves the two only in the
request's header: whatever the server says back is cleared of it first.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import os
import time
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import orjson

from toolace.errors import UserMistake

if TYPE_CHECKING:
    import openai

DEFAULT_URL = "https://api.openai.com/v1"

CHECK_SECONDS = 5.0
"""How long the preflight waits for an answer."""

SILENCE_SECONDS = 30.0
"""A timeout is told at once, and then no more often than this."""

log = logging.getLogger(__name__)

_RETRIED = (500, 502, 503, 504)

_HEADERS = {"OpenAI-Organization": "OPENAI_ORG_ID", "OpenAI-Project": "OPENAI_PROJECT_ID"}

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
        address = (url or os.environ.get("OPENAI_BASE_URL") or DEFAULT_URL).rstrip("/")
        parts = urlsplit(address)
        if "@" in parts.netloc:
            raise UserMistake(
                f"backend.base_url for {parts.hostname!r} holds a user or a password; set OPENAI_API_KEY instead"
            )
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UserMistake(f"backend.base_url {address!r} is no URL; write it as http://localhost:8000/v1")
        self.is_loopback = _is_loopback(parts.hostname)
        self.shown = urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))
        self._address, self._query = self.shown.rstrip("/"), f"?{parts.query}" if parts.query else ""
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
        self._client: aiohttp.ClientSession | None = None
        self._keeper: asyncio.Task[None] | None = None

    async def complete(self, body: dict[str, Any]) -> str:
        """The body of the answer. Raises Fault, Limited, Refused, or UserMistake for what only the user can mend."""
        try:
            async with asyncio.timeout(self._timeout):
                text = await self._asked("POST", "/chat/completions", orjson.dumps(body))
        except TimeoutError:
            self._tell_silence()
            raise Fault(f"no answer within {self._timeout:g} s") from None
        self.given_up = 0
        return text

    async def check(self) -> None:
        """Raises UserMistake when nothing answers here, or the key is refused. A server without GET /models is fine."""
        try:
            async with asyncio.timeout(CHECK_SECONDS):
                await self._asked("GET", "/models")
        except TimeoutError:
            raise UserMistake(f"{self.shown} gives no answer within {CHECK_SECONDS:g} s; is the server up?") from None
        except Fault as error:
            if not self._answered:
                raise UserMistake(f"{self.shown}: {error}; is the server up?") from None
        except (Limited, Refused):
            pass

    async def close(self) -> None:
        """Closes the connections of the running loop; those of earlier loops are closed already."""
        if self._keeper is not None and self._loop is asyncio.get_running_loop():
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
        self._loop = self._client = self._keeper = None

    def sdk(self) -> openai.AsyncOpenAI:
        """The openai client of this endpoint, for what is not asked often. Whoever gets it closes it."""
        import openai

        return openai.AsyncOpenAI(api_key=self._key or _PLACEHOLDER, base_url=self._address)

    @contextlib.contextmanager
    def translating(self, what: str) -> Iterator[None]:
        """The openai client's errors as ours: Fault, Refused, or UserMistake."""
        import openai

        try:
            yield
        except openai.APIStatusError as error:
            ours = self.translated(error.status_code, error.response.headers, error.response.text)
            if isinstance(ours, Limited):
                ours = Fault(f"{what}: {ours}", ours.retry_after)
            elif isinstance(ours, Refused):
                ours = Refused(ours.status, f"{self.shown} refuses {what} ({ours.status}): {ours}", ours.code)
            raise ours from None
        except openai.APIConnectionError:
            raise Fault(f"{what}: the connection was dropped or could not be made") from None

    def redacted(self, text: str) -> str:
        """Text of the server's without the key. Keys of under 8 characters are no secrets."""
        return text.replace(self._key, "[key]") if len(self._key) >= 8 else text

    async def _asked(self, method: str, path: str, payload: bytes | None = None) -> str:
        """The text of a good answer, without the key."""
        try:
            async with self._connected().request(method, self._address + path + self._query, data=payload) as answer:
                text = self.redacted((await answer.read()).decode(errors="replace"))
        except aiohttp.ClientError as error:
            raise self._unreachable(error) from None
        self._answered = True
        if answer.status >= 400:
            raise self.translated(answer.status, answer.headers, text)
        return text

    def _connected(self) -> aiohttp.ClientSession:
        loop = asyncio.get_running_loop()
        if self._client is None or self._loop is not loop:
            self._loop = loop
            named = {name: os.environ.get(variable, "") for name, variable in _HEADERS.items()}
            headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._key or _PLACEHOLDER}"}
            self._client = aiohttp.ClientSession(
                headers=headers | {name: value for name, value in named.items() if value},
                connector=aiohttp.TCPConnector(limit=0),  # the gate before it limits
                timeout=aiohttp.ClientTimeout(total=None),  # so does whoever asks
                proxy=_proxy(self._address),  # `trust_env` would look it up anew, in a thread, for each request
            )
            self._keeper = loop.create_task(_keep(self._client))
        return self._client

    def translated(self, status: int, headers: Mapping[str, str], text: str) -> Exception:
        """What a status and body of 400 and above mean: Fault, Limited, Refused, or UserMistake."""
        message, code = _said(text)
        if status in (401, 403):
            return UserMistake(f"{self.shown} refuses the key ({status}); set OPENAI_API_KEY")
        if status == 402 or code == "insufficient_quota":
            return UserMistake(f"{self.shown}: the account has no credit left ({status}); top it up, then rerun")
        if status == 429:
            return Limited(retry_after(headers))
        if status in _RETRIED:
            return Fault(f"the endpoint answers {status}", retry_after(headers))
        return Refused(status, message or f"status {status}", code)

    def _tell_silence(self) -> None:
        now = time.monotonic()
        if now - self._told >= SILENCE_SECONDS:
            self._told = now
            log.warning("%s gave no answer within %g s; asking again", self.shown, self._timeout)

    def _unreachable(self, error: aiohttp.ClientError) -> Exception:
        """UserMistake when nothing has ever answered there, else Fault."""
        if isinstance(error, aiohttp.ClientConnectorError) and not self._answered:
            refused = isinstance(error.os_error, ConnectionRefusedError)
            reason = "nothing listens there" if refused else self.redacted(str(error))
            return UserMistake(f"no connection to {self.shown}: {reason}; start the server or correct backend.base_url")
        return Fault("the connection was dropped or could not be made")


async def _keep(client: aiohttp.ClientSession) -> None:
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


def _proxy(address: str) -> str | None:
    """The proxy that HTTP_PROXY, HTTPS_PROXY and NO_PROXY name for this address."""
    parts = urlsplit(address)
    return None if proxy_bypass(parts.netloc) else getproxies().get(parts.scheme)


def _said(text: str) -> tuple[str, str | None]:
    """What the server says is wrong, on one line, and its code for that. Servers nest it in several ways."""
    try:
        body = orjson.loads(text)
    except ValueError:
        body = text
    said = body.get("error") or body.get("detail") or body if isinstance(body, dict) else body
    code = said.get("code") if isinstance(said, dict) else None
    message = said.get("message") or said if isinstance(said, dict) else said
    return " ".join(str(message).split())[:500], code if isinstance(code, str) else None


def retry_after(headers: Mapping[str, str]) -> float | None:
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
