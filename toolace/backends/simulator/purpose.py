"""What a definition is for and how it is written: its functionality, its verb, what its report tells, its names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from toolace.backends.simulator.reshaping import HOLE, camelled, renamed
from toolace.semantics import ANNOTATION
from toolace.synth_apis.companions import READING
from toolace.synth_apis.evolution import Definition
from toolace.synth_apis.tree import Functionality, singular, words_of

Schema = dict[str, Any]

LISTING = frozenset("search find list browse".split())
"""Verbs of what finds several things, from which a caller may want the first, the best or only some."""

_CAMEL = re.compile(r"[a-z0-9][A-Z]")
_ID = re.compile(r"_id(s?)$")
_SUFFIX = re.compile(r"_(ref|number|code|key)s?$")


def own_functionality(api: Definition, siblings: Sequence[Functionality]) -> Functionality | None:
    """The functionality that the API is made of: the one with the same goals, else the one whose words its name
    holds."""
    goals = api.parameters.get(ANNOTATION, {}).get("goals")
    if goals:
        for leaf in siblings:
            if leaf.inputs.get(ANNOTATION, {}).get("goals") == goals:
                return leaf
    known = {singular(word) for word in words_of(api.name)}

    def shared(leaf: Functionality) -> float:
        verb, *rest = words_of(leaf.name) or [""]
        own = {singular(word) for word in rest}
        return (own <= known) * (len(own) + 0.5 * (verb in known))

    best = max(siblings, key=shared, default=None)
    return best if best is not None and shared(best) >= 1 else None


def verb_of(api: Definition, siblings: Sequence[Functionality]) -> str:
    """The verb of the API's functionality, else the first word of its name."""
    own = own_functionality(api, siblings)
    return next(iter(words_of(own.name if own else api.name)), "")


def is_reading(api: Definition, siblings: Sequence[Functionality]) -> bool:
    """Whether the API only reads."""
    return verb_of(api, siblings) in READING


def in_style(fields: dict[str, Schema], api: Definition) -> dict[str, Schema]:
    """New fields named like those that are there: in camel case, or with another ending for identifiers, but for what
    only programs know (`trace_id`)."""
    found = [*named_fields(api.parameters), *named_fields(api.returns)]
    made: Schema = {"properties": fields}
    endings = [match[1] for name, one in found if is_identifier(one) and (match := _SUFFIX.search(name))]
    if endings:
        fixed = {name for name, one in fields.items() if ANNOTATION not in one}
        made = renamed(made, lambda name: name if name in fixed else _ID.sub(rf"_{endings[0]}\1", name))
    if any(_CAMEL.search(name) for name, _ in found):
        made = camelled(made)
    properties: dict[str, Schema] = made["properties"]
    return properties


def named_fields(schema: Schema) -> Iterator[tuple[str, Schema]]:
    """Every named field with its schema, at any depth, through lists."""
    for name, one in schema.get("properties", {}).items():
        yield name, one
        yield from named_fields(one)
    if isinstance(schema.get("items"), dict):
        yield from named_fields(schema["items"])


def all_names(schema: Schema) -> set[str]:
    """Names of the fields of an object and of the objects in it."""
    return {name for name, _ in named_fields(schema)}


def all_phrases(schema: Schema) -> set[str]:
    """The phrases of all parameters inside: what has the same phrase is the same parameter, whatever its name."""
    phrases = (one.get(ANNOTATION, {}).get("say", ()) for _, one in named_fields(schema))
    return {phrase for said in phrases for phrase in said} - {"{}"}


def is_identifier(schema: Schema) -> bool:
    """Whether its values identify a thing."""
    return str(schema.get(ANNOTATION, {}).get("type", "")).startswith("id(")


def compared(properties: dict[str, Schema]) -> set[str]:
    """Fields that another one is compared with."""
    return {one[ANNOTATION]["relation"][1] for one in properties.values() if "relation" in one.get(ANNOTATION, {})}


def told(returns: Schema) -> set[str]:
    """Paths of what the report tells: `price`, `hotels.name`."""
    return {match[2] for match in HOLE.finditer(returns.get(ANNOTATION, {}).get("tell", ""))}


def told_first(returns: Schema) -> set[str]:
    """First steps of what the report tells."""
    return {path.partition(".")[0] for path in told(returns)}
