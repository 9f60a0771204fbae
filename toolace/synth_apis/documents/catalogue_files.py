"""Makes a document of a catalogue file: its area is the domain, its domains are the groups of its operations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toolace.synth_apis.documents.catalogue import CatalogueError, functions
from toolace.synth_apis.documents.document import Document, Operation
from toolace.synth_apis.documents.shape import Unreadable, mapping, text


def recognizes(content: object) -> bool:
    """Whether it is a catalogue file."""
    return "area" in mapping(content) and "domains" in mapping(content)


def read(content: Mapping[str, Any], source: str) -> Document:
    """The document; a file that breaks the format is refused as a whole, naming the place, since a person wrote it."""
    area = text(content["area"]).strip()
    if not area:
        raise Unreadable("'area' is a name")
    _check_outline(content)
    try:
        found = [
            Operation(name, description, parameters, returns, group=(domain,))
            for domain, name, description, parameters, returns in functions(content, source)
        ]
    except CatalogueError as error:
        raise Unreadable(str(error).removeprefix(f"{source}: ")) from error
    return Document(
        source=source,
        format="catalogue",
        title=area.replace("_", " "),
        description=", ".join(str(domain).replace("_", " ") for domain in content["domains"]),
        licence=text(content.get("licence")) or None,
        domain=(area,),
        operations=tuple(found),
    )


def _check_outline(content: Mapping[str, Any]) -> None:
    """The mappings that the catalogue reader takes for granted."""
    if not isinstance(content["domains"], dict):
        raise Unreadable("'domains' is a mapping of domain names")
    for where, holder in (("", content), *((f"{name}: ", body) for name, body in content["domains"].items())):
        values = mapping(holder).get("values")
        if values is not None and not isinstance(values, dict):
            raise Unreadable(f"{where}'values' is a mapping of word lists")
