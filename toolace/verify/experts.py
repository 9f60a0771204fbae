"""The expert layer: narrow questions to models, each with votes and quoted evidence (paper, section 2.3).

Cheap before dear: the hallucination expert is asked only about arguments that deterministic provenance leaves open, and the first
defect ends it. A reply off the menu, or one whose quotation does not stand in the sample, is no verdict: it is asked for
again, and in the end the dialog is errored.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from toolace.errors import ReplyError
from toolace.records import Blame, Dialog, Finding, compact, plain
from toolace.roles import Ask, Key, Role
from toolace.verify.grounding import open_arguments
from toolace.verify.roles import EXPERTS, ExpertContext, ExpertReply

TRIES: Final = 3
"""Replies asked for until the evidence is really there."""

BY_COST: Final = ("hallucination", "consistency", "tool_response")
"""Cheapest for each rejection first, as scripts/bench/expert_costs.py measures it: most dialogs leave the first nothing to
ask, and most of what the last would find the rules have rejected before."""

_BLAMES: Final[dict[str, Blame]] = {"tool_response": "tool"}


async def examine(
    dialog: Dialog, experts: Sequence[str], votes: int, language: str, index: int, ask: Ask
) -> list[Finding]:
    """What the experts find; the first defect that most votes see ends it. Raises ReplyError."""
    whole: ExpertContext | None = None
    for name in sorted(experts, key=BY_COST.index):
        context = context_for(name, dialog, language, whole)
        if context is None:
            continue
        whole, role = context, EXPERTS[name]
        replies = await asyncio.gather(*(_asked(role, context, index, vote, ask) for vote in range(votes)))
        defects = [reply for reply in replies if reply.verdict == "defect"]
        if len(defects) * 2 > len(replies):
            return [_finding(name, context, defects[0])]
    return []


def context_for(name: str, dialog: Dialog, language: str, other: ExpertContext | None = None) -> ExpertContext | None:
    """What an expert is shown, never a plan or a thought; None when there is nothing to ask it. `other`: another expert's."""
    arguments = tuple(open_arguments(dialog)) if name == "hallucination" else ()
    if name == "hallucination" and not arguments:
        return None
    if name == "tool_response" and not any(message.role == "tool" for message in dialog.messages):
        return None
    if other is not None:
        return other.model_copy(update={"arguments": arguments})
    bare = tuple(message.model_copy(update={"thought": None}) for message in dialog.messages)
    names = [tool["function"].get("name") for tool in dialog.tools if isinstance(tool.get("function"), dict)]
    returns = {tool: plain(schema) for tool, schema in (dialog.returns or {}).items() if tool in names}
    added = {tool: turn.first for turn in dialog.turns for tool in turn.tools_added or ()}
    return ExpertContext(
        language=language,
        tools=dialog.tools,
        returns=returns,
        messages=bare,
        tools_added=added,
        arguments=arguments,
    )


def is_quoted(reply: ExpertReply, context: ExpertContext) -> bool:
    """Whether the quotation stands in the message it is said to be from, white space and case aside.

    Only a defect must quote; a quotation that is given must be true in any case.
    """
    evidence = _folded(reply.evidence)
    if not evidence:
        return reply.verdict != "defect"
    texts = _texts(context)
    if reply.message is not None:
        texts = texts[reply.message : reply.message + 1] if reply.message >= 0 else []
    return any(evidence in text for text in texts)


async def _asked(
    role: Role[ExpertContext, ExpertReply], context: ExpertContext, index: int, vote: int, ask: Ask
) -> ExpertReply:
    for attempt in range(TRIES):
        reply = await ask(role, context, Key(f"verify.{role.name}", index, 0, vote, attempt))
        if is_quoted(reply, context):
            return reply
    raise ReplyError(f"{role.name}: {TRIES} replies quoted what is not in the sample")


def _texts(context: ExpertContext) -> list[str]:
    """Each message as evidence is looked up in it: what is said, and what is called with what."""
    found: list[str] = []
    for message in context.messages:
        calls = [f"{call.function.name} {compact(call.function.arguments)}" for call in message.tool_calls or ()]
        found.append(_folded(" ".join([message.content or "", *calls])))
    return found


def _folded(text: str) -> str:
    return "".join(text.lower().split())


def _finding(name: str, context: ExpertContext, reply: ExpertReply) -> Finding:
    where = f"/messages/{reply.message}" if reply.message is not None else "/messages"
    for argument in context.arguments:
        if _folded(compact(argument.value)).strip('"') in _folded(reply.evidence):
            where = argument.where
            break
    return Finding(
        check=name,
        aspect="expert",
        where=where,
        message=f"{reply.reason or 'a defect'} ({reply.evidence!r})",
        blame=_BLAMES.get(name, "assistant"),
    )
