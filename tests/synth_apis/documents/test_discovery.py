"""Google's discovery documents keep their method ids and lose the habits of JSON Schema draft 3."""

from __future__ import annotations

from typing import Any

from toolace.synth_apis.documents import Document, Operation, Skipped

CALENDAR = {
    "kind": "discovery#restDescription",
    "name": "calendar",
    "version": "v3",
    "title": "Calendar API",
    "description": "Manipulates events.",
    "ownerName": "Google",
    "parameters": {"key": {"type": "string", "location": "query"}},
    "resources": {
        "events": {
            "methods": {
                "insert": {
                    "id": "calendar.events.insert",
                    "description": "Creates an event.",
                    "parameterOrder": ["calendarId"],
                    "parameters": {
                        "max": {"type": "integer", "format": "int32", "minimum": "1", "maximum": "9", "default": "5"},
                        "calendarId": {"type": "string", "required": True, "location": "path"},
                        "kinds": {
                            "type": "string",
                            "repeated": True,
                            "enum": ["a", "b"],
                            "enumDescriptions": ["A", "B"],
                        },
                    },
                    "request": {"$ref": "Event"},
                    "response": {"$ref": "Event"},
                },
                "odd": 5,
            }
        }
    },
    "schemas": {
        "Event": {
            "id": "Event",
            "type": "object",
            "properties": {
                "id": {"type": "string", "readOnly": True},
                "ticks": {"type": "string", "format": "int64"},
                "open": {"type": "boolean", "default": "true"},
                "start": {"type": "string", "annotations": {"required": ["calendar.events.insert"]}},
                "next": {"$ref": "Event", "description": "The one after"},
                "extra": {"type": "any"},
            },
        }
    },
}


def test_a_discovery_document_is_read_whole(read_one: Any) -> None:
    """Required flags, text numbers, repeated parameters and references come out as draft 2020-12."""
    body = {
        "ticks": {"type": "integer"},
        "open": {"type": "boolean", "default": True},
        "start": {"type": "string"},
        "next": {"type": "object", "description": "The one after"},
        "extra": {},
    }
    assert read_one(CALENDAR) == Document(
        source="file",
        format="discovery",
        title="Calendar API",
        description="Manipulates events.",
        version="v3",
        vendor="Google",
        operations=(
            Operation(
                name="calendar.events.insert",
                description="Creates an event.",
                parameters={
                    "type": "object",
                    "properties": {
                        "calendarId": {"type": "string"},
                        "max": {"type": "integer", "minimum": 1, "maximum": 9, "default": 5},
                        "kinds": {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}},
                        **body,
                    },
                    "required": ["calendarId", "start"],
                },
                returns={"type": "object", "properties": {"id": {"type": "string"}, **body}},
                group=("events",),
            ),
        ),
        lost=(("calendar.events.odd", "a method is a mapping, got 5"),),
    )


def test_the_list_of_discovery_documents_is_none(read_one: Any) -> None:
    """index.json lies in the same folder as the documents it lists."""
    index = {"kind": "discovery#directoryList", "discoveryVersion": "v1", "items": []}
    assert read_one(index) == Skipped("file", "a directory of discovery documents, none itself")
