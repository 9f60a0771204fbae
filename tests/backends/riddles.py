"""What comes back from asking riddles."""

from __future__ import annotations

from typing import Any


def answers(outcomes: list[Any]) -> list[str]:
    """What was answered; an exception is raised."""
    for outcome in outcomes:
        if isinstance(outcome, Exception):
            raise outcome
    return [outcome.answer for outcome in outcomes]


def right(count: int) -> list[str]:
    """The answers to the riddles 0 to count-1."""
    return [f"riddle {record}/0/0" for record in range(count)]
