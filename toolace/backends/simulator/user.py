"""The simulator as user: puts its request into its persona's voice. It never sees a tool."""

from __future__ import annotations

import random

from toolace.backends.simulator.asides import aside, reason
from toolace.backends.simulator.phrasing import fitting, lower_first, upper_first
from toolace.gen_dialogs.roles import UserContext, UserReply

ASIDES = 0.12
"""Share of framed requests with a detail that belongs to no parameter."""
_AS_SAID = ("small_talk", "knowledge", "ambiguous", "given", "follow_up", "changed_mind", "tool_offered_later")
_ENDS = (".", "?", "!")


def speak(context: UserContext, rng: random.Random) -> UserReply:
    """The user's next message."""
    request = context.intent.request or context.intent.goal
    if context.situation in _AS_SAID:
        text = upper_first(request)
    else:
        text = _framed(request, context, rng)
    return UserReply(text=_with_typos(text, context, rng) if context.persona.typos else text)


def _framed(request: str, context: UserContext, rng: random.Random) -> str:
    """The request's clause in a frame that suits the persona, with its other sentences after it."""
    persona = context.persona
    first, *rest = request.split("\n")
    lead, clause = (first, rest.pop(0)) if first.endswith(",") and rest else ("", first)
    items = [line for line in rest if line.startswith("- ")]
    rest = [line for line in rest if not line.startswith("- ")]
    if items:
        text = "\n".join([rng.choice(fitting(_LISTED, clause)).format(clause), *items])
        return upper_first("\n".join([text, " ".join(rest)]) if rest else text)
    text = _sentence(clause, lead, context, rng)
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
        text = f"{text if text.endswith(_ENDS) else text + '.'} {rng.choice(_TAILS)}"
    return text if persona.tone == "casual" and rng.random() < 0.4 else upper_first(text)


def _sentence(clause: str, lead: str, context: UserContext, rng: random.Random) -> str:
    persona = context.persona
    if persona.directness == "context_first":
        why = reason(persona.occupation, rng)
        if rng.random() < 0.3 and not lead:
            return f"{upper_first(rng.choice(fitting(_PLAIN, clause)).format(clause))} {why}."
        if lead:
            return f"{why}. {lead} {rng.choice(fitting(_PLAIN, clause)).format(clause)}"
        return why + rng.choice(fitting(_THEN, clause)).format(clause)
    if lead:
        return f"{lead} {rng.choice(fitting(_PLAIN, clause)).format(clause)}"
    if persona.directness == "question":
        return lower_first(rng.choice(fitting(_QUESTIONS, clause))).format(clause)
    return str(rng.choice(fitting(_DIRECT[persona.tone], clause)).format(clause))


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


_DIRECT = {
    "neutral": (
        "{}.", "{}.", "{}.", "please {}.", "I need you to {}.", "I'd like you to {}.", "I want to {}.", "{}, please.", "I need to {}.",
        "I'd like to {}.", "I'm trying to {}.", "help me {}.", "I would like you to {}.", "we need to {}.", "today I have to {}.",
    ),
    "polite": (
        "could you please {}?", "I'd be grateful if you could {}.", "may I ask you to {}?", "if it isn't too much trouble, please {}.",
        "would you mind helping me {}?", "kindly {}.", "please be so kind as to {}.", "I would appreciate it if you could {}.",
        "please {}.", "might I ask you to {}?", "would you please {}?", "if you don't mind, {}.", "when you have a moment, {}, please.",
    ),
    "casual": (
        "hey, {}.", "can you {}?", "gotta {}, help me out", "quick one: {}.", "let's {}", "ok so I want to {}", "mind if we {}?",
        "{} for me.", "hey there, can you {}?", "so I need to {}", "could ya {}?", "can u {}", "go ahead and {}", "wanna {}, can you?",
        "hi, can you {}?",
    ),
    "terse": ("{}", "{}.", "{}.", "{} now.", "need to {}.", "to do: {}.", "{}!", "must {}.", "next: {}.", "{}, quickly."),
    "chatty": (
        "hi! So, I've been meaning to {}, and now seems a good time.", "okay, here's the thing: I want to {}.",
        "good to have you here. I'd love to {}, can you do that?", "let me explain. I need to {}.",
        "you know what would make my day? If you could {}.", "right, before I forget it again: please {}.",
        "so, long story short, I'd like to {}.", "oh, while I have you: could you {}?", "I was about to {} on my own, but you can do it.",
        "listen, I could use a hand. Could you {}?", "hello again! Today I'd like to {}.", "funny you should be here, I was going to {}.",
    ),
}  # fmt: skip
_QUESTIONS = (
    "can you {}?", "could you {}?", "would you {} for me?", "is it possible to {}?", "can you help me {}?", "any chance you could {}?",
    "are you able to {}?", "will you {}?", "could you help me {}?",
    "can we {}?",
    "can you please {}?",
)  # fmt: skip
_PLAIN = (
    "{}.", "please {}.", "could you {}?", "can you {}?", "I need to {}.", "I want to {}.", "{}, please.", "I'd like you to {}.",
    "would you {}?", "help me {}.", "we have to {}.", "I'd like to {}.",
)  # fmt: skip
_THEN = (
    ", so please {}.", ". Could you {}?", ", so I need to {}.", ". Please {}.", ". Can you {}?", ", so I want to {}.", ". I'd like you to {}.",
    ". Would you {}?", ". I need you to {}.", ", so could you {}?", ". So {}, please.", ". Help me {}.", ". Time to {}.",
)  # fmt: skip
_LISTED = (
    "please {}:", "{}:", "I need you to {}:", "can you {}?", "I'd like to {}, like this:", "could you {}? Here is what I know:",
    "I want to {}. The facts:", "{}, with these points in mind:", "help me {}. What matters:", "{}, please. In short:",
)  # fmt: skip
_TAILS = (
    "Thanks!", "Thank you.", "Cheers.", "That would help me a lot.", "No hurry.", "I appreciate it.", "Much obliged.",
    "Nothing else for now.", "Sorry to bother you with it.", "Keep it short, please.", "Thanks in advance.", "You'd save my day.",
)  # fmt: skip
