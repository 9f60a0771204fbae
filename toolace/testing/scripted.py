"""A backend that answers as a test says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel

from toolace.roles import C, Key, R, Role

Answer = BaseModel | dict[str, Any] | Exception
Script = Callable[[Any, Key], Answer] | list[Answer]


class ScriptedBackend:
    """Answers a role by calling its function with (context, key), or with the next of its list; an exception is raised.

    `asked` keeps every question as (role name, context, key).
    """

    name = "scripted"

    def __init__(self, scripts: Mapping[str, Script]):
        self._scripts = {name: list(script) if isinstance(script, list) else script for name, script in scripts.items()}
        self.asked: list[tuple[str, BaseModel, Key]] = []

    async def ask(self, role: Role[C, R], context: C, key: Key) -> R:
        """The scripted answer, validated. Raises AssertionError for a question that the script does not foresee."""
        self.asked.append((role.name, context, key))
        script = self._scripts.get(role.name)
        if script is None:
            raise AssertionError(f"{role.name!r} was asked ({key}), but the script has only {sorted(self._scripts)}")
        if isinstance(script, list):
            if not script:
                raise AssertionError(f"{role.name!r} was asked once more ({key}) than its script has answers")
            answer = script.pop(0)
        else:
            answer = script(context, key)
        if isinstance(answer, Exception):
            raise answer
        return role.reply.model_validate(answer)

    async def check(self) -> None:
        """A script always works."""

    async def close(self) -> None:
        """Nothing to release."""

    def usage(self) -> dict[str, Any]:
        """Scripts cost nothing."""
        return {}
