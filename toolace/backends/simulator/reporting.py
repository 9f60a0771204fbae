"""A result in the words of the simulated assistant where the definition has no sentence of its own."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import Any

from toolace.backends.simulator.mentions import spoken_name
from toolace.backends.simulator.phrasing import turned, upper_first
from toolace.backends.simulator.verbs import infinitive, looks_up, past_tense
from toolace.meaning import kind_of, words
from toolace.records import Api
from toolace.semantics import ANNOTATION
from toolace.wording import MONTHS, joined, money_forms, plain_number, split_datetime, unit_for, with_unit

FIELDS, ITEMS, LONG = 3, 4, 90
"""Fields that a report names, entries of a list that it names, and characters of a text that is too long for it."""
_DULL = re.compile(
    r"^(kind|etag|e tag|ok|.*\bpage token|self links?|next token|next marker|marker|request id|response metadata|page info"
    r"|is truncated|.*\bselflink.*)$"
)
_DATE = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-\d\d")
"""A day; a code may look nearly like one."""
_CALLED = ("name", "title", "display name", "summary", "label", "subject", "full name", "headline")


def said(value: Any, schema: dict[str, Any], name: str) -> str:
    """A value in an assistant's sentence: with its unit, dates in words."""
    notes = schema.get(ANNOTATION, {})
    if isinstance(value, list):
        return joined(list(dict.fromkeys(said(one, schema.get("items", {}), name) for one in value)))
    if isinstance(value, dict):
        inner = schema.get("properties", {})
        return joined([f"{words(key)} {said(one, inner.get(key, {}), key)}" for key, one in value.items()])
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        if notes.get("type") == "money" and notes.get("unit"):
            return money_forms(value, str(notes["unit"]))[0]
        if kind_of(name, schema) == "percent":
            return f"{plain_number(value)}%"
        return with_unit(plain_number(value), value, str(notes["unit"])) if notes.get("unit") else plain_number(value)
    return _said_text(str(value), "enum" in schema)


def _said_text(value: str, is_enum: bool) -> str:
    if parts := split_datetime(value):
        return f"{_said_text(parts[0], False)} at {parts[1]}"
    if _DATE.fullmatch(value):
        year, month, day = value.split("-")
        return f"{int(day)} {MONTHS[int(month) - 1]} {year}"
    if is_enum:
        spaced = value.replace("_", " ")
        return spaced.lower() if value.isupper() and len(value) > 4 and value.replace("_", "").isalpha() else spaced
    return value


def reported(api: Api, arguments: dict[str, Any], result: Any, rng: random.Random, *, beside: bool = False) -> str:
    """What a result says that the user did not: its lists by number and names, and a few of its figures.

    `beside` an opening or other reports it comes without words that open one.
    """
    if isinstance(result, bool | int | float | str):
        return rng.choice(_SINGLE).format(said(result, api.returns, "result"))
    lists = list(_lists(result, api.returns, "results"))
    known = {repr(value) for value in arguments.values()}
    if isinstance(result, dict):
        found = sorted(_facts(result, api.returns, known), key=_by_weight)
        facts = [text for name, value, schema in found if (text := _fact(name, value, schema))]
    else:
        facts = []
    looks = looks_up(api)
    if not looks or not (lists or facts):
        done = past_tense(turned(infinitive(api.name, api.description)))
        text = rng.choice(_DONE[:1] if beside else _DONE).format(done) if done else rng.choice(_PLAINLY_DONE)
        return (
            text if not facts else f"{text} {rng.choice(_TOLD[:1] if beside else _TOLD).format(upper_first(facts[0]))}"
        )
    sentences = [_counted(name, items, schema, known, rng) for name, items, schema in lists[:2]]
    if facts:
        sentences.append(rng.choice(_FACTS if not sentences else _MORE).format(joined(facts[:FIELDS])))
    return " ".join(sentences)


def _lists(node: Any, schema: dict[str, Any], name: str) -> Iterator[tuple[str, list[Any], dict[str, Any]]]:
    """(name, items, schema of the items) of the lists in a result, outermost first."""
    if isinstance(node, list):
        yield name, node, schema.get("items", {})
    elif isinstance(node, dict):
        for key, value in node.items():
            if isinstance(value, list | dict) and value and not _DULL.match(words(key)):
                yield from _lists(value, schema.get("properties", {}).get(key, {}), key)


def _counted(name: str, items: list[Any], schema: dict[str, Any], known: set[str], rng: random.Random) -> str:
    """`There are 3 groups: A, B and C.`"""
    things = words(name) if words(name) not in ("items", "results", "result", "data", "value") else "entries"
    things = things if things.endswith("s") or len(items) == 1 else f"{things} entries"
    names = list(dict.fromkeys(text for one in items[:ITEMS] if (text := _called(one, schema, known))))
    counted = f"{len(items)} {unit_for(len(items), things)}"
    if len(names) < len(items[:ITEMS]):
        return rng.choice(("There {1} {0}.", "I found {0}.", "{0} came back.")).format(counted, _be(items))
    rest = f" and {len(items) - ITEMS} more" if len(items) > ITEMS else ""
    said_names = ", ".join(names) + rest if rest else joined(names)
    return rng.choice(("There {2} {0}: {1}.", "I found {0}: {1}.", "{0} came back: {1}.")).format(
        counted, said_names, _be(items)
    )


def _be(items: list[Any]) -> str:
    return "is" if len(items) == 1 else "are"


def _called(item: Any, schema: dict[str, Any], known: set[str]) -> str:
    """What an entry of a list is called: its name, else its identifier."""
    if not isinstance(item, dict):
        return said(item, schema, "item") if not isinstance(item, list) else ""
    inner = schema.get("properties", {})
    chosen = next((key for key in item if words(key) in _CALLED), None)
    chosen = chosen or next((key for key in item if words(key).endswith((" name", " title"))), None)
    own = [key for key in item if (kind_of(key, inner.get(key, {})) or "").startswith("id(")]
    chosen = chosen or next((key for key in own if repr(item[key]) not in known), None)
    value = item.get(chosen) if chosen else None
    return value if isinstance(value, str) and len(value) <= LONG else ""


def _facts(node: dict[str, Any], schema: dict[str, Any], known: set[str]) -> list[tuple[str, Any, dict[str, Any]]]:
    """Fields worth telling, those of the result itself before those of the objects in it."""
    properties = schema.get("properties", {})
    own: list[tuple[str, Any, dict[str, Any]]] = []
    for name, value in node.items():
        if isinstance(value, dict | list) or _DULL.match(words(name)) or repr(value) in known or value is None:
            continue
        if not (isinstance(value, str) and (len(value) > LONG or not value)):
            own.append((name, value, properties.get(name, {})))
    for name, value in node.items():
        if isinstance(value, dict) and value:
            own += _facts(value, properties.get(name, {}), known)
    return own


def _by_weight(fact: tuple[str, Any, dict[str, Any]]) -> int:
    """What people ask for first: how it stands, what it is called; numbers and days before other texts."""
    said_name, value = words(fact[0]), fact[1]
    if said_name in _FIRST:
        return 0
    if said_name in _CALLED or said_name.endswith((" name", " title")):
        return 1
    if isinstance(value, int | float) or (isinstance(value, str) and value[:4].isdigit()):
        return 2 if said_name != "id" else 5
    return 4 if said_name in _ASIDE or len(str(value).split()) > 3 else 3


_FIRST = ("status", "state", "result", "answer", "total")
_ASIDE = ("description", "alternate link", "status message", "message", "note", "web view link")


def _fact(name: str, value: Any, schema: dict[str, Any]) -> str:
    """`the title is Copper Harbour`; nothing for a mere acknowledgement."""
    thing = words(name)
    if thing in ("status", "result", "success") and str(value).lower() in ("ok", "true", "success", "done"):
        return ""
    if isinstance(value, bool):
        return f"{thing.removeprefix('is ')}: {'yes' if value else 'no'}"
    if (kind_of(name, schema) or "").startswith("id("):
        return f"the {spoken_name(name)} ID is {value}" if thing != "id" else f"the ID is {value}"
    text = said(value, schema, name)
    return (
        f'the {thing} is "{text}"'
        if isinstance(value, str) and text == value and text.count(" ") > 2
        else f"the {thing} is {text}"
    )


_SINGLE = ("The answer is {}.", "The result is {}.", "I got {}.")
_DONE = ("I've {}.", "Done, I have {}.", "As you asked, I have {}.", "All set, I've {}.")
"""The first has no opening."""
_TOLD = ("{}.", "{}.", "For your records: {}.")
_PLAINLY_DONE = ("That is done.", "The request went through.", "It worked, there is nothing else to report.")
_FACTS = (
    "Here are the details: {}.",
    "This is what I got: {}.",
    "I can tell you this: {}.",
    "It says: {}.",
    "What came back: {}.",
)
_MORE = ("Besides, {}.", "Also, {}.", "On top of that, {}.")
