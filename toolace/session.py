"""One run's collaborators, built from options and configuration: workspace, backend, event loop. Built here alone."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from toolace.answering import answering, prompt_folders
from toolace.config import Config
from toolace.console import Console
from toolace.errors import UserMistake
from toolace.roles import Backend
from toolace.runner import Counts, Plan, Stage, processes_for, run_stage
from toolace.shards import StageFolder, Workspace

if TYPE_CHECKING:
    from toolace.cluster.workers import Cluster

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
        with self.workspace.lock(), _ending_as_by_ctrl_c():
            try:
                yield
            finally:
                try:
                    if "cluster" in self.__dict__:
                        self.cluster.close()
                    if "backend" in self.__dict__:
                        self._runner.run(self.backend.close())
                finally:
                    self._runner.close()
        if self.workspace.url:
            self.console.remark(f"{self.workspace.url} has all of it; {self.workspace.root} is its working copy here")

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
        backend = answering(self.config, self.workspace.root)
        self.run(backend.check())
        return backend

    def prompts(self, make: Any) -> Any:
        """The prompt files: the user's by name, then the package's."""
        return make(prompt_folders(self.config))

    @cached_property
    def cluster(self) -> Cluster:
        """The Ray cluster of `--executor ray`. Raises UserMistake."""
        try:
            from toolace.cluster.workers import Cluster
        except ImportError:
            raise UserMistake("--executor ray needs Ray: pip install 'toolace[ray]'") from None
        return Cluster(self.config, self.workspace.root, self.usage().get("cost", 0.0))

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
        workers = self._on_nodes(stage.name) if self.config.run.executor == "ray" else None
        plan = Plan(
            folder=folder,
            fingerprint=fingerprint,
            upstream=upstream,
            shard_size=self.config.run.shard_size,
            concurrency=self.at_once(stage.name),
            processes=processes_for(self.config.backend.kind, self.config.run.processes, self.config.run.concurrency)
            if forks
            else 1,
            workers=workers,
            **more,
        )
        with self.console.progress(stage.name, total, self.usage) as observe:
            return self.run(run_stage(stage, self.backend, plan, observe))

    def _on_nodes(self, stage: str) -> Callable[[Stage, Backend], Any] | None:
        """What makes attempts on the cluster; None for a stage that waits for batches, which one machine can do."""
        if self._is_batched(stage):
            self.console.remark(f"{stage}: its questions go in batches, which this machine sends alone")
            return None
        _ = self.backend  # what is wrong with it is found here, before the cluster is asked
        return self.cluster.workers

    def at_once(self, stage: str) -> int:
        """Attempts of a stage that run at once: as many as make a batch where its roles are asked in batches."""
        concurrency = self.config.run.concurrency
        return max(concurrency, self.config.backend.batch.size) if self._is_batched(stage) else concurrency

    def _is_batched(self, stage: str) -> bool:
        backend = self.config.backend
        return backend.kind == "openai" and not _SINGLE_SHOT.get(stage, frozenset()).isdisjoint(backend.batch.roles)

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


_SINGLE_SHOT = {
    "synth-apis": frozenset(("speciation", "evolution", "mutation")),
    "verify": frozenset(("hallucination", "tool_response", "consistency")),
}
"""Roles that may be asked in batches, by the stage that asks them."""

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
