"""Reads Google discovery documents (https://developers.google.com/discovery/v1/reference/apis)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from toolace.synth_apis.documents.document import Document, Operation
from toolace.synth_apis.documents.operations import Inputs, build_operation
from toolace.synth_apis.documents.prose import one_paragraph
from toolace.synth_apis.documents.schemas import SchemaBuilder
from toolace.synth_apis.documents.shape import Unreadable, items, mapping, text, words
from toolace.synth_apis.documents.versions import Identity, version_key

_MAX_RESOURCES_DEPTH = 20


def recognizes(content: object) -> bool:
    """Whether it is a discovery document; the directory that lists them is told apart by `kind`."""
    found = mapping(content)
    has_methods = isinstance(found.get("resources"), dict) or isinstance(found.get("methods"), dict)
    return found.get("kind") == "discovery#restDescription" or ("discoveryVersion" in found and has_methods)


def identity(content: Mapping[str, Any]) -> Identity | None:
    """Name and version; `reports_v1` and `directory_v1` of one name are different APIs, not versions of one."""
    name, version = text(content.get("name")), text(content.get("version"))
    part = version.rpartition("_")[0]
    order = version_key(version), version_key(text(content.get("revision")))
    return Identity(("discovery", name, part), f"{name} {part}".strip(), order) if name else None


def read(content: Mapping[str, Any], source: str) -> Document:
    """The document with an operation for each method of each resource."""
    schemas = mapping(content.get("schemas"))
    operations: list[Operation] = []
    lost: list[tuple[str, str]] = []
    dialect = _Discovery(schemas)
    builder = SchemaBuilder(dialect)
    name = text(content.get("name"))
    for path, key, method in _methods(content, ()):
        label = text(mapping(method).get("id")) or ".".join(part for part in (name, *path, key) if part)
        try:
            operations.append(_operation(label, method, path, builder))
        except Unreadable as error:
            lost.append((label, str(error)))
    return Document(
        source=source,
        format="discovery",
        title=one_paragraph(content.get("title")) or text(content.get("canonicalName")) or name,
        description=one_paragraph(content.get("description")),
        version=text(content.get("version")) or None,
        vendor=text(content.get("ownerName")) or text(content.get("ownerDomain")) or None,
        operations=tuple(operations),
        lost=tuple(lost),
    )


def _methods(node: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str, Any]]:
    for key, method in mapping(node.get("methods")).items():
        yield path, key, method
    if len(path) < _MAX_RESOURCES_DEPTH:
        for key, resource in mapping(node.get("resources")).items():
            yield from _methods(mapping(resource), (*path, key))


def _operation(name: str, method: Any, path: tuple[str, ...], builder: SchemaBuilder) -> Operation:
    if not isinstance(method, dict):
        raise Unreadable(f"a method is a mapping, got {method!r:.60}")
    inputs = Inputs()
    parameters = mapping(method.get("parameters"))
    for key in dict.fromkeys([*words(method.get("parameterOrder")), *parameters]):
        if key in parameters:
            inputs.add(key, parameters[key], is_required=mapping(parameters[key]).get("required") is True)
    if isinstance(method.get("request"), dict):
        inputs.add_body(method["request"], builder, is_required=True)
        _require_annotated(inputs, name)
    description = one_paragraph(method.get("description"))
    return build_operation(builder, name, description, inputs, method.get("response"), path)


def _require_annotated(inputs: Inputs, method: str) -> None:
    """A body property can list the methods that need it: `annotations: {required: [calendar.events.import]}`."""
    for key, raw in inputs.properties.items():
        if method in items(mapping(mapping(raw).get("annotations")).get("required")) and key not in inputs.required:
            inputs.required.append(key)


@dataclass(frozen=True, slots=True)
class _Discovery:
    """Discovery's JSON Schema draft 3: `$ref` is a bare name, `repeated` means a list, `any` is no type."""

    schemas: Mapping[str, Any]

    def expand(self, raw: object) -> tuple[Mapping[str, Any], tuple[str, ...]]:
        """The node and the schema names followed to it; a name that is not there reads as anything."""
        node = mapping(raw)
        followed: list[str] = []
        while isinstance(name := node.get("$ref"), str) and name not in followed:
            followed.append(name)
            beside = {key: value for key, value in node.items() if key != "$ref"}
            node = {**mapping(self.schemas.get(name)), **beside}
        if node.get("repeated") is True:
            single = {key: value for key, value in node.items() if key not in ("repeated", "required", "default")}
            return {"type": "array", "items": single, "description": node.get("description")}, tuple(followed)
        return node, tuple(followed)
