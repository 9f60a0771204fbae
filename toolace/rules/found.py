"""What a rule yields. The registry adds the rule's name and aspect; a rule knows neither, and nothing of files."""

from __future__ import annotations

from typing import NamedTuple

from toolace.records import Blame, Severity


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
