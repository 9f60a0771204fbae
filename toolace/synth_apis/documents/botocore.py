"""Reads botocore service models (`service-2.json`), which describe every AWS service with shapes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from toolace.synth_apis.documents.document import Document, Operation
from toolace.synth_apis.documents.operations import Inputs, build_operation
from toolace.synth_apis.documents.prose import one_paragraph
from toolace.synth_apis.documents.schemas import SchemaBuilder
from toolace.synth_apis.documents.shape import Unreadable, mapping, text, words
from toolace.synth_apis.documents.versions import Identity, version_key

_TYPES: Final = {
    **{name: {"type": "string"} for name in ("string", "blob", "character")},
    **{name: {"type": "integer"} for name in ("integer", "long", "short", "bigInteger")},
    **{name: {"type": "number"} for name in ("float", "double", "bigDecimal")},
    "boolean": {"type": "boolean"},
    "timestamp": {"type": "string", "format": "date-time"},
}
_LIMITS: Final = {
    "string": ("minLength", "maxLength"),
    "integer": ("minimum", "maximum"),
    "number": ("minimum", "maximum"),
    "array": ("minItems", "maxItems"),
}


def recognizes(content: object) -> bool:
    """Whether it is a service model; waiters, paginators and examples lie beside it and are none."""
    found = mapping(content)
    return all(isinstance(found.get(key), dict) for key in ("metadata", "operations", "shapes"))


def identity(content: Mapping[str, Any]) -> Identity | None:
    """The service and the day of its version."""
    metadata = mapping(content["metadata"])
    name = text(metadata.get("serviceId")) or text(metadata.get("serviceFullName"))
    order = version_key(text(metadata.get("apiVersion")))
    return Identity(("botocore", name), name, (order,)) if name else None


def read(content: Mapping[str, Any], source: str) -> Document:
    """The document with an operation for each operation of the service."""
    metadata = mapping(content["metadata"])
    title = text(metadata.get("serviceFullName")) or text(metadata.get("serviceId")) or "Unnamed service"
    builder = SchemaBuilder(_Shapes(content["shapes"]))
    operations: list[Operation] = []
    lost: list[tuple[str, str]] = []
    for name, raw in content["operations"].items():
        try:
            operations.append(_operation(name, raw, builder))
        except Unreadable as error:
            lost.append((name, str(error)))
    return Document(
        source=source,
        format="botocore",
        title=title,
        description=one_paragraph(content.get("documentation")),
        version=text(metadata.get("apiVersion")) or None,
        vendor="AWS" if title.startswith("AWS") else "Amazon",
        operations=tuple(operations),
        lost=tuple(lost),
    )


def _operation(name: str, raw: Any, builder: SchemaBuilder) -> Operation:
    if not isinstance(raw, dict):
        raise Unreadable(f"an operation is a mapping, got {raw!r:.60}")
    inputs = Inputs()
    if isinstance(raw.get("input"), dict):
        inputs.add_body(raw["input"], builder, is_required=False)
    description = one_paragraph(raw.get("documentation"))
    return build_operation(builder, text(raw.get("name")) or name, description, inputs, raw.get("output"), ())


@dataclass(frozen=True, slots=True)
class _Shapes:
    """Botocore's shapes: a member names a shape and may say more about it."""

    shapes: Mapping[str, Any]
    _nodes: dict[str, dict[str, Any]] = field(default_factory=dict)

    def expand(self, raw: object) -> tuple[Mapping[str, Any], tuple[str, ...]]:
        """The shape in JSON Schema's words; one that is not there reads as anything."""
        member = mapping(raw)
        name = text(member.get("shape"))
        if name not in self._nodes:
            self._nodes[name] = _node(mapping(self.shapes.get(name)))
        node = self._nodes[name]
        if documentation := member.get("documentation"):
            node = {**node, "description": documentation}
        return node, (name,) if "properties" in node or "items" in node or "additionalProperties" in node else ()


def _node(shape: Mapping[str, Any]) -> dict[str, Any]:
    kind = text(shape.get("type"))
    node: dict[str, Any] = {"description": shape.get("documentation")}
    if kind == "structure" and shape.get("document") is not True:
        node |= {
            "type": "object",
            "properties": mapping(shape.get("members")),
            "required": words(shape.get("required")),
        }
    elif kind == "list":
        node |= {"type": "array", "items": mapping(shape.get("member"))}
    elif kind == "map":
        node |= {"type": "object", "additionalProperties": mapping(shape.get("value"))}
    else:
        node |= {**_TYPES.get(kind, {}), "enum": shape.get("enum"), "pattern": shape.get("pattern")}
    low, high = _LIMITS.get(text(node.get("type")), ("", ""))
    if low and kind not in ("timestamp", "blob"):
        node |= {low: shape.get("min"), high: shape.get("max")}
    return node
