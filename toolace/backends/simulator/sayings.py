"""Whole sentences of the simulated user that lean on what was said before, and system messages."""

from __future__ import annotations

import random
import re
from datetime import date

from toolace.backends.simulator.placing import PREPOSITIONS
from toolace.meaning import words
from toolace.records import Api
from toolace.wording import MONTHS, WEEKDAYS


def follow_up(said: str, situation: str, *, looks: bool, rng: random.Random) -> str:
    """`And in Rome?`: a request that leans on the one before."""
    if situation == "changed_mind":
        options: tuple[str, ...] = _CHANGED
    else:
        options = _LOOK_AGAIN if looks else _DO_AGAIN
    return rng.choice(options).format(for_it(said))


def for_it(said: str) -> str:
    """A phrase that hangs on no noun any more: `of LN123` -> `for LN123`, `namely X` -> `X`."""
    return re.sub(r"^of (?=(?:[a-z]+ )?\S*\d)", "for ", said).removeprefix("namely ")


def given(phrase: str, rng: random.Random) -> str:
    """The answer to the assistant's question."""
    said = for_it(phrase.removeprefix("and "))
    return rng.choice(_GIVEN if said.split(" ")[0] in PREPOSITIONS else _GIVEN[:_PLAINLY]).format(said)


def vague(api: Api, rng: random.Random) -> str:
    """A request that says the field and not the wish."""
    return rng.choice(_VAGUE).format((api.domain[-1] if api.domain else words(api.name)).replace("_", " "))


def try_again(rng: random.Random) -> str:
    """What the user says when a missing tool has come."""
    return rng.choice(_TRY_AGAIN)


def system_text(rng: random.Random, today: str, *, dated: bool) -> str:
    """A system message; it states the date where a request depends on it."""
    opening = rng.choice(_OPENINGS)
    if not dated and rng.random() < 0.6:
        return opening
    day = date.fromisoformat(today)
    weekday = WEEKDAYS[day.weekday()]
    said = f"{weekday}, {day.day} {MONTHS[day.month - 1]} {day.year}"
    stated = rng.choice(
        (f"Today is {today}, a {weekday}.", f"Today is {said} ({today}).", f"Current date: {today} ({weekday}).")
    )
    return f"{opening} {stated}"


_CHANGED = (
    "Actually, make that {}.",
    "Sorry, I changed my mind: {}, please.",
    "On second thought, I want it {} instead.",
    "Hm, wait. Try it {} instead.",
    "I got that wrong, I meant {}.",
    "No, scratch that, it should be {}.",
    "Can we change it? I want it {} after all.",
    "Oh no, my mistake. I meant {}.",
)
_LOOK_AGAIN = (
    "And {}?",
    "What about {}?",
    "Now the same {}, please.",
    "How about {}?",
    "Thanks. And {}?",
    "Could you check that again {}?",
    "Once more, but {}.",
    "Great, and what would it be {}?",
    "Good to know. Now {}, please.",
    "Hm, and what if it were {}?",
)
_DO_AGAIN = (
    "Perfect. Now the same {}, please.",
    "Thanks. I need another one {}.",
    "Please do that once more {}.",
    "Could you do the same {} as well?",
    "Great, and then one more {}.",
    "Good. Repeat that {}.",
    "I need that a second time, {}.",
    "Same thing again {}, please.",
)
_PLAINLY = 6
"""Answers, from the first on, in which any phrase can stand."""
_GIVEN = (
    "{}.",
    "{}, please.",
    "Oh right, {}.",
    "Sorry, I forgot: {}.",
    "{}, thanks.",
    "Ah, of course: {}.",
    "That would be {}.",
    "Sure, {}.",
    "Let's say {}.",
    "It's {}.",
    "My bad, {}.",
)
_VAGUE = (
    "I need help with {}.",
    "Can you do something about {} for me?",
    "There is this thing with {} that I should get done.",
    "Could you take care of something around {}?",
    "I have something to sort out about {}, can you help?",
    "Let's deal with {} now.",
    "Hi, I'm here because of {}.",
    "Could we get going with {}?",
    "I want to get {} out of the way today.",
    "What can you do for me when it comes to {}?",
)
_TRY_AGAIN = (
    "There is a tool for it now, could you try again?",
    "You should have the right tool now. Please go ahead with what I asked.",
    "OK, I've just added the missing tool. Can you do it now?",
    "It should be possible from now on, so please do it.",
    "The tool you were missing is connected now. Same request as before, please.",
    "I was told you can do this now. Please take care of it.",
    "Right, access is set up. Go ahead.",
    "Now that the tool is there, do what I asked for above.",
)
_OPENINGS = (
    "You are a helpful assistant with access to tools.",
    "You are an assistant. Use the tools you are given when they help, and ask when something you need is missing.",
    "Help the user. Call tools only when a request needs them.",
    "You are a careful assistant: never guess the value of a parameter.",
    "Answer the user's requests, using the available functions where they fit.",
    "You support people in their daily work with a set of tools.",
    "You are a digital assistant. If no tool fits a request, say so.",
    "Act on the user's behalf with the tools at hand and report what you found.",
)
