"""Defects of definitions, one or more for each rule of the aspect."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from defects.places import ORDER_TEXTS, Change, Json, Mutator, calls, define


def setting(key: str, *values: Any) -> Change:
    """Sets a key of a schema to one of these values."""

    def change(function: Json, schema: Json, rng: random.Random) -> bool:
        schema[key] = rng.choice(values)
        return True

    return change


def describing(*texts: str) -> Change:
    """Gives a tool or parameter one of these descriptions."""

    def change(function: Json, schema: Json, rng: random.Random) -> bool:
        place = rng.choice((function, schema)) if "{}" in texts[0] else function
        place["description"] = rng.choice(texts).replace("{}", str(place.get("description", "")).rstrip("."))
        return True

    return change


def drop_field(made: Json, rng: random.Random) -> bool:
    """Leaves out a field that every definition has."""
    tool = rng.choice(made["tools"])
    key = rng.choice(("type", "name", "parameters"))
    (tool if key == "type" else tool["function"]).pop(key)
    return True


def rename_tool(new: Callable[[str], str]) -> Mutator:
    """Gives a tool another name wherever it stands."""

    def plant(made: Json, rng: random.Random) -> bool:
        """The new name, in definitions, calls and results."""
        old = rng.choice(made["tools"])["function"]["name"]
        name = new(old)
        for tool in made["tools"]:
            if tool["function"]["name"] == old:
                tool["function"]["name"] = name
        for _, call in calls(made):
            call["name"] = name if call["name"] == old else call["name"]
        for message in made["messages"]:
            if message.get("name") == old:
                message["name"] = name
        made["returns"][name] = made["returns"].pop(old)
        return True

    return plant


def bad_parameter_name(made: Json, rng: random.Random) -> bool:
    """Gives a parameter a name that no call can carry."""
    function = rng.choice(made["tools"])["function"]
    name = rng.choice(("two words", 'quo"te', "tab\tbed", "", "a" * 200))
    function["parameters"].setdefault("properties", {})[name] = {"type": "string", "description": "Something else"}
    return True


def array_of_parameters(made: Json, rng: random.Random) -> bool:
    """Parameters in a list."""
    rng.choice(made["tools"])["function"]["parameters"]["type"] = rng.choice(("array", "string", None))
    return True


def date_as_string(made: Json, rng: random.Random) -> bool:
    """A parameter whose date became the word `string`."""
    name = rng.choice(("start_string", "endString", "birth_string", "departure_string", "check_in_string"))
    properties = rng.choice(made["tools"])["function"]["parameters"].setdefault("properties", {})
    properties[name] = {"type": "string", "description": "A day"}
    return True


def require_undeclared(made: Json, rng: random.Random) -> bool:
    """Requires a parameter that is not declared."""
    rng.choice(made["tools"])["function"]["parameters"].setdefault("required", []).append("undeclared_thing")
    return True


def misfit(key: str) -> Change:
    """Sets a key to a value that the schema would not take."""

    def change(function: Json, schema: Json, rng: random.Random) -> bool:
        """A value of another type; False where the type is not known."""
        wrong: Json = {
            "string": 17,
            "integer": "many",
            "number": "many",
            "boolean": "maybe",
            "array": "all",
            "object": 3,
        }
        value = wrong.get(str(schema.get("type")))
        schema[key] = [value] if key == "examples" else value
        return value is not None

    return change


def repeat_enum(function: Json, schema: Json, rng: random.Random) -> bool:
    """Repeats an item of an enum."""
    if schema.get("type") != "string":
        return False
    schema["enum"] = rng.choice((["one", "two", "one"], ["one", 2]))
    return True


def empty_range(function: Json, schema: Json, rng: random.Random) -> bool:
    """Puts the minimum above the maximum."""
    pair = {"integer": ("minimum", "maximum"), "number": ("minimum", "maximum"), "array": ("minItems", "maxItems"),
            "string": ("minLength", "maxLength")}.get(str(schema.get("type")))  # fmt: skip
    if pair is None:
        return False
    schema[pair[0]], schema[pair[1]] = 9, 3
    return True


def bare_array(function: Json, schema: Json, rng: random.Random) -> bool:
    """Takes the items' schema from an array."""
    return schema.get("type") == "array" and schema.pop("items", None) is not None


def no_description(function: Json, schema: Json, rng: random.Random) -> bool:
    """Takes a description away."""
    rng.choice((function, schema))["description"] = rng.choice(("", "  "))
    return True


GARBLED = (
    "{} and valistringd",
    "{}, upstringd daily",
    "{} of candistrings",
    "{} from the stringbase",
    "{}; preobject it",
)
BOILERPLATE = ("TODO: describe this", "Lorem ipsum dolor sit amet", "No description available", "This function does something.",
               "<insert description>", "A tool.", "TBD", "...")  # fmt: skip
ORDERS = tuple(f"{{}}. {order}" for order in ORDER_TEXTS)


DEFINITION: dict[str, tuple[Mutator, ...]] = {
    "definition_fields_are_present": (drop_field,),
    "tool_name_is_legal": (rename_tool(lambda name: f"{name} now"), rename_tool(lambda name: f"ns/{name}")),
    "parameter_names_are_legal": (bad_parameter_name,),
    "schema_is_valid": (define(setting("type", "str", "dict", 7)), define(setting("pattern", "[", "(", "*a"))),
    "parameters_are_an_object": (array_of_parameters,),
    "required_is_among_properties": (require_undeclared,),
    "defaults_fit_their_schema": (define(misfit("default")),),
    "examples_fit_their_schema": (define(misfit("examples")), define(misfit("example"))),
    "enums_fit_their_type": (define(repeat_enum),),
    "ranges_are_not_empty": (define(empty_range),),
    "arrays_say_their_items": (define(bare_array),),
    "description_is_present": (define(no_description),),
    "description_is_not_boilerplate": (define(describing(*BOILERPLATE)),),
    "type_words_are_not_replaced_in_text": (define(describing(*GARBLED)), date_as_string),
    "descriptions_give_no_orders": (define(describing(*ORDERS)),),
}
