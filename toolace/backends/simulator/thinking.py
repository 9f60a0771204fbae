"""The simulated assistant's structured thinking: what is asked, which tools fit and why not the others, what is
known and from
where, what is missing, and what comes next (paper, section 2.2)."""

from __future__ import annotations

import re
from typing import Any

from toolace.backends.simulator.phrasing import lower_first
from toolace.backends.simulator.verbs import infinitive
from toolace.gen_dialogs.references import references_in
from toolace.gen_dialogs.roles import AssistantContext, Oracle
from toolace.records import KnownValue, Thought, ToolFit

_WORD = re.compile(r"[A-Za-z']+")
OTHERS = 3
"""How many unfitting candidates a thought gives reasons about."""
_THEIR = {
    "my": "their",
    "me": "them",
    "i": "they",
    "we": "they",
    "us": "them",
    "our": "their",
    "mine": "theirs",
    "i'm": "they are",
}
_ASKED = {
    "small_talk": "The user is making conversation and asks for nothing that a tool could do.",
    "knowledge": "The user asks a question of general knowledge, which needs no tool.",
    "ambiguous": "The user says what it is about, but not what is to be done.",
}


def thought(context: AssistantContext, oracle: Oracle) -> Thought:
    """The thinking before one action."""
    return Thought(
        asked=_asked(oracle),
        tools=_fits(context, oracle),
        known=tuple(_known(oracle)) if oracle.action == "call" else (),
        missing=oracle.planned.missing if oracle.action == "ask" else (),
        steps=_steps(context, oracle),
    )


def _asked(oracle: Oracle) -> str:
    planned = oracle.planned
    if planned.situation in _ASKED:
        return _ASKED[planned.situation]
    goal = _of_the_user(lower_first(planned.intent.goal).rstrip(".?!"))
    if planned.situation == "follow_up":
        return f"The user wants the same as before, to {goal}, with another value."
    if planned.situation == "changed_mind":
        return f"The user has changed their mind about one value; they still want to {goal}."
    if planned.situation == "given":
        return f"The user gives what was missing in order to {goal}."
    return f"The user wants to {goal}."


def _of_the_user(text: str) -> str:
    return _WORD.sub(lambda match: _THEIR.get(match[0].lower(), match[0]), text)


def _fits(context: AssistantContext, oracle: Oracle) -> tuple[ToolFit, ...]:
    """The tools that serve the request with what they do, and some of the others with what they are there for
    instead."""
    planned = [call.tool for step in oracle.planned.steps for call in step]
    offered = {tool["function"]["name"]: tool for tool in context.tools}
    wanted = [name for name in dict.fromkeys(planned) if name in offered]
    others = [name for name in offered if name not in wanted][:OTHERS]
    return (
        *(ToolFit(tool=name, fits=True, why=f"It can {_does(offered[name])}.") for name in wanted),
        *(
            ToolFit(tool=name, fits=False, why=f"It is there to {_does(offered[name])}, which is not asked for.")
            for name in others
        ),
    )


def _does(tool: dict[str, Any]) -> str:
    function = tool["function"]
    return infinitive(str(function["name"]), str(function.get("description", "")))


def _known(oracle: Oracle) -> list[KnownValue]:
    """Each argument and where its value is from: this turn's words, an earlier result, or what was said before."""
    said = {(value.parameter, repr(value.value)) for value in oracle.planned.intent.values}
    linked = {name for name, _ in _links(oracle)}
    found: list[KnownValue] = []
    for call in oracle.calls:
        for name, value in call.arguments.items():
            from_result = (call.tool, name) in linked and (name, repr(value)) not in said
            found.append(
                KnownValue(parameter=f"{call.tool}.{name}", value=value, source="result" if from_result else "user")
            )
    return found


def _links(oracle: Oracle) -> list[tuple[tuple[str, str], str]]:
    """(tool, parameter) of the plan's arguments that come from results, with the path they come from."""
    return [
        ((call.tool, name), str(reference["$path"]))
        for step in oracle.planned.steps
        for call in step
        for name, value in call.arguments.items()
        for reference in references_in(value)
    ]


def _steps(context: AssistantContext, oracle: Oracle) -> tuple[str, ...]:
    """What comes next: the calls in their order, or the kind of answer."""
    if oracle.action == "call":
        return _call_steps(oracle)
    if oracle.action == "ask":
        if oracle.planned.missing:
            return ("A required value is missing and cannot be known, so ask for it instead of guessing.",)
        return ("More than one thing could be meant, so ask which one.",)
    if oracle.action == "summarise":
        if any(isinstance(result, dict) and "error" in result for result in oracle.results):
            return ("A call has failed: say so with its reason, and offer a way on.",)
        return ("Report what the results say, and nothing else.",)
    if oracle.planned.steps:
        return ("No tool at hand does this, so say so and call nothing.",)
    return ("Answer directly, without a call.",)


def _call_steps(oracle: Oracle) -> tuple[str, ...]:
    done = len(oracle.made)
    steps: list[str] = []
    counted = 0
    for step in oracle.planned.steps:
        counted += len(step)
        if counted <= done:
            continue
        names = ", ".join(dict.fromkeys(call.tool for call in step))
        times = "" if len(step) == 1 else f", {len(step)} calls at once as none needs another's result"
        links = [name for call in step for name, value in call.arguments.items() if references_in(value)]
        source = f" with {', '.join(dict.fromkeys(links))} taken from the earlier result" if links else ""
        verb = "Call" if not steps else "Then call"
        steps.append(f"{verb} {names}{source}{times}.")
    return tuple(steps)
