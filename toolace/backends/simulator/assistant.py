"""The simulator as assistant: carries out the planned decision, and puts it into words.

Samples of one action (key.sample) differ in wording, never in the decision.
"""

from __future__ import annotations

import random
import re
from typing import Any

from toolace.backends.simulator.mentions import spoken_name
from toolace.backends.simulator.phrasing import lower_first, turned, upper_first
from toolace.backends.simulator.reporting import said
from toolace.backends.simulator.telling import told
from toolace.backends.simulator.thinking import thought
from toolace.backends.simulator.verbs import infinitive, looks_up
from toolace.errors import Unanswerable
from toolace.gen_dialogs.roles import AssistantCall, AssistantContext, AssistantReply, Oracle
from toolace.meaning import kind_of
from toolace.records import Api, Thought


def act(context: AssistantContext, rng: random.Random) -> AssistantReply:
    """The next action. Raises Unanswerable where the conversation has left the plan."""
    oracle = context.oracle
    if oracle is None:
        raise Unanswerable("assistant: the simulator cannot go on where the conversation has left its plan")
    apis = {api.name: api for api in oracle.apis}
    thinking = _LATEST.thought(context, oracle)
    if oracle.action == "call":
        calls = tuple(AssistantCall(name=call.tool, arguments=call.arguments) for call in oracle.calls)
        return AssistantReply(thought=thinking, action="call", calls=calls)
    if oracle.action == "ask":
        content = oracle.planned.reply or _question(oracle, apis, rng)
    elif oracle.action == "summarise":
        content = _summary(oracle, apis, rng)
    else:
        content = oracle.planned.reply or _declined(context, oracle, rng)
    return AssistantReply(thought=thinking, action=oracle.action, content=content)


class _Latest:
    """The thought of the context that was asked about last: its samples differ in their words alone."""

    def __init__(self) -> None:
        self._of: tuple[AssistantContext, Thought] | None = None

    def thought(self, context: AssistantContext, oracle: Oracle) -> Thought:
        """The thinking before the action that a context asks for."""
        if self._of is None or self._of[0] is not context:
            self._of = context, thought(context, oracle)
        return self._of[1]


_LATEST = _Latest()


def _summary(oracle: Oracle, apis: dict[str, Api], rng: random.Random) -> str:
    """What the results say, every call in its turn; calls of the same tool are told apart by what they differ in."""
    results = list(zip(oracle.made, oracle.results, strict=True))
    failed = any(isinstance(result, dict) and "error" in result for result in oracle.results)
    looked = all(call.tool in apis and looks_up(apis[call.tool]) for call in oracle.made)
    opening = rng.choice(_FOUND if looked else _ACTED) if rng.random() < 0.3 and not failed else ""
    beside = bool(opening) or len(results) > 1
    sentences: list[str] = []
    for at, (call, result) in enumerate(results):
        others = [one.arguments for number, (one, _) in enumerate(results) if number != at and one.tool == call.tool]
        label = _label(call.arguments, others, apis.get(call.tool), oracle) if others else ""
        sentence = told(apis[call.tool], call.arguments, result, rng, beside=beside)
        if len(results) > 1 and not label and _brings_nothing(result):
            label = f"When trying to {turned(infinitive(call.tool, apis[call.tool].description)).partition(', ')[0]}: "
        sentences.append(label + sentence)
    closing = rng.choice(_CLOSINGS) if rng.random() < 0.18 and not sentences[-1].endswith("?") else ""
    if len(sentences) > 2 and rng.random() < 0.35:
        return f"{opening or 'Here is what I have:'}".rstrip() + "\n" + "\n".join(f"- {one}" for one in sentences)
    return f"{opening}{' '.join(sentences)}{closing}"


def _brings_nothing(result: Any) -> bool:
    """Whether a result is an error or has only empty lists, so that its report names no thing by which to tell it apart."""
    if not isinstance(result, dict):
        return not result
    lists = [value for value in result.values() if isinstance(value, list)]
    return "error" in result or (bool(lists) and not any(lists))


_FOUND = (
    "Here is what I found. ",
    "I've checked. ",
    "Here is the result. ",
    "Here you go. ",
    "I looked it up. ",
    "Sure. ",
)
_ACTED = ("Done. ", "All right. ", "OK, that's done. ", "All set. ", "That's taken care of. ", "Sure. ")
_CLOSINGS = (
    " Let me know if you need anything else.",
    " Is there anything else?",
    " Tell me if something should be changed.",
    " I can look further if you like.",
    " Shall I do anything else?",
)


_SETTING_APART = ("in", "on", "at", "for", "every", "during", "near", "around", "under", "until", "since")


def _label(arguments: dict[str, Any], others: list[dict[str, Any]], api: Api | None, oracle: Oracle) -> str:
    """What sets this call apart from the others: `For Rome: `, or as the user said it, `On Monday: `."""
    for name, value in arguments.items():
        if not isinstance(value, dict | list | bool) and all(other.get(name) != value for other in others):
            schema = api.parameters.get("properties", {}).get(name, {}) if api else {}
            says = [one.says for one in oracle.planned.intent.values if one.parameter == name and one.value == value]
            every = [one.says for one in oracle.planned.intent.values if one.parameter == name]
            if says and every.count(says[0]) == 1 and len(says[0]) < 40 and says[0].split(" ")[0] in _SETTING_APART:
                return f"{upper_first(says[0])}: "
            return f"For {said(value, schema, name)}: "
    return ""


def _question(oracle: Oracle, apis: dict[str, Api], rng: random.Random) -> str:
    """Asks for what is missing, by what it is and not by its parameter's name."""
    call = oracle.planned.steps[0][0]
    schemas = apis[call.tool].parameters.get("properties", {})
    wanted = [_asked_for(name, schemas.get(name, {})) for name in oracle.planned.missing]
    text: str = rng.choice(_ASK).format(" and ".join(wanted))
    menus = [schemas.get(name, {}).get("enum") for name in oracle.planned.missing]
    if menu := next((menu for menu in menus if menu), None):
        choices = [str(one).replace("_", " ") for one in menu[:6]]
        text += f" It can be {', '.join(choices[:-1])} or {choices[-1]}." if len(choices) > 1 else ""
    return text


_ASK = (
    "I can do that. What I still need is {}.",
    "I need to know {} before I start. Could you tell me?",
    "I'm missing one thing: {}. What should it be?",
    "I'd be happy to. Could you give me {}?",
    "I need {} to go ahead.",
    "I can take care of it. Please tell me {}.",
    "I need one more thing from you: {}.",
    "I don't want to guess, so please tell me {}.",
    "I'd gladly do it, but I'm missing {}. Can you add that?",
    "I don't know {} yet. What is it?",
)
"""One voice, as in `_CANNOT`."""


def _asked_for(name: str, schema: dict[str, Any]) -> str:
    """`the day of arrival`: the parameter by its description, or by its name with the description behind it."""
    text = _MARK.sub("", str(schema.get("description", "")))
    description = lower_first(re.split(r"[.;(:]", text)[0].strip())
    masked = bool(_MASKED.fullmatch(name))
    known_start = description.startswith(_STARTS)
    if known_start and len(description.split()) <= 14:
        return description
    if 2 < len(description.split()) <= 12 or (masked and description):
        return f"the {description}"
    thing = _TIMES.get(kind_of(name, schema) or "") or f"the {spoken_name(name)}"
    adds = description and not set(thing.split()) - {"the"} <= set(description.split())
    return f"{thing} ({description})" if adds else thing if not description else f"the {description}"


_MARK = re.compile(r"^(?:required|optional|mandatory)[.:,]? ", re.I)
_MASKED = re.compile(r"arg_[a-z]+\d")
_STARTS = (
    "the ",
    "a ",
    "an ",
    "how ",
    "whether ",
    "which ",
    "what ",
    "when ",
    "where ",
    "who ",
    "your ",
    "this ",
    "one ",
    "all ",
)
_TIMES = {
    **dict.fromkeys(("date", "future_date", "past_date"), "the day"),
    **dict.fromkeys(("datetime", "future_datetime", "past_datetime"), "the day and time"),
    "time": "the time",
    "birth_date": "the date of birth",
}


def _declined(context: AssistantContext, oracle: Oracle, rng: random.Random) -> str:
    """No tool fits: says so, and what can be done instead."""
    text: str = rng.choice(_CANNOT).format(_refused(oracle))
    offered = rng.sample(context.tools, min(rng.choice((1, 2)), len(context.tools)))
    can = [ability for ability in map(_ability, offered) if len(ability) < 90]
    roll = rng.random()
    if can and roll < 0.5:
        text += rng.choice(_INSTEAD).format(" or ".join(can))
    elif roll < 0.8:
        text += rng.choice(_ADVICE)
    return text


_OF_THE_USER = ("be ", "know ", "see ", "hear ", "have ", "get ", "learn ", "make sure", "become ", "join ")


def _refused(oracle: Oracle) -> str:
    """What cannot be done: the user's goal, or what the tool would do where the goal is one that only the user has."""
    goal = lower_first(oracle.planned.intent.goal).rstrip(".?!")
    wanted = [api for step in oracle.planned.steps for call in step[:1] for api in oracle.apis if api.name == call.tool]
    if wanted and len(oracle.planned.steps) == 1 and goal.startswith(_OF_THE_USER):
        goal = infinitive(wanted[0].name, wanted[0].description)
    return turned(goal)


_CANNOT = (
    "I'm sorry, but none of my tools can {}.",
    "I have no tool with which I could {}.",
    "I can't {}: there is no function for it among those I have.",
    "I'm afraid that is outside of what I can do here; nothing at hand could {}.",
    "I'd like to help, but I lack a tool to {}.",
    "I don't have a function that would let me {}.",
    "I'm not able to {} with the tools I have been given.",
    "I'm sorry, I can't {} here, as no suitable tool is available.",
)
"""Users differ, the assistant is one: a call begins in one way, so not to call should too, in the first person. A tuned model
that decodes greedily would else call although most of its probability, spread over many openings, is for not calling."""
_INSTEAD = (
    " What I could do is {}.",
    " I am able to {}, if that helps.",
    " With what I have I can {}.",
    " If you need it, I can {} instead.",
    " I could {}, though that is something else.",
)
_ADVICE = (
    " The provider's own website or support would be the place to ask.",
    " If you connect a tool for it, I'll gladly take care of it.",
    " Someone with access to that system could do it for you.",
    " I don't want to make something up, so I'd rather leave it at that.",
    " If there is another way I can help with it, such as wording a message, let me know.",
    " You may have to do this one directly with the service in question.",
)


def _ability(tool: dict[str, Any]) -> str:
    function = tool["function"]
    return turned(infinitive(str(function["name"]), str(function.get("description", ""))))
