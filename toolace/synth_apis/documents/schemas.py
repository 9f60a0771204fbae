"""Builds self-contained draft 2020-12 schemas: `$ref`s inlined, circles cut, depth and size bounded.

Works level by level, so that a size limit costs the deepest details first and no input can exhaust the stack.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, Protocol

from toolace.synth_apis.documents.keywords import Schema, flat_keywords
from toolace.synth_apis.documents.shape import items, mapping, words

MAX_DEPTH: Final = 6
MAX_PROPERTIES: Final = 300
"""Properties of one operation, parameters and result together."""
FOR_PARAMETERS: Final = 200
"""Of these, what the parameters may take: the result has the rest and what they leave."""
_MAX_VARIANTS: Final = 8
_PARENTAL: Final = ("properties", "additionalProperties", "items", "anyOf")


class Dialect(Protocol):
    """How one document format writes schemas."""

    def expand(self, raw: object) -> tuple[Mapping[str, Any], tuple[str, ...]]:
        """The node in JSON Schema's words, its children still raw, and the names of the references followed to it."""


@dataclass(slots=True)
class Budget:
    """How many properties may still be added."""

    left: int


class _Job(NamedTuple):
    """One node to build, and the place in its parent that its schema goes to."""

    raw: object
    holder: Any
    key: Any
    depth: int
    above: tuple[str, ...]
    """References on the way from the root to here: one that comes again closes a circle."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is the same wherever a raw node stands; keeps the node, so that its identity stays its own."""

    raw: object
    node: Mapping[str, Any]
    followed: tuple[str, ...]
    flat: Schema
    is_leaf: bool


@dataclass(slots=True)
class SchemaBuilder:
    """Builds the schemas of one document; leaves that recur are one shared object, so treat the result as read-only."""

    dialect: Dialect
    _seen: dict[int, _Seen] = field(default_factory=dict)
    """By the identity of the raw node."""

    def build(self, raw: object, budget: Budget, *, is_request: bool, above: tuple[str, ...] = ()) -> Schema:
        """The schema of `raw`; a request leaves out what is read-only, a response what is write-only."""
        hidden = "readOnly" if is_request else "writeOnly"
        root: dict[str, Schema] = {}
        jobs = deque([_Job(raw, root, "root", 0, above)])
        while jobs:
            job = jobs.popleft()
            seen = self._seen.get(id(job.raw)) or self._see(job.raw)
            job.holder[job.key] = seen.flat if seen.is_leaf else _opened(seen, job, budget, hidden, jobs)
        return root["root"]

    def build_object(
        self, properties: dict[str, Any], required: list[str], budget: Budget, above: tuple[str, ...]
    ) -> Schema:
        """The object schema of a request that is put together from raw nodes here, not written in the dialect."""
        node = {"type": "object", "properties": properties, "required": required}
        self._seen[id(node)] = _Seen(node, node, (), {"type": "object"}, is_leaf=False)
        return self.build(node, budget, is_request=True, above=above)

    def _see(self, raw: object) -> _Seen:
        node, followed = self.dialect.expand(raw)
        flat = flat_keywords(node)
        if "array" in items(flat.get("type")):
            flat["items"] = {}
        seen = _Seen(raw, node, followed, flat, not any(key in node for key in _PARENTAL))
        self._seen[id(raw)] = seen
        return seen


def _opened(seen: _Seen, job: _Job, budget: Budget, hidden: str, jobs: deque[_Job]) -> Schema:
    """The node with places for its children, which join the jobs; without them where a circle closes or depth ends."""
    schema = dict(seen.flat)
    if job.depth < MAX_DEPTH and not any(name in job.above for name in seen.followed):
        above = (*job.above, *seen.followed)
        for raw, holder, key in _children(schema, seen.node, budget, hidden):
            jobs.append(_Job(raw, holder, key, job.depth + 1, above))
    return schema


_Child = tuple[object, Any, Any]
"""A raw node, and the holder and key its schema goes to."""


def _children(schema: Schema, node: Mapping[str, Any], budget: Budget, hidden: str) -> list[_Child]:
    """Opens the places for the node's children in `schema` and lists them."""
    children: list[_Child] = []
    if isinstance(node.get("properties"), dict):
        children += _properties(schema, node, budget, hidden)
    values = node.get("additionalProperties")
    if isinstance(values, dict) and values:
        schema["additionalProperties"] = {}
        children.append((values, schema, "additionalProperties"))
    if "items" in node and "array" in items(schema.get("type")):
        inner = node["items"]
        schema["items"] = {}
        children.append((inner[0] if isinstance(inner, list) and inner else inner, schema, "items"))
    variants = items(node.get("anyOf"))[:_MAX_VARIANTS]
    if variants and budget.left >= len(variants):
        budget.left -= len(variants)
        schema["anyOf"] = [{} for _ in variants]
        children += [(variant, schema["anyOf"], index) for index, variant in enumerate(variants)]
    return children


def _properties(schema: Schema, node: Mapping[str, Any], budget: Budget, hidden: str) -> list[_Child]:
    """As many properties as the budget has room for, the required ones first, in the document's order."""
    raw = {name: one for name, one in node["properties"].items() if mapping(one).get(hidden) is not True}
    stated = set(words(node.get("required")))
    required = [name for name, one in raw.items() if name in stated or mapping(one).get("required") is True]
    kept = set(raw)
    if len(raw) > budget.left:
        kept = set(list(dict.fromkeys([*required, *raw]))[: max(budget.left, 0)])
    budget.left -= len(kept)
    properties: dict[str, Schema] = {name: {} for name in raw if name in kept}
    schema["properties"] = properties
    if left := [name for name in required if name in kept]:
        schema["required"] = left
    return [(raw[name], properties, name) for name in properties]
