"""Clauses and sentences of requests, put together from goals and phrases."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

from toolace.backends.simulator.phrasing import Phrasing
from toolace.records import Api
from toolace.wording import MONTHS, WEEKDAYS


def clause(words: Phrasing, api: Api, phrases: list[str], rng: random.Random) -> str:
    """`find a hotel in Oslo from 3 May`: a goal and what is said about it; some phrases change places."""
    ordered = list(phrases)
    if len(ordered) > 2 and rng.random() < 0.5:
        at = rng.randrange(1, len(ordered))
        ordered.insert(rng.randrange(1, len(ordered)), ordered.pop(at))
    text = words.goal(api)
    for number, phrase in enumerate(ordered):
        text += (", " if _wants_comma(phrase, number) else " ") + phrase
    return text


def also(phrases: list[str], rng: random.Random) -> str:
    """The same request once more with other values: ` and also in Rome`."""
    said = " ".join(phrases)
    return rng.choice(
        (f", and also {said}", f", and the same {said}", f" and then again {said}", f", plus one more {said}")
    )


def refers_to_result(arguments: dict[str, Any], calls: int, rng: random.Random) -> str:
    """Words that tie a later call to what an earlier one gives."""
    references = [value for value in arguments.values() if isinstance(value, dict) and "$path" in value]
    in_list = any(step.isdigit() for value in references for step in str(value["$path"]).split("."))
    if calls > 1:
        return rng.choice((" for the first two of them", " for the top two results", ", for the two that come first"))
    if in_list:
        return rng.choice(
            (
                " for the first one",
                " with the first result",
                " for the one at the top of the list",
                ", using the first match",
            )
        )
    return rng.choice((" with that", " for it", " based on that", " using what you get", ""))


def follow_up(phrases: list[str], situation: str, rng: random.Random) -> str:
    """`And in Rome?`: a request that leans on the one before."""
    said = " ".join(phrases)
    if situation == "changed_mind":
        return rng.choice(
            (
                f"Actually, make that {said}.",
                f"Sorry, I changed my mind: {said}, please.",
                f"On second thought, do it {said} instead.",
                f"Hm, wait. Do it again {said} instead.",
                f"I got that wrong, I meant {said}.",
                f"No, scratch that, it should be {said}.",
                f"Can we change it? I want it {said} after all.",
            )
        )
    return rng.choice(
        (
            f"And {said}?",
            f"What about {said}?",
            f"Now the same {said}, please.",
            f"How about {said}?",
            f"Thanks. And {said}?",
            f"Could you do that again {said}?",
            f"Once more, but {said}.",
            f"Great, and what would it be {said}?",
            f"Please repeat that {said}.",
        )
    )


def given(phrase: str, rng: random.Random) -> str:
    """The answer to the assistant's question."""
    return rng.choice(
        (
            f"{phrase}.",
            f"{phrase}, please.",
            f"Oh right, {phrase}.",
            f"Sorry, I forgot: {phrase}.",
            f"That would be {phrase}.",
            f"{phrase}, thanks.",
            f"Sure, {phrase}.",
            f"Let's say {phrase}.",
            f"Ah, of course: {phrase}.",
        )
    )


def vague(api: Api, rng: random.Random) -> str:
    """A request that says the field and not the wish."""
    field = (api.domain[-1] if api.domain else api.name).replace("_", " ")
    return rng.choice(
        (
            f"I need help with {field}.",
            f"Can you do something about {field} for me?",
            f"It's about {field}, you know what I mean.",
            f"Could you take care of the {field} thing?",
            f"I have a question about {field}, can you sort it out?",
            f"Let's deal with {field} now.",
            f"Please handle {field} for me.",
            f"Something with {field}, please.",
        )
    )


def system_text(rng: random.Random, today: str, *, dated: bool) -> str:
    """A system message; it states the date where a request depends on it."""
    opening = rng.choice(
        (
            "You are a helpful assistant with access to tools.",
            "You are an assistant. Use the tools you are given when they help, and ask when something you need is missing.",
            "Help the user. Call tools only when a request needs them.",
            "You are a careful assistant: never guess the value of a parameter.",
            "Answer the user's requests, using the available functions where they fit.",
            "You support people in their daily work with a set of tools.",
            "You are a digital assistant. If no tool fits a request, say so.",
            "Act on the user's behalf with the tools at hand and report what you found.",
        )
    )
    if not dated and rng.random() < 0.6:
        return opening
    day = date.fromisoformat(today)
    said = f"{WEEKDAYS[day.weekday()]}, {day.day} {MONTHS[day.month - 1]} {day.year}"
    return f"{opening} " + rng.choice(
        (
            f"Today is {today}, a {WEEKDAYS[day.weekday()]}.",
            f"Today is {said} ({today}).",
            f"Current date: {today} ({WEEKDAYS[day.weekday()]}).",
        )
    )


def _wants_comma(phrase: str, number: int) -> bool:
    """A comma before phrases that open a clause of their own."""
    return phrase.startswith(("and ", "but ", "where ", "which ", "that is ", "no ", "using ", "(")) or number > 3
