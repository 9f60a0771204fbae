"""The simulator as expert: what can be computed from the dialog alone. Where that does not suffice it says `cannot_tell`."""

from __future__ import annotations

import json
import random
from typing import Any

import jsonschema_rs

from toolace.records import Message, compact
from toolace.verify.roles import ExpertContext, ExpertReply


def hallucination(context: ExpertContext, rng: random.Random) -> ExpertReply:
    """Is an argument's value in nobody's words? What provenance left open was found in none of them."""
    if not context.arguments:
        return ExpertReply(verdict="ok")
    worst = context.arguments[0]
    message = int(worst.where.split("/")[2])
    value = json.dumps(worst.value, ensure_ascii=False)
    reason = f"The value of {worst.parameter!r} stands neither in what the user said, nor in a result, nor in the definition."
    return ExpertReply(verdict="defect", message=message, evidence=value, reason=reason)


def consistency(context: ExpertContext, rng: random.Random) -> ExpertReply:
    """Is the task done? Computable: the last word is the assistant's, and every call is answered before it."""
    last = context.messages[-1] if context.messages else None
    if last is None or last.role != "assistant" or not last.content or last.tool_calls:
        at = len(context.messages) - 1
        return ExpertReply(verdict="defect", message=at, evidence=_quote(last), reason="The conversation ends before the user is answered.")
    return ExpertReply(verdict="ok" if any(message.tool_calls for message in context.messages) else "cannot_tell")


def tool_response(context: ExpertContext, rng: random.Random) -> ExpertReply:
    """Does each result fit its definition? Computable: the result against the schema of `returns`."""
    tools = {call.id: call.function.name for message in context.messages for call in message.tool_calls or ()}
    for at, message in enumerate(context.messages):
        schema = context.returns.get(tools.get(message.tool_call_id or "", ""))
        if message.role != "tool" or not schema:
            continue
        problem = _misfit(message, schema)
        if problem:
            return ExpertReply(verdict="defect", message=at, evidence=_quote(message), reason=problem)
    return ExpertReply(verdict="ok")


ANSWERS: dict[str, Any] = {"hallucination": hallucination, "consistency": consistency, "tool_response": tool_response}


def _misfit(message: Message, schema: dict[str, Any]) -> str | None:
    try:
        result = json.loads(message.content or "")
    except ValueError:
        return "The result is no JSON."
    if isinstance(result, dict) and "error" in result:
        return None
    try:
        jsonschema_rs.validate(schema, result)
    except jsonschema_rs.ValidationError as error:
        return f"The result does not fit the definition: {error.message}"[:400]
    return None


def _quote(message: Message | None) -> str:
    if message is None:
        return ""
    if message.tool_calls:
        return compact(message.tool_calls[0].function.arguments)
    return (message.content or "")[:80]
