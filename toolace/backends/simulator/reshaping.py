"""Reshapes a definition without changing what it can do: flat or grouped, ordered, renamed. The annotations stay
true."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from toolace.semantics import ANNOTATION

Schema = dict[str, Any]

HOLE = re.compile(r"\{(#?)([A-Za-z0-9_.]+)\}")
_PLAIN = re.compile(r"^[a-z][a-z0-9_]*$")
GROUPED_FROM = 2
"""Optional scalars that an API must have before they are gathered in one object."""


def flattened(parameters: Schema, returns: Schema) -> tuple[Schema, Schema]:
    """Nested objects become parameters of their own: `guests.adults` -> `guests_adults`."""
    properties: dict[str, Schema] = {}
    required: list[str] = []
    moved: dict[str, str] = {}
    outer_names = set(parameters["properties"])
    for name, one in parameters["properties"].items():
        is_required = name in parameters.get("required", ())
        flat = {f"{name}_{key}": child for key, child in one.get("properties", {}).items()}
        if one.get("type") != "object" or not flat or set(flat) & outer_names:
            properties[name] = one
            required += [name] if is_required else []
            continue
        phrase = (one.get(ANNOTATION, {}).get("say") or ["{}"])[0]
        for key, child in one["properties"].items():
            properties[f"{name}_{key}"] = _said_inside(child, phrase, f"{name}_{{}}")
            moved[f"{name}.{key}"] = f"{name}_{key}"
        if is_required:
            required += [f"{name}_{key}" for key in one.get("required", ())]
    return with_required({**parameters, "properties": properties}, required), _following(returns, moved)


def _said_inside(child: Schema, outer: str, form: str) -> Schema:
    """A field of an object as a parameter of its own: said inside the object's phrase."""
    notes = dict(child.get(ANNOTATION, {}))
    if "relation" in notes:
        notes["relation"] = [notes["relation"][0], form.format(notes["relation"][1])]
    if child.get("type") != "boolean" and "say" in notes:
        notes["say"] = [_inside(outer, phrase) for phrase in notes["say"]]
    return {**child, ANNOTATION: notes}


def _inside(outer: str, phrase: str) -> str:
    """`for {}` around `{} adults` is `for {} adults`; a phrase that opens by itself (`at {}`) stays alone."""
    phrase = phrase.removeprefix("and ")
    return phrase if phrase.split(" ")[0] in _OPENERS else outer.replace("{}", phrase)


_OPENERS = frozenset(
    "at in on for from to with of by as under over until after before between around near of per and".split()
)


def grouped(parameters: Schema, returns: Schema, name: str, description: str) -> tuple[Schema, Schema]:
    """Two or more optional scalars become one object; what is compared with another parameter stays beside it."""
    properties = parameters["properties"]
    required = set(parameters.get("required", ()))
    related = {one[ANNOTATION]["relation"][1] for one in properties.values() if "relation" in one.get(ANNOTATION, {})}
    loose = {
        key: one
        for key, one in properties.items()
        if key not in required | related
        and one.get("type") not in ("object", "array")
        and "relation" not in one.get(ANNOTATION, {})
    }
    if len(loose) < GROUPED_FROM or name in properties:
        return parameters, returns
    group: Schema = {
        "type": "object",
        "description": description,
        "properties": loose,
        ANNOTATION: {"say": ["{}"]},
    }
    kept = {key: one for key, one in properties.items() if key not in loose}
    moved = {key: f"{name}.{key}" for key in loose}
    return {**parameters, "properties": {**kept, name: group}}, _following(returns, moved)


def ordered(parameters: Schema, order: str) -> Schema:
    """The parameters `alphabetical`, with those `required_first`, or `as_is`."""
    properties = parameters["properties"]
    required = set(parameters.get("required", ()))
    if order == "as_is":
        return parameters
    names = sorted(properties) if order == "alphabetical" else sorted(properties, key=lambda name: name not in required)
    return {**parameters, "properties": {name: properties[name] for name in names}}


def camelled(schema: Schema) -> Schema:
    """A schema with all property names in camel case, and whatever names them; names of another form stay."""
    return renamed(schema, camel)


def camel(name: str) -> str:
    """`check_in` -> `checkIn`."""
    if not _PLAIN.match(name):
        return name
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def renamed(schema: Schema, rename: Callable[[str], str]) -> Schema:
    """A schema with all property names rewritten, and whatever names them."""
    made = dict(schema)
    if isinstance(schema.get("properties"), dict):
        made["properties"] = {rename(name): renamed(one, rename) for name, one in schema["properties"].items()}
    if isinstance(schema.get("items"), dict):
        made["items"] = renamed(schema["items"], rename)
    if "required" in schema:
        made["required"] = [rename(name) for name in schema["required"]]
    if notes := schema.get(ANNOTATION):
        made[ANNOTATION] = _renamed_notes(notes, rename)
    return made


def _renamed_notes(notes: dict[str, Any], rename: Callable[[str], str]) -> dict[str, Any]:
    made = dict(notes)
    if "relation" in notes:
        made["relation"] = [notes["relation"][0], rename(notes["relation"][1])]
    if "when" in notes:
        made["when"] = [rename(notes["when"][0]), notes["when"][1]]
    if "tell" in notes:
        made["tell"] = HOLE.sub(
            lambda match: "{" + match[1] + ".".join(map(rename, match[2].split("."))) + "}", notes["tell"]
        )
    return made


def moved_names(parameters: Schema, returns: Schema, moved: Mapping[str, str]) -> tuple[Schema, Schema]:
    """The same parameters under other names; what compares with them and what tells them follows."""
    properties = {}
    for name, one in parameters["properties"].items():
        notes = one.get(ANNOTATION, {})
        if "relation" in notes:
            relation = [notes["relation"][0], moved.get(notes["relation"][1], notes["relation"][1])]
            one = {**one, ANNOTATION: {**notes, "relation": relation}}
        properties[moved.get(name, name)] = one
    required = [moved.get(name, name) for name in parameters.get("required", ())]
    return with_required({**parameters, "properties": properties}, required), _following(returns, moved)


def _following(returns: Schema, moved: Mapping[str, str]) -> Schema:
    """The report after parameters moved; a hole that names a result field is none of theirs."""
    fields = returns.get("properties", {})
    return retold(returns, {old: new for old, new in moved.items() if old.partition(".")[0] not in fields})


def retold(returns: Schema, moved: Mapping[str, str]) -> Schema:
    """The result's schema with the holes of its report pointed to where fields and parameters have moved."""
    notes = returns.get(ANNOTATION, {})
    if not moved or "tell" not in notes:
        return returns

    def place(match: re.Match[str]) -> str:
        path = match[2]
        for old, new in moved.items():
            if path == old or path.startswith(f"{old}."):
                path = new + path[len(old) :]
                break
        return f"{{{match[1]}{path}}}"

    return {**returns, ANNOTATION: {**notes, "tell": HOLE.sub(place, notes["tell"])}}


def with_required(schema: Schema, required: list[str] | None) -> Schema:
    """The schema with this `required` (none when empty), the annotation last."""
    made = {key: value for key, value in schema.items() if key not in ("required", ANNOTATION)}
    if required:
        made["required"] = required
    if ANNOTATION in schema:
        made[ANNOTATION] = schema[ANNOTATION]
    return made
