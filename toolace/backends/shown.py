"""Every exchange with a role, readably: what was asked and what was answered. For `--verbose`."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import indent
from typing import Any

import orjson

from toolace.backends.prompts import Messages, Prompts
from toolace.errors import ReplyError
from toolace.roles import Backend, C, Key, R, Role

WIDTH = 100


class Shown:
    """A backend that shows what another one is asked. A prompt that stands just above is not repeated."""

    def __init__(self, backend: Backend, prompts: Prompts, show: Callable[[str], None]):
        """`show` gets one block of text for each exchange; the simulator's show the prompt that a model would get."""
        self.name = backend.name
        self._backend, self._prompts, self._show = backend, prompts, show
        self._before: dict[str, Messages] = {}

    async def ask(self, role: Role[C, R], context: C, key: Key) -> R:
        """Answers one role."""
        messages = self._prompts.render(role, context)
        try:
            reply = await self._backend.ask(role, context, key)
        except ReplyError as error:
            self._show(self._block(role.name, key, messages, f"no reply: {error}"))
            raise
        answer = orjson.dumps(reply.model_dump(mode="json", exclude_defaults=True), option=orjson.OPT_INDENT_2)
        self._show(self._block(role.name, key, messages, answer.decode()))
        return reply

    async def check(self) -> None:
        """As the other one does."""
        await self._backend.check()

    async def close(self) -> None:
        """As the other one does."""
        await self._backend.close()

    def usage(self) -> dict[str, Any]:
        """As the other one says."""
        return self._backend.usage()

    def _block(self, role: str, key: Key, messages: Messages, answer: str) -> str:
        where = f"record {key.record}, turn {key.turn}, sample {key.sample}, attempt {key.attempt}"
        lines = [f"── {role} · {where} ".ljust(WIDTH, "─")]
        before = self._before.get(role, [])
        for message in messages:
            text = "(as above)" if message in before else message["content"]
            lines.append(f"{message['role']}:\n{indent(text, '    ')}")
        self._before[role] = messages
        return "\n".join([*lines, f"{role} answers:\n{indent(answer, '    ')}", ""])
