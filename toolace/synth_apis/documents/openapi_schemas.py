"""OpenAPI's schemas: `$ref` as JSON pointer, `allOf` merged, `oneOf` and `anyOf` as alternatives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote

from toolace.synth_apis.documents.shape import Unreadable, items, mapping

_MAX_CHAIN: Final = 30
"""References and `allOf`s followed to one node; real documents stay below ten."""
_COMPOSED: Final = ("$ref", "allOf", "oneOf", "anyOf")

Node = dict[str, Any]
Expanded = tuple[Node, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class OpenApiSchemas:
    """The references and schemas of one document."""

    root: Mapping[str, Any]
    _by_reference: dict[str, Expanded] = field(default_factory=dict)

    def expand(self, raw: object) -> Expanded:
        """One node without `$ref` and `allOf`, its alternatives as `anyOf`; a broken reference reads as anything."""
        return self._expand(raw, ())

    def resolved(self, raw: object) -> Node:
        """What a reference to a parameter, body or path leads to; raises Unreadable when it leads nowhere."""
        followed: list[str] = []
        while isinstance(raw, dict) and isinstance(reference := raw.get("$ref"), str):
            if reference in followed or len(followed) > _MAX_CHAIN:
                raise Unreadable(f"the reference {reference!r} runs in a circle")
            followed.append(reference)
            raw = self._target(reference)
            if raw is None:
                raise Unreadable(f"the reference {reference!r} leads nowhere in this file")
        if not isinstance(raw, dict):
            raise Unreadable(f"a mapping belongs here, got {raw!r:.60}")
        return raw

    def _expand(self, raw: object, chain: tuple[str, ...]) -> Expanded:
        node = mapping(raw)
        if not any(key in node for key in _COMPOSED) or len(chain) > _MAX_CHAIN:
            return node, ()
        own = {key: value for key, value in node.items() if key not in _COMPOSED}
        followed: tuple[str, ...] = ()
        parts: list[object] = list(items(node.get("allOf")))
        if isinstance(reference := node.get("$ref"), str):
            target, followed = self._referenced(reference, chain)
            own = {**target, **own}
        variants = [*items(own.pop("anyOf", None)), *items(node.get("oneOf")), *items(node.get("anyOf"))]
        real = [one for one in variants if mapping(one).get("type") != "null"]
        if len(real) < len(variants):
            own["nullable"] = True
        if len(real) == 1:
            parts.append(real[0])
        elif real:
            own["anyOf"] = real
        is_wrapper = len(parts) == 1 and "properties" not in own  # says no more than the reference inside
        for part in parts:
            inner, inside = self._expand(part, (*chain, ""))
            _merge(own, inner)
            followed = (*followed, *inside) if is_wrapper else followed
        return own, followed

    def _referenced(self, reference: str, chain: tuple[str, ...]) -> Expanded:
        """What a reference stands for, itself first among those followed; nothing when it stands in its own chain."""
        if reference in chain:
            return {}, (reference,)
        if reference not in self._by_reference:
            node, followed = self._expand(self._target(reference), (*chain, reference))
            self._by_reference[reference] = (node, (reference, *followed))
        return self._by_reference[reference]

    def _target(self, reference: str) -> object:
        """The value at a JSON pointer of this document, None when there is none; other files are not read."""
        if not reference.startswith("#/"):
            return None
        found: Any = self.root
        for step in reference[2:].split("/"):
            key = unquote(step).replace("~1", "/").replace("~0", "~")
            if isinstance(found, list) and key.isascii() and key.isdigit() and int(key[:9]) < len(found):
                found = found[int(key[:9])]
            else:
                found = mapping(found).get(key)
        return found


def _merge(own: Node, part: Mapping[str, Any]) -> None:
    """Adds one part of an `allOf`: properties, required names and alternatives join, of the rest the first stands."""
    if properties := {**mapping(part.get("properties")), **mapping(own.get("properties"))}:
        own["properties"] = properties
    required = [*items(own.get("required")), *items(part.get("required"))]
    if required:
        own["required"] = required
    for key, value in part.items():
        own.setdefault(key, value)
