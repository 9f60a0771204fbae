"""OpenAPI 3 and Swagger 2 become documents with one flat object of parameters an operation."""

from __future__ import annotations

from typing import Any

import pytest

from toolace.synth_apis.documents import Document, Operation, Skipped

PETS_YAML = """
openapi: 3.0.3
info:
  title: Pet Shop
  version: 1.2.0
  description: "<p>Sells <b>pets</b>. See [our site](https://pets.example).</p>"
  license: {name: MIT}
  x-apisguru-categories: animals
servers: [{url: "https://api.pets.example/v1"}]
paths:
  /pets/{petId}:
    parameters:
      - {name: petId, in: path, schema: {type: string}, description: The pet}
      - {name: X-Api-Key, in: header, schema: {type: string}}
    put:
      operationId: updatePet
      tags: pets
      summary: Update a pet
      description: Changes what is known of a pet.
      parameters:
        - {name: dry_run, in: query, schema: {type: boolean, default: "false"}}
        - {name: Trace, in: header, schema: {type: string}}
        - {name: secret, in: query, required: true, schema: {type: string}}
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}
      responses:
        200: {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}
components:
  securitySchemes: {key: {type: apiKey, in: query, name: secret}}
  schemas:
    Pet:
      type: object
      required: [name, id]
      properties:
        id: {type: integer, format: int64, readOnly: true}
        name: {type: string, nullable: true, example: Rex}
        weight: {type: number, minimum: 0, exclusiveMinimum: true}
        parent: {$ref: "#/components/schemas/Pet"}
        password: {type: string, writeOnly: true}
"""


def swagger(operation: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A Swagger 2 document of one operation."""
    return {"swagger": "2.0", "info": {"title": "T", "version": "1"}, "paths": {"/things": {"post": operation}}, **more}


def test_openapi_3_in_yaml_is_read_whole(read_one: Any) -> None:
    """Path, query, header and body become one object; keys stay out, read-only fields too, a circle is cut."""
    parent = {"type": "object"}
    name = {"type": ["string", "null"], "examples": ["Rex"]}
    weight = {"type": "number", "exclusiveMinimum": 0}
    assert read_one(PETS_YAML) == Document(
        source="file",
        format="openapi",
        title="Pet Shop",
        description="Sells pets. See our site.",
        licence="MIT",
        version="1.2.0",
        vendor="api.pets.example",
        domain=("animals",),
        operations=(
            Operation(
                name="updatePet",
                description="Update a pet. Changes what is known of a pet.",
                parameters={
                    "type": "object",
                    "properties": {
                        "dry_run": {"type": "boolean", "default": False},
                        "Trace": {"type": "string"},
                        "petId": {"type": "string", "description": "The pet"},
                        "name": name,
                        "weight": weight,
                        "parent": parent,
                        "password": {"type": "string"},
                    },
                    "required": ["petId", "name"],
                },
                returns={
                    "type": "object",
                    "properties": {"id": {"type": "integer"}, "name": name, "weight": weight, "parent": parent},
                    "required": ["id", "name"],
                },
                group=("pets",),
            ),
        ),
    )


def test_swagger_2_body_form_and_list_parameters_are_merged(read_one: Any) -> None:
    """A body's properties, form fields and query lists stand side by side."""
    operation = {
        "parameters": [
            {"in": "body", "name": "payload", "schema": {"$ref": "#/definitions/Thing"}},
            {"in": "query", "name": "tags", "type": "array", "items": {"type": "string"}, "collectionFormat": "csv"},
            {"in": "formData", "name": "file", "type": "file", "required": True},
        ],
        "responses": {"201": {"schema": {"type": "array", "items": {"$ref": "#/definitions/Thing"}}}},
    }
    thing = {"properties": {"size": {"type": "integer", "format": "int32", "default": "3"}}}
    (found,) = read_one(swagger(operation, definitions={"Thing": thing})).operations
    size = {"type": "integer", "default": 3}
    assert (found.name, found.returns) == (
        "post_things",
        {"type": "array", "items": {"type": "object", "properties": {"size": size}}},
    )
    assert found.parameters == {
        "type": "object",
        "properties": {
            "tags": {"type": "array", "items": {"type": "string"}},
            "file": {"type": "string"},
            "size": size,
        },
        "required": ["file"],
    }


@pytest.mark.parametrize(
    ("body", "parameters"),
    [
        ({"type": "array", "items": {"type": "string"}}, {"body": {"type": "array", "items": {"type": "string"}}}),
        ({"type": "object", "properties": {}}, {}),
        (
            {"allOf": [{"properties": {"a": {"type": "string"}}}, {"properties": {"b": {}}}]},
            {"a": {"type": "string"}, "b": {}},
        ),
        (
            {"properties": {"v": {"oneOf": [{"type": "integer"}, {"type": "null"}]}}},
            {"v": {"type": ["integer", "null"]}},
        ),
        (
            {"properties": {"v": {"oneOf": [{"type": "integer"}, {"type": "string"}]}}},
            {"v": {"anyOf": [{"type": "integer"}, {"type": "string"}]}},
        ),
        ({"properties": {"v": {"$ref": "#/definitions/Missing"}}}, {"v": {}}),
        (
            {"properties": {"v": {"$ref": "other.yaml#/Thing", "description": "Elsewhere"}}},
            {"v": {"description": "Elsewhere"}},
        ),
        (
            {"properties": {"v": {"additionalProperties": {"type": "string"}}}},
            {"v": {"type": "object", "additionalProperties": {"type": "string"}}},
        ),
        ({"$ref": "#/definitions/Loop"}, {"body": {}}),
    ],
)
def test_bodies_of_every_shape_become_parameters(read_one: Any, body: Any, parameters: Any) -> None:
    """Lists, compositions, maps, broken and circular references all end as plain properties."""
    operation = {"parameters": [{"in": "body", "name": "b", "schema": body}]}
    document = read_one(swagger(operation, definitions={"Loop": {"$ref": "#/definitions/Loop"}}))
    assert document.operations[0].parameters["properties"] == parameters


def test_operations_that_cannot_be_read_are_lost_with_a_reason(read_one: Any) -> None:
    """The others of the document are read all the same."""
    paths = {
        "/ok": {"get": {}},
        "/nothing": "soon",
        "/text": {"get": "later"},
        "/broken": {"get": {"operationId": "broken", "parameters": [{"$ref": "#/parameters/none"}]}},
        "/nameless": {"delete": {"parameters": [{"in": "query"}]}},
    }
    document = read_one({"swagger": 2.0, "paths": paths})
    assert [operation.name for operation in document.operations] == ["get_ok"]
    assert document.lost == (
        ("/nothing", "a mapping belongs here, got 'soon'"),
        ("GET /text", "an operation is a mapping, got 'later'"),
        ("broken", "the reference '#/parameters/none' leads nowhere in this file"),
        ("DELETE /nameless", "a parameter has no name"),
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ({"openapi": "4.0.0", "paths": {}}, "OpenAPI version '4.0.0'; 2 and 3 are read"),
        ({"swaggerVersion": "1.2", "apis": []}, "OpenAPI version '1.2'; 2 and 3 are read"),
        ({"openapi": None}, "OpenAPI version 'unknown'; 2 and 3 are read"),
        ({"openapi": "3.1.0"}, "OpenAPI without anything that can be called"),
        ({"openapi": "3.1.0", "paths": ["/a"]}, "OpenAPI without anything that can be called"),
    ],
)
def test_openapi_without_operations_is_skipped(read_one: Any, content: Any, reason: str) -> None:
    """What says it is OpenAPI but cannot be used is named."""
    assert read_one(content) == Skipped("file", reason)


def test_a_url_that_is_none_gives_no_vendor(read_one: Any) -> None:
    """A broken server URL is no reason to lose a document."""
    document = read_one({"openapi": "3.0.0", "servers": [{"url": "http://[oops"}], "paths": {"/a": {"get": {}}}})
    assert document.vendor is None
