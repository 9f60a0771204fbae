"""The simulator as assistant: carries out the planned decision, and puts it into words.

Samples of one action (key.sample) differ in wording, never in the decision.
"""

from __future__ import annotations

import random
import re
from typing import Any

from toolace.backends.simulator.telling import said, told
from toolace.backends.simulator.phrasing import infinitive, lower_first, spoken_name
from toolace.errors import Unanswerable
from toolace.gen_dialogs.roles import AssistantCall, AssistantContext, AssistantReply, Oracle
from toolace.records import Api, KnownValue, Thought, ToolFit

_SAID_OTHERS = 3
"""How many unfitting candidates a thought gives reasons about."""


def act(context: AssistantContext, rng: random.Random) -> AssistantReply:
    """The next action. Raises Unanswerable where the conversation has left the plan."""
    oracle = context.oracle
    if oracle is None:
        raise Unanswerable("assistant: the simulator cannot go on where the conversation has left its plan")
    apis = {api.name: api for api in oracle.apis}
    if oracle.action == "call":
        calls = tuple(AssistantCall(name=call.tool, arguments=call.arguments) for call in oracle.calls)
        return AssistantReply(thought=_thought(context, oracle, rng), action="call", calls=calls)
    if oracle.action == "ask":
        content = oracle.planned.reply or _question(oracle, apis, rng)
    elif oracle.action == "summarise":
        content = _summary(oracle, apis, rng)
    else:
        content = oracle.planned.reply or _declined(context, oracle, rng)
    return AssistantReply(thought=_thought(context, oracle, rng), action=oracle.action, content=content)


def _summary(oracle: Oracle, apis: dict[str, Api], rng: random.Random) -> str:
    """What the results say. Of a chain the last step counts, of parallel calls every one."""
    results = list(zip(oracle.made, oracle.results, strict=True))
    steps = [len(step) for step in oracle.planned.steps]
    if len(steps) > 1 and sum(steps) == len(results):
        results = results[-steps[-1] :]
    names = [call.tool for call, _ in results]
    same_tool = len(set(names)) < len(names)
    sentences: list[str] = []
    for at, (call, result) in enumerate(results):
        others = [one.arguments for number, (one, _) in enumerate(results) if number != at]
        label = _label(call.arguments, others, apis.get(call.tool)) if same_tool else ""
        sentences.append(label + told(apis[call.tool], call.arguments, result, rng))
    opening = rng.choice(_OPENINGS) if rng.random() < 0.35 else ""
    closing = rng.choice(_CLOSINGS) if rng.random() < 0.2 else ""
    return f"{opening}{' '.join(sentences)}{closing}"


_OPENINGS = (
    "Done. ",
    "Here is what I found. ",
    "All right. ",
    "Sure. ",
    "Good news: ",
    "Here you go. ",
    "I checked. ",
    "OK. ",
    "As asked: ",
)
_CLOSINGS = (
    " Let me know if you need anything else.",
    " Is there anything else?",
    " Tell me if something should be changed.",
    " I can look further if you like.",
    " Shall I do anything else?",
)


def _label(arguments: dict[str, Any], others: list[dict[str, Any]], api: Api | None) -> str:
    """What sets this call apart from the others: `For Rome: `."""
    for name, value in arguments.items():
        if not isinstance(value, dict | list | bool) and all(other.get(name) != value for other in others):
            schema = api.parameters.get("properties", {}).get(name, {}) if api else {}
            return f"For {said(value, schema, name)}: "
    return ""


def _question(oracle: Oracle, apis: dict[str, Api], rng: random.Random) -> str:
    """Asks for what is missing, by what it is and not by its parameter's name."""
    call = oracle.planned.steps[0][0]
    api = apis[call.tool]
    wanted: list[str] = []
    for name in oracle.planned.missing:
        schema = api.parameters.get("properties", {}).get(name, {})
        wanted.append(_asked_for(name, schema))
    options = rng.choice(
        (
            "I can do that. What I still need is {}.",
            "Before I start, I need to know {}. Could you tell me?",
            "One thing is missing: {}. What should it be?",
            "Happy to help. Could you give me {}?",
            "To go ahead I need {}.",
            "Sure. Please tell me {}.",
            "There is one more thing I need from you: {}.",
            "I don't want to guess, so please tell me {}.",
        )
    )
    return options.format(" and ".join(wanted))


def _asked_for(name: str, schema: dict[str, Any]) -> str:
    description = re.split(r"[.;(]", str(schema.get("description", "")))[0].strip()
    asked = lower_first(description) if 1 < len(description.split()) <= 12 else f"the {spoken_name(name)}"
    if not asked.startswith(
        ("the ", "a ", "an ", "how ", "whether ", "which ", "what ", "when ", "where ", "who ", "your ", "this ")
    ):
        asked = f"the {asked}"
    if enum := schema.get("enum"):
        asked += f" ({', '.join(str(one).replace('_', ' ') for one in enum[:6])})"
    return asked


def _declined(context: AssistantContext, oracle: Oracle, rng: random.Random) -> str:
    """No tool fits: says so, and what can be done instead."""
    wanted = lower_first(oracle.planned.intent.goal).rstrip(".?!")
    offered = rng.sample(context.tools, min(2, len(context.tools)))
    can = " or ".join(_ability(tool) for tool in offered)
    text = rng.choice(
        (
            "I'm sorry, but none of my tools can {wanted}.",
            "I have no tool with which I could {wanted}.",
            "Unfortunately I can't {wanted}: there is no function for it among those I have.",
            "That is outside of what I can do here; I have nothing to {wanted} with.",
            "I'd like to help, but I lack a tool to {wanted}.",
            "None of the functions at hand would let me {wanted}.",
        )
    ).format(wanted=wanted)
    if can and rng.random() < 0.6:
        text += rng.choice(
            (" What I could do is {can}.", " I am able to {can}, if that helps.", " With what I have I can {can}.")
        ).format(can=can)
    return text


def _ability(tool: dict[str, Any]) -> str:
    function = tool["function"]
    return infinitive(str(function["name"]), str(function.get("description", "")))


def _thought(context: AssistantContext, oracle: Oracle, rng: random.Random) -> Thought:
    """Structured thinking: what is asked, which tools fit, what is known and from where, what is missing, what comes next."""
    apis = {api.name: api for api in oracle.apis}
    wanted = [call.tool for call in oracle.calls] or [call.tool for step in oracle.planned.steps for call in step]
    offered = {tool["function"]["name"] for tool in context.tools}
    wanted = [name for name in dict.fromkeys(wanted) if name in offered]
    fits = [
        ToolFit(tool=name, fits=True, why=f"It can {infinitive(name, apis[name].description)}.")
        for name in wanted
        if name in apis
    ]
    others = [tool for tool in context.tools if tool["function"]["name"] not in wanted][:_SAID_OTHERS]
    fits += [
        ToolFit(tool=tool["function"]["name"], fits=False, why=f"It is there to {_ability(tool)}.") for tool in others
    ]
    return Thought(
        asked=f"The user wants to {lower_first(oracle.planned.intent.goal).rstrip('.?!')}."
        if oracle.planned.situation not in ("small_talk", "knowledge")
        else "The user says or asks something that needs no tool.",
        tools=tuple(fits),
        known=tuple(_known(oracle)),
        missing=oracle.planned.missing if oracle.action == "ask" else (),
        steps=tuple(_steps(oracle)),
    )


def _known(oracle: Oracle) -> list[KnownValue]:
    said = {(value.parameter, repr(value.value)) for value in oracle.planned.intent.values}
    found: list[KnownValue] = []
    for call in oracle.calls:
        for name, value in call.arguments.items():
            source = "user" if (name, repr(value)) in said or not oracle.made else "result"
            found.append(KnownValue(parameter=f"{call.tool}.{name}", value=value, source=source))
    return found


def _steps(oracle: Oracle) -> list[str]:
    if oracle.action == "call":
        together = " together" if len(oracle.calls) > 1 else ""
        return [f"Call {', '.join(call.tool for call in oracle.calls)}{together}."]
    return {
        "ask": ["Ask the user for what is missing instead of guessing it."],
        "summarise": ["Report what the results say."],
        "answer": ["Answer without a call."],
    }[oracle.action]
