"""Descriptions of simulated APIs: what the API does, in a voice and at a length; longer ones say what comes back,
what can be left out and what goes wrong. Every sentence is computed from the definition, so it is true."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import Any

from toolace.backends.simulator.phrasing import lower_first
from toolace.meaning import words
from toolace.semantics import ANNOTATION
from toolace.synth_apis.evolution import Style
from toolace.synth_apis.tree import Functionality

Schema = dict[str, Any]

FIELDS = 3
"""Fields or parameters that a description names at most."""

_NO_ARTICLE = frozenset(
    "what how when where why whether who which whose the a an all any every each another one other things "
    "people others from if until".split()
)
_JOINED_VERB = re.compile(r"\b(?:and|or|then)\s+([a-z]+)\b|,\s+([a-z]+)\b")
_VERBS = frozenset(
    "add adjust announce answer apply arrange ask assess assign attach begin book break bring build buy "
    "calculate call cancel carry cast "
    "change check choose claim clean close collect combine compare complete compose compute configure confirm "
    "connect convert copy count "
    "create cut declare define delete deliver describe design detect determine display distribute divide "
    "download draw drop edit email end "
    "enter estimate evaluate exchange explain export extend extract fetch file fill find fix forecast "
    "generate get give group hand "
    "identify include inform insert inspect invite issue join keep let limit link list load locate lock look "
    "lower make mark match measure "
    "merge move name note notify offer open order pay pick place plan play post predict prepare print produce "
    "propose publish put quote "
    "raise rank rate read reboot recommend record reduce refund register reject release remind remove rent "
    "repeat replace reply report "
    "request reserve reset restore return review roll run save say schedule score search select sell send set "
    "share show sign skip solve "
    "sort split start stretch state stop store submit subscribe suggest suspend switch take tell test text track "
    "transfer translate turn update "
    "upload use validate verify warn watch weigh withdraw write".split()
)


def describe(
    leaf: Functionality, nouns: Sequence[str], parameters: Schema, returns: Schema, style: Style, rng: random.Random
) -> str:
    """The description of an API made of this functionality that can include `nouns`."""
    sentences = [_opening(leaf, style)]
    if nouns:
        sentences.append(_included(nouns, rng))
    results, more = (
        _results(returns, repeats=sentences[0].lower().startswith("return")),
        [_options(parameters), _failure(returns, rng)],
    )
    if style.description == "medium":
        sentences.append(results if rng.random() < 0.7 else more[0])
    elif style.description == "long":
        sentences += [results, *more] if rng.random() < 0.5 else [results, rng.choice(more)]
    sentences = [text for text in sentences if text]
    return " ".join(sentences)


def _opening(leaf: Functionality, style: Style) -> str:
    text = " ".join(leaf.summary.split()).rstrip(". ")
    first = text.partition(" ")[0].lower()
    if style.voice == "third_person" and first in _VERBS and not _has_second_verb(text):
        text = third_person(text)
    elif style.voice == "use_this" and first in _VERBS:
        text = f"Use this to {lower_first(text)}"
    return f"{text}."


def third_person(text: str) -> str:
    """`Find hotels` -> `Finds hotels`."""
    first, _, rest = text.partition(" ")
    if first.endswith(("s", "sh", "ch", "x", "z", "o")):
        ending = "es"
    elif first.endswith("y") and first[-2:-1] not in "aeiou":
        first, ending = first[:-1], "ies"
    else:
        ending = "s"
    return f"{first}{ending} {rest}".rstrip()


def _has_second_verb(text: str) -> bool:
    """Whether another verb follows, which would have to change with the first."""
    return any((one or other) in _VERBS for one, other in _JOINED_VERB.findall(text))


def _included(nouns: Sequence[str], rng: random.Random) -> str:
    said = _listed([words(noun) for noun in nouns])
    return rng.choice(
        (
            f"The {said} can be included.",
            f"On request, the result also holds the {said}.",
            f"Can return the {said} as well.",
        )
    )


def _results(returns: Schema, *, repeats: bool) -> str:
    """`Returns hotels, each with the name of the hotel and the price of one night.`"""
    fields = returns.get("properties", {})
    gives = "The result holds" if repeats else "Returns"
    lists = [(name, one["items"]) for name, one in fields.items() if one.get("items", {}).get("properties")]
    if lists:
        name, items = lists[0]
        said = _said(items["properties"])
        return f"{gives} {words(name)}, each with {_listed(said)}." if said else ""
    said = _said(fields)
    return f"{gives} {_listed(said)}." if said else ""


def _said(fields: Schema) -> list[str]:
    """The first fields by their descriptions, units left out: `the price of one night`, `how many are left`."""
    texts = [
        str(one.get("description", "")).rstrip(".").partition(", ")[0]
        for one in fields.values()
        if "when" not in one.get(ANNOTATION, {}) and one.get("type") != "boolean"
    ]
    said = [lower_first(text) for text in texts if text[:1].isalpha() and not _CLAUSE.match(text)]
    return [text if text.split(" ")[0] in _NO_ARTICLE else f"the {text}" for text in said[:FIELDS]]


_CLAUSE = re.compile(r"(?:An?|The|Half|One|This) ")
"""Openings of descriptions that are sentences of their own, such as `A quarter earns less`."""


def _options(parameters: Schema) -> str:
    """What may be left out, by name."""
    required = parameters.get("required", ())
    names = [f"`{name}`" for name in parameters["properties"] if name not in required]
    return f"{_listed(names)} may be left out." if 0 < len(names) <= FIELDS else ""


def _failure(returns: Schema, rng: random.Random) -> str:
    text = str(returns.get(ANNOTATION, {}).get("fails", "")).strip()
    sentences = (
        'When it cannot be done, the error says why, for example "{}"',
        'Fails with a message such as "{}"',
        'A request that cannot be met is answered with an error such as "{}"',
        'Errors come as plain text ("{}").',
    )
    return rng.choice(sentences).format(text) if text else ""


def _listed(said: Sequence[str]) -> str:
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"
