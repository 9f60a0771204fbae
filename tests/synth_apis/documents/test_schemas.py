"""Schemas of any quality come out valid, bounded and with values of their stated type."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from toolace.synth_apis.documents.keywords import flat_keywords
from toolace.synth_apis.documents.openapi_schemas import OpenApiSchemas
from toolace.synth_apis.documents.schemas import MAX_DEPTH, Budget, SchemaBuilder


def build(raw: Any, room: int = 300, **schemas: Any) -> dict[str, Any]:
    """The schema built from one OpenAPI node, which must be valid."""
    dialect = OpenApiSchemas({"components": {"schemas": schemas}})
    schema = SchemaBuilder(dialect).build(raw, Budget(room), is_request=True)
    Draft202012Validator.check_schema(schema)
    return schema


@pytest.mark.parametrize(
    ("raw", "schema"),
    [
        ({"type": "boolean", "default": "true"}, {"type": "boolean", "default": True}),
        ({"type": "boolean", "default": "maybe"}, {"type": "boolean"}),
        ({"type": "integer", "default": "10"}, {"type": "integer", "default": 10}),
        ({"type": "integer", "default": "ten", "example": 2.0}, {"type": "integer", "examples": [2]}),
        ({"type": "integer", "default": 9, "maximum": 5}, {"type": "integer", "maximum": 5}),
        ({"type": "number", "default": "1.5"}, {"type": "number", "default": 1.5}),
        ({"type": "number", "default": "inf"}, {"type": "number"}),
        ({"type": "string", "default": 1}, {"type": "string", "default": "1"}),
        ({"type": "string", "enum": "only"}, {"type": "string", "enum": ["only"]}),
        ({"type": "string", "enum": [True, 2, "x", {}, "x"]}, {"type": "string", "enum": ["true", "2", "x"]}),
        ({"type": "string", "enum": [{}]}, {"type": "string"}),
        ({"type": "string", "enum": ["a"], "nullable": True}, {"type": ["string", "null"], "enum": ["a", None]}),
        ({"type": "string", "pattern": "[", "format": "password"}, {"type": "string"}),
        ({"type": "string", "pattern": 5, "minLength": -1, "maxLength": "7"}, {"type": "string", "maxLength": 7}),
        ({"type": "string", "format": "uint64"}, {"type": "integer", "minimum": 0}),
        ({"type": "string", "format": "google-datetime"}, {"type": "string", "format": "date-time"}),
        ({"type": "integer", "minimum": 5, "maximum": 1}, {"type": "integer"}),
        ({"type": "integer", "exclusiveMaximum": 10}, {"type": "integer", "exclusiveMaximum": 10}),
        ({"type": "integer", "minimum": 1, "exclusiveMinimum": True}, {"type": "integer", "exclusiveMinimum": 1}),
        ({"type": "integer", "multipleOf": 0}, {"type": "integer"}),
        ({"type": ["string", "null"]}, {"type": ["string", "null"]}),
        ({"type": ["string", 3, "wat"]}, {"type": "string"}),
        ({"type": "wat"}, {}),
        ({"type": {}, "format": [], "pattern": {}, "description": 5}, {"description": "5"}),
        ({"enum": [1, 2]}, {"type": "integer", "enum": [1, 2]}),
        ({"const": "a"}, {"enum": ["a"]}),
    ],
)
def test_keywords_become_draft_2020_12(raw: Any, schema: Any) -> None:
    """What has no valid form is left out, not passed on."""
    assert flat_keywords(raw) == schema


@pytest.mark.parametrize(
    ("raw", "schema"),
    [
        ({"type": "array"}, {"type": "array", "items": {}}),
        ({"type": "array", "items": [{"type": "string"}]}, {"type": "array", "items": {"type": "string"}}),
        ({"properties": {"a": True, "b": None}}, {"type": "object", "properties": {"a": {}, "b": {}}}),
        ({"properties": {"a": {"required": True}}}, {"type": "object", "properties": {"a": {}}, "required": ["a"]}),
        (
            {"properties": {"a": {}}, "required": ["a", "b"]},
            {"type": "object", "properties": {"a": {}}, "required": ["a"]},
        ),
        ({"properties": {"a": {}}, "required": "a"}, {"type": "object", "properties": {"a": {}}, "required": ["a"]}),
        ({"properties": ["a"]}, {}),
        ("text", {}),
    ],
)
def test_misshapen_nodes_are_read_as_far_as_they_go(raw: Any, schema: Any) -> None:
    """A wrong type reads as nothing."""
    assert build(raw) == schema


def test_a_circle_is_cut_where_it_closes() -> None:
    """At the second visit the object is left open, with the description of the place."""
    node = {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Node", "description": "The next"}}}
    schema = build({"$ref": "#/components/schemas/Node"}, Node=node)
    assert schema == {"type": "object", "properties": {"next": {"type": "object", "description": "The next"}}}


def test_depth_is_bounded() -> None:
    """Below the limit nothing is opened."""
    raw: dict[str, Any] = {"type": "string"}
    for _ in range(50):
        raw = {"type": "object", "properties": {"a": raw}}
    schema = build(raw)
    for _ in range(MAX_DEPTH):
        schema = schema["properties"]["a"]
    assert schema == {"type": "object"}


def test_size_is_bounded_and_required_properties_go_first() -> None:
    """The outer level is served before the inner one."""
    inner = {"properties": {f"i{number}": {} for number in range(9)}}
    raw = {"properties": {"a": inner, "b": inner, "c": {}, "d": {}}, "required": ["d"]}
    assert build(raw, room=3) == {
        "type": "object",
        "properties": {"a": {"type": "object", "properties": {}}, "b": {"type": "object", "properties": {}}, "d": {}},
        "required": ["d"],
    }


def test_compositions_that_multiply_stay_cheap() -> None:
    """Each level refers ten times to the next: 10^24 nodes, if they were all visited."""
    last = {"properties": {"a": {"type": "string"}}}
    for key in ("allOf", "anyOf"):
        chain = {f"S{n}": {key: [{"$ref": f"#/components/schemas/S{n + 1}"}] * 10} for n in range(24)}
        assert len(str(build({"$ref": "#/components/schemas/S0"}, **chain, S24=last))) < 50_000
