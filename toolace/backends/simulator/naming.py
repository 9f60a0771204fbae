"""Names of simulated APIs: a verb and a noun as a designer would put them, in one of several conventions; endless,
best ones first."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from toolace.config import Naming
from toolace.semantics import ANNOTATION
from toolace.synth_apis.companions import FINDING
from toolace.synth_apis.tree import Functionality, singular, words_of

LONGEST = 64

_SYNONYMS = {
    "search": ("search", "find"),
    "find": ("find", "search"),
    "browse": ("browse", "list"),
    "get": ("get", "fetch", "retrieve"),
    "fetch": ("fetch", "get", "retrieve"),
    "list": ("list", "get"),
    "show": ("show", "get", "view"),
    "view": ("view", "get", "show"),
    "read": ("read", "get"),
    "create": ("create", "add"),
    "insert": ("insert", "add", "create"),
    "update": ("update", "modify"),
    "modify": ("modify", "update"),
    "edit": ("edit", "update"),
    "delete": ("delete", "remove"),
    "book": ("book", "reserve"),
    "reserve": ("reserve", "book"),
    "buy": ("buy", "purchase"),
    "calculate": ("calculate", "compute"),
    "compute": ("compute", "calculate"),
    "forecast": ("forecast", "predict"),
    "predict": ("predict", "forecast"),
    "log": ("log", "record"),
    "record": ("record", "log"),
    "suggest": ("suggest", "recommend"),
    "recommend": ("recommend", "suggest"),
    "summarise": ("summarize",),
    "analyse": ("analyze",),
}
"""Verbs that may stand for each other whatever the noun is."""

_AS_NOUN = {
    "search": ("search", "finder"),
    "find": ("search", "finder"),
    "get": ("get", "lookup"),
    "fetch": ("get", "lookup"),
    "list": ("list", "overview"),
    "calculate": ("calculator", "calculate"),
    "compute": ("calculator",),
    "estimate": ("estimate", "estimator"),
    "compare": ("comparison", "compare"),
    "convert": ("converter", "convert"),
    "forecast": ("forecast",),
    "predict": ("forecast",),
    "track": ("tracking", "track"),
    "check": ("check",),
    "create": ("create",),
    "delete": ("delete",),
    "cancel": ("cancel", "cancellation"),
    "book": ("booking", "book"),
    "reserve": ("reservation", "reserve"),
    "plan": ("planner",),
    "recommend": ("recommendation",),
    "suggest": ("suggestion",),
    "generate": ("generator", "generate"),
    "translate": ("translation",),
    "register": ("registration",),
    "order": ("order",),
    "export": ("export",),
    "upload": ("upload",),
    "download": ("download",),
}
"""What follows the noun where the noun comes first: `hotel_search`, `loan_calculator`."""

_PARTICLES = frozenset(
    "to for in with on by of from at into over up out off down back my your as off apart through about".split()
)
_SYLLABLES = (
    "bel cor dax elo fen gri hal ivo jas kel lum mor nex ori pel qua ros syl tam uva vex wil xan yor zel bri clo dre "
    "fro gle kri plo ska tre vla"
).split()
_ENDINGS = "via tor rix lia mont dan quil base ora net ling forge".split()


def names(
    leaf: Functionality, nouns: Sequence[str], style: Naming, is_reading: bool, rng: random.Random
) -> Iterator[str]:
    """Names for an API of this functionality that includes `nouns`: first in the style, then in others, then with a
    service's name."""
    phrases = _phrases(leaf, nouns, is_reading, rng)
    prefixes = _prefixes(leaf)
    seen: set[str] = set()
    for name in _in_order(leaf, phrases, prefixes, style, rng):
        if name not in seen and len(name) <= LONGEST:
            seen.add(name)
            yield name


def _in_order(
    leaf: Functionality, phrases: list[list[str]], prefixes: list[list[str]], style: Naming, rng: random.Random
) -> Iterator[str]:
    match style:
        case "noun_first":
            yield from (_joined(words, "snake") for words in _nouns_first(leaf, rng))
        case "prefixed":
            yield from (_prefixed(prefix, words, "snake") for words in phrases for prefix in prefixes)
        case "namespaced":
            yield from (_prefixed(prefix, words, "namespaced") for words in phrases for prefix in prefixes)
        case _:
            yield from (_joined(words, style) for words in phrases)
    own: Naming = style if style in ("camel", "kebab", "pascal") else "snake"
    yield from (_joined(words, own) for words in phrases)
    yield from (_prefixed(prefix, words, own) for words in phrases for prefix in prefixes)
    cases: list[Naming] = ["snake", "camel", "kebab", "pascal"]
    rng.shuffle(cases)
    yield from (_joined(words, case) for words in phrases for case in cases)
    spelled = [case for case in cases if case != "pascal"]
    yield from (_prefixed(prefix, words, case) for words in phrases for prefix in prefixes for case in spelled)
    yield from (_joined(words, case) for words in _nouns_first(leaf, rng) for case in cases)
    while True:
        service = rng.choice(_SYLLABLES) + rng.choice(_ENDINGS)
        yield _prefixed([service], rng.choice(phrases[:4]), rng.choice((*cases, "namespaced")))


def _phrases(leaf: Functionality, nouns: Sequence[str], is_reading: bool, rng: random.Random) -> list[list[str]]:
    """Verb and noun, with synonyms of the verb; for readings also with what they go by or bring along."""
    verb, *rest = words_of(leaf.name)
    verbs = [verb] if rest[:1] and rest[0] in _PARTICLES else list(_SYNONYMS.get(verb, (verb,)))
    if rng.random() < 0.35:
        rng.shuffle(verbs)
    plain = [[one, *rest] for one in verbs]
    if not rest:
        return plain
    is_short = len(nouns) == 1 and is_reading
    longer = [[*words, "with", *nouns[0].split("_")] for words in plain] if is_short else []
    if is_reading and verb in FINDING and not _PARTICLES & set(rest):
        said = {singular(word) for word in rest}
        handles = [handle for handle in _handles(leaf) if not {singular(word) for word in handle} <= said]
        longer += [[*words, "by", *handle] for handle in handles for words in plain]
    if longer and rng.random() < 0.3:
        return longer + plain
    return plain + longer


def _handles(leaf: Functionality) -> list[list[str]]:
    """Required parameters by which a thing is found: identifiers, names, places."""
    properties = leaf.inputs.get("properties", {})
    found = []
    for name in leaf.inputs.get("required", ()):
        one = properties.get(name, {})
        kind = str(one.get(ANNOTATION, {}).get("type", ""))
        if one.get("type") == "string" and kind and not kind.endswith(("date", "datetime", "time")):
            found.append([word for word in words_of(name) if word not in ("id", "ids")])
    return [words for words in found if 0 < len(words) <= 3 and not _PARTICLES & set(words)][:2]


def _nouns_first(leaf: Functionality, rng: random.Random) -> list[list[str]]:
    """`hotel_search` for `search_hotels`; empty where the verb does not lend itself to it."""
    verb, *rest = words_of(leaf.name)
    if verb not in _AS_NOUN or not rest or _PARTICLES & set(rest):
        return []
    noun = rest if verb == "list" else [*rest[:-1], singular(rest[-1])]
    endings = [one for one in _AS_NOUN[verb] if one not in noun]
    if len(endings) > 1 and rng.random() < 0.4:
        endings.reverse()
    return [[*noun, one] for one in endings]


def _prefixes(leaf: Functionality) -> list[list[str]]:
    """The domain, then the area, where the name does not say them anyway."""
    said = {singular(word) for word in words_of(leaf.name)}
    found = [part.partition("_and_")[0].split("_") for part in reversed(leaf.domain[-2:])]
    return [words for words in found if len(words) <= 3 and not {singular(word) for word in words} & said] or found[:1]


def _prefixed(prefix: list[str], words: list[str], style: Naming) -> str:
    if style == "namespaced":
        return f"{'_'.join(prefix)}__{'_'.join(words)}"
    return _joined([*prefix, *words], style)


def _joined(words: list[str], style: Naming) -> str:
    match style:
        case "camel":
            return words[0] + "".join(word.capitalize() for word in words[1:])
        case "pascal":
            return "".join(word.capitalize() for word in words)
        case "kebab":
            return "-".join(words)
        case _:
            return "_".join(words)
