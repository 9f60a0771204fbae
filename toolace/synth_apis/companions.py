"""Companions: the functionalities that one API may cover beside its main one, as a careful designer would let it.

A companion reads, belongs to the same domain, and is about something that the main functionality is given or finds: its
answer can stand beside (or inside) the main result when it is asked for. What a search finds may also be asked about
with a value or two more (the free tables of each restaurant, on a day, for so many guests)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from toolace.semantics import ANNOTATION
from toolace.synth_apis.tree import Functionality, singular, words_of

FINDING: Final = frozenset("get list show view read fetch find search browse look lookup describe check".split())
"""Verbs whose object is what comes back: `get reviews` gives reviews."""

_GIVING: Final = {
    "locate": "location",
    "forecast": "forecast",
    "predict": "forecast",
    "estimate": "estimate",
    "summarise": "summary",
    "summarize": "summary",
    "track": "status",
}
"""Verbs that give something about their object: `locate car` gives the car's location."""

_WORKING_OUT: Final = (
    "query trace compare rank count review calculate compute explain identify suggest recommend convert solve assess "
    "evaluate analyse analyze diagnose simulate score match measure validate verify"
)
READING: Final = FINDING | set(_GIVING) | set(_WORKING_OUT.split())
"""Verbs that change nothing: they find, tell or work out."""

ONE: Final = frozenset("get show view read fetch describe".split())
"""Verbs that give one thing: its details can stand beside its identifier in what a search finds."""

_SEARCHING: Final = frozenset("find search browse list".split())
"""Verbs that find several things: each may be asked about further, and none is included after something is done."""

_GUESSING: Final = frozenset("estimate forecast predict".split())
_LOOKING_BACK: Final = frozenset("track report measure review".split())
"""What has happened is told without a guess at what it may be."""

_LATER: Final = frozenset(
    "update updates result results status location history bill journal review reviews report reports statistics usage "
    "performance trend progress statement feedback".split()
)
"""What there is to tell of a thing only some time after it was made."""

_ENDING: Final = frozenset("cancel delete remove close leave withdraw end stop release revoke archive return".split())
"""Verbs after which there is nothing left to tell of their object."""

_JOINTS: Final = frozenset("to for in with on by of from at my your into over and or off out as next".split())
_GENERAL: Final = frozenset(
    "text date future_date past_date time datetime future_datetime past_datetime money year percent month "
    "weekday".split()
)

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Companion:
    """A functionality that can be included. `noun` names its answer; `at` is the path of the objects of the main
    result beside whose identifier it stands: () is the result itself, ("hotels",) each of its hotels. `needs` are the
    inputs that it requires beyond what the main functionality is given or finds."""

    leaf: Functionality
    noun: str
    at: tuple[str, ...]
    needs: tuple[str, ...] = ()


def companions(main: Functionality, siblings: Sequence[Functionality]) -> list[Companion]:
    """What an API for `main` may include, in the order of `siblings`."""
    verb = next(iter(words_of(main.name)), "")
    if verb in _ENDING:
        return []
    given, found_ids = required_kinds(main.inputs), identifiers(main.outputs)
    reads = verb in READING
    found = []
    for leaf in siblings:
        noun = noun_of(leaf, main)
        kinds = _kinds_by_name(leaf.inputs)
        if leaf.id == main.id or noun is None or not kinds:
            continue
        needs = tuple(name for name, kind in kinds.items() if kind not in given and kind not in found_ids)
        known = set(kinds.values()) & (given | set(found_ids))
        if needs and not (verb in _SEARCHING | FINDING and _may_be_asked(needs, known, main, leaf)):
            continue
        own_verb = words_of(leaf.name)[0]
        if not reads and not _tells_of_the_new(noun, own_verb, known - given):
            continue
        if own_verb in _GUESSING and verb in _LOOKING_BACK:
            continue
        if own_verb in _SEARCHING and not any(map(_is_identifier, known)):
            continue
        if noun == "details" and (known <= given or own_verb not in ONE):
            continue
        places = {found_ids[kind] for kind in known - given}
        place = next(iter(places), ())
        if len(places) < 2 and noun not in object_at(main.outputs, place).get("properties", {noun: None}):
            found.append(Companion(leaf, noun, place, needs))
    return found


def _tells_of_the_new(noun: str, verb: str, found: set[Any]) -> bool:
    """Whether something done may include what is told of the thing that it made: an order, and where it is."""
    is_there = noun != "details" and not _LATER & set(noun.split("_"))
    return verb not in _SEARCHING and is_there and any(map(_is_identifier, found))


def _may_be_asked(needs: tuple[str, ...], known: set[Any], main: Functionality, leaf: Functionality) -> bool:
    """Whether one or two values more are a sensible question about what a search finds."""
    properties = leaf.inputs.get("properties", {})
    is_scalar = all(properties.get(name, {}).get("type") in ("string", "integer", "number") for name in needs)
    is_new = not {singular(name) for name in needs} & {singular(name) for name in main.inputs.get("properties", {})}
    is_about = any(map(_is_identifier, known))
    is_plain = not any("relation" in properties[name].get(ANNOTATION, {}) for name in needs if name in properties)
    foreign = any(str(properties.get(name, {}).get(ANNOTATION, {}).get("type")).startswith("id(") for name in needs)
    return len(needs) <= 2 and is_scalar and is_new and is_about and is_plain and not foreign


def _is_identifier(kind: Any) -> bool:
    return isinstance(kind, str) and kind.startswith("id(")


def noun_of(leaf: Functionality, main: Functionality) -> str | None:
    """What comes back, in snake case: `estimate_running_costs` gives `running_costs`; None where the name does not
    say."""
    verb, *rest = words_of(leaf.name) or [""]
    if verb == "look" and rest[:1] == ["up"]:
        rest = rest[1:]
    if verb not in FINDING | set(_GIVING) or not rest or _JOINTS & set(rest) or not leaf.outputs.get("properties"):
        return None
    noun = list(rest)
    if verb in _GIVING and (verb != "estimate" or not rest[-1].endswith("s")):
        noun = [*rest[:-1], singular(rest[-1]), _GIVING[verb]]
    known = {singular(word) for word in words_of(main.name)}
    if {singular(word) for word in noun} <= known:
        noun = ["details"]
    return "_".join(noun)


def required_kinds(inputs: Schema) -> set[Any]:
    """What the required inputs mean."""
    return set(_kinds_by_name(inputs).values())


def _kinds_by_name(inputs: Schema) -> dict[str, Any]:
    properties = inputs.get("properties", {})
    return {name: _kind(name, properties.get(name, {})) for name in inputs.get("required", ())}


def _kind(name: str, schema: Schema) -> Any:
    """What a value means: the type of an identifier or of a word list, else its name with its type."""
    kind = schema.get(ANNOTATION, {}).get("type")
    if kind and schema.get("type") == "string" and kind not in _GENERAL:
        return kind
    return (name, schema.get("type"), kind, schema.get("pattern"), tuple(map(str, schema.get("enum", ()))))


def identifiers(schema: Schema, path: tuple[str, ...] = ()) -> dict[str, tuple[str, ...]]:
    """Identifiers of a result and the path of the objects that hold them; the outermost wins."""
    found: dict[str, tuple[str, ...]] = {}
    inner: list[tuple[Schema, str]] = []
    for name, one in schema.get("properties", {}).items():
        kind = str(one.get(ANNOTATION, {}).get("type", ""))
        if kind.startswith("id("):
            found.setdefault(kind, path)
        elif one.get("type") == "array" and one.get("items", {}).get("type") == "object":
            inner.append((one["items"], name))
    for items, name in inner:
        for kind, place in identifiers(items, (*path, name)).items():
            found.setdefault(kind, place)
    return found


def object_at(schema: Schema, path: tuple[str, ...]) -> Schema:
    """The object of a result at a path through lists."""
    for step in path:
        schema = schema["properties"][step]["items"]
    return schema
