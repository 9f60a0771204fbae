"""What makes two definitions the same (signature) or nearly so (features)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import orjson

from toolace.synth_apis.tree import slug, words_of

_WORDS = 16
"""Words of a parameter's description that count."""


def signature(name: str, parameters: dict[str, Any]) -> bytes:
    """Checksum of name words and plain parameters: two tools that differ in nothing else are the same tool."""
    shape = [sorted(words_of(name)), parameters]
    return hashlib.blake2b(orjson.dumps(shape, option=orjson.OPT_SORT_KEYS), digest_size=12).digest()


def features(name: str, description: str, parameters: dict[str, Any]) -> list[str]:
    """What near-duplicates share: words of name and description, and each parameter with its type and words."""
    found = [f"n:{word}" for word in words_of(name)]
    found += [f"d:{word}" for word in words_of(description)]
    return found + list(_of_parameters(parameters, ""))


def _of_parameters(schema: dict[str, Any], path: str) -> Iterator[str]:
    for name, one in schema.get("properties", {}).items():
        where = f"{path}.{slug(name)}"
        yield f"p:{where}:{one.get('type')}"
        for word in words_of(str(one.get("description", "")))[:_WORDS]:
            yield f"w:{where}:{word}"
        inner = one.get("items") if one.get("type") == "array" else one
        if isinstance(inner, dict):
            yield from _of_parameters(inner, where)
