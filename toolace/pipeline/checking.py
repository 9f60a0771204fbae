"""`toolace check`: what a run needs, validated without spending, and what it would cost."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from toolace.config import Config
from toolace.console import Console
from toolace.pipeline.apis import synth_apis
from toolace.pipeline.dialogs import gen_dialogs
from toolace.pipeline.verification import verify
from toolace.roles import Backend
from toolace.session import Session
from toolace.shards import Workspace
from toolace.synth_apis.reading import find_sources

APIS, DIALOGS = 20, 10
"""Size of the dry run."""


def check(session: Session) -> None:
    """Validates what a run needs without spending: prompts render, the endpoint answers, the sources exist."""
    config = session.config
    sources = find_sources(config.synth_apis.documents, config.synth_apis.imports, session.limit)
    facts: dict[str, Any] = {"configuration": "ok", "sources": sources.described, "backend": session.backend.name}
    lines = [f"{name}: {value}" for name, value in facts.items()]
    if config.backend.kind == "openai":
        facts["estimate"] = estimate = estimated(session)
        lines += _told(estimate, config)
    session.console.summary(facts, "\n".join(lines))


def estimated(session: Session) -> dict[str, Any]:
    """Requests, tokens and cost of a whole run, by role, from a dry run of a few records in a folder of its own."""
    config = session.config
    few = config.model_copy(
        update={
            "synth_apis": config.synth_apis.model_copy(update={"num_apis": min(APIS, config.synth_apis.num_apis)}),
            "gen_dialogs": config.gen_dialogs.model_copy(
                update={"num_dialogs": min(DIALOGS, config.gen_dialogs.num_dialogs)}
            ),
            "complexity": config.complexity.model_copy(update={"learner": "none"}),
            "run": config.run.model_copy(update={"max_cost": None, "executor": "local"}),
        }
    )
    with tempfile.TemporaryDirectory() as folder:
        dry = _Dry(few, Workspace(Path(folder)), _Silent(), session.limit)
        with dry.working():
            apis = synth_apis(dry).kept
            of_apis = _rows(dry)
            dialogs = gen_dialogs(dry).kept
            verify(dry)
            rows = _rows(dry)
    wanted = {True: config.synth_apis.num_apis / max(1, apis), False: config.gen_dialogs.num_dialogs / max(1, dialogs)}
    roles = {
        role: {name: value * (1 if role == "speciation" else wanted[role in of_apis]) for name, value in row.items()}
        for role, row in rows.items()
    }
    whole = {name: sum(row[name] for row in roles.values()) for name in ("requests", "input", "output", "cost")}
    return {**_rounded(whole), "by_role": {role: _rounded(row) for role, row in roles.items()}}


class _Dry(Session):
    """A session whose questions are counted and not sent."""

    def _answering(self) -> Backend:
        from toolace.backends.dry import DryRun
        from toolace.backends.prompts import Prompts

        self.dry = DryRun(self.config.backend, self.prompts(Prompts), self.config.seed)
        return self.dry


class _Silent(Console):
    """Says nothing."""

    def remark(self, text: str) -> None:
        """Nothing."""

    def summary(self, facts: dict[str, Any], text: str) -> None:
        """Nothing."""


def _rows(dry: _Dry) -> dict[str, dict[str, float]]:
    """What was counted so far, by role."""
    return {
        role: {
            "requests": row["replies"],
            "input": row["input_tokens"],
            "output": row["output_tokens"],
            "cost": row["cost"],
        }
        for role, row in dry.dry.totals.summary()["by_role"].items()
    }


def _rounded(row: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 4) if name == "cost" else round(value) for name, value in row.items()}


def _told(estimate: dict[str, Any], config: Config) -> list[str]:
    unpriced = sorted({config.backend.model_of(role) for role in estimate["by_role"]} - config.backend.prices.keys())
    wanted = f"{config.synth_apis.num_apis} APIs and {config.gen_dialogs.num_dialogs} dialogs"
    lines = [f"estimate for {wanted}: {_line(estimate)}"]
    lines += [f"  {role} ({config.backend.model_of(role)}): {_line(row)}" for role, row in estimate["by_role"].items()]
    lines += [f"  without a price: {', '.join(unpriced)}; set backend.prices"] if unpriced else []
    lines.append("  replies that must be asked for again, and a model's thinking, come on top")
    return lines


def _line(row: dict[str, Any]) -> str:
    return f"{row['requests']:,} requests, {row['input']:,} + {row['output']:,} tokens, cost {row['cost']:,.2f}"
