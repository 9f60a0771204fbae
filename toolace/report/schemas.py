"""Parameters of a tool as figures see them: types, depth, what is optional, what is constrained."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

_CONSTRAINTS: Final = """
    minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength pattern format enum const minItems
    maxItems uniqueItems minProperties maxProperties
"""
CONSTRAINTS: Final = frozenset(_CONSTRAINTS.split())
"""Keywords that narrow a parameter beyond its type."""

DEEPEST: Final = 40
"""Deeper than this nothing is followed: imported schemas may be cut-off circles."""


def type_of(schema: Any) -> str:
    """The JSON type of a parameter; lists say of what: `array of object`."""
    if not isinstance(schema, dict):
        return "any"
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = next((one for one in kind if one != "null"), "null")
    if kind is None:
        kind = "object" if "properties" in schema else "string" if "enum" in schema else "any"
    return f"array of {type_of(schema.get('items'))}" if kind == "array" else str(kind)


def parameters_of(schema: Any, depth: int = 1) -> Iterator[tuple[str, dict[str, Any], bool, int]]:
    """Every parameter at every level: name, schema, is required, depth from 1. Items of lists are one level deeper."""
    if not isinstance(schema, dict) or depth > DEEPEST:
        return
    properties, required = schema.get("properties"), schema.get("required")
    for name, child in (properties if isinstance(properties, dict) else {}).items():
        if isinstance(child, dict):
            yield name, child, isinstance(required, list) and name in required, depth
            yield from parameters_of(child, depth + 1)
    yield from parameters_of(schema.get("items"), depth + 1)


class ParameterFigures:
    """Types, depth and options over many tools. Memory holds counts only."""

    def __init__(self) -> None:
        self.tools = self.parameters = self.optional = self.constrained = self.nested = 0
        self.types: Counter[str] = Counter()
        self.depths: Counter[int] = Counter()
        self.numbers: Counter[int] = Counter()
        self.optional_tools = 0

    def add(self, parameters: dict[str, Any]) -> None:
        """Takes up one tool's parameters."""
        deepest = number = optional = 0
        for _, schema, is_required, depth in parameters_of(parameters):
            self.parameters += 1
            self.types[type_of(schema)] += 1
            self.constrained += not CONSTRAINTS.isdisjoint(schema)
            self.optional += not is_required
            deepest = max(deepest, depth)
            number += depth == 1
            optional += depth == 1 and not is_required
        self.tools += 1
        self.numbers[number] += 1
        self.depths[deepest] += 1
        self.nested += deepest > 1
        self.optional_tools += optional > 0
