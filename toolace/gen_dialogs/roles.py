"""The roles of stage 2, with what each is told and what it must answer (paper, section 2.2).

The user agent is told an *intent* and never the tools; the assistant is told the tools and the conversation and
never the plan:
its `oracle` is for the simulator alone, and no prompt can render it.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from toolace.records import Api, Kind, Message, Thought
from toolace.roles import Role

Action = Literal["call", "ask", "summarise", "answer"]
Faults = tuple[str, ...]
"""For what the last try of this role was rejected. Quotes the dialog, so a prompt keeps it in fences."""


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Persona(_Model):
    """Who the user is and how they write."""

    occupation: str = "person"
    tone: Literal["neutral", "polite", "casual", "terse", "chatty"] = "neutral"
    directness: Literal["direct", "question", "context_first"] = "direct"
    typos: bool = False


class Seeds(_Model):
    """What a planner is to build a dialog around, so that no two dialogs are alike."""

    place: str
    moment: str
    motive: str
    company: str
    letters: str


# Plan: the true calls, before any word


class Link(_Model):
    """One argument that comes from the result of an earlier call of the same turn or of an earlier turn.

    `result` is a path: `hotels.0.hotel_id`. `call` counts the calls of the dialog from 0. Links that share a
    `parameter` fill a list, one item each, in order.
    """

    parameter: str
    call: int
    result: str


class CallSpec(_Model):
    """A call that the plan is to contain."""

    tool: str
    links: tuple[Link, ...] = ()
    like: int | None = None
    """The earlier call (counted over the dialog) of which this one is a variation: 'and for Rome?'."""


class TurnSpec(_Model):
    """The shape of one user turn: which tools are called, in which steps. Calls of one step are parallel."""

    kind: Kind
    situation: str = "plain"
    steps: tuple[tuple[CallSpec, ...], ...] = ()
    absent: str | None = None
    """The tool that the request needs and that is not offered (`no_fitting_tool`, `tool_absent`)."""
    tools_added: tuple[str, ...] = ()


class PlanContext(_Model):
    """What the planner is given: the shape of the dialog and the true tools."""

    language: str
    today: str
    persona: Persona
    turns: tuple[TurnSpec, ...]
    apis: tuple[Api, ...]
    system: bool = False
    """Whether the dialog opens with a system message; one that states the date is needed wherever a date is
    relative."""
    seeds: Seeds | None = None
    instruction: str = ""
    """What to change about the last plan, and why (complication): empty on the first try."""
    faults: Faults = ()


class SaidValue(_Model):
    """A value that the user must convey, and how they might say it."""

    parameter: str
    value: Any
    says: str


class Intent(_Model):
    """What the user wants from one turn: the goal in their words, the values they give, and what they leave out."""

    goal: str
    values: tuple[SaidValue, ...] = ()
    withheld: tuple[str, ...] = ()
    request: str = ""
    """A wording of the whole request; the user agent may use it or write its own."""


class PlannedCall(_Model):
    """A true call. An argument that comes from an earlier result is `{"$call": 0, "$path": "hotels.0.hotel_id"}`, one
    that comes from several a list of these."""

    tool: str
    arguments: dict[str, Any]


class PlannedTurn(_Model):
    """One turn with its true calls fixed."""

    kind: Kind
    situation: str = "plain"
    intent: Intent
    steps: tuple[tuple[PlannedCall, ...], ...] = ()
    missing: tuple[str, ...] = ()
    reply: str = ""
    """What a turn without calls is answered with, where the plan knows it (a fact, a refusal)."""
    tools_added: tuple[str, ...] = ()


class DialogPlan(_Model):
    """The plan of a whole dialog."""

    system: str | None = None
    turns: tuple[PlannedTurn, ...] = Field(min_length=1)


# The three agents


class UserContext(_Model):
    """What the user agent knows: its persona, its intent, and what has been said. Never the tools."""

    language: str
    today: str
    persona: Persona
    intent: Intent
    situation: str
    history: tuple[Message, ...]
    instruction: str = ""
    """What to do otherwise than last time, and why (complication)."""
    faults: Faults = ()


class UserReply(_Model):
    """The user's next message."""

    text: str = Field(min_length=1)


class Oracle(_Model):
    """The planned decision of one assistant action, for the simulator."""

    action: Action
    calls: tuple[PlannedCall, ...] = ()
    planned: PlannedTurn
    apis: tuple[Api, ...] = ()
    results: tuple[Any, ...] = ()
    """Results of this turn's calls so far, in order."""
    made: tuple[PlannedCall, ...] = ()
    """This turn's calls so far, in order, arguments resolved."""


class AssistantContext(_Model):
    """What the assistant sees: system text, tools, conversation."""

    language: str
    tools: tuple[dict[str, Any], ...]
    history: tuple[Message, ...]
    faults: Faults = ()
    oracle: Oracle | None = Field(default=None, json_schema_extra={"oracle": True})


class AssistantCall(_Model):
    """A call as the assistant writes it."""

    name: str
    arguments: dict[str, Any]


class AssistantReply(_Model):
    """One action: `call` with calls, `ask` for what is missing, `summarise` results, or `answer` without tools."""

    thought: Thought
    action: Action
    calls: tuple[AssistantCall, ...] = ()
    content: str = ""


class ToolContext(_Model):
    """What the tool agent simulates from: the definition, the call, and what earlier calls of the dialog gave."""

    language: str
    today: str
    api: Api
    arguments: dict[str, Any]
    outcome: Literal["ok", "error", "empty"] = "ok"
    earlier: tuple[tuple[str, dict[str, Any], Any], ...] = ()
    """(tool, arguments, result) of earlier calls."""
    faults: Faults = ()


class ToolReply(_Model):
    """What the call gives back: a result that fits the definition's `returns`, or `{"error": …}`."""

    result: Any


PLAN = Role("plan", PlanContext, DialogPlan)
USER = Role("user", UserContext, UserReply)
ASSISTANT = Role("assistant", AssistantContext, AssistantReply)
TOOL = Role("tool", ToolContext, ToolReply)
