"""What one (endpoint, model) accepts: it is asked for the best, and what it refuses by name is not sent again."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel

from toolace.backends.prompts import reply_schema

Format = Literal["json_schema", "json_object", "none"]

REFUSALS = (400, 404, 422, 501)
"""Statuses with which endpoints say that they do not know a parameter."""

_WEAKER: dict[Format, Format] = {"json_schema": "json_object", "json_object": "none"}

_ABOUT_FORMAT = re.compile(
    r"response_format|json_schema|json_object|json mode|schema|grammar|structured|guided", re.IGNORECASE
)


@dataclass
class Abilities:
    """Starts from the configured format; `auto` means the strictest that works."""

    configured: Literal["auto", "json_schema", "json_object", "none"]
    format: Format = field(init=False)
    dropped: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.format = "json_schema" if self.configured == "auto" else self.configured

    def fit(self, body: dict[str, Any], name: str, kind: type[BaseModel]) -> dict[str, Any]:
        """The body as this endpoint takes it."""
        fitted = {key: value for key, value in body.items() if key not in self.dropped}
        if "max_tokens" in self.dropped:
            fitted["max_completion_tokens"] = body["max_tokens"]
        if self.format == "json_schema":
            schema = {"name": name, "schema": reply_schema(kind), "strict": False}
            fitted["response_format"] = {"type": "json_schema", "json_schema": schema}
        elif self.format == "json_object":
            fitted["response_format"] = {"type": "json_object"}
        return fitted

    def learn(self, sent: dict[str, Any], status: int, message: str) -> bool:
        """Takes a refusal of the sent body to heart; False when the refusal is about something else."""
        if status not in REFUSALS:
            return False
        for name, sign in (("max_tokens", "max_completion_tokens"), ("seed", "seed"), ("temperature", "temperature")):
            if name in sent and re.search(rf"\b{sign}\b", message):
                self.dropped.add(name)
                return True
        if self.configured != "auto" or "response_format" not in sent or not _ABOUT_FORMAT.search(message):
            return False
        refused: Format = sent["response_format"]["type"]
        if self.format == refused:  # another request may have learnt it meanwhile
            self.format = _WEAKER[refused]
        return True
