"""The simulator as user: puts its request into its persona's voice. It never sees a tool."""

from __future__ import annotations

import random

from toolace.backends.simulator.asides import aside, reason
from toolace.backends.simulator.frames import DIRECT, LISTED, OUTRIGHT, PLAIN, QUESTIONS, TAILS, THEN
from toolace.backends.simulator.phrasing import fitting, lower_first, upper_first
from toolace.gen_dialogs.roles import UserContext, UserReply

ASIDES = 0.12
"""Share of framed requests with a detail that belongs to no parameter."""
_AS_SAID = ("small_talk", "knowledge", "ambiguous", "given", "follow_up", "changed_mind", "tool_offered_later")
_ENDS = (".", "?", "!")


def speak(context: UserContext, rng: random.Random) -> UserReply:
    """The user's next message."""
    request = context.intent.request or context.intent.goal
    text = upper_first(request) if context.situation in _AS_SAID else _framed(request, context, rng)
    return UserReply(text=_with_typos(text, context, rng) if context.persona.typos else text)


def _framed(request: str, context: UserContext, rng: random.Random) -> str:
    """The request's clause in a frame that suits the persona, with its other sentences after it."""
    persona = context.persona
    first, *rest = request.split("\n")
    lead, clause = (first, rest.pop(0)) if first.endswith(",") and rest else ("", first)
    items = [line for line in rest if line.startswith("- ")]
    rest = [line for line in rest if not line.startswith("- ")]
    if items:
        text = "\n".join([rng.choice(fitting(LISTED, clause)).format(clause), *items])
        return upper_first("\n".join([text, " ".join(rest)]) if rest else text)
    text = (_question if clause.endswith("?") else _sentence)(clause, lead, context, rng)
    if rest:
        text = " ".join([text if text.endswith(_ENDS) else f"{text}.", *rest])
    if persona.directness != "context_first" and rng.random() < ASIDES:
        said = aside(rng)
        text = (
            f"{said} {upper_first(text)}"
            if rng.random() < 0.4
            else f"{text if text.endswith(_ENDS) else text + '.'} {said}"
        )
    if persona.tone in ("polite", "chatty", "neutral") and rng.random() < 0.2:
        text = f"{text if text.endswith(_ENDS) else text + '.'} {rng.choice(TAILS)}"
    return text if persona.tone == "casual" and rng.random() < 0.4 else upper_first(text)


def _sentence(clause: str, lead: str, context: UserContext, rng: random.Random) -> str:
    persona = context.persona
    if persona.directness == "context_first":
        why = reason(persona.occupation, rng)
        if rng.random() < 0.3 and not lead:
            return f"{upper_first(rng.choice(fitting(PLAIN, clause)).format(clause))} {why}."
        if lead:
            return f"{why}. {lead} {rng.choice(fitting(PLAIN, clause)).format(clause)}"
        return why + rng.choice(fitting(THEN, clause)).format(clause)
    if lead:
        return f"{lead} {rng.choice(fitting(PLAIN, clause)).format(clause)}"
    if persona.directness == "question":
        return lower_first(rng.choice(fitting(QUESTIONS, clause))).format(clause)
    return str(rng.choice(fitting(DIRECT[persona.tone], clause)).format(clause))


def _question(clause: str, lead: str, context: UserContext, rng: random.Random) -> str:
    persona, asked = context.persona, f"{lower_first(lead)} {clause}" if lead else clause
    if persona.directness == "context_first":
        why = upper_first(reason(persona.occupation, rng))
        return f"{upper_first(asked)} {why}." if rng.random() < 0.3 else f"{why}. {upper_first(asked)}"
    return str(rng.choice(OUTRIGHT[persona.tone])).format(asked, upper_first(asked))


def _with_typos(text: str, context: UserContext, rng: random.Random) -> str:
    """Swaps two letters inside one or two longer words that carry no value."""
    said = " ".join(value.says for value in context.intent.values).lower()
    tokens = text.split(" ")
    places = [
        at
        for at, token in enumerate(tokens)
        if len(token) > 5 and token.isalpha() and token.islower() and token not in said
    ]
    for at in rng.sample(places, min(len(places), rng.randint(1, 2))):
        token = tokens[at]
        cuts = [cut for cut in range(1, len(token) - 2) if token[cut] != token[cut + 1]]
        if cuts:
            cut = rng.choice(cuts)
            tokens[at] = token[:cut] + token[cut + 1] + token[cut] + token[cut + 2 :]
    return " ".join(tokens)
