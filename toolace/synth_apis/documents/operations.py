"""Puts an operation together: path, query, header and body parameters in one flat object, the result beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from toolace.synth_apis.documents.document import Operation
from toolace.synth_apis.documents.keywords import Schema
from toolace.synth_apis.documents.schemas import FOR_PARAMETERS, MAX_PROPERTIES, Budget, SchemaBuilder
from toolace.synth_apis.documents.shape import mapping, words


@dataclass(slots=True)
class Inputs:
    """The raw parameters of one operation as they are gathered; the first of a name wins (path before body)."""

    properties: dict[str, Any] = field(default_factory=dict)
    required: list[str] = field(default_factory=list)
    above: tuple[str, ...] = ()

    def add(self, name: str, raw: object, *, is_required: bool) -> None:
        """Adds one parameter, unless one of that name is there."""
        if name in self.properties:
            return
        self.properties[name] = raw
        if is_required:
            self.required.append(name)

    def add_body(self, raw: object, builder: SchemaBuilder, *, is_required: bool) -> None:
        """Merges the properties of an object body in; a body of another kind becomes the property `body`."""
        node, followed = builder.dialect.expand(raw)
        properties = mapping(node.get("properties"))
        is_closed = "properties" in node and not any(key in node for key in ("additionalProperties", "anyOf", "items"))
        if not properties and is_closed:
            return  # an empty message: there is nothing to send
        if not properties:
            self.add("body", raw, is_required=is_required)
            return
        self.above = (*self.above, *followed)
        required = set(words(node.get("required")))
        for name, inner in properties.items():
            if mapping(inner).get("readOnly") is not True:
                self.add(name, inner, is_required=name in required or mapping(inner).get("required") is True)


def build_operation(
    builder: SchemaBuilder, name: str, description: str, inputs: Inputs, result: object, group: tuple[str, ...]
) -> Operation:
    """The finished operation; `result` is a raw schema, or None when nothing comes back."""
    budget = Budget(FOR_PARAMETERS)
    parameters = builder.build_object(inputs.properties, inputs.required, budget, inputs.above)
    budget.left += MAX_PROPERTIES - FOR_PARAMETERS
    returns: Schema = {} if result is None else builder.build(result, budget, is_request=False)
    return Operation(name, description, parameters, returns or {"type": "object"}, group)
