"""Defects of calls, one or more for each rule of executability."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from defects.places import Json, Mutator, argument, calls, leaves, replace_value, tool_named


def is_scalar(value: Any, schema: Json) -> bool:
    """Whether a value is neither a list nor an object."""
    return not isinstance(value, dict | list)


def wrong_type(value: Any, schema: Json, rng: random.Random) -> Any:
    """A value of another JSON type."""
    text = str(value).lower()
    wrong: Json = {"string": 17, "integer": text, "number": text, "boolean": text, "array": "all", "object": "x"}
    return wrong.get(str(schema.get("type")))


def drop_required(made: Json, rng: random.Random) -> bool:
    """Leaves out an argument that is required."""
    places: list[tuple[Json, str]] = []
    for _, call in calls(made):
        schema = tool_named(made, call["name"])["parameters"]
        places += [(call["arguments"], name) for name in schema.get("required", ())]
        for node, key, inner in leaves(call["arguments"], schema):
            if isinstance(node[key], dict):
                places += [(node[key], name) for name in inner.get("required", ())]
    if not places:
        return False
    node, name = rng.choice(places)
    return node.pop(name, None) is not None


def undeclared_argument(made: Json, rng: random.Random) -> bool:
    """Gives an argument that the tool does not declare."""
    found = calls(made)
    if not found:
        return False
    arguments = rng.choice(found)[1]["arguments"]
    nested = [value for value in arguments.values() if isinstance(value, dict)]
    rng.choice([arguments, *nested])["extra_field"] = rng.choice(("x", 1, True, None))
    return True


def call_undeclared(made: Json, rng: random.Random) -> bool:
    """Calls a tool that is not offered."""
    found = calls(made)
    if not found:
        return False
    rng.choice(found)[1]["name"] += rng.choice(("_v2", "s", "_tool"))
    return True


def out_of_range(value: Any, schema: Json, rng: random.Random) -> Any:
    """A number below the minimum or above the maximum."""
    if "maximum" in schema and rng.random() < 0.5:
        return schema["maximum"] + 1
    return schema["minimum"] - 1 if "minimum" in schema else schema["maximum"] + 1


def not_in_bounds(made: Json, rng: random.Random) -> bool:
    """Declares a bound that a list or text among the arguments breaks."""
    place = argument(made, rng, lambda value, schema: isinstance(value, list | str) and bool(value))
    if place is None:
        return False
    node, key, schema = place
    schema["maxItems" if isinstance(node[key], list) else "maxLength"] = len(node[key]) - 1
    return True


def repeated_item(made: Json, rng: random.Random) -> bool:
    """Repeats an item of a list whose items must differ."""
    place = argument(made, rng, lambda value, schema: isinstance(value, list) and bool(value))
    if place is None:
        return False
    node, key, schema = place
    schema["uniqueItems"] = True
    schema.pop("maxItems", None)
    node[key].append(node[key][0])
    return True


def broken_union(made: Json, rng: random.Random) -> bool:
    """Gives an argument that fits no branch of its anyOf."""
    place = argument(made, rng, is_scalar)
    if place is None:
        return False
    schema = place[2]
    schema.clear()
    schema.update(description="One of two things", anyOf=[{"const": "neither this"}, {"const": "nor that"}])
    return True


def has(key: str) -> Callable[[Any, Json], bool]:
    """Whether a scalar argument's schema has a keyword."""
    return lambda value, schema: key in schema and not isinstance(value, dict | list)


def is_number(value: Any, schema: Json) -> bool:
    """Whether a value is a number and no switch."""
    return isinstance(value, int | float) and bool(schema.keys() & {"minimum", "maximum"})


CALLS: dict[str, tuple[Mutator, ...]] = {
    "called_tool_is_declared": (call_undeclared,),
    "required_arguments_are_given": (drop_required,),
    "no_argument_is_undeclared": (undeclared_argument,),
    "argument_types_match": (
        replace_value(lambda value, schema: "type" in schema, wrong_type),
        replace_value(lambda value, schema: schema.get("type") == "integer", lambda value, schema, rng: float(value)),
    ),
    "enum_values_are_on_the_menu": (replace_value(has("enum"), lambda value, schema, rng: f"{value}_other"),),
    "numbers_are_in_range": (replace_value(is_number, out_of_range),),
    "texts_match_their_pattern": (replace_value(has("pattern"), lambda value, schema, rng: f"~{value}~"),),
    "texts_match_their_format": (
        replace_value(has("format"), lambda value, schema, rng: rng.choice(("1/2/3 !", "?? ??", "no such thing"))),
    ),
    "lengths_are_in_bounds": (not_in_bounds,),
    "list_items_differ": (repeated_item,),
    "combined_schemas_hold": (broken_union,),
}
