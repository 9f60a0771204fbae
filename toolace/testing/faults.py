"""Faults of a server, each with a rate, decided by (seed, request, how often that request came) and by nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import orjson

FAULTS: dict[str, str] = {
    "status_429": "answer 429 with Retry-After",
    "status_500": "answer 500",
    "status_503": "answer 503",
    "bad_request": "answer 400 with the request's key in the message",
    "drop": "close the connection without an answer",
    "hang": "give no answer for a minute",
    "broken_body": "answer 200 with half a body",
    "truncated": "a reply cut in the middle of its JSON",
    "wrong_schema": "a reply of another type",
    "empty": "a reply without content",
    "refusal": "a refusal instead of a reply",
    "length": "finish_reason length",
    "think": "the reply after <think>...</think>, which holds JSON too",
    "fenced": "the reply in a code fence with text around it",
    "no_usage": "no usage in the answer",
    "contradiction": "an assistant's reply as another sample would have it",
}
"""Every fault, and what it does."""

CONTRADICTING_ATTEMPT = 1000
"""Added to the key's attempt for a contradiction."""


class Faults:
    """Draws at most one fault for a request."""

    def __init__(self, rates: Mapping[str, float] | None = None, seed: int = 0):
        """Raises ValueError for an unknown fault, or rates that are no shares of 1."""
        self.rates, self.seed = dict(rates or {}), seed
        if unknown := sorted(self.rates.keys() - FAULTS.keys()):
            raise ValueError(f"unknown fault {unknown[0]!r}; the faults are {', '.join(FAULTS)}")
        if min(self.rates.values(), default=0) < 0 or sum(self.rates.values()) > 1 + 1e-9:
            raise ValueError(f"the rates {self.rates} must not be negative, nor add up to more than 1")

    def draw(self, request: bytes, occurrence: int) -> str | None:
        """The fault of the request with this hash when it comes for the n-th time."""
        if not self.rates:
            return None
        seed = f"{self.seed}:{occurrence}:".encode()
        drawn = int.from_bytes(hashlib.blake2b(seed + request, digest_size=8).digest()) / 2**64
        for name, rate in self.rates.items():
            if drawn < rate:
                return name
            drawn -= rate
        return None


def spoil(fault: str | None, content: str) -> dict[str, object]:
    """The choice of a chat completion, with a fault that lies in the reply itself."""
    message: dict[str, object] = {"role": "assistant", "content": content}
    finish = "stop"
    match fault:
        case "truncated":
            message["content"] = content[: max(1, len(content) // 2)]
        case "wrong_schema":
            message["content"] = orjson.dumps({"unexpected": [None, "value"]}).decode()
        case "empty":
            message["content"] = ""
        case "refusal":
            message |= {"content": None, "refusal": "I cannot help with that."}
        case "length":
            message["content"], finish = content[: max(1, len(content) // 2)], "length"
        case "think":
            message["content"] = f'<think>Perhaps {{"unexpected": 1}}? No.</think>\n\n{content}'
        case "fenced":
            message["content"] = f"Here you are:\n```json\n{content}\n```\nAnything else?"
    return {"index": 0, "finish_reason": finish, "message": message}
