"""The structured formats, and how a file's content finds its reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from toolace.synth_apis.documents import botocore, catalogue_files, discovery, openapi, tools
from toolace.synth_apis.documents.document import Document
from toolace.synth_apis.documents.shape import Unreadable, mapping
from toolace.synth_apis.documents.versions import Identity


def _no_identity(content: Any) -> Identity | None:
    return None


@dataclass(frozen=True, slots=True)
class Format:
    """One structured format: how it is told, read, and recognized in another version."""

    title: str
    recognizes: Callable[[object], bool]
    read: Callable[[Any, str], Document]
    identity: Callable[[Any], Identity | None] = _no_identity


FORMATS: Final = (
    Format("OpenAPI", openapi.recognizes, openapi.read, openapi.identity),
    Format("Google discovery", discovery.recognizes, discovery.read, discovery.identity),
    Format("botocore service model", botocore.recognizes, botocore.read, botocore.identity),
    Format("catalogue", catalogue_files.recognizes, catalogue_files.read),
    Format("tool list", tools.recognizes, tools.read),
)


def format_of(content: object) -> Format:
    """The format of structured content; raises Unreadable saying what the content looks like instead."""
    for one in FORMATS:
        if one.recognizes(content):
            return one
    raise Unreadable(_unknown(content))


def _unknown(content: object) -> str:
    found = mapping(content)
    if found.get("kind") == "discovery#directoryList":
        return "a directory of discovery documents, none itself"
    if found:
        keys = ", ".join(repr(key)[:40] for key in list(found)[:4])
        return f"structured content of no known format (its keys begin with {keys})"
    if isinstance(content, list) and content:
        return "a list whose items are no tools"
    return f"structured content without anything in it ({type(content).__name__})"
