"""What a reader makes of one file: a titled document with operations (structured formats) or text (prose)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Operation:
    """One callable thing in a structured document; `parameters` is an object schema, `returns` any JSON Schema."""

    name: str
    description: str
    parameters: dict[str, Any]
    returns: dict[str, Any]
    group: tuple[str, ...] = ()
    """Where the document files it: tags, resource path, catalogue domain."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document of stage 1, whatever its format."""

    source: str
    """Its path relative to the folder that was given, with `/`: stable across machines."""
    format: str
    """openapi | discovery | botocore | tools | mcp | catalogue | markdown | text."""
    title: str
    description: str = ""
    licence: str | None = None
    version: str | None = None
    vendor: str | None = None
    """Name of the provider, which must not show in synthesized APIs."""
    domain: tuple[str, ...] = ()
    """Domain the document itself states (catalogue area, OpenAPI category); empty when speciation must find it."""
    operations: tuple[Operation, ...] = ()
    text: str = ""
    """The prose of a markdown or text document; empty for structured ones."""
    lost: tuple[tuple[str, str], ...] = field(default=())
    """Operations that could not be read: (name, reason)."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is no document, or is one already read in a newer version: counted and named."""

    source: str
    reason: str
