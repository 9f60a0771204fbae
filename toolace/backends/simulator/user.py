"""The simulator as user: puts its request into its persona's voice. It never sees a tool."""

from __future__ import annotations

import random
import re

from toolace.backends.simulator.phrasing import upper_first
from toolace.gen_dialogs.roles import UserContext, UserReply

_AS_SAID = ("small_talk", "knowledge", "ambiguous", "given", "follow_up", "changed_mind", "tool_offered_later")
_DIRECT = {
    "neutral": ("{}.", "Please {}.", "I need you to {}.", "I'd like you to {}.", "I want to {}.", "{}, please.", "Time to {}.", "My next task: {}."),
    "polite": (
        "Could you please {}?",
        "Would you be so kind as to {}?",
        "I'd be grateful if you could {}.",
        "May I ask you to {}?",
        "If it isn't too much trouble, please {}.",
        "Would you mind helping me {}?",
        "Kindly {}.",
    ),
    "casual": ("Hey, {}.", "can you {}?", "gotta {}, help me out", "Quick one: {}.", "let's {}", "Yo, {} for me.", "ok so I want to {}", "Mind if we {}?"),
    "terse": ("{}", "{}.", "{} now.", "Need to {}.", "To do: {}.", "{} asap."),
    "chatty": (
        "Hi! So, I've been meaning to {}, and now seems a good time.",
        "Okay, here's the thing: I want to {}.",
        "Good to have you here. I'd love to {}, can you do that?",
        "Alright, let me explain what I'm after. I need to {}.",
        "You know what would make my day? If you could {}.",
        "Right, before I forget it again: please {}.",
    ),
}  # fmt: skip
_QUESTIONS = (
    "Can you {}?",
    "Could you {}?",
    "Would you {} for me?",
    "Is it possible to {}?",
    "Can you help me {}?",
    "Any chance you could {}?",
    "Are you able to {}?",
    "Will you {}?",
    "Could you help me to {}?",
    "Do you think you can {}?",
    "Is there a way to {}?",
)
_REASONS = (
    "My {relative} asked me about this",
    "I'm sorting things out for the {season}",
    "We talked about it over {meal}",
    "As {article} {occupation} I do this all the time",
    "I promised my {relative} to get this done",
    "The {season} is close and I'm behind with everything",
    "I keep putting this off",
    "Work as {article} {occupation} leaves me little time",
    "A colleague of mine is waiting for an answer",
    "I've got {minutes} minutes before my next appointment",
    "We're getting ready for the {season}",
    "My {relative} is coming over",
    "I wrote it down last {weekday} and nearly forgot",
    "It's on my list since {weekday}",
    "Our {relative} won't let it rest",
    "I'm on the train with {minutes} minutes left",
    "Between two meetings here",
    "Being {article} {occupation}, I like to have this settled early",
)
_THEN = (
    ", so please {}.",
    ". Could you {}?",
    ", so I need to {}.",
    ". Please {}.",
    ": {}.",
    ". Can you {}?",
    " and want to {}.",
    ", hence: {}.",
)
_RELATIVES = "sister brother mother father aunt uncle cousin neighbour boss daughter son flatmate partner grandmother friend teammate".split()
_SEASONS = (
    "summer holidays,winter,spring,new term,weekend,end of the quarter,festival,family reunion,autumn,big day".split(
        ","
    )
)
_MEALS = "breakfast lunch dinner coffee supper brunch".split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_NUMBER_WORDS = "five seven ten twelve fifteen twenty".split()
_NEXT_SENTENCE = re.compile(r"\. (?=After that, |Once you have that, |Also, )")
_TAILS = (
    " Thanks!",
    " Thank you.",
    " Cheers.",
    " That would help me a lot.",
    " No hurry.",
    " I appreciate it.",
    " Much obliged.",
    " Nothing else for now.",
    " Sorry to bother you with it.",
    " Keep it short, please.",
)


def speak(context: UserContext, rng: random.Random) -> UserReply:
    """The user's next message."""
    request = context.intent.request or context.intent.goal
    if context.situation in _AS_SAID:
        text = upper_first(request)
    else:
        text = _framed(request, context, rng)
    return UserReply(text=_with_typos(text, context, rng) if context.persona.typos else text)


def _framed(request: str, context: UserContext, rng: random.Random) -> str:
    persona = context.persona
    head, mark, rest = _split(request)
    if persona.directness == "question":
        text = rng.choice(_QUESTIONS).format(head)
    elif persona.directness == "context_first":
        text = _reason(context, rng) + rng.choice(_THEN).format(head)
    else:
        text = rng.choice(_DIRECT[persona.tone]).format(head)
    if mark:
        text = text if text.endswith((".", "?", "!")) else text + "."
        text += " " + rest + ("" if rest.endswith((".", "?", "!")) else ".")
    if persona.tone in ("polite", "chatty", "neutral") and rng.random() < 0.25:
        text += ("" if text.endswith((".", "?", "!")) else ".") + rng.choice(_TAILS)
    return text if persona.tone == "casual" and rng.random() < 0.4 else upper_first(text)


def _split(request: str) -> tuple[str, bool, str]:
    """The first sentence of a request, and what follows it."""
    match = _NEXT_SENTENCE.search(request)
    return (request[: match.start()], True, request[match.start() + 2 :]) if match else (request, False, "")


def _reason(context: UserContext, rng: random.Random) -> str:
    occupation = context.persona.occupation
    return rng.choice(_REASONS).format(
        relative=rng.choice(_RELATIVES),
        season=rng.choice(_SEASONS),
        meal=rng.choice(_MEALS),
        occupation=occupation,
        article="an" if occupation[0] in "aeiou" else "a",
        minutes=rng.choice(_NUMBER_WORDS),
        weekday=rng.choice(_DAYS),
    )


def _with_typos(text: str, context: UserContext, rng: random.Random) -> str:
    """Swaps two letters inside one or two words that carry no value."""
    said = " ".join(value.says for value in context.intent.values).lower()
    tokens = text.split(" ")
    places = [
        at
        for at, token in enumerate(tokens)
        if len(token) > 4 and token.isalpha() and token.islower() and token not in said
    ]
    for at in rng.sample(places, min(len(places), rng.randint(1, 2))):
        token = tokens[at]
        cut = rng.randrange(1, len(token) - 2)
        tokens[at] = token[:cut] + token[cut + 1] + token[cut] + token[cut + 2 :]
    return " ".join(tokens)
