"""Which calls of one step must be answered one after the other, so that their results agree: same thing, same price."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from toolace.records import Api

_CLOCK = ("date", "date-time", "time", "duration")
SHORT, SMALL = 3, 1000
"""Shorter texts and smaller numbers are amounts and codes; two calls that share one need not be about the same thing."""


def waves(calls: Sequence[tuple[Api, dict[str, Any]]]) -> list[list[int]]:
    """Numbers of the calls by the round in which they are asked; calls of one round are asked at once.

    A call waits for earlier ones of the same tool, and for those with which it shares an argument's value. Dates,
    members of an enum, short texts and small numbers do not count.
    """
    rounds: list[int] = []
    seen = [_things(api, arguments) for api, arguments in calls]
    for number, (api, _) in enumerate(calls):
        before = [
            rounds[other]
            for other in range(number)
            if calls[other][0].name == api.name or not seen[other].isdisjoint(seen[number])
        ]
        rounds.append(max(before) + 1 if before else 0)
    return [[number for number, one in enumerate(rounds) if one == wave] for wave in range(max(rounds, default=-1) + 1)]


def _things(api: Api, arguments: dict[str, Any]) -> frozenset[str]:
    properties = api.parameters.get("properties", {})
    return frozenset(text for name, value in arguments.items() for text in _leaves(value, properties.get(name, {})))


def _leaves(value: Any, schema: Any) -> Iterator[str]:
    """The texts and numbers of an argument that may name a thing."""
    schema = schema if isinstance(schema, dict) else {}
    if "enum" in schema or schema.get("format") in _CLOCK or isinstance(value, bool):
        return
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _leaves(one, schema.get("properties", {}).get(name, {}))
    elif isinstance(value, list):
        for one in value:
            yield from _leaves(one, schema.get("items", {}))
    elif value >= SMALL if isinstance(value, int) else isinstance(value, str) and len(value.strip()) > SHORT:
        yield str(value).strip().casefold()
