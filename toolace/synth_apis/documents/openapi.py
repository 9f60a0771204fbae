"""Reads OpenAPI 3 and Swagger 2 documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from toolace.synth_apis.documents.document import Document, Operation
from toolace.synth_apis.documents.openapi_operations import Api, read_operation
from toolace.synth_apis.documents.openapi_schemas import OpenApiSchemas
from toolace.synth_apis.documents.prose import one_paragraph
from toolace.synth_apis.documents.shape import Unreadable, items, mapping, text, words
from toolace.synth_apis.documents.versions import Identity, version_key

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def recognizes(content: object) -> bool:
    """Whether it says that it is one."""
    found = mapping(content)
    return any(key in found for key in ("openapi", "swagger", "swaggerVersion"))


def identity(content: Mapping[str, Any]) -> Identity | None:
    """Title and provider; the service name where a directory adds one, as many files of a provider share one title."""
    info = mapping(content.get("info"))
    title = text(info.get("title")).strip()
    key = ("openapi", title.casefold(), _vendor(content) or "", text(info.get("x-serviceName")))
    return Identity(key, title, (version_key(text(info.get("version"))),)) if title else None


def read(content: Mapping[str, Any], source: str) -> Document:
    """The document with an operation for each method of each path."""
    said = text(content.get("openapi")) or text(content.get("swagger")) or text(content.get("swaggerVersion"))
    if not said.startswith(("2", "3")):
        raise Unreadable(f"OpenAPI version {said or 'unknown'!r}; 2 and 3 are read")
    info = mapping(content.get("info"))
    schemas = OpenApiSchemas(content)
    operations, lost = _operations(Api.of(content, schemas), content)
    categories = words(info.get("x-apisguru-categories"))
    return Document(
        source=source,
        format="openapi",
        title=one_paragraph(info.get("title"), 120) or "Untitled API",
        description=one_paragraph(info.get("description")),
        licence=_licence(info),
        version=text(info.get("version")) or None,
        vendor=_vendor(content),
        domain=tuple(categories[:1]),
        operations=tuple(operations),
        lost=tuple(lost),
    )


def _operations(api: Api, content: Mapping[str, Any]) -> tuple[list[Operation], list[tuple[str, str]]]:
    operations: list[Operation] = []
    lost: list[tuple[str, str]] = []
    for method, path, raw, shared in _raw_operations(api, content, lost):
        try:
            operations.append(read_operation(api, method, path, raw, shared))
        except Unreadable as error:
            name = text(mapping(raw).get("operationId")) or f"{method.upper()} {path}"
            lost.append((name, str(error)))
    return operations, lost


def _raw_operations(
    api: Api, content: Mapping[str, Any], lost: list[tuple[str, str]]
) -> Iterator[tuple[str, str, Any, list[Any]]]:
    """Yields (method, path, raw operation, parameters of the path); paths that hold none go to `lost`."""
    for path, raw in mapping(content.get("paths")).items():
        if path.startswith("x-"):
            continue
        try:
            item = api.schemas.resolved(raw)
        except Unreadable as error:
            lost.append((path, str(error)))
            continue
        for method in METHODS:
            if method in item:
                yield method, path, item[method], items(item.get("parameters"))


def _licence(info: Mapping[str, Any]) -> str | None:
    stated = info.get("license")
    if isinstance(stated, dict):
        stated = stated.get("name") or stated.get("identifier") or stated.get("url")
    return one_paragraph(stated, 120) or None


def _vendor(content: Mapping[str, Any]) -> str | None:
    """The provider a directory states, else the host."""
    stated = text(mapping(content.get("info")).get("x-providerName"))
    servers = [text(mapping(server).get("url")) for server in items(content.get("servers"))]
    hosts = [text(content.get("host")), *(_host(url) for url in servers)]
    return stated or next((host for host in hosts if host), None)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:  # such as an unclosed [ of an IPv6 address: then it names no host
        return ""
