"""The expert layer: narrow questions to models, each with votes and quoted evidence (paper, section 2.3).

Cheap before dear: the hallucination expert is asked only about arguments that deterministic provenance leaves open. A reply off
the menu, or one whose evidence does not stand in the sample, is no verdict: it is asked for again, then the dialog is errored.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from toolace.errors import ReplyError
from toolace.provenance import trace
from toolace.records import Dialog, Finding, compact, plain
from toolace.roles import Ask, Key, Role
from toolace.verify.roles import EXPERTS, ExpertContext, ExpertReply, OpenArgument

TRIES = 3
"""Replies asked for until the evidence is really there."""


async def examine(dialog: Dialog, experts: Sequence[str], votes: int, language: str, index: int, ask: Ask) -> list[Finding]:
    """What the experts find, in the order in which they are named; the first defect ends it. Raises ReplyError."""
    for name in experts:
        context = context_for(name, dialog, language)
        if context is None:
            continue
        replies = await asyncio.gather(*(_asked(EXPERTS[name], context, dialog, index, vote, ask) for vote in range(votes)))
        defects = [reply for reply in replies if reply.verdict == "defect"]
        if len(defects) * 2 > len(replies):
            return [_finding(name, defects[0])]
    return []


def context_for(name: str, dialog: Dialog, language: str) -> ExpertContext | None:
    """What an expert is shown; None when there is nothing to ask it."""
    arguments = tuple(open_arguments(dialog)) if name == "hallucination" else ()
    has_calls = any(message.tool_calls for message in dialog.messages)
    if (name == "hallucination" and not arguments) or (name == "tool_response" and not (has_calls and dialog.returns)):
        return None
    bare = tuple(message.model_copy(update={"thought": None}) for message in dialog.messages)
    returns = {tool: plain(schema) for tool, schema in (dialog.returns or {}).items()}
    return ExpertContext(language=language, tools=dialog.tools, returns=returns, messages=bare, arguments=arguments)


def open_arguments(dialog: Dialog) -> list[OpenArgument]:
    """Arguments whose values neither the user's words, the system message, a result nor the definition accounts for."""
    schemas = {tool["function"]["name"]: tool["function"].get("parameters") or {} for tool in dialog.tools}
    found: list[OpenArgument] = []
    for source in trace(dialog.messages, schemas):
        if source.source == "unknown":
            _, _, message, _, number, _, _, parameter, *rest = source.argument.split("/")
            call = (dialog.messages[int(message)].tool_calls or ())[int(number)].function
            name = parameter.replace("~1", "/").replace("~0", "~")
            value = _at(call.arguments[name], rest)
            schema = schemas.get(call.name, {}).get("properties", {}).get(name, {})
            about = str(schema.get("description", "")) if isinstance(schema, dict) else ""
            found.append(OpenArgument(where=source.argument, tool=call.name, parameter=name, value=value, description=about))
    return found


async def _asked(role: Role[ExpertContext, ExpertReply], context: ExpertContext, dialog: Dialog, index: int, vote: int, ask: Ask) -> ExpertReply:
    for attempt in range(TRIES):
        reply = await ask(role, context, Key(f"verify.{role.name}", index, 0, vote, attempt))
        if reply.verdict != "defect" or is_quoted(reply, dialog):
            return reply
    raise ReplyError(f"{role.name}: {TRIES} times the evidence was not in the sample")


def is_quoted(reply: ExpertReply, dialog: Dialog) -> bool:
    """Whether the evidence stands in the sample, white space and case aside."""
    evidence = _folded(reply.evidence)
    return bool(evidence) and any(evidence in _folded(text) for text in _texts(dialog))


def _texts(dialog: Dialog) -> list[str]:
    found: list[str] = []
    for message in dialog.messages:
        found.append(message.content or "")
        for call in message.tool_calls or ():
            found.append(f"{call.function.name} {compact(call.function.arguments)}")
    return found


def _folded(text: str) -> str:
    return " ".join(text.lower().split())


def _finding(name: str, reply: ExpertReply) -> Finding:
    where = f"/messages/{reply.message}" if reply.message is not None else ""
    blame = {"hallucination": "assistant", "consistency": "assistant", "tool_response": "tool"}[name]
    return Finding.model_validate(
        {"check": name, "aspect": "expert", "where": where, "message": f"{reply.reason} ({reply.evidence!r})", "blame": blame}
    )


def _at(value: Any, path: list[str]) -> Any:
    for step in path:
        value = value[int(step)] if isinstance(value, list) else value[step.replace("~1", "/").replace("~0", "~")]
    return value
