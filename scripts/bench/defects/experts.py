"""Defects for the experts: made-up values of every type, answers and results that are wrong in what can be computed."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from defects.places import Json, Mutator, answers, argument, calls, result, tool_named

CITIES = (
    "Rome Turin Naples Lyon Nantes Hamburg Leipzig Seville Graz Brno Krakow Bergen Denver Austin Osaka Perth".split()
)
NAMES = ("Tom Baxter", "Julia Hahnke", "Marco Rossini", "Ana Limeira", "Peter Novakov", "Sven Olsenius")
TEXT = "Please check the heating before the winter starts"


def made_up(kind: Callable[[Any, Json], bool], new: Callable[[Any, Json, random.Random], Any]) -> Mutator:
    """Replaces a value by one that stands nowhere before the call and is not the default."""

    def plant(made: Json, rng: random.Random) -> bool:
        """False where the value drawn stands in the dialog, or is none."""
        place = argument(made, rng, kind)
        if place is None:
            return False
        node, key, schema = place
        value = new(node[key], schema, rng)
        if value is None or value == node[key] or value == schema.get("default") or is_said(value, made):
            return False
        node[key] = value
        return True

    return plant


def is_said(value: Any, made: Json) -> bool:
    """Whether the value is written somewhere in the conversation, as digits or as text."""
    said = " ".join(one.get("content") or "" for one in made["messages"]).lower().replace("_", " ")
    written = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    return re.search(rf"(?<!\w){re.escape(written.lower().replace('_', ' '))}(?!\w)", said) is not None


def shaped(pattern: str) -> Callable[[Any, Json], bool]:
    """Whether a text is of this shape and from no menu."""
    return lambda value, schema: (
        isinstance(value, str) and "enum" not in schema and re.fullmatch(pattern, value) is not None
    )


def other_day(value: Any, schema: Json, rng: random.Random) -> Any:
    """A day near the true one."""
    day = date.fromisoformat(value[:10]) + timedelta(days=rng.choice((1, -1, 2, 7, 30, 365)))
    return f"{day}{value[10:]}"


def other_hour(value: Any, schema: Json, rng: random.Random) -> Any:
    """A time an hour or more later."""
    return f"{(int(value[:2]) + rng.choice((1, 2, 5))) % 24:02d}{value[2:]}"


def other_digit(value: Any, schema: Json, rng: random.Random) -> Any:
    """A code with one digit changed."""
    at = rng.choice([place for place, char in enumerate(value) if char.isdigit()])
    return value[:at] + str((int(value[at]) + rng.randint(1, 8)) % 10) + value[at + 1 :]


def other_number(value: Any, schema: Json, rng: random.Random) -> Any:
    """A number near the true one."""
    made = rng.choice((value + 1, value * 2, round(value, -1), round(value * 1.1, 1), value + 7))
    return int(made) if isinstance(value, int) else float(made)


def other_choice(value: Any, schema: Json, rng: random.Random) -> Any:
    """Another item of the menu."""
    others = [one for one in schema["enum"] if one != value]
    return rng.choice(others) if others else None


def new_switch(made: Json, rng: random.Random) -> bool:
    """A switch that nobody asked for, whose name is said nowhere."""
    found = calls(made)
    if not found:
        return False
    call = rng.choice(found)[1]
    properties = tool_named(made, call["name"])["parameters"].get("properties", {})
    free = [
        name for name, schema in properties.items() if schema.get("type") == "boolean" and name not in call["arguments"]
    ]
    if not free:
        return False
    name = rng.choice(free)
    value = rng.random() < 0.7
    bare = re.sub(r"^(?:include|with|show|is|has)_", "", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower())
    if properties[name].get("default") == value or is_said(bare, made):
        return False
    call["arguments"][name] = value
    return True


def new_choice(made: Json, rng: random.Random) -> bool:
    """An option that nobody chose, in a parameter that was left out."""
    found = calls(made)
    if not found:
        return False
    call = rng.choice(found)[1]
    properties = tool_named(made, call["name"])["parameters"].get("properties", {})
    free = [name for name, schema in properties.items() if "enum" in schema and name not in call["arguments"]]
    if not free:
        return False
    name = rng.choice(free)
    value = rng.choice(properties[name]["enum"])
    if value == properties[name].get("default") or is_said(value, made):
        return False
    call["arguments"][name] = value
    return True


def answer(*texts: str) -> Mutator:
    """Another answer after results."""

    def plant(made: Json, rng: random.Random) -> bool:
        results = {at: made["messages"][at - 1]["content"] for at in answers(made)}
        places = [at for at, given in results.items() if '"error"' not in given and "[]" not in given]
        if not places:
            return False
        made["messages"][rng.choice(places)]["content"] = rng.choice(texts)
        return True

    return plant


def cover_up(made: Json, rng: random.Random) -> bool:
    """A failure is told as a success."""
    for at in answers(made):
        if '"error"' in made["messages"][at - 1]["content"] and made["messages"][at - 2].get("tool_calls"):
            made["messages"][at]["content"] = rng.choice(("All done, everything is booked.", "It is set up for you."))
            return True
    return False


def claim(made: Json, rng: random.Random) -> bool:
    """Something is done without a call."""
    if calls(made):
        return False
    made["messages"][-1]["content"] = rng.choice(
        ("I have booked it for you.", "I've sent the message.", "I cancelled it.")
    )
    return True


def promise(made: Json, rng: random.Random) -> bool:
    """The task is put off, and nothing follows."""
    if made["messages"][-2]["role"] != "user":
        return False
    made["messages"][-1]["content"] = rng.choice(
        ("One moment, please.", "Let me check that for you.", "I'll look that up.")
    )
    return True


def chatter(value: Any, rng: random.Random) -> Any:
    """A result that talks."""
    return rng.choice(CHATTER)


def half_result(made: Json, rng: random.Random) -> bool:
    """A result without one of its required fields."""
    tools = [one for one in made["messages"] if one["role"] == "tool" and '"error"' not in one["content"]]
    if not tools:
        return False
    message = rng.choice(tools)
    loaded, required = json.loads(message["content"]), made["returns"][message["name"]].get("required")
    if not isinstance(loaded, dict) or not required:
        return False
    loaded.pop(rng.choice(required), None)
    message["content"] = json.dumps(loaded)
    return True


CHATTER = ("I'm sorry, I cannot do that.", "As an AI model I have no such data.", "Sure! Here is what you want.")
HALLUCINATION: dict[str, tuple[Mutator, ...]] = {
    "date": (made_up(shaped(r"\d{4}-\d\d-\d\d"), other_day),),
    "moment": (made_up(shaped(r"\d{4}-\d\d-\d\dT.*"), other_day),),
    "time of day": (
        made_up(
            shaped(r"\d\d:\d\d"),
            other_hour,
        ),
    ),
    "whole number": (made_up(lambda value, schema: type(value) is int, other_number),),
    "number": (made_up(lambda value, schema: isinstance(value, float), other_number),),
    "identifier": (made_up(shaped(r"(?=.*\d)[\w#+.@-]{3,24}"), other_digit),),
    "choice": (made_up(lambda value, schema: "enum" in schema and isinstance(value, str), other_choice), new_choice),
    "place": (made_up(shaped(r"[A-Z][a-z]+"), lambda value, schema, rng: rng.choice(CITIES)),),
    "person": (made_up(shaped(r"[A-Z][a-z]+ [A-Z][a-z]+"), lambda value, schema, rng: rng.choice(NAMES)),),
    "text": (made_up(shaped(r"\S+(?: \S+){3,}"), lambda value, schema, rng: TEXT),),
    "switch": (new_switch,),
}
CONSISTENCY: dict[str, tuple[Mutator, ...]] = {
    "declines": (answer("I'm sorry, but I can't help with that.", "None of my tools can do this."),),
    "is off topic": (answer("Bananas grow on tall herbs.", "Whales sleep upright in deep oceans."),),
    "covers up": (cover_up,),
    "claims": (claim,),
    "promises": (promise,),
}
TOOL_RESPONSE: dict[str, tuple[Mutator, ...]] = {"chatters": (result(chatter),), "is half": (half_result,)}
