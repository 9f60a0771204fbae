"""The experts of stage 3: one narrow question each (paper, section 2.3). No context holds a plan or an oracle."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from toolace.records import Message
from toolace.roles import Role


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class OpenArgument(_Model):
    """An argument whose value deterministic provenance could not trace."""

    where: str
    """JSON pointer into the dialog."""
    tool: str
    parameter: str
    value: Any
    description: str = ""


class ExpertContext(_Model):
    """A dialog as an expert reads it. `arguments` is filled for the hallucination expert alone."""

    language: str
    tools: tuple[dict[str, Any], ...]
    returns: dict[str, dict[str, Any]] = {}
    messages: tuple[Message, ...]
    tools_added: dict[str, int] = {}
    """Tools that are offered only from a later user message on, with that message's index."""
    arguments: tuple[OpenArgument, ...] = ()


class ExpertReply(_Model):
    """A verdict from the menu, after its reasons. `evidence` is quoted from the sample, word for word; `message` is its index."""

    reason: str = Field(default="", max_length=600)
    message: int | None = None
    evidence: str = ""
    verdict: Literal["ok", "defect", "cannot_tell"]


HALLUCINATION = Role("hallucination", ExpertContext, ExpertReply)
CONSISTENCY = Role("consistency", ExpertContext, ExpertReply)
TOOL_RESPONSE = Role("tool_response", ExpertContext, ExpertReply)
EXPERTS = {role.name: role for role in (HALLUCINATION, CONSISTENCY, TOOL_RESPONSE)}
