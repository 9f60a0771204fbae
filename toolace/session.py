"""One run's collaborators, built from options and configuration: workspace, backend, event loop. Built here alone."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from toolace.assets import asset
from toolace.config import Config
from toolace.console import Console
from toolace.errors import UserMistake
from toolace.roles import Backend
from toolace.runner import Counts, Plan, Stage, processes_for, run_stage
from toolace.shards import StageFolder, Workspace

T = TypeVar("T")

QUICKSTART = Path("runs") / "quickstart"

BEAT_SECONDS = 1.0
"""The display is refreshed this often, also when nothing happens."""


@dataclass
class Session:
    """What the stages of one command share."""

    config: Config
    workspace: Workspace
    console: Console
    limit: int | None = None
    _runner: asyncio.Runner = field(default_factory=asyncio.Runner)

    @contextlib.contextmanager
    def working(self) -> Iterator[None]:
        """Holds the workspace, and closes what was opened."""
        if self.config.run.executor == "ray":
            raise UserMistake("--executor ray is not in this version; leave it out to run on this machine")
        with self.workspace.lock(), _ending_as_by_ctrl_c():
            try:
                yield
            finally:
                try:
                    if "backend" in self.__dict__:
                        self._runner.run(self.backend.close())
                finally:
                    self._runner.close()

    def with_settings(self, settings: dict[str, Any]) -> None:
        """Changes counts between rounds: {"section.key": value}."""
        for dotted, value in settings.items():
            section, _, key = dotted.partition(".")
            changed = getattr(self.config, section).model_copy(update={key: value})
            self.config = self.config.model_copy(update={section: changed})

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Runs a coroutine on this session's event loop, the same for all stages, and keeps the display alive."""
        gc.freeze()  # what is loaded by now stays; the collector need not look at it again and again
        return self._runner.run(self._shown(work))

    async def _shown(self, work: Coroutine[Any, Any, T]) -> T:
        async def beat() -> None:
            while True:
                await asyncio.sleep(BEAT_SECONDS)
                self.console.beat(self.usage)

        beating = asyncio.create_task(beat())
        try:
            return await work
        finally:
            beating.cancel()

    @cached_property
    def backend(self) -> Backend:
        """Who answers the roles; checked before its first use. Raises UserMistake."""
        if not self.console.verbose:
            return self._answering()
        from toolace.backends.prompts import Prompts
        from toolace.backends.shown import Shown

        return Shown(self._answering(), self.prompts(Prompts), self.console.remark)

    def _answering(self) -> Backend:
        settings = self.config.backend
        if settings.kind == "simulator":
            from toolace.backends.simulator import Simulator

            return Simulator(self.config.seed)
        from toolace.backends.openai import OpenAIBackend
        from toolace.backends.prompts import Prompts
        from toolace.backends.replies import ReplyLog

        backend = OpenAIBackend(
            settings,
            self.prompts(Prompts),
            ReplyLog(self.workspace.path("replies")),
            seed=self.config.seed,
            concurrency=self.config.run.concurrency,
            max_cost=self.config.run.max_cost,
        )
        self.run(backend.check())
        return backend

    def prompts(self, make: Any) -> Any:
        """The prompt files: the user's by name, then the package's."""
        own = self.config.prompts_dir
        if own and not Path(own).is_dir():
            raise UserMistake(f"prompts_dir {own!r} is no folder; correct it in the configuration")
        return make([*([Path(own)] if own else []), asset("prompts")])

    def fingerprint(self, *sections: str) -> dict[str, Any]:
        """What a stage's output depends on: seed, language, who answers, and its own settings but for counts."""
        everything = self.config.model_dump(mode="json")
        backend = everything["backend"]
        chosen: dict[str, Any] = {
            "seed": self.config.seed,
            "language": self.config.language,
            "shard_size": self.config.run.shard_size,
            "backend": {"kind": backend["kind"]},
        }
        if backend["kind"] == "openai":
            from toolace.backends.prompts import Prompts

            names = ("model", "temperature", "max_tokens", "extra_body")
            chosen["backend"] |= {name: backend[name] for name in names}
            chosen["backend"]["roles"] = {
                name: {key: value for key, value in role.items() if key != "base_url"}
                for name, role in backend["roles"].items()
            }
            chosen["prompts"] = self.prompts(Prompts).digest()
        for section in sections:
            chosen[section] = {key: value for key, value in everything[section].items() if key not in _COUNTS}
        return chosen

    def settle(
        self,
        stage: Stage,
        folder: StageFolder,
        *,
        fingerprint: dict[str, Any],
        upstream: dict[str, str],
        total: int,
        forks: bool = True,
        **more: Any,
    ) -> Counts:
        """Runs a stage to its end with a progress display; in this process alone where it cannot be forked."""
        plan = Plan(
            folder=folder,
            fingerprint=fingerprint,
            upstream=upstream,
            shard_size=self.config.run.shard_size,
            concurrency=self.config.run.concurrency,
            processes=processes_for(self.config.backend.kind, self.config.run.processes, self.config.run.concurrency)
            if forks
            else 1,
            **more,
        )
        with self.console.progress(stage.name, total, self.usage) as observe:
            return self.run(run_stage(stage, self.backend, plan, observe))

    def usage(self) -> dict[str, Any]:
        """Requests, tokens and cost so far."""
        return self.backend.usage() if "backend" in self.__dict__ else {}


@contextlib.contextmanager
def _ending_as_by_ctrl_c() -> Iterator[None]:
    """SIGTERM does what Ctrl-C does. Outside the main thread, where signals cannot be handled, nothing changes."""
    try:
        before = signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    except ValueError:
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


_COUNTS = frozenset(
    (
        "num_apis",
        "num_dialogs",
        "documents",
        "imports",
        "attempts_per_api",
        "attempts_per_dialog",
        "out",
    )
)
