"""The API context tree: domains as inner nodes, functionalities as leaves (paper, section 2.1, speciation)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict

_WORD = re.compile(r"[a-z0-9]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SYNONYMS = {
    "find": "search",
    "lookup": "search",
    "look": "search",
    "fetch": "get",
    "retrieve": "get",
    "show": "get",
    "read": "get",
}
_SYNONYMS |= {
    "add": "create",
    "make": "create",
    "new": "create",
    "insert": "create",
    "remove": "delete",
    "erase": "delete",
}
_SYNONYMS |= {"change": "update", "modify": "update", "edit": "update", "patch": "update", "compute": "calculate"}
_EMPTY = {"a", "an", "the", "of", "for", "to", "in", "by", "and", "or", "with", "all", "up"}


class Functionality(BaseModel):
    """A leaf: one thing the domain can do. `inputs` is an object schema, `outputs` the schema of the result."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    summary: str
    domain: tuple[str, ...]
    inputs: dict[str, Any]
    outputs: dict[str, Any]
    documents: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()

    @cached_property
    def id(self) -> str:
        """Path of the leaf: `travel/hotels/search_hotels`."""
        return "/".join((*self.domain, slug(self.name)))


class ContextTree:
    """Functionalities by domain path. A near-synonym (same domain, same words up to order, number and common verbs)
    merges into what is there, which then names both documents."""

    def __init__(self, functionalities: Iterable[Functionality] = ()):
        self._leaves: dict[str, Functionality] = {}
        self._meanings: dict[tuple[tuple[str, ...], frozenset[str]], str] = {}
        self.merged = 0
        for functionality in functionalities:
            self.add(functionality)

    def __len__(self) -> int:
        return len(self._leaves)

    def __iter__(self) -> Iterator[Functionality]:
        return iter(self._leaves.values())

    def __getitem__(self, leaf: str) -> Functionality:
        return self._leaves[leaf]

    def add(self, functionality: Functionality) -> bool:
        """Adds a leaf; False when it merged into one that means the same."""
        meaning = (functionality.domain, meaning_of(functionality.name))
        known = self._meanings.get(meaning) or (functionality.id if functionality.id in self._leaves else None)
        if known is None:
            self._meanings[meaning] = functionality.id
            self._leaves[functionality.id] = functionality
            return True
        old = self._leaves[known]
        documents = tuple(dict.fromkeys(old.documents + functionality.documents))
        licences = tuple(dict.fromkeys(old.licences + functionality.licences))
        self._leaves[known] = old.model_copy(update={"documents": documents, "licences": licences})
        self.merged += 1
        return False

    def merge(self, other: ContextTree) -> None:
        """Adds every leaf of another tree."""
        for functionality in other:
            self.add(functionality)

    def domains(self) -> dict[tuple[str, ...], list[Functionality]]:
        """Leaves by domain, in order of appearance."""
        found: dict[tuple[str, ...], list[Functionality]] = {}
        for functionality in self:
            found.setdefault(functionality.domain, []).append(functionality)
        return found

    def scoped(self, include: tuple[str, ...], exclude: tuple[str, ...]) -> ContextTree:
        """The part whose domain paths (`travel/hotels`) match any of `include` (all when empty) and none of
        `exclude`."""

        def matches(path: str, patterns: tuple[str, ...]) -> bool:
            return any(fnmatchcase(path, pattern) or path.startswith(pattern.rstrip("/") + "/") for pattern in patterns)

        paths = ((leaf, "/".join(leaf.domain)) for leaf in self)
        return ContextTree(
            leaf for leaf, path in paths if (not include or matches(path, include)) and not matches(path, exclude)
        )

    def to_json(self) -> dict[str, Any]:
        """Nested domains, each with its `functionalities` in order; what `from_json` reads."""
        root: dict[str, Any] = {"domains": {}}
        for functionality in self:
            node = root
            for name in functionality.domain:
                node = node.setdefault("domains", {}).setdefault(name, {})
            node.setdefault("functionalities", []).append(functionality.model_dump(mode="json", exclude={"domain"}))
        return root

    @classmethod
    def from_json(cls, root: dict[str, Any]) -> ContextTree:
        """The tree that `to_json` described; raises ValidationError on anything else."""
        tree = cls()

        def walk(node: dict[str, Any], path: tuple[str, ...]) -> None:
            for entry in node.get("functionalities", ()):
                tree.add(Functionality.model_validate({**entry, "domain": path}))
            for name, child in node.get("domains", {}).items():
                walk(child, (*path, name))

        walk(root, ())
        return tree


def words_of(name: str) -> list[str]:
    """Words of a name in any style: `listHotelRooms`, `hotel-rooms.list` and `list hotel rooms` have the same three."""
    return _WORD.findall(_CAMEL.sub(" ", name).lower())


def slug(name: str) -> str:
    """A name as snake_case."""
    return "_".join(words_of(name)) or "unnamed"


def meaning_of(name: str) -> frozenset[str]:
    """Words that carry the meaning: no fillers, singular, one verb for its synonyms."""
    words = (word for word in words_of(name) if word not in _EMPTY)
    return frozenset(_SYNONYMS.get(word, singular(word)) for word in words)


def singular(word: str) -> str:
    """A plain English singular: `cities` -> `city`, `buses` -> `bus`, `rooms` -> `room`, `glass` stays."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ses", "xes", "zes", "ches", "shes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        return word[:-1]
    return word
