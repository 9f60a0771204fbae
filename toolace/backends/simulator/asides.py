"""What people say around a request: why they ask, and details that no parameter takes."""

from __future__ import annotations

import random


def reason(occupation: str, rng: random.Random) -> str:
    """Why the user asks, as a sentence without its full stop."""
    return _filled(rng.choice(_REASONS), rng, occupation)


def aside(rng: random.Random) -> str:
    """A sentence with a detail that has nothing to do with the request's parameters."""
    return _filled(rng.choice(_ASIDES), rng, "")


def slotted(template: str, rng: random.Random) -> str:
    """A sentence with its people, meals, days and numbers filled in."""
    return _filled(template, rng, "person")


def _filled(template: str, rng: random.Random, occupation: str) -> str:
    return template.format(
        relative=rng.choice(_RELATIVES),
        season=rng.choice(_SEASONS),
        meal=rng.choice(_MEALS),
        occupation=occupation,
        article="an" if occupation[:1] in "aeiou" else "a",
        minutes=rng.choice(_NUMBERS),
        weekday=rng.choice(_DAYS),
        name=rng.choice(_NAMES),
    )


_REASONS = (
    "My {relative} asked me about this",
    "I'm sorting things out for the {season}",
    "We talked about it over {meal}",
    "As {article} {occupation} I do this all the time",
    "I promised my {relative} to get this done",
    "The {season} is close and I'm behind with everything",
    "I keep putting this off",
    "My work as {article} {occupation} leaves me little time",
    "A colleague of mine is waiting for an answer",
    "I've got {minutes} minutes before my next appointment",
    "We're getting ready for the {season}",
    "My {relative} is coming over",
    "I meant to do this last {weekday} and forgot",
    "It's been on my list since {weekday}",
    "My {relative} won't let it rest",
    "I'm on the train and have {minutes} minutes left",
    "I'm between two meetings",
    "Being {article} {occupation}, I like to have things settled early",
    "{name} from work brought this up",
    "Ever since {weekday} I've had this on my mind",
    "I'm {article} {occupation} and new to this",
    "Before the {season} I want my desk clear",
    "My {relative} and I had a long talk about it",
    "It came up at {meal} with {name}",
    "Things got busy around the {season}",
    "{name} reminded me of it this morning",
    "I can't find the time for it myself",
    "I lost my notes on this",
    "The {occupation} in me wants this done properly",
    "{name} and I are planning ahead",
)
_ASIDES = (
    "Last year {name} did this for me.",
    "It's raining here, by the way.",
    "My {relative} says hello.",
    "I had it on paper once, but the dog ate it.",
    "I'm writing from my {relative}'s phone.",
    "We had {meal} late, so I'm a bit slow.",
    "{name} tried it on {weekday} without luck.",
    "I have {minutes} tabs open and no idea where it was.",
    "My {relative} did it by hand until now.",
    "I've waited for this since the {season}.",
    "The last time it took me {minutes} minutes.",
    "My {relative} thinks it can't be done.",
    "I only have one hand free, I'm holding the baby.",
    "There were {minutes} people in the queue when I tried it in person.",
    "My old laptop is slow today.",
    "{name} said you're good at this.",
    "I used to be bad at this.",
    "It is noisy here, {name} is drilling.",
    "I'm still full from {meal}.",
    "My {relative} usually takes care of it.",
    "I read about it on the bus.",
    "We nearly gave up on {weekday}.",
    "{name} owes me {meal} if this works.",
    "It's my first time asking you.",
)
_RELATIVES_TEXT = (
    "sister brother mother father aunt uncle cousin neighbour boss daughter son flatmate partner grandmother "
    "friend teammate"
)
_RELATIVES = _RELATIVES_TEXT.split()
_SEASONS_TEXT = (
    "summer holidays|winter|spring|new term|weekend|end of the quarter|festival|family reunion|autumn|big day"
)
_SEASONS = _SEASONS_TEXT.split("|")
_MEALS = ["breakfast", "lunch", "dinner", "coffee", "supper", "brunch"]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_NUMBERS = ["five", "seven", "ten", "twelve", "fifteen", "twenty"]
_NAMES_TEXT = (
    "Ingrid Tomas Aisha Bruno Mei Olga Pavel Rosa Kwame Lena Hugo Nadia Sven Farah Jonas Carla Dmitri Yara Ewan Ines"
)
_NAMES = _NAMES_TEXT.split()
