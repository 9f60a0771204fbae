"""Results that can be checked: fields whose definition names how they are computed.

A result's field may carry a *formula* (`"formula": "side_a * side_b * sin(angle) / 2"` in its annotation), whose names are
*roles* (`"role": "side_a"`) that parameters and fields carry. Roles stay when a definition is renamed, regrouped or masked.
A formula is data: names, numbers, texts, arithmetic, comparisons, `a if b else c`, `x or 5` for what was not given, `list.field`
for a field of every entry, and the functions of `formulas.FUNCTIONS`. It is parsed, never executed as Python.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from toolace.backends.simulator.formulas import FUNCTIONS
from toolace.semantics import ANNOTATION

_OPERATORS: dict[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda one, many: one in many,
}


class CannotCompute(ValueError):
    """A formula has no value here: something it needs is missing, or it leaves the range of its field."""


def roles_of(value: Any, schema: dict[str, Any]) -> dict[str, Any]:
    """Values by role: of an object's fields at any depth, with the defaults of those left out."""
    found: dict[str, Any] = {}
    properties = schema.get("properties")
    for name, one in properties.items() if isinstance(properties, dict) else ():
        if not isinstance(one, dict):
            continue
        role = one.get(ANNOTATION, {}).get("role")
        given = value.get(name, one.get("default")) if isinstance(value, dict) else one.get("default")
        if role:
            found[role] = _entries(given, one.get("items"))
        elif one.get("type") == "object":
            found |= roles_of(given, one)
    return found


def _entries(value: Any, items: Any) -> Any:
    """A list of objects as a list of their roles; anything else as it is."""
    if isinstance(value, list) and isinstance(items, dict) and "properties" in items:
        return [roles_of(one, items) for one in value]
    return value


def computed(made: dict[str, Any], schema: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """The object with its formulas' values. `known` are the roles of the call's arguments. Raises CannotCompute."""
    properties = schema.get("properties", {})
    formulas = [
        (name, one[ANNOTATION]["formula"], one)
        for name, one in properties.items()
        if name in made and isinstance(one, dict) and "formula" in one.get(ANNOTATION, {})
    ]
    for name, formula, one in formulas:
        roles = known | roles_of(made, schema)
        try:
            made[name] = _shaped(evaluated(formula, roles), one, name)
        except CannotCompute:
            if _names_in(formula) <= roles.keys():
                raise  # else the definition has lost what the formula speaks of, and the field is free again
    return made


def _names_in(formula: str) -> set[str]:
    nodes = ast.walk(_parsed(formula))
    return {node.id for node in nodes if isinstance(node, ast.Name)} - FUNCTIONS.keys()


def evaluated(formula: str, roles: dict[str, Any]) -> Any:
    """A formula's value. Raises CannotCompute."""
    try:
        return _value(_parsed(formula), roles)
    except (ArithmeticError, TypeError, ValueError, LookupError, AttributeError) as error:
        raise CannotCompute(f"{formula}: {error}") from None


@lru_cache(maxsize=1024)
def _parsed(formula: str) -> ast.expr:
    try:
        return ast.parse(formula, mode="eval").body
    except SyntaxError as error:
        raise CannotCompute(f"{formula}: {error.msg}") from None


def _value(node: ast.expr, roles: dict[str, Any]) -> Any:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            return roles.get(name)
        case ast.Attribute(value=inner, attr=field):
            return [one[field] for one in _value(inner, roles)]
        case ast.List(elts=items):
            return [_value(one, roles) for one in items]
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_value(inner, roles)
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return not _value(inner, roles)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return float(_value(left, roles)) ** _value(right, roles)  # a float ends at 1e308, an integer never
        case ast.BinOp(left=left, op=op, right=right):
            return _OPERATORS[type(op)](_value(left, roles), _value(right, roles))
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _OPERATORS[type(op)](_value(left, roles), _value(right, roles))
        case ast.BoolOp(op=op, values=values):
            return _joined(op, [_value(one, roles) for one in values])
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return _value(body if _value(test, roles) else orelse, roles)
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            return FUNCTIONS[name](*(_value(one, roles) for one in arguments))
    raise CannotCompute(f"{ast.unparse(node)} is no part of a formula")


def _joined(op: ast.boolop, values: list[Any]) -> Any:
    """`x or 5` is 5 only where x was not given: 0 is a value."""
    if isinstance(op, ast.And):
        return all(values)
    return next((value for value in values if value is not None and value is not False), values[-1])


def _shaped(value: Any, schema: dict[str, Any], name: str) -> Any:
    """The value as its field's schema has it, rounded as people round; CannotCompute where it does not fit."""
    kind = schema.get("type")
    if kind == "array" and isinstance(value, list):
        items = schema.get("items", {})
        shaped = [_shaped(one, items, name) for one in value]
        if not schema.get("minItems", 0) <= len(shaped) <= schema.get("maxItems", len(shaped)):
            raise CannotCompute(f"{name}: {len(shaped)} entries")
        return shaped
    if kind == "boolean":
        return bool(value)
    if kind in ("integer", "number") and isinstance(value, int | float) and not isinstance(value, complex):
        number = round(value) if kind == "integer" else _rounded(float(value))
        if schema.get("minimum", number) <= number <= schema.get("maximum", number):
            return number
        raise CannotCompute(f"{name}: {number} is out of range")
    if kind == "string" and isinstance(value, str) and value in schema.get("enum", (value,)):
        return value
    raise CannotCompute(f"{name}: {value!r} is no {kind}")


def _rounded(number: float) -> float:
    """Two decimals, more for small numbers: 0.0123, 4.56, 1234.5."""
    return float(f"{number:.3g}") if 0 < abs(number) < 0.1 else round(number, 2)
