"""Switches: whether the user's words are about one, or merely share a word with its description.

A word counts where it sets the switch apart from the tool and its other parameters, is no part of another argument's value and
is no grammar. Not covered: a switch turned off that the user wanted on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from toolace.meaning import words
from toolace.provenance import searchable
from toolace.verify.claims import Claim

_WORD: Final = re.compile(r"[a-z]{3,}")
_EMPTY_WORDS: Final = """
the and for with from that this whether only also not does should must can will its are was were been have has who which
when where what how than they them you your would may done first time over more once ask asks get made make arg
true false include includes included including with returned return results result set flag value use used optional
about another again one ones off new need needs needed want wants wanted any all some other others out into there here
"""
_EMPTY: Final = frozenset(_EMPTY_WORDS.split())
_NEGATIONS: Final = frozenset(
    "no not without never don't isn't aren't doesn't won't can't cannot needn't neither nor".split()
)
_NEGATIVE: Final = re.compile(
    r"\b(?:no|not|non|without|un\w+|hid\w+|exclu\w+|suppress\w*|skip\w*|omit\w*|lea(?:ve|ft)\w*|private\w*|anonym\w*|"
    r"ruled out|restrict\w*|only|ignor\w*|mut\w+|silent\w*|quiet\w*|disab\w*|block\w*|avoid\w*|remov\w*|less|free|"
    r"missing|except|off|waiv\w*|refus\w*|drop\w*|stop\w*|den(?:y|ied)|prevent\w*|forbid\w*|out)\b"
)
_ADDS: Final = re.compile(r"(?:include|with|show)s? ")
_AS_WELL: Final = re.compile(r"\bas well\b")
_SENTENCE: Final = re.compile(r"[.!?](?:\s|$)")
_RETURNS: Final = re.compile(r"\bReturns [^.]*")
_BY_DEFAULT: Final = re.compile(r"\b(?:on|off) by default\b")
_ADDING: Final = r"(?:with|without|including|include|plus|and|no|on|want)(?: all)?(?: (?:the|its|their|a|an|any))?"
_MARKS: Final = re.compile(r"[.,;:?!]")
_CODE: Final = 3
"""Letters up to which a value may be a part of other words."""
_CLAUSE: Final = re.compile(r"[,.;:?!]| and | but | or ")


def is_unasked(claim: Claim) -> bool:
    """Whether the user's words do not touch a switch, or refuse one that is on."""
    return not _is_about(claim) or (bool(claim.value) and _is_refused(claim))


def _is_about(claim: Claim) -> bool:
    """Whether the user's words touch what sets this switch apart: its name, or words that nothing else is described by.

    What a switch adds to the result (`include_song_details`) must be named.
    """
    name = words(claim.name)
    texts = [_without_values(text, claim) for text in _on_the_matter(claim)]
    if any(_is_named(name, text) for text in texts):
        return True
    own_name, tool, said = _stems(name), _purpose(claim.function), _said(texts)
    said -= {stem for one in claim.beside for stem in _purpose(one)} - tool
    if _ADDS.match(name) and own_name:
        return len(own_name) > 1 and own_name <= said and not own_name <= tool
    described = _stems(_BY_DEFAULT.sub("", str(claim.schema.get("description", ""))))
    told = (own_name - tool) & said
    if told or (own_name - tool) & described:
        return bool(told)
    apart = described - tool - _elsewhere(claim)
    return bool(apart & said) or not (apart or own_name - tool)


def _purpose(function: dict[str, Any]) -> set[str]:
    """The words of a tool's name and of what it says that it does."""
    purpose = _SENTENCE.split(str(function.get("description", "")), maxsplit=1)[0]
    return _stems(f"{words(str(function.get('name', '')))} {purpose}")


def _elsewhere(claim: Claim) -> set[str]:
    """The words by which the tool's other parameters and its results are described."""
    found = _stems(" ".join(_RETURNS.findall(str(claim.function.get("description", "")))))
    for name, schema in _parameters(claim.function.get("parameters")):
        if schema is not claim.schema:
            about = "" if schema.get("type") == "object" else str(schema.get("description", ""))
            menu = schema.get("enum")
            found |= _stems(f"{words(name)} {about} {' '.join(map(str, menu)) if isinstance(menu, list) else ''}")
    return found


def _said(texts: list[str]) -> set[str]:
    """The words that texts say, by their first five letters and by their first four."""
    spoken = [word for text in texts for word in _WORD.findall(_AS_WELL.sub(" ", text)) if word not in _EMPTY]
    return {_singular(word)[:size] for word in spoken for size in (4, 5) if size == 5 or len(word) > 4}


def _on_the_matter(claim: Claim) -> list[str]:
    """What the user says that this call may be about: in its turn, in turns of the same tool, and in turns without calls
    right before either, where something was asked back or could not be done."""
    turns: list[tuple[str, set[str]]] = []
    for message in claim.before:
        if message.role == "user":
            turns.append((searchable(message.content or ""), set()))
        elif turns:
            turns[-1][1].update(call.function.name for call in message.tool_calls or ())
    found: list[str] = []
    is_wanted = True
    for at in range(len(turns) - 1, -1, -1):
        text, called = turns[at]
        is_wanted = at == len(turns) - 1 or claim.function.get("name") in called or (is_wanted and not called)
        if is_wanted:
            found.append(text)
    return found


def _without_values(text: str, claim: Claim) -> str:
    """A text without what other arguments of the call take from it: `final score`, where that is an event to follow."""
    for value in claim.given:
        if isinstance(value, str) and len(value) > _CODE:
            text = text.replace(value.lower().replace("_", " "), " … ")
    return text


def _is_named(name: str, text: str) -> bool:
    """Whether a text has the switch's very name: `available only`, or for `include_menu` `along with the menu`."""
    if " " in name and f" {name} " in _MARKS.sub(" ", text):
        return True
    bare = _ADDS.sub("", re.sub(r"^(?:is|has|arg) ", "", name))
    adding = rf"{_ADDING} {re.escape(bare)}\b"
    return (" " in bare and f" {bare} " in _MARKS.sub(" ", text)) or re.search(adding, text) is not None


def _is_refused(claim: Claim) -> bool:
    """Whether the user names the switch with a `no` or `without` before it, every time. Switches that negate are left out:
    `without my name` turns anonymity on. (692 negative phrases of the catalogue: 58 % found; of the positive, 1 in 678.)"""
    about = f"{words(claim.name)} {claim.schema.get('description', '')}".lower()
    if _NEGATIVE.search(about):
        return False
    stems = _stems(about)
    clauses = [clause.split() for text in _on_the_matter(claim) for clause in _CLAUSE.split(text)]
    named = [
        bool(_NEGATIONS & set(clause[max(0, at - 4) : at]))
        for clause in clauses
        for at, word in enumerate(clause)
        if word[:5] in stems
    ]
    return bool(named) and all(named)


def _stems(text: str) -> set[str]:
    """The telling words of a text, without plural endings, by their first five letters."""
    return {_singular(word)[:5] for word in _WORD.findall(_AS_WELL.sub(" ", text.lower())) if word not in _EMPTY}


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _parameters(schema: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if not isinstance(schema, dict):
        return
    properties = schema.get("properties")
    for name, one in properties.items() if isinstance(properties, dict) else ():
        if isinstance(one, dict):
            yield str(name), one
            yield from _parameters(one)
            yield from _parameters(one.get("items"))
