"""A tool's definition as the rules read it: judged once for its content, in whatever dialogs it stands.

Many definitions are remembered, so they are kept as text (about 3 KB each); taken apart and with validators they take ten
times as much, and only of those called lately.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import Any, Final

from toolace.records import Finding
from toolace.rules.definition import check_definition
from toolace.rules.schemas import MAX_DEPTH, canonical, closed, compiled_or_reason, is_deeper, read

DEFINITIONS: Final = 32_768
"""Definitions remembered, about 100 MB of them."""
SIGNATURES: Final = 4_096
"""Called definitions remembered taken apart, about 150 MB of them."""

_WORD: Final = re.compile(r"[a-z0-9]+")


class Tool:
    """One definition: what its rules found, and what is asked of it in every dialog."""

    __slots__ = ("content", "findings", "has_integers", "is_deep", "name", "takes")

    def __init__(self, content: bytes, is_foreign: bool):
        tool, returns = read(content)
        function = _mapping(tool.get("function"))
        name = function.get("name")
        self.content = content
        self.name: str = name if isinstance(name, str) else ""
        self.is_deep = is_deeper([tool, returns], MAX_DEPTH * 2 + 1)
        self.findings: tuple[Finding, ...] = tuple(check_definition(tool, returns, is_foreign=is_foreign))
        self.takes = frozenset(_mapping(_mapping(function.get("parameters")).get("properties")))
        self.has_integers = b'"integer"' in content

    @property
    def signature(self) -> Signature:
        """The definition taken apart."""
        return _signature(self)

    @property
    def description(self) -> str:
        """What the tool says that it does."""
        return str(_mapping(read(self.content)[0].get("function")).get("description") or "")

    @property
    def essence(self) -> frozenset[str]:
        """The words of its description."""
        return frozenset(_WORD.findall(self.description.lower()))


class Signature:
    """What a tool takes and gives back, with a validator of either."""

    def __init__(self, tool: Tool):
        definition, self.returns = read(tool.content)
        parameters = _mapping(definition.get("function")).get("parameters")
        self.parameters: dict[str, Any] = parameters if isinstance(parameters, dict) else {"type": "object"}
        self.properties = _mapping(self.parameters.get("properties"))
        required = self.parameters.get("required")
        self.required = frozenset(map(str, required)) if isinstance(required, list) else frozenset[str]()
        self._is_deep = tool.is_deep

    @cached_property
    def arguments(self) -> Any:
        """Validator of a call's arguments, undeclared ones refused; None where the schema is none."""
        return self._validator(self.parameters)

    @cached_property
    def results(self) -> Any:
        """Validator of a call's result; None where the definition does not say, or is no schema."""
        return None if self.returns is None else self._validator(self.returns)

    def schema_of(self, argument: str) -> dict[str, Any]:
        """The declared schema of an argument; empty where there is none."""
        return _mapping(self.properties.get(argument))

    def _validator(self, schema: Any) -> Any:
        validator = None if self._is_deep else compiled_or_reason(closed(schema))
        return None if isinstance(validator, str) else validator


def tools_of(
    tools: Sequence[dict[str, Any]], returns: dict[str, Any], is_foreign: bool, imported: frozenset[str]
) -> list[Tool]:
    """The Tools of definitions; one object for the same content. `imported` tools are judged as foreign ones."""
    found: list[Tool] = []
    for tool in tools:
        function = tool.get("function")
        named = function.get("name") if isinstance(function, dict) else None
        name = named if isinstance(named, str) else ""
        found.append(_known(canonical((tool, returns.get(name))), is_foreign or name in imported))
    return found


@lru_cache(maxsize=DEFINITIONS)
def _known(content: bytes, is_foreign: bool) -> Tool:
    return Tool(content, is_foreign)


@lru_cache(maxsize=SIGNATURES)
def _signature(tool: Tool) -> Signature:
    return Signature(tool)


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
