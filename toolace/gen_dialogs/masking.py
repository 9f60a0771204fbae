"""Names masked in a share of the dialogs, so that a model learns to read descriptions instead of names (Hammer)."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from toolace.gen_dialogs.plan import Blueprint
from toolace.gen_dialogs.roles import CallSpec
from toolace.records import Api
from toolace.semantics import ANNOTATION, MASKED

_LETTERS = "abcdefghijkmnpqrstuvwxyz"


def masked(blueprint: Blueprint, index: int) -> Blueprint:
    """The blueprint with every tool's name and parameters' names replaced; descriptions and results stay."""
    rng = random.Random(f"mask/{index}")
    every = {api.name: api for api in (*blueprint.tools, *blueprint.apis)}
    names = _renamed(rng, every, ("func", "tool", "fn", "op"), 5)
    renamed = {name: _renamed(rng, api.parameters.get("properties", {}), ("arg",), 3) for name, api in every.items()}
    apis = {name: _masked_api(api, names[name], renamed[name]) for name, api in every.items()}

    def call(spec: CallSpec) -> CallSpec:
        links = tuple(
            link.model_copy(update={"parameter": renamed[spec.tool].get(link.parameter, link.parameter)})
            for link in spec.links
        )
        return spec.model_copy(update={"tool": names[spec.tool], "links": links})

    turns = tuple(
        turn.model_copy(
            update={
                "steps": tuple(tuple(call(spec) for spec in step) for step in turn.steps),
                "absent": names[turn.absent] if turn.absent else None,
                "tools_added": tuple(names[name] for name in turn.tools_added),
            }
        )
        for turn in blueprint.turns
    )
    return replace(
        blueprint,
        turns=turns,
        apis=tuple(apis[api.name] for api in blueprint.apis),
        tools=tuple(apis[api.name] for api in blueprint.tools),
    )


def _renamed(rng: random.Random, names: Iterable[str], prefixes: Sequence[str], length: int) -> dict[str, str]:
    """A meaningless name for each name, all different."""
    found: dict[str, str] = {}
    for name in names:
        while (new := f"{rng.choice(prefixes)}_{_token(rng, length)}") in found.values():
            pass
        found[name] = new
    return found


def _token(rng: random.Random, length: int) -> str:
    return "".join(rng.choice(_LETTERS) for _ in range(length - 1)) + str(rng.randint(1, 9))


def _masked_api(api: Api, name: str, renamed: dict[str, str]) -> Api:
    properties = {renamed[old]: _noted(one, old, renamed) for old, one in api.parameters.get("properties", {}).items()}
    parameters: dict[str, Any] = {**api.parameters, "properties": properties}
    if "required" in parameters:
        parameters["required"] = [renamed.get(old, old) for old in parameters["required"]]
    notes = dict(api.returns.get(ANNOTATION, {}))
    for old, new in renamed.items():
        if "tell" in notes and old not in api.returns.get("properties", {}):
            notes["tell"] = notes["tell"].replace("{" + old + "}", "{" + new + "}")
    returns = {**api.returns, ANNOTATION: notes} if notes else api.returns
    return api.model_copy(update={"name": name, "parameters": parameters, "returns": returns})


def _noted(schema: Any, name: str, renamed: dict[str, str]) -> Any:
    """The annotation keeps the true name, by which results agree with arguments; a relation follows its sibling's new name."""
    if not isinstance(schema, dict):
        return schema
    notes = {**schema.get(ANNOTATION, {}), MASKED: name}
    if relation := notes.get("relation"):
        notes["relation"] = [relation[0], renamed.get(relation[1], relation[1])]
    return {**schema, ANNOTATION: notes}
