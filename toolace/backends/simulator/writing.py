"""The simulator as API author: writes a definition from functionalities in a given style, and applies diversity indicators."""

from __future__ import annotations

import random
import re
from typing import Any

from toolace.backends.simulator import operators
from toolace.backends.simulator.phrasing import lower_first, upper_first
from toolace.errors import ReplyError
from toolace.meaning import words
from toolace.semantics import ANNOTATION
from toolace.synth_apis.evolution import Definition, EvolutionContext, MutationContext, Style
from toolace.synth_apis.tree import Functionality, singular, slug

Schema = dict[str, Any]

_VERBS = {
    "search": ("search", "find", "query", "look_up", "browse"),
    "find": ("find", "search", "locate", "look_up"),
    "get": ("get", "fetch", "retrieve", "read", "show"),
    "list": ("list", "get", "enumerate", "fetch", "show"),
    "create": ("create", "add", "make", "new", "set_up"),
    "add": ("add", "insert", "append", "create"),
    "update": ("update", "modify", "edit", "change", "patch"),
    "delete": ("delete", "remove", "drop", "erase"),
    "remove": ("remove", "delete", "take_out"),
    "cancel": ("cancel", "call_off", "revoke"),
    "book": ("book", "reserve", "order"),
    "calculate": ("calculate", "compute", "work_out", "determine"),
    "convert": ("convert", "transform", "translate"),
    "check": ("check", "verify", "inspect", "test"),
    "estimate": ("estimate", "predict", "forecast", "approximate"),
    "compare": ("compare", "contrast", "match"),
    "send": ("send", "deliver", "dispatch", "submit"),
    "schedule": ("schedule", "plan", "arrange", "set"),
    "track": ("track", "follow", "trace", "monitor"),
    "report": ("report", "submit", "file", "log"),
    "log": ("log", "record", "register", "note"),
    "start": ("start", "begin", "launch", "run"),
    "plan": ("plan", "draft", "prepare", "design"),
    "set": ("set", "configure", "adjust", "define"),
    "generate": ("generate", "produce", "create", "build"),
}
_PLAIN = re.compile(r"^[a-z][a-z0-9_]*$")


def write(context: EvolutionContext, rng: random.Random) -> Definition:
    """A definition that covers the functionalities. Raises ReplyError when every name it thinks of is taken."""
    main, *others = context.functionalities
    parameters, returns = _subset(main, context.style, rng)
    description = _description(main, others, returns, context.style, rng)
    for other in others:
        _merge(parameters, returns, other, context.style, rng)
    if context.style.depth == "flat":
        parameters = operators.flattened(parameters)
    elif context.style.depth == "grouped":
        parameters = operators.grouped(parameters, rng)
    parameters = _ordered(parameters, context.style)
    name = _name(main, others, context, rng)
    parameters, returns = _renamed(parameters, context.style), _renamed(returns, context.style)
    return Definition(name=name, description=description, parameters=parameters, returns=returns)


def mutate(context: MutationContext, rng: random.Random) -> Definition:
    """The definition after one diversity indicator; unchanged where the indicator finds nothing to work on."""
    api = context.api
    apply = operators.OPERATORS[context.indicator]
    parameters, returns = apply(api.parameters, api.returns, context.siblings, rng)
    return Definition(name=api.name, description=api.description, parameters=parameters, returns=returns)


def _subset(leaf: Functionality, style: Style, rng: random.Random) -> tuple[Schema, Schema]:
    """The functionality's required inputs and a share of the others; of a rich result, most fields."""
    inputs = leaf.inputs
    required = list(inputs.get("required", ()))
    kept = {
        name: one
        for name, one in inputs.get("properties", {}).items()
        if name in required or rng.random() < style.optional
    }
    parameters: Schema = {"type": "object", "properties": kept}
    if required:
        parameters["required"] = required
    if ANNOTATION in inputs:
        parameters[ANNOTATION] = inputs[ANNOTATION]
    return parameters, dict(leaf.outputs)


def _merge(parameters: Schema, returns: Schema, other: Functionality, style: Style, rng: random.Random) -> None:
    """Takes a further functionality in as one optional object; its result comes back beside the main one."""
    name = slug(other.name)
    inner, outputs = _subset(other, style, rng)
    notes = inner.pop(ANNOTATION, {})
    goals = notes.get("goals") or [lower_first(other.summary.rstrip("."))]
    mine = parameters["properties"]
    wanted = {key: one for key, one in inner["properties"].items() if key not in mine or mine[key] != one}
    needed = [key for key in inner.get("required", ()) if key in wanted]
    description = f"Also {lower_first(other.summary.rstrip('.'))}; left out, nothing of that is done"
    if not wanted or name in mine:
        return
    also: Schema = {"type": "object", "description": description, "properties": wanted}
    if needed:
        also["required"] = needed
    also[ANNOTATION] = {"say": [f"and also {goal} {{}}" for goal in goals]}
    parameters["properties"] = {**mine, name: also}
    if isinstance(returns.get("properties"), dict) and name not in returns["properties"]:
        result = {key: one for key, one in outputs.items() if key != ANNOTATION}
        result["description"] = f"Result of {words(other.name)}, when it was asked for"
        returns["properties"] = {**returns["properties"], name: result}


def _description(
    leaf: Functionality, others: list[Functionality], returns: Schema, style: Style, rng: random.Random
) -> str:
    text = leaf.summary.rstrip(". ")
    goals = leaf.inputs.get(ANNOTATION, {}).get("goals") or []
    if style.voice == "third_person":
        text = operators.third_person(text)
    elif style.voice == "use_this" and goals:
        text = f"Use this to {rng.choice(goals)}: {lower_first(text)}"
    elif style.description == "short" and goals and rng.random() < 0.4:
        text = upper_first(rng.choice(goals))
    sentences = [text + "."]
    if others:
        sentences.append(f"Can {' and '.join(words(other.name) for other in others)} in the same call.")
    if style.description != "short":
        fields = list(returns.get("properties", {}))
        if fields and style.description == "long":
            sentences.append(f"Returns {_fields(fields)}.")
        if style.description == "long" and leaf.domain:
            sentences.append(rng.choice(_CLOSINGS).format(domain=leaf.domain[-1].replace("_", " ")))
        elif fields and rng.random() < 0.5:
            sentences.append(f"Gives back {_fields(fields)}.")
    return " ".join(sentences)


_CLOSINGS = (
    "Part of the {domain} functions.",
    "Belongs to {domain}.",
    "Values that are left out keep their defaults.",
    "Fails with a message when nothing matches.",
    "Only the values that are given are used.",
)


def _fields(fields: list[str]) -> str:
    said = [words(field) for field in fields[:4]]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"


def _name(leaf: Functionality, others: list[Functionality], context: EvolutionContext, rng: random.Random) -> str:
    """A name in the style that is not taken: other verbs first, then a qualifier from the domain."""
    verb, *rest = slug(leaf.name).split("_")
    verbs = list(_VERBS.get(verb, (verb,)))
    domain = [singular(part) for part in leaf.domain[-1].split("_")] if leaf.domain else []
    tails = [rest or ["item"]]
    if domain and not set(domain) & set(rest):
        tails.append([*domain, *rest])
    if others:
        tails.append([*(rest or ["item"]), "and", *slug(others[0].name).split("_")])
        tails.reverse()
    names: list[str] = []
    for tail in tails:
        for one in verbs:
            names.append(_styled(one.split("_"), tail, domain, context.style.naming))
    start = int(rng.random() ** 2 * len(verbs))
    ordered = names[start:] + names[:start]
    more = [
        _styled(one.split("_"), [*tails[0], word], domain, context.style.naming)
        for word in _QUALIFIERS
        for one in verbs
    ]
    for name in (*ordered, *more):
        if name not in context.taken_names and len(name) <= 64:
            return name
    raise ReplyError(f"evolution: every name for {leaf.id!r} is taken")


_QUALIFIERS = (
    "details",
    "by_criteria",
    "online",
    "now",
    "info",
    "advanced",
    "basic",
    "quick",
    "extended",
    "v2",
    "report",
    "entry",
)


def _styled(verb: list[str], tail: list[str], domain: list[str], naming: str) -> str:
    tail = [part for word in tail for part in word.split("_")]
    match naming:
        case "camel":
            parts = verb + tail
            return parts[0] + "".join(part.capitalize() for part in parts[1:])
        case "pascal":
            return "".join(part.capitalize() for part in verb + tail)
        case "noun_first":
            return "_".join(tail + verb)
        case "prefixed":
            prefix = [part for part in domain if part not in tail]
            return "_".join(prefix + verb + tail)
        case _:
            return "_".join(verb + tail)


def _ordered(parameters: Schema, style: Style) -> Schema:
    properties = parameters["properties"]
    required = set(parameters.get("required", ()))
    if style.order == "alphabetical":
        names = sorted(properties)
    elif style.order == "required_first":
        names = sorted(properties, key=lambda name: name not in required)
    else:
        return parameters
    return {**parameters, "properties": {name: properties[name] for name in names}}


def _renamed(schema: Schema, style: Style) -> Schema:
    """Parameter and field names in the API's style; only plain snake_case names are touched."""
    if style.naming not in ("camel", "pascal"):
        return schema
    return operators.renamed(schema, _camel)


def _camel(name: str) -> str:
    if not _PLAIN.match(name):
        return name
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
