"""`toolace check`: what a run needs, validated without spending."""

from __future__ import annotations

from typing import Any

from toolace.session import Session
from toolace.synth_apis.reading import find_sources


def check(session: Session) -> None:
    """Validates what a run needs without spending: prompts render, the endpoint answers, the sources exist."""
    config = session.config
    sources = find_sources(config.synth_apis.documents, config.synth_apis.imports, session.limit)
    facts: dict[str, Any] = {"configuration": "ok", "sources": sources.described, "backend": session.backend.name}
    if config.backend.kind == "openai":
        facts["models"] = {name: session.backend.model(name) for name in _role_names()}  # type: ignore[attr-defined]
    text = "\n".join(f"{name}: {value}" for name, value in facts.items())
    session.console.summary(facts, text)


def _role_names() -> list[str]:
    from toolace.gen_dialogs import roles
    from toolace.verify.roles import EXPERTS

    return [roles.PLAN.name, roles.USER.name, roles.ASSISTANT.name, roles.TOOL.name, *EXPERTS]
