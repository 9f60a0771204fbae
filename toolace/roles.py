"""Roles and the one seam: `reply = await ask(role, context, key)`.

A role is a name, a context type, a reply type and a prompt file of the same name (prompts/NAME.jinja2). Stage code knows
nothing of who answers: a model behind an endpoint, or the simulator.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from pydantic import BaseModel

C = TypeVar("C", bound=BaseModel)
R = TypeVar("R", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Role(Generic[C, R]):
    """Who is asked: `name` is also the prompt file's name."""

    name: str
    context: type[C]
    reply: type[R]


class Key(NamedTuple):
    """Identity of one question. It seeds the simulator and enters the request's hash, so that a deliberate retry (another
    `attempt`) is a new request and a rerun is not."""

    stage: str
    record: int
    turn: int = 0
    sample: int = 0
    attempt: int = 0


class Ask(Protocol):
    """The seam. Raises ReplyError when no valid reply could be had."""

    async def __call__(self, role: Role[C, R], context: C, key: Key) -> R: ...


class Backend(Protocol):
    """Who answers roles."""

    name: str

    async def ask(self, role: Role[C, R], context: C, key: Key) -> R:
        """Answers one role."""
        ...

    async def check(self) -> None:
        """Raises UserMistake when the backend cannot work at all (no endpoint, wrong key), before work starts."""
        ...

    async def close(self) -> None:
        """Releases connections and files."""
        ...

    def usage(self) -> dict[str, Any]:
        """Requests, tokens and cost so far; empty for the simulator."""
        ...
