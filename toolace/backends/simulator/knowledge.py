"""What the simulated assistant can say without a tool: facts of the catalogue, and small talk."""

from __future__ import annotations

import random
from functools import lru_cache

import yaml

from toolace.assets import asset
from toolace.backends.simulator.asides import slotted
from toolace.backends.simulator.small_talk import SMALL_TALK


def fact(domains: list[tuple[str, ...]], rng: random.Random) -> tuple[str, str]:
    """A question and its answer, from the dialog's own field where the catalogue has one."""
    known = _facts()
    for domain in rng.sample(domains, len(domains)):
        if (pairs := known.get("/".join(domain))) and rng.random() < 0.6:
            return _asked(rng.choice(pairs), rng)
    return _asked(rng.choice(rng.choice(list(known.values()))), rng)


def small_talk(rng: random.Random) -> tuple[str, str]:
    """Something people say that asks for nothing, and a fitting reply."""
    said, replies = rng.choice(SMALL_TALK)
    opening = rng.choice(_HELLOS) if rng.random() < 0.5 and not said.startswith(_GREETINGS) else ""
    return opening + slotted(said, rng), rng.choice(replies)


def _asked(pair: tuple[str, str], rng: random.Random) -> tuple[str, str]:
    """A question of the catalogue, now and then with a few words before or after it."""
    question, answer = pair
    roll = rng.random()
    if roll < 0.3:
        return slotted(rng.choice(_BEFORE), rng) + question, answer
    if roll < 0.42:
        return f"{question} {slotted(rng.choice(_AFTER), rng)}", answer
    return question, answer


_HELLOS = (
    "Hi! ",
    "Hey! ",
    "Hello! ",
    "Good evening. ",
    "Hey there. ",
    "Hi again. ",
    "By the way: ",
    "Guess what. ",
    "So. ",
    "You know what? ",
)
_GREETINGS = ("Hello", "Good", "Thanks", "Okay", "Sorry", "Hm", "Never")
_BEFORE = (
    "Quick question: ",
    "I was wondering: ",
    "Something else. ",
    "Just out of curiosity: ",
    "My {relative} asked me this: ",
    "Do you happen to know? ",
    "One for you: ",
    "{name} and I argued about this. ",
    "I never understood this: ",
    "Before I go on: ",
    "It came up over {meal}: ",
    "Help me out here. ",
)
_AFTER = (
    "My {relative} wants to know.",
    "I keep forgetting.",
    "A short answer will do.",
    "{name} asked me at {meal}.",
    "I read it on {weekday} and wondered.",
    "Thanks!",
    "I'm just curious.",
    "In plain words, please.",
)


@lru_cache(maxsize=1)
def _facts() -> dict[str, list[tuple[str, str]]]:
    """Questions and answers by domain; of each file only the lines that hold them are parsed, which is most of the time."""
    found: dict[str, list[tuple[str, str]]] = {}
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for path in sorted(asset("data/catalogue").glob("*.yaml")):
        content = yaml.load(_only_facts(path.read_text(encoding="utf-8")), Loader=loader)
        for domain, body in content["domains"].items():
            pairs = [(str(question), str(answer)) for question, answer in (body or {}).get("facts") or ()]
            if pairs:
                found[f"{content['area']}/{domain}"] = pairs
    return found


def _only_facts(text: str) -> str:
    """A catalogue file without anything but its area, its domains and their facts (see data/catalogue/README.md)."""
    kept: list[str] = []
    inside = False
    for line in text.splitlines():
        if not line.startswith("   "):
            inside = False
            if line.startswith(("area:", "domains:")) or (line.startswith("  ") and line.endswith(":")):
                kept.append(line)
        elif not line.startswith("     "):
            inside = line.startswith("    facts:")
            kept += [line] if inside else []
        elif inside:
            kept.append(line)
    return "\n".join(kept)
