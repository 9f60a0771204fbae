"""A learner behind an endpoint: completions with `echo`, which give the log-probabilities of the prompt's own tokens.

vLLM renders conversations itself (`/tokenize` takes messages and tools), so its chat template is the model's own. Any other
server with completions is given ChatML, and the tools in the system text; the learner's name then says so.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from typing import Any

import httpx

from toolace.complexity.chat import Passage, Rendered, as_chat, as_plain_chat, passages
from toolace.complexity.steering import Unscorable
from toolace.errors import ReplyError, UserMistake
from toolace.records import Message

LONG = "longer_than_learner_window"
TRIES = 4
TIMEOUT = 120.0
_SPACES = str.maketrans({"Ġ": " ", "Ċ": "\n", "▁": " "})
"""How byte-level and sentence-piece vocabularies spell white space."""


class CompletionsLearner:
    """The first model that an OpenAI-compatible endpoint serves. The key comes from OPENAI_API_KEY."""

    forks = False

    def __init__(self, url: str, model: str | None = None):
        self._base = url.rstrip("/")
        key = os.environ.get("OPENAI_API_KEY", "none")
        self._client = httpx.Client(timeout=TIMEOUT, headers={"Authorization": f"Bearer {key}"})
        served = self._served()
        self._model = model or served["id"]
        self._window = served.get("max_model_len") or 1 << 30
        self._renders = self._post("/tokenize", {"model": self._model, "prompt": "a"}) is not None
        self.name = self._model if self._renders else f"{self._model}, ChatML, tools in the system text"
        self.logprobs(Passage("Does it echo?", ((5, 13),)))

    def read(self, tools: Sequence[dict[str, Any]], messages: Sequence[Message]) -> list[Passage]:
        """The conversation as the server's chat template renders it, or as ChatML."""
        if not self._renders:
            return passages(chatml, as_plain_chat(tools, messages))
        return passages(lambda chat, speaks: self._tokens(chat, speaks, list(tools)), as_chat(messages))

    def logprobs(self, passage: Passage) -> list[list[float]]:
        """Natural log-probabilities of the tokens of each answer. Raises Unscorable, and ReplyError after several failures."""
        content, answers = passage.content, passage.answers
        if not isinstance(content, str) and len(content) >= self._window:
            raise Unscorable(LONG, f"{len(content)} tokens, the window is {self._window}")
        body = {
            "model": self._model,
            "prompt": content if isinstance(content, str) else list(content),
            "max_tokens": 1,
            "temperature": 0,
            "echo": True,
            "logprobs": 1,
            "add_special_tokens": False,
        }
        found = self._post("/v1/completions", body)
        values = ((found or {}).get("choices") or [{}])[0].get("logprobs") or {}
        known = values.get("token_logprobs") or []
        ends = self._ends(content, values.get("text_offset") or [])
        if len(known) < len(ends) or not ends:
            raise UserMistake(
                f"{self._base!r} does not echo log-probabilities of prompts; use vLLM, or another learner"
            )
        return [
            [
                float("nan") if known[at] is None else float(known[at])
                for at, end in enumerate(ends)
                if at and first < end <= last
            ]
            for first, last in answers
        ]

    def _ends(self, content: Rendered, offsets: list[int]) -> list[int]:
        """Where each token of the prompt ends, in the passage's own units."""
        if not isinstance(content, str):
            return list(range(1, len(content) + 1))
        starts = [offset for offset in offsets if offset < len(content)]
        return [*starts[1:], len(content)] if starts else []

    def _tokens(self, chat: list[dict[str, Any]], speaks: bool, tools: list[dict[str, Any]]) -> tuple[int, ...]:
        body = {
            "model": self._model,
            "messages": chat,
            "tools": tools or None,
            "add_generation_prompt": speaks,
            "add_special_tokens": False,
            "return_token_strs": True,
        }
        found = self._post("/tokenize", body) or {}
        tokens, texts = list(found.get("tokens") or []), list(found.get("token_strs") or [])
        while not speaks and texts and not texts[-1].translate(_SPACES).strip():
            tokens, texts = tokens[:-1], texts[:-1]
        return tuple(tokens)

    def _served(self) -> dict[str, Any]:
        try:
            reply = self._client.get(self._url("/v1/models"))
            served: list[dict[str, Any]] = reply.raise_for_status().json()["data"]
            return served[0]
        except (httpx.HTTPError, ValueError, LookupError, TypeError) as error:
            raise UserMistake(
                f"complexity.learner: no model answers at {self._base!r} ({error}); start the server or correct the address"
            ) from None

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any] | None:
        """The reply; None where the server has no such route. Raises ReplyError after several failures."""
        reason = ""
        for attempt in range(TRIES):
            time.sleep(0.25 * (2**attempt - 1))
            try:
                reply = self._client.post(self._url(path), json=body)
                if reply.status_code in (404, 405):
                    return None
                if reply.status_code < 500 and reply.status_code != 429:
                    if reply.status_code == 400 and "context" in reply.text.lower():
                        raise Unscorable(LONG, reply.text[:200])
                    found: dict[str, Any] = reply.raise_for_status().json()
                    return found
                reason = f"status {reply.status_code}"
            except httpx.HTTPStatusError as error:
                raise ReplyError(f"learner at {self._base!r}: {error}: {error.response.text[:200]}") from None
            except (httpx.TransportError, ValueError) as error:
                reason = f"{type(error).__name__}: {error}"
        raise ReplyError(f"learner at {self._base!r} keeps failing: {reason}")

    def _url(self, path: str) -> str:
        return self._base.removesuffix("/v1") + path


def chatml(chat: list[dict[str, Any]], speaks: bool) -> str:
    """ChatML, for servers that do not render."""
    text = "".join(f"<|im_start|>{message['role']}\n{message['content']}<|im_end|>\n" for message in chat)
    return text + "<|im_start|>assistant\n" if speaks else text
