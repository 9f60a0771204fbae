"""Damaged dialogs: whatever still is a record gets a verdict, and nothing crashes or hangs."""

from __future__ import annotations

import json
import random
from typing import Any

import orjson
import pytest
from pydantic import ValidationError

from tests.rules.handmade import Json, clean, dialog
from toolace.records import Dialog
from toolace.rules import check_dialog
from toolace.verify.grounding import open_arguments

STRANGE: tuple[Any, ...] = (
    *(None, True, 0, -1, 1e308, 10**30, "", "\x00", "😀" * 50, "a" * 10_000, [], {}, [[[[[]]]]], "((((", "2024-99-99"),
    *({"$ref": "#"}, {"$ref": "http://example.com"}, {"type": ["string", "null"]}, {"a": {"a": {}}}, "9" * 400),
)


def paths(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a JSON value."""
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(place for key, value in items for place in paths(value, (*path, key)))]


def damaged(rng: random.Random) -> bytes:
    """The clean dialog with bits flipped, cut off, or with strange values in places."""
    made = clean()
    for _ in range(rng.choice((0, 1, 1, 3))):
        *outer, last = rng.choice(paths(made)[1:])
        node: Any = made
        for step in outer:
            node = node[step]
        node[last] = rng.choice(STRANGE)
    line = bytearray(json.dumps(made).encode())
    for _ in range(rng.choice((0, 0, 1, 20))):
        line[rng.randrange(len(line))] ^= 1 << rng.randrange(8)
    return bytes(line[: rng.randrange(len(line)) if rng.random() < 0.1 else None])


@pytest.mark.parametrize("seed", range(400))
def test_damage_is_refused_or_judged(seed: int) -> None:
    """A line is no record, or the rules and the provenance check come to an end."""
    line = damaged(random.Random(seed))
    try:
        made = Dialog.model_validate(orjson.loads(line))
    except (orjson.JSONDecodeError, ValidationError):
        return
    check_dialog(made)
    check_dialog(made, foreign=True)
    open_arguments(made)


@pytest.mark.parametrize("depth", [30, 100, 400])
def test_a_schema_nested_beyond_reason_is_refused(depth: int) -> None:
    """As a finding, not as a crash."""
    schema: Json = {"type": "string"}
    for _ in range(depth):
        schema = {"type": "object", "properties": {"a": schema}}
    made = clean()
    made["tools"][0]["function"]["parameters"]["properties"]["city"] = schema
    checks = {finding.check for finding in check_dialog(dialog(made))}
    assert ("schema_is_valid" in checks) == (depth > 60)


def test_no_schema_makes_a_request() -> None:
    """References that point elsewhere do not resolve; the test suite has no network either."""
    made = clean()
    made["returns"]["search_hotels"] = {"$ref": "https://example.com/schema.json"}
    assert [finding.where for finding in check_dialog(dialog(made))] == ["/returns/search_hotels"]


def test_ten_million_characters_are_judged() -> None:
    """Too long, and said so."""
    made = clean()
    made["messages"][6]["content"] = "A room is booked. " * 555_555
    assert "dialog_is_not_too_long" in {finding.check for finding in check_dialog(dialog(made))}
