"""What provenance says of one value, with all that is needed to doubt it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from toolace.records import Message, Source


class Claim(NamedTuple):
    """One credited leaf of an argument: its source, value, schema, the tool called, and the messages before the call.

    `given` are all values of the same call, `called` those of all calls of the dialog (what calls of a
    tool have in common once), `beside` the other tools called.
    """

    source: Source
    name: str
    value: Any
    schema: dict[str, Any]
    function: dict[str, Any]
    before: Sequence[Message]
    today: str | None
    given: tuple[Any, ...] = ()
    called: tuple[Any, ...] = ()
    beside: tuple[dict[str, Any], ...] = ()


def scalars(node: Any) -> Iterator[Any]:
    """Every value inside arguments that is no list and no object."""
    if isinstance(node, dict | list):
        for one in node.values() if isinstance(node, dict) else node:
            yield from scalars(one)
    else:
        yield node
