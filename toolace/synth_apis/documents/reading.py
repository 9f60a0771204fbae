"""Reads documents of any format from files and folders, one file in memory at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from toolace.errors import UserMistake
from toolace.synth_apis.documents.content import Prose, Structured, parse
from toolace.synth_apis.documents.document import Document, Skipped
from toolace.synth_apis.documents.files import SourceFile, find_files, read_bytes
from toolace.synth_apis.documents.formats import format_of
from toolace.synth_apis.documents.shape import Unreadable
from toolace.synth_apis.documents.text import read_text
from toolace.synth_apis.documents.versions import Identity, superseded
from toolace.synth_apis.documents.yaml_content import load_yaml_head

_IDENTIFYING_KEYS = ("openapi", "swagger", "info", "host", "servers")


def read_documents(
    paths: Iterable[Path], *, on_file: Callable[[str], None] | None = None
) -> Iterator[Document | Skipped]:
    """One result for each file, ordered by relative path; a path that does not exist raises UserMistake at once."""
    return _read_all(find_files(paths), on_file or (lambda source: None))


def read_tools(path: Path) -> Document:
    """The document of one structured file, for `--import`; raises UserMistake when it holds no tools."""
    if not path.exists():
        raise UserMistake(f"{str(path)!r} does not exist; give a file of tools with --import")
    if path.is_dir():
        raise UserMistake(f"{str(path)!r} is a folder; give one file of tools with --import")
    try:
        content = parse(read_bytes(path))
        if isinstance(content, Prose):
            raise Unreadable("plain text, no tool list")
        document = _structured(content, path.name)
    except Unreadable as error:
        raise UserMistake(f"{str(path)!r} holds no tools: {error}; give OpenAPI, an OpenAI or MCP tool list") from error
    if not document.operations:
        name, reason = document.lost[0]
        raise UserMistake(f"{str(path)!r} holds no usable tools: {name!r}: {reason}; mend the file")
    return document


def _read_all(files: list[SourceFile], on_file: Callable[[str], None]) -> Iterator[Document | Skipped]:
    outdated = superseded([_identity(file) for file in files]) if len(files) > 1 else {}
    seen: dict[bytes, str] = {}
    for place, file in enumerate(files):
        on_file(file.source)
        if place in outdated:
            name, newest = outdated[place]
            yield Skipped(file.source, f"older version of {name!r}; {files[newest].source!r} is read")
            continue
        try:
            document = _read(file)
        except Unreadable as error:
            yield Skipped(file.source, str(error))
            continue
        fingerprint = _fingerprint(document)
        if fingerprint in seen:
            yield Skipped(file.source, f"same content as {seen[fingerprint]!r}, which is read")
        else:
            seen[fingerprint] = file.source
            yield document


def _read(file: SourceFile) -> Document:
    if file.problem:
        raise Unreadable(file.problem)
    content = parse(read_bytes(file.path))
    return read_text(content.text, file.source) if isinstance(content, Prose) else _structured(content, file.source)


def _structured(content: Structured, source: str) -> Document:
    """The document of structured content; lines that could not be parsed join what is lost."""
    found = format_of(content.value)
    document = found.read(content.value, source)
    lost = (*content.lost, *document.lost)
    if not document.operations and not lost:
        raise Unreadable(f"{found.title} without anything that can be called")
    return replace(document, lost=lost)


def _identity(file: SourceFile) -> Identity | None:
    """Which API a file describes, read as cheaply as can be; None for what has no versions or cannot be read."""
    try:
        content = parse(read_bytes(file.path), lambda text: load_yaml_head(text, _IDENTIFYING_KEYS))
        return format_of(content.value).identity(content.value) if isinstance(content, Structured) else None
    except Unreadable:
        return None  # its reason is given when its turn to be read comes


def _fingerprint(document: Document) -> bytes:
    """The same for two copies of one document (such as its JSON and YAML forms), whatever their names."""
    told: Any = [document.format, document.title, document.version, document.text]
    told += [(one.name, sorted(one.parameters.get("properties", ()))) for one in document.operations]
    return hashlib.sha256(repr(told).encode()).digest()
