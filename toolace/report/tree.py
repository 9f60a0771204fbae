"""The context tree as the page draws it: nested domains with how much of each the pool covers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

SHOWN_LEAVES: Final = 12_000
"""Functionalities named on the page; of larger trees each domain names its first ones."""

Leaf = tuple[tuple[str, ...], str, str]
"""Domain path, name and id of a functionality."""


def tree_payload(
    leaves: Iterable[Leaf], covered: Mapping[str, int], domains: Mapping[tuple[str, ...], int]
) -> dict[str, Any]:
    """Nodes of name `n`, functionalities `t` (of them covered `c`), APIs `a`, children `k`, leaves `l` as [name, APIs].

    Domains without a functionality in the tree (imported tools) are nodes too.
    """
    nodes: dict[tuple[str, ...], dict[str, Any]] = {(): _node("all domains")}
    listed = list(leaves)
    a_domain = max(3, SHOWN_LEAVES // max(1, len({domain for domain, _, _ in listed})))
    for domain, name, id in listed:
        path = _path(nodes, domain)
        times = covered.get(id, 0)
        for node in path:
            node["t"] += 1
            node["c"] += times > 0
        if len(listed) <= SHOWN_LEAVES or len(path[-1]["l"]) < a_domain:
            path[-1]["l"].append([name, times])
    for domain, apis in domains.items():
        for node in _path(nodes, domain):
            node["a"] += apis
    return nodes[()]


def _path(nodes: dict[tuple[str, ...], dict[str, Any]], domain: tuple[str, ...]) -> list[dict[str, Any]]:
    """The nodes from the root to a domain, made where missing."""
    for depth, name in enumerate(domain, 1):
        if domain[:depth] not in nodes:
            nodes[domain[:depth]] = node = _node(name)
            nodes[domain[: depth - 1]]["k"].append(node)
    return [nodes[domain[:depth]] for depth in range(len(domain) + 1)]


def _node(name: str) -> dict[str, Any]:
    return {"n": name, "t": 0, "c": 0, "a": 0, "k": [], "l": []}
