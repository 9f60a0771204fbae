"""The smallest stage: one question an attempt, its reply the record."""

from __future__ import annotations

from typing import Any

from toolace.gen_dialogs.roles import USER, UserContext, UserReply
from toolace.roles import Ask, Key
from toolace.shards import Settled


class Calls:
    """Asks the role `user` the same context under `count` keys."""

    name = "calls"

    def __init__(self, context: dict[str, Any], count: int):
        self._context, self._count = UserContext.model_validate(context), count

    def job(self, index: int) -> int | None:
        """The index alone."""
        return index if index < self._count else None

    def horizon(self, settled: int) -> int | None:
        """None waits for another."""
        return None

    async def attempt(self, index: int, job: int, ask: Ask) -> UserReply:
        """One question."""
        return await ask(USER, self._context, Key("user", index))

    def settle(self, index: int, job: int, result: UserReply) -> Settled:
        """Every reply is kept."""
        return Settled(index, "kept", line=result.model_dump_json().encode())

    def restore(self, settled: Settled) -> None:
        """There is nothing to remember."""

    def wanted(self, kept: int, settled: int) -> int:
        """All of them."""
        return self._count - settled
