"""Call executability: would the declared tool take this call? Nothing is executed. (paper, section 2.3)"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from toolace.rules.found import Found, escaped, shown
from toolace.rules.schemas import misfits
from toolace.rules.views import Call

_RANGE: Final = frozenset(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"))
_LENGTH: Final = frozenset(
    ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "contains")
)
_UNDECLARED: Final = frozenset(("additionalProperties", "unevaluatedProperties", "propertyNames", "falseSchema"))
_REQUIRED: Final = frozenset(("required",))
_TYPE: Final = frozenset(("type",))
_MENU: Final = frozenset(("enum", "const"))
_PATTERN: Final = frozenset(("pattern",))
_FORMAT: Final = frozenset(("format",))
_UNIQUE: Final = frozenset(("uniqueItems",))
_WITH_OWN_RULE: Final = _RANGE | _LENGTH | _UNDECLARED | _REQUIRED | _TYPE | _MENU | _PATTERN | _FORMAT | _UNIQUE


def called_tool_is_declared(call: Call) -> Iterator[Found]:
    """A call names a tool that is in the list."""
    if call.tool is None:
        yield Found(f"{call.where}/function/name", f"{shown(call.name)} is not among the tools")


def required_arguments_are_given(call: Call) -> Iterable[Found]:
    """Every required argument is given, nested ones included."""
    return _broken(call, _REQUIRED)


def no_argument_is_undeclared(call: Call) -> Iterator[Found]:
    """Every argument is declared, nested ones included; a tool that lists no properties takes none."""
    yield from _broken(call, _UNDECLARED)
    if call.tool is None or call.tool.takes or not call.arguments:
        return
    if not call.tool.signature.parameters.keys() & {"additionalProperties", "$ref", "allOf", "anyOf", "oneOf"}:
        for name in call.arguments:
            yield Found(call.argument(name), f"{shown(name)} is not declared by {shown(call.name)}")


def argument_types_match(call: Call) -> Iterator[Found]:
    """An argument is of the declared type; 13.0 is no integer, though JSON Schema takes it for one."""
    yield from _broken(call, _TYPE)
    if call.tool is not None and call.tool.has_integers:
        for name, value in call.arguments.items():
            if type(value) in (float, list, dict):
                yield from _floats_for_integers(value, call.tool.signature.schema_of(name), call.argument(name))


def enum_values_are_on_the_menu(call: Call) -> Iterable[Found]:
    """An argument with an enum has one of its values."""
    return _broken(call, _MENU)


def numbers_are_in_range(call: Call) -> Iterable[Found]:
    """A number obeys minimum, maximum and multipleOf."""
    return _broken(call, _RANGE)


def texts_match_their_pattern(call: Call) -> Iterable[Found]:
    """A text with a declared pattern matches it."""
    return _broken(call, _PATTERN)


def texts_match_their_format(call: Call) -> Iterable[Found]:
    """A text with a declared format (date, e-mail, …) is of it."""
    return _broken(call, _FORMAT)


def lengths_are_in_bounds(call: Call) -> Iterable[Found]:
    """Texts and lists are as long as declared."""
    return _broken(call, _LENGTH)


def list_items_differ(call: Call) -> Iterable[Found]:
    """Where the items of a list must differ, they do (a warning in foreign data)."""
    return [found._replace(severity=call.odd) for found in _broken(call, _UNIQUE)]


def combined_schemas_hold(call: Call) -> Iterable[Found]:
    """What anyOf, oneOf, not, if and the like ask of the arguments holds."""
    return [found for found, keyword in _problems(call) if keyword not in _WITH_OWN_RULE]


Check = Callable[[Call], Iterable[Found]]

CHECKS: Final[tuple[Check, ...]] = (
    called_tool_is_declared,
    required_arguments_are_given,
    no_argument_is_undeclared,
    argument_types_match,
    enum_values_are_on_the_menu,
    numbers_are_in_range,
    texts_match_their_pattern,
    texts_match_their_format,
    lengths_are_in_bounds,
    list_items_differ,
    combined_schemas_hold,
)
_BEYOND_SCHEMA: Final[tuple[Check, ...]] = (called_tool_is_declared, no_argument_is_undeclared, argument_types_match)


def checks_for(call: Call) -> tuple[Check, ...]:
    """The rules that may find something: where the arguments fit the schema, only those that look beyond it."""
    return CHECKS if _problems(call) else _BEYOND_SCHEMA


def _broken(call: Call, keywords: frozenset[str]) -> Iterable[Found]:
    return [found for found, keyword in _problems(call) if keyword in keywords]


def _problems(call: Call) -> list[tuple[Found, str]]:
    """What the schema says against the arguments, with the keyword that says it; computed once a call."""
    if call.problems is None:
        call.problems = list(_errors(call))
    return call.problems


def _errors(call: Call) -> Iterator[tuple[Found, str]]:
    validator = call.tool.signature.arguments if call.tool is not None else None
    for problem in misfits(validator, call.arguments) if validator is not None else ():
        where = f"{call.where}/function/arguments{problem.where}"
        yield Found(where, f"{call.name}: {problem.message}"), problem.keyword


def _floats_for_integers(value: Any, schema: Any, where: str) -> Iterator[Found]:
    if not isinstance(schema, dict):
        return
    if isinstance(value, float):
        if schema.get("type") == "integer" and value.is_integer():
            yield Found(where, f"{value!r} where an integer is declared")
    elif isinstance(value, list):
        for at, one in enumerate(value):
            yield from _floats_for_integers(one, schema.get("items"), f"{where}/{at}")
    elif isinstance(value, dict):
        declared = schema.get("properties")
        properties = declared if isinstance(declared, dict) else {}
        for name, one in value.items():
            yield from _floats_for_integers(one, properties.get(name), f"{where}/{escaped(name)}")
