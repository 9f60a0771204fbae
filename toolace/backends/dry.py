"""A dry run: the prompts that models would get, answered by the simulator; counted, and not sent."""

from __future__ import annotations

from typing import Any

from toolace import config
from toolace.backends.costs import Tokens, Totals, stage_of
from toolace.backends.prompts import Prompts, reply_schema
from toolace.backends.simulator import Simulator
from toolace.records import compact
from toolace.roles import C, Key, R, Role


class DryRun:
    """Answers as the simulator does, and bills it as the configured models would, four characters a token."""

    name = "openai"

    def __init__(self, settings: config.Backend, prompts: Prompts, seed: int):
        self.totals = Totals()
        self._settings, self._prompts = settings, prompts
        self._simulator = Simulator(seed)

    async def ask(self, role: Role[C, R], context: C, key: Key) -> R:
        """Answers one role. Raises ReplyError where the simulator does."""
        messages = self._prompts.render(role, context)
        reply = await self._simulator.ask(role, context, key)
        asked = sum(len(message["content"]) for message in messages)
        if self._settings.structured in ("auto", "json_schema"):
            asked += len(compact(reply_schema(role.reply)))
        answered = len(reply.model_dump_json())
        model = self._settings.model_of(role.name)
        tokens = Tokens.counted_or_estimated(None, None, asked, answered)
        self.totals.add(tokens.bill(stage_of(role, key), role.name, model, self._settings.price_of(role.name)))
        return reply

    async def check(self) -> None:
        """It always works."""

    async def close(self) -> None:
        """It holds nothing open."""

    def usage(self) -> dict[str, Any]:
        """Nothing is spent."""
        return {}
