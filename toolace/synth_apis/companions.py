"""Companions: the functionalities that one API may cover beside its main one, as a careful designer would let it.

A companion reads, belongs to the same domain, and needs nothing beyond what the main functionality is given or finds:
its answer can stand beside (or inside) the main result when it is asked for, without a single further parameter."""

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

READING: Final = (
    FINDING | set(_GIVING) | set("query trace compare rank count review calculate compute explain identify".split())
)

_ONE: Final = frozenset("get show view read fetch describe".split())
"""Verbs that give one thing: its details can stand beside its identifier in what a search finds."""

_JOINTS: Final = frozenset("to for in with on by of from at my your into over and or off out as next".split())
_GENERAL: Final = frozenset(
    "text date future_date past_date time datetime future_datetime past_datetime money year percent month "
    "weekday".split()
)

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Companion:
    """A functionality that can be included. `noun` names its answer; `at` is the path of the objects of the main
    result beside whose identifier it stands: () is the result itself, ("hotels",) each of its hotels."""

    leaf: Functionality
    noun: str
    at: tuple[str, ...]


def companions(main: Functionality, siblings: Sequence[Functionality]) -> list[Companion]:
    """What an API for `main` may include, in the order of `siblings`; nothing for one whose main purpose is to change
    something."""
    if words_of(main.name)[:1] and words_of(main.name)[0] not in READING:
        return []
    given = _required_kinds(main.inputs)
    found_ids = _identifiers(main.outputs)
    found = []
    for leaf in siblings:
        noun = noun_of(leaf, main)
        needed = _required_kinds(leaf.inputs)
        if leaf.id == main.id or noun is None or not needed or not needed <= given | set(found_ids):
            continue
        if noun == "details" and (needed <= given or words_of(leaf.name)[0] not in _ONE):
            continue
        places = {found_ids[kind] for kind in needed - given}
        place = next(iter(places), ())
        if len(places) < 2 and noun not in _object_at(main.outputs, place).get("properties", {noun: None}):
            found.append(Companion(leaf, noun, place))
    return found


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


def _required_kinds(inputs: Schema) -> set[Any]:
    properties = inputs.get("properties", {})
    return {_kind(name, properties.get(name, {})) for name in inputs.get("required", ())}


def _kind(name: str, schema: Schema) -> Any:
    """What a value means: the type of an identifier or of a word list, else its name with its type."""
    kind = schema.get(ANNOTATION, {}).get("type")
    if kind and schema.get("type") == "string" and kind not in _GENERAL:
        return kind
    return (name, schema.get("type"), kind, schema.get("pattern"), tuple(map(str, schema.get("enum", ()))))


def _identifiers(schema: Schema, path: tuple[str, ...] = ()) -> dict[str, tuple[str, ...]]:
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
        for kind, place in _identifiers(items, (*path, name)).items():
            found.setdefault(kind, place)
    return found


def _object_at(schema: Schema, path: tuple[str, ...]) -> Schema:
    for step in path:
        schema = schema["properties"][step]["items"]
    return schema
