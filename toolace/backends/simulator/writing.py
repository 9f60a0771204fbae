"""The simulator as API author: writes a definition from functionalities in a given style, and applies diversity
indicators."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from toolace.backends.simulator import operators
from toolace.backends.simulator.describing import describe
from toolace.backends.simulator.naming import names
from toolace.backends.simulator.purpose import LISTING
from toolace.backends.simulator.reshaping import camelled, flattened, grouped, ordered
from toolace.backends.simulator.rewording import detailed, in_manner, with_conventions
from toolace.meaning import words
from toolace.semantics import ANNOTATION
from toolace.synth_apis.companions import READING, Companion, companions
from toolace.synth_apis.evolution import Definition, EvolutionContext, MutationContext
from toolace.synth_apis.tree import Functionality, singular, words_of

Schema = dict[str, Any]

_TOGETHER = ("together with the {}", "including the {}", "along with the {}")


def write(context: EvolutionContext, rng: random.Random) -> Definition:
    """A definition that covers the functionalities."""
    main, *others = context.functionalities
    style = context.style
    verb = words_of(main.name)[0]
    included = _distinct([one for one in companions(main, others) if one.leaf in others])
    nouns = [one.noun for one in included]
    taken = frozenset(context.taken_names)
    name = next(name for name in names(main, nouns, style.naming, verb in READING, rng) if name not in taken)
    is_camel = name != name.lower()
    parameters, returns = _subset(main, style.optional, rng)
    if style.wording == "explicit":
        parameters, returns = with_conventions(parameters, returns, rng)
    parameters = in_manner(detailed(parameters, style.detail, rng), rng)
    if style.depth == "flat":
        parameters, returns = flattened(parameters, returns)
    elif style.depth == "grouped":
        group = ("filters", "Narrows down what is returned") if verb in LISTING else ("options", "Optional settings")
        parameters, returns = grouped(parameters, returns, *group)
    parameters, returns = _including(parameters, returns, included, may_list=not is_camel)
    parameters = ordered(parameters, style.order)
    if is_camel:
        parameters, returns = camelled(parameters), camelled(returns)
    description = describe(main, nouns, parameters, returns, style, rng)
    return Definition(name=name, description=description, parameters=parameters, returns=returns)


def mutate(context: MutationContext, rng: random.Random) -> Definition:
    """The definition after one diversity indicator; unchanged where the indicator finds nothing sensible to work on."""
    return operators.OPERATORS[context.indicator](context.api, context.siblings, rng)


def _subset(leaf: Functionality, share: float, rng: random.Random) -> tuple[Schema, Schema]:
    """The functionality with its required inputs and a share of the others; what its summary names is kept, and what
    a kept one is compared with."""
    inputs = leaf.inputs
    properties = inputs.get("properties", {})
    required = list(inputs.get("required", ()))
    said = {singular(word) for word in words_of(leaf.summary) if len(word) > 3}
    kept = {
        name for name in properties if name in required or rng.random() < share or said & _meant(name, properties[name])
    }
    kept |= {
        properties[name][ANNOTATION]["relation"][1]
        for name in kept
        if "relation" in properties[name].get(ANNOTATION, {})
    }
    parameters: Schema = {
        "type": "object",
        "properties": {name: one for name, one in properties.items() if name in kept},
    }
    if required:
        parameters["required"] = required
    if ANNOTATION in inputs:
        parameters[ANNOTATION] = inputs[ANNOTATION]
    return parameters, dict(leaf.outputs)


def _meant(name: str, one: Schema) -> set[str]:
    """Words of a parameter's name and of the head of its description, singular."""
    head = str(one.get("description", "")).partition(" of ")[0] if "enum" not in one else ""
    return {singular(word) for word in (*words_of(name), *words_of(head)) if len(word) > 3}


def _distinct(found: Sequence[Companion]) -> list[Companion]:
    """One companion a noun."""
    return list({one.noun: one for one in found}.values())


def _including(
    parameters: Schema, returns: Schema, included: Sequence[Companion], *, may_list: bool
) -> tuple[Schema, Schema]:
    """Offers to include the companions' answers: a switch each, or one list of what is wanted; an object where an
    answer needs a value more."""
    switches: dict[str, Schema] = {}
    asked = {one.noun: _asked(one) for one in included if one.needs}
    for one in included:
        if one.needs:
            answer = {**_answer(one), ANNOTATION: _told(one, [one.noun, True])}
            returns = _beside(returns, one.at, one.noun, answer)
    included = [one for one in included if not one.needs]
    as_list = may_list and len(included) > 1
    for one in included:
        said = words(one.noun)
        verb = "is" if singular(said) == said else "are"
        switches[f"include_{one.noun}"] = {
            "type": "boolean",
            "description": f"Whether the {said} {verb} returned as well",
            "default": False,
            ANNOTATION: {"say": [phrase.format(said) for phrase in _TOGETHER]},
        }
        when = ["include", one.noun] if as_list else [f"include_{one.noun}", True]
        returns = _beside(returns, one.at, one.noun, {**_answer(one), ANNOTATION: _told(one, when)})
    if as_list and included:
        nouns = [one.noun for one in included]
        wanted: Schema = {
            "type": "array",
            "description": "What is returned as well",
            "items": {"type": "string", "enum": nouns},
        }
        switches = {
            "include": {
                **wanted,
                "minItems": 1,
                "maxItems": len(nouns),
                "uniqueItems": True,
                ANNOTATION: {"say": list(_TOGETHER)},
            }
        }
    fresh = {name: one for name, one in (switches | asked).items() if name not in parameters["properties"]}
    return {**parameters, "properties": {**parameters["properties"], **fresh}}, returns


def _asked(companion: Companion) -> Schema:
    """The values that a companion's answer needs, as an object; given, it asks for the answer."""
    said = words(companion.noun)
    inputs = companion.leaf.inputs["properties"]
    return {
        "type": "object",
        "description": f"Asks for the {said} as well",
        "properties": {name: inputs[name] for name in companion.needs},
        "required": list(companion.needs),
        ANNOTATION: {"say": [f"together with the {said} {{}}", f"along with the {said} {{}}"]},
    }


def _answer(companion: Companion) -> Schema:
    """The companion's result as a part of another one."""
    outputs = companion.leaf.outputs
    body = {key: value for key, value in outputs.items() if key not in (ANNOTATION, "description")}
    return {"type": "object", "description": f"The {words(companion.noun)}, if asked for", **body}


def _told(companion: Companion, when: list[Any]) -> dict[str, Any]:
    """Notes of an included answer: the argument that asks for it, and how it is reported."""
    tell = companion.leaf.outputs.get(ANNOTATION, {}).get("tell")
    return {"when": when, **({"tell": tell} if tell else {})}


def _beside(schema: Schema, path: tuple[str, ...], name: str, answer: Schema) -> Schema:
    """The schema with an optional field more: beside the other fields of the object at `path`, through lists."""
    properties = schema["properties"]
    if not path:
        return {**schema, "properties": {**properties, name: answer}}
    step, *rest = path
    items = _beside(properties[step]["items"], tuple(rest), name, answer)
    return {**schema, "properties": {**properties, step: {**properties[step], "items": items}}}
