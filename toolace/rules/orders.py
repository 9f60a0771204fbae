"""Instructions to the model where none belong: in a document, a definition or a result (prompt injection)."""

from __future__ import annotations

import re
from typing import Final

_ORDERS: Final = re.compile(
    r"\b(?:(?:ignore|disregard|forget|override)\s+(?:all\s+|any\s+|the\s+|your\s+|my\s+|of\s+)*(?:previous|prior|above|earlier|preceding|other)\s+"
    r"(?:instructions?|prompts?|rules?|messages?|directions?)"
    r"|(?:ignore|disregard|override)\s+(?:your|the|all)\s+(?:instructions|rules|guidelines|system\s+prompt|safety)"
    r"|(?:reveal|print|repeat|show|leak)\s+(?:me\s+)?(?:your|the)\s+(?:system\s+)?(?:prompt|instructions)"
    r"|do\s+not\s+(?:tell|inform|mention\s+(?:this|it)\s+to)\s+the\s+user|without\s+(?:telling|informing|asking)\s+the\s+user"
    r"|you\s+(?:are|must)\s+now\s+(?:act|a|an|in|obey|in\s+developer|unrestricted)\b|new\s+(?:system\s+)?instructions?\s*:"
    r"|(?:assistant|ai|model|llm|agent)s?\s+(?:must|should|shall)\s+(?:now\s+)?(?:call|send|forward|transfer|execute|delete|ignore)\b"
    r"|(?:send|forward|transfer|upload)\s+(?:all\s+|the\s+)*(?:data|conversation|credentials|passwords?|api\s+keys?)\s+to\b)",
    re.I,
)
_HINTS: Final = (
    *(
        "instruction",
        "prompt",
        "ignore",
        "disregard",
        "override",
        "forget",
        "the user",
        "you are now",
        "must",
        "should",
    ),
    *("shall", "credentials", "password", "api key", "data to", "conversation to", "you must now"),
)


def order_in(text: str) -> str | None:
    """The first instruction to the model inside a text that should hold none."""
    lower = text.lower()
    for hint in _HINTS:
        if hint in lower:
            match = _ORDERS.search(lower)
            return match[0] if match else None
    return None
