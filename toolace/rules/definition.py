"""Definition clarity: is this a definition a model can learn from and an endpoint will take? (paper, section 2.3)"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from toolace.records import Finding, Severity
from toolace.rules.found import SEPARATOR, Found, shown
from toolace.rules.orders import order_in
from toolace.rules.schemas import (
    MAX_DEPTH,
    Inner,
    closed,
    compiled_or_reason,
    fits_plainly,
    inner_schemas,
    is_deeper,
    misfits,
    pattern_problem,
    schema_problem,
)
from toolace.rules.wordlists import garbled_word, is_boilerplate, names_a_type, replaced_date

_LEGAL_NAME: Final = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_LEGAL_PARAMETER: Final = re.compile(r"[^\s\x00-\x1f\x7f\"'`\\]{1,128}")
_RANGES: Final = (
    ("minimum", "maximum"),
    ("exclusiveMinimum", "exclusiveMaximum"),
    ("minLength", "maxLength"),
    ("minItems", "maxItems"),
    ("minProperties", "maxProperties"),
)
_BOUNDS: Final = frozenset(bound for pair in _RANGES for bound in pair)


@dataclass(frozen=True)
class Definition:
    """A tool's definition as the rules read it. In foreign data, what is merely odd is a warning."""

    tool: dict[str, Any]
    returns: dict[str, Any] | None
    is_foreign: bool

    @cached_property
    def function(self) -> dict[str, Any]:
        """The function object; empty where there is none."""
        function = self.tool.get("function")
        return function if isinstance(function, dict) else {}

    @cached_property
    def name(self) -> str:
        """The tool's name; empty where it has none."""
        name = self.function.get("name")
        return name if isinstance(name, str) else ""

    @cached_property
    def schemas(self) -> list[Inner]:
        """Every schema inside parameters and returns; none where they are nested beyond reason."""
        if is_deeper(self.tool, MAX_DEPTH * 2) or is_deeper(self.returns, MAX_DEPTH * 2):
            return []
        parameters = inner_schemas(self.function.get("parameters"), "/function/parameters")
        return [*parameters, *inner_schemas(self.returns, "/returns")]

    @cached_property
    def texts(self) -> list[tuple[str, str]]:
        """Every name and description with the place where it stands."""
        found = [("/function/name", self.name), ("/function/description", _text(self.function.get("description")))]
        for where, name, schema in self.schemas:
            found += [(where, name), (f"{where}/description", _text(schema.get("description")))]
        return found

    @cached_property
    def speech(self) -> str:
        """All names and descriptions in lower case, to be searched at once."""
        return SEPARATOR.join([text for _, text in self.texts]).lower()

    @property
    def odd(self) -> Severity:
        """Severity of what a model can live with."""
        return "warning" if self.is_foreign else "error"


def definition_fields_are_present(definition: Definition) -> Iterator[Found]:
    """A tool has type `function` and a function object with name, description and parameters."""
    if definition.tool.get("type") != "function":
        yield Found("/type", f"'type' is {shown(definition.tool.get('type'))}, not 'function'", "definition")
    if not isinstance(definition.tool.get("function"), dict):
        yield Found("/function", "there is no function object", "definition")
        return
    if not definition.name.strip():
        yield Found("/function/name", f"the name is {shown(definition.function.get('name'))}", "definition")
    if "parameters" not in definition.function and not definition.is_foreign:
        yield Found("/function/parameters", "'parameters' is missing", "definition")


def tool_name_is_legal(definition: Definition) -> Iterator[Found]:
    """The OpenAI API takes names of 1 to 64 letters, digits, underscores and hyphens; foreign data may keep others."""
    if definition.name and not _LEGAL_NAME.fullmatch(definition.name):
        message = f"{shown(definition.name)} is no name the OpenAI API takes (letters, digits, _ and -, at most 64)"
        yield Found("/function/name", message, "definition", definition.odd)


def parameter_names_are_legal(definition: Definition) -> Iterator[Found]:
    """A parameter's name has no white space, quotes or control characters, so that every call notation can carry it."""
    for where, name, schema in definition.schemas:
        if name and not _LEGAL_PARAMETER.fullmatch(name):
            yield Found(where, f"{shown(name)} is no name of a parameter", "definition", definition.odd)
        elif "" in _properties(schema):
            yield Found(f"{where}/properties", "a parameter has an empty name", "definition", definition.odd)


def schema_is_valid(definition: Definition) -> Iterator[Found]:
    """Parameters and returns are JSON Schemas of draft 2020-12; patterns compile and references resolve."""
    parts = ("/function/parameters", definition.function.get("parameters", {})), ("/returns", definition.returns)
    problems = [(where, schema_problem(schema)) for where, schema in parts if where != "/returns" or schema is not None]
    for where, problem in problems:
        if problem is not None:
            yield Found(f"{where}{problem[0]}", problem[1], "definition")
    if not any(problem for _, problem in problems) and (unread := pattern_problem(definition.schemas)):
        yield Found(*unread, "definition")


def parameters_are_an_object(definition: Definition) -> Iterator[Found]:
    """Arguments are given by name, so the parameters' schema is one of an object."""
    parameters = definition.function.get("parameters")
    if isinstance(parameters, dict) and parameters and parameters.get("type") != "object":
        message = f"'type' is {shown(parameters.get('type'))}, but arguments are an object"
        is_open = "type" not in parameters and definition.is_foreign
        yield Found("/function/parameters/type", message, "definition", "warning" if is_open else "error")


def required_is_among_properties(definition: Definition) -> Iterator[Found]:
    """Whatever is required is declared."""
    for where, _, schema in definition.schemas:
        required = schema.get("required")
        if not isinstance(required, list) or "properties" not in schema:
            continue
        declared = _properties(schema)
        for at, name in enumerate(required):
            if isinstance(name, str) and name not in declared:
                yield Found(f"{where}/required/{at}", f"{shown(name)} is required but not declared", "definition")


def defaults_fit_their_schema(definition: Definition) -> Iterator[Found]:
    """A default is a value that the parameter would take."""
    for where, _, schema in definition.schemas:
        if "default" in schema and (problem := _misfit(schema["default"], schema)):
            yield Found(f"{where}/default", f"the default does not fit: {problem}", "definition", definition.odd)


def examples_fit_their_schema(definition: Definition) -> Iterator[Found]:
    """An example is a value that the parameter would take."""
    for where, _, schema in definition.schemas:
        examples = schema.get("examples")
        given = list(enumerate(examples)) if isinstance(examples, list) else []
        places = [(f"{where}/examples/{at}", value) for at, value in given]
        if "example" in schema and not isinstance(schema["example"], dict):
            places.append((f"{where}/example", schema["example"]))
        for place, value in places:
            if problem := _misfit(value, schema):
                yield Found(place, f"the example does not fit: {problem}", "definition", definition.odd)


def enums_fit_their_type(definition: Definition) -> Iterator[Found]:
    """The items of an enum are of the declared type and differ from each other."""
    for where, _, schema in definition.schemas:
        menu = schema.get("enum")
        if not isinstance(menu, list):
            continue
        typed = {"type": schema["type"]} if "type" in schema else {}
        for at, value in enumerate(menu):
            if problem := _misfit(value, typed):
                yield Found(f"{where}/enum/{at}", f"an enum's item: {problem}", "definition", definition.odd)
            elif any(value == other and type(value) is type(other) for other in menu[:at]):
                yield Found(f"{where}/enum/{at}", f"{shown(value)} stands there twice", "definition", definition.odd)


def ranges_are_not_empty(definition: Definition) -> Iterator[Found]:
    """A lower bound is not above its upper bound."""
    for where, _, schema in definition.schemas:
        for low, high in () if _BOUNDS.isdisjoint(schema) else _RANGES:
            least, most = schema.get(low), schema.get(high)
            if isinstance(least, int | float) and isinstance(most, int | float) and least > most:
                message = f"{low} {least!r} is above {high} {most!r}"
                yield Found(f"{where}/{low}", message, "definition", definition.odd)


def arrays_say_their_items(definition: Definition) -> Iterator[Found]:
    """A list says what it is a list of; several endpoints and BFCL's checker refuse one that does not."""
    for where, _, schema in definition.schemas:
        if schema.get("type") == "array" and not schema.keys() & {"items", "prefixItems"}:
            yield Found(where, "an array without 'items'", "definition", "warning")


def description_is_present(definition: Definition) -> Iterator[Found]:
    """A tool says what it does, and each parameter what it means (the latter as a warning)."""
    if not _text(definition.function.get("description")):
        yield Found("/function/description", "the tool has no description", "definition", definition.odd)
    for where, name, schema in definition.schemas:
        if name and where.startswith("/function") and not _text(schema.get("description")) and "$ref" not in schema:
            yield Found(where, f"parameter {shown(name)} has no description", "definition", "warning")


def description_is_not_boilerplate(definition: Definition) -> Iterator[Found]:
    """A description is no placeholder, and more than the name again (a warning where it is a parameter's)."""
    text = _text(definition.function.get("description"))
    if text and is_boilerplate(text, definition.name):
        message = f"the description {shown(text)} says nothing"
        yield Found("/function/description", message, "definition", definition.odd)
    for where, name, schema in definition.schemas:
        text = _text(schema.get("description"))
        if name and text and is_boilerplate(text, ""):
            message = f"the description {shown(text)} says nothing"
            yield Found(f"{where}/description", message, "definition", "warning")


def type_words_are_not_replaced_in_text(definition: Definition) -> Iterator[Found]:
    """No type name was pasted over parts of names and descriptions: `valistringd`, `start_string` (published rows).

    A garbled word is an error even in foreign data; a date called string is one only in our own.
    """
    for where, text in definition.texts if names_a_type(definition.speech) else ():
        if word := garbled_word(text):
            yield Found(where, f"{shown(word)} has a type's name pasted into it", "definition")
        elif word := replaced_date(text):
            message = f"{shown(word)} looks like a date whose name was replaced"
            yield Found(where, message, "definition", definition.odd)


def descriptions_give_no_orders(definition: Definition) -> Iterator[Found]:
    """No description tells the model what to do beside its task (a warning in foreign data)."""
    for where, text in definition.texts if order_in(definition.speech) else ():
        if order := order_in(text):
            yield Found(where, f"a description gives orders: {shown(order)}", "definition", definition.odd)


Check = Callable[[Definition], Iterator[Found]]

CHECKS: Final[tuple[Check, ...]] = (
    definition_fields_are_present,
    tool_name_is_legal,
    parameter_names_are_legal,
    schema_is_valid,
    parameters_are_an_object,
    required_is_among_properties,
    defaults_fit_their_schema,
    examples_fit_their_schema,
    enums_fit_their_type,
    ranges_are_not_empty,
    arrays_say_their_items,
    description_is_present,
    description_is_not_boilerplate,
    type_words_are_not_replaced_in_text,
    descriptions_give_no_orders,
)


def check_definition(tool: dict[str, Any], returns: dict[str, Any] | None, *, is_foreign: bool) -> list[Finding]:
    """All findings about one tool. Pointers are into the tool; those into its result's schema start with `/returns`."""
    definition = Definition(tool, returns, is_foreign)
    return [
        Finding(
            check=check.__name__,
            aspect="definition",
            severity=found.severity,
            where=found.where,
            message=found.message,
            blame=found.blame,
        )
        for check in CHECKS
        for found in check(definition)
    ]


def _properties(schema: dict[str, Any]) -> dict[str, Any]:
    properties = schema.get("properties")
    return properties if isinstance(properties, dict) else {}


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _misfit(value: Any, schema: dict[str, Any]) -> str | None:
    """Why a value does not fit; None where it does, or where the schema is none (another rule says so)."""
    if value is None and (schema.get("nullable") is True or not schema.keys() & {"enum", "type"}):
        return None
    if fits_plainly(value, schema):
        return None
    alone = {key: one for key, one in schema.items() if key not in ("$ref", "default", "examples", "example")}
    validator = compiled_or_reason(closed(alone))
    if isinstance(validator, str):
        return None
    problems = misfits(validator, value)
    return problems[0].message if problems else None
