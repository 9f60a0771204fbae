"""What a rule yields. The registry adds the rule's name and aspect; a rule knows neither, and nothing of files."""

from __future__ import annotations

from typing import Final, NamedTuple

from toolace.records import Blame, Severity

SEPARATOR: Final = "\n\t\n\t\n"
"""Stands between texts that are searched together; no pattern of the rules reaches over it."""


class Found(NamedTuple):
    """One thing that is wrong: where it stands (JSON pointer), what it is, who caused it, and whether it rejects."""

    where: str
    message: str
    blame: Blame = "assistant"
    severity: Severity = "error"


def escaped(name: str) -> str:
    """A name as a JSON pointer's step."""
    return name.replace("~", "~0").replace("/", "~1") if "~" in name or "/" in name else name


def shown(value: object, limit: int = 60) -> str:
    """A value as messages show it: by `repr`, cut where it is long."""
    text = repr(value)
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def has_any(hints: tuple[str, ...], text: str) -> bool:
    """Whether any of the hints stands in a text; a loop, for it runs over every dialog."""
    for hint in hints:  # noqa: SIM110
        if hint in text:
            return True
    return False
