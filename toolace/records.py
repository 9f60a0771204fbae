"""The records of the workspace: frozen, versioned, unknown fields refused. JSON as written is JSON as read.

Every record is one line of JSON without its absent (None) fields: `record.model_dump_json(exclude_none=True)`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final, Literal, Self

import orjson
from pydantic import BaseModel, ConfigDict

from toolace.semantics import ANNOTATION

Kind = Literal["single", "parallel", "dependent", "none"]
Aspect = Literal["definition", "executability", "dialog", "sample", "set", "expert"]
Severity = Literal["error", "warning"]
Blame = Literal["user", "assistant", "tool", "definition"]

_DIGITS: Final = bytes.maketrans(b"123456789", b"000000000")
_LONG_NUMBER: Final = b"0" * 19
"""Digits, all made zeros, that may be an integer beyond 64 bits."""

RICHNESS: tuple[Kind, ...] = ("none", "single", "parallel", "dependent")
"""Kinds from poor to rich: a dialog's kind is that of its richest turn."""


class Part(BaseModel):
    """Base of what records are made of."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Record(Part):
    """Base of what stands on a line of its own."""

    v: Literal[1] = 1

    @classmethod
    def read(cls, line: bytes) -> Self:
        """The record that a line of JSON holds. Raises pydantic's ValidationError.

        orjson reads a third faster; integers beyond 64 bits, and what it does not take, are left to pydantic's own reader.
        """
        if _LONG_NUMBER in line.translate(_DIGITS):
            return cls.model_validate_json(line)
        try:
            content = orjson.loads(line)
        except orjson.JSONDecodeError:
            return cls.model_validate_json(line)
        return cls.model_validate(content)

    def line(self) -> bytes:
        """The record as it is written, without the line end."""
        return self.model_dump_json(exclude_none=True).encode()


class ApiLineage(Part):
    """Where a definition comes from (paper, section 2.1)."""

    origin: Literal["imported", "synthesized"]
    documents: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()
    parent: str | None = None
    generation: int = 0
    indicators: tuple[str, ...] = ()
    attempt: int = 0
    backend: str = "simulator"


class Api(Record):
    """One tool of the pool. `parameters` is an object schema, `returns` the schema of what a call gives back."""

    id: str
    name: str
    description: str
    parameters: dict[str, Any]
    returns: dict[str, Any]
    domain: tuple[str, ...]
    functionalities: tuple[str, ...] = ()
    lineage: ApiLineage

    def tool(self) -> dict[str, Any]:
        """The definition as OpenAI's chat format offers it to a model: no annotations, no returns."""
        function = {"name": self.name, "description": self.description, "parameters": plain(self.parameters)}
        return {"type": "function", "function": function}


class Function(Part):
    """What is called, with what: `arguments` is an object, never a string of JSON."""

    name: str
    arguments: dict[str, Any]


class ToolCall(Part):
    """One call inside an assistant message."""

    id: str
    type: Literal["function"] = "function"
    function: Function


class ToolFit(Part):
    """Why one candidate tool serves the request, or does not."""

    tool: str
    fits: bool
    why: str


class KnownValue(Part):
    """A parameter whose value is known, and from where (`user`, `system`, `result`, `default`)."""

    parameter: str
    value: Any
    source: str


class Thought(Part):
    """The assistant's structured thinking before it acts (paper, section 2.2)."""

    asked: str
    tools: tuple[ToolFit, ...] = ()
    known: tuple[KnownValue, ...] = ()
    missing: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()


class Message(Part):
    """A message of OpenAI's chat format; `thought` beside it is the assistant's and is exported only on demand."""

    role: Literal["system", "user", "assistant", "tool"]
    content: str | None = None
    tool_calls: tuple[ToolCall, ...] | None = None
    tool_call_id: str | None = None
    name: str | None = None
    thought: Thought | None = None


class Turn(Part):
    """One user turn and all that answers it. `first` is the index of its user message.

    `situation` says what happens beside the calls (`plain`, `missing_parameter`, `tool_error`, …). `tools_added` names the
    tools that are offered only from this turn on.
    """

    kind: Kind
    situation: str = "plain"
    first: int
    tools_added: tuple[str, ...] | None = None


class Source(Part):
    """Where an argument's value comes from. `argument` and `at` are JSON pointers into the dialog."""

    argument: str
    source: Literal["user", "system", "assistant", "result", "default", "constant", "unknown"]
    at: str | None = None
    how: str | None = None


class Complexity(Part):
    """Difficulty of the dialog for the learner (paper, section 2.2.2). `value` is in nats a token for `nll`."""

    learner: str
    measure: str
    value: float
    rounds: int = 0
    in_range: bool | None = None
    band: str | None = None


class DialogLineage(Part):
    """How a dialog came to be."""

    backend: str
    attempt: int
    apis: tuple[str, ...] = ()
    foreign: tuple[str, ...] | None = None
    """Names of tools that were imported: they stay as they are, legal for the OpenAI API or not."""
    models: dict[str, str] | None = None
    prompts: str | None = None


class Dialog(Record):
    """One conversation with its tools. `plan` and `provenance` are absent in foreign data."""

    id: str
    kind: Kind
    turns: tuple[Turn, ...]
    tools: tuple[dict[str, Any], ...]
    returns: dict[str, dict[str, Any]] | None = None
    messages: tuple[Message, ...]
    plan: dict[str, Any] | None = None
    provenance: tuple[Source, ...] | None = None
    complexity: Complexity | None = None
    lineage: DialogLineage | None = None


class Finding(Part):
    """What a check found wrong. Only errors reject."""

    check: str
    aspect: Aspect
    severity: Severity = "error"
    where: str = ""
    message: str
    blame: Blame | None = None


class Verdict(Part):
    """Outcome of verification for one dialog."""

    accepted: bool
    findings: tuple[Finding, ...] = ()


class Rejection(Record):
    """A line of rejected/: the dialog as it was, and what was found."""

    dialog: Dialog
    findings: tuple[Finding, ...]


def richest(kinds: list[Kind]) -> Kind:
    """The kind of a dialog made of turns of these kinds."""
    return max(kinds, key=RICHNESS.index, default="none")


def kind_of_turn(messages: Sequence[Message]) -> Kind:
    """The kind of a turn from what was really called in it."""
    calling = [message.tool_calls for message in messages if message.tool_calls]
    if not calling:
        return "none"
    if len(calling) > 1:
        return "dependent"
    return "parallel" if len(calling[0]) > 1 else "single"


def turns_of(messages: Sequence[Message]) -> tuple[Turn, ...]:
    """The turns of a conversation nobody planned: one begins at each user message that does not follow another.

    Calls made before any user message count for the first turn, so that they are not lost on the dialog's kind.
    """
    roles = [message.role for message in messages]
    firsts = [at for at, role in enumerate(roles) if role == "user" and (at == 0 or roles[at - 1] != "user")]
    bounds = [0, *firsts[1:], len(messages)]
    spans = zip(firsts, bounds, bounds[1:], strict=False)
    return tuple(Turn(kind=kind_of_turn(messages[start:end]), first=first) for first, start, end in spans)


def plain(schema: Any) -> Any:
    """A schema without the pool's annotations, safe to show to a model."""
    if isinstance(schema, dict):
        return {key: plain(value) for key, value in schema.items() if key != ANNOTATION}
    if isinstance(schema, list):
        return [plain(value) for value in schema]
    return schema


def compact(value: Any) -> str:
    """JSON on one line as it stands in tool messages and prompts."""
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))
