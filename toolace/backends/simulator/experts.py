"""The simulator as expert: what can be computed from the dialog alone, without a plan, so it works on foreign data too.

Where computing does not suffice it says `cannot_tell`. Not covered: whether a request was understood, and whether the
right tool was called.
"""

from __future__ import annotations

import json
import random
from typing import Any, Final

from toolace.backends.simulator import judging
from toolace.records import Message, compact
from toolace.verify.roles import ExpertContext, ExpertReply, OpenArgument

_LONG: Final = 4
"""Words from which a text may be the assistant's own summary of what was said."""
_SHARE: Final = 0.6
"""Share of its words that such a summary has from the conversation."""


def hallucination(context: ExpertContext, rng: random.Random) -> ExpertReply:
    """Is an argument's value in nobody's words? A long text that shares half its words with the user's may be a summary."""
    unsure = False
    for argument in context.arguments:
        at = int(argument.where.split("/")[2])
        said = " ".join(message.content or "" for message in context.messages[:at])
        if _is_nothing(argument) or judging.is_reworded(argument.value, said):
            continue
        if _may_be_summary(argument.value, said):
            unsure = True
            continue
        reason = f"The value of {argument.parameter!r} is in nobody's words, in no result and not in the definition."
        return _defect(at, _written(argument.value), reason)
    return ExpertReply(verdict="cannot_tell" if unsure else "ok")


def consistency(context: ExpertContext, rng: random.Random) -> ExpertReply:
    """Is the task done and the outcome told as it is? Computable: what the answers claim against what the calls gave."""
    last = context.messages[-1] if context.messages else None
    if last is None or last.role != "assistant" or last.tool_calls or not last.content:
        reason = "The conversation ends before the user is answered."
        return _defect(len(context.messages) - 1, _quote(last), reason) if last else _UNSURE
    calls = judging.calls_of(context.messages)
    for at, message in enumerate(context.messages):
        is_answer = message.role == "assistant" and message.content and not message.tool_calls
        if is_answer and (problem := judging.untrue(context.messages, at, calls)):
            return _defect(at, problem.evidence, problem.reason)
    if problem := judging.neglected(context.messages, calls):
        return _defect(problem.message, problem.evidence, problem.reason)
    return ExpertReply(verdict="ok") if calls else _UNSURE


def tool_response(context: ExpertContext, rng: random.Random) -> ExpertReply:
    """Does each result fit its call? Computable: the declared shape, repeated arguments, one thing told in two ways, chatter."""
    calls = judging.calls_of(context.messages)
    known: judging.Known = {}
    judged = False
    for call in calls:
        if call.answer is None:
            continue
        message = context.messages[call.answer]
        problem = judging.misfit(call, message, context.returns.get(call.name), known)
        if problem:
            return _defect(call.answer, problem.evidence, problem.reason)
        judged = judged or call.name in context.returns or isinstance(call.result, dict)
    return ExpertReply(verdict="ok") if judged else _UNSURE


ANSWERS: Final[dict[str, Any]] = {
    "hallucination": hallucination,
    "consistency": consistency,
    "tool_response": tool_response,
}
_UNSURE: Final = ExpertReply(verdict="cannot_tell")


def _defect(at: int, evidence: str, reason: str) -> ExpertReply:
    return ExpertReply(verdict="defect", message=at, evidence=evidence, reason=reason[:600])


def _may_be_summary(value: Any, said: str) -> bool:
    is_long = isinstance(value, str) and len(value.split()) >= _LONG
    return is_long and judging.share_of_words(value, said) > _SHARE


def _is_nothing(argument: OpenArgument) -> bool:
    return argument.value is None or argument.value in ("", [], {})


def _written(value: Any) -> str:
    """A value as it stands in the call, to be quoted."""
    return value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)


def _quote(message: Message) -> str:
    if message.tool_calls:
        return compact(message.tool_calls[0].function.arguments)
    return (message.content or message.role)[:80]
