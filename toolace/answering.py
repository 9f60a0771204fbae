"""Who answers the roles, built from the configuration: on this machine, or on a node of a cluster."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from toolace.assets import asset
from toolace.config import Config
from toolace.errors import UserMistake
from toolace.roles import Backend


def answering(config: Config, root: Path, *, gates: Any = None, name: str = "") -> Backend:
    """The backend for a workspace; on a node of a cluster `gates` is asked for slots, in this name. Raises UserMistake."""
    if config.backend.kind == "simulator":
        from toolace.backends.simulator import Simulator

        return Simulator(config.seed)
    from toolace.backends.openai import OpenAIBackend
    from toolace.backends.prompts import Prompts
    from toolace.backends.replies import ReplyLog

    replies = ReplyLog(root / "replies", is_shared=config.run.executor == "ray")
    gate = None
    if gates is not None:
        from toolace.cluster.gate import RemoteFlow

        def gate(place: str, cap: Any) -> RemoteFlow:
            return RemoteFlow(gates, place, cap, name, lambda: replies.paid_here)

    return OpenAIBackend(
        config.backend,
        Prompts(prompt_folders(config)),
        replies,
        seed=config.seed,
        concurrency=config.run.concurrency,
        max_cost=config.run.max_cost,
        gate=gate,
    )


def prompt_folders(config: Config) -> list[Path]:
    """Where prompt files are looked for: the user's folder, then the package's. Raises UserMistake."""
    own = config.prompts_dir
    if own and not Path(own).is_dir():
        raise UserMistake(f"prompts_dir {own!r} is no folder; correct it in the configuration")
    return [*([Path(own)] if own else []), asset("prompts")]
