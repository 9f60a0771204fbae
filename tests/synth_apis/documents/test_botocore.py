"""Botocore's service models: shapes become schemas, HTML becomes text, compressed or not."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from toolace.synth_apis.documents import Document, Operation, Skipped

QUEUES: dict[str, Any] = {
    "metadata": {"apiVersion": "2012-11-05", "serviceFullName": "Amazon Simple Queue", "serviceId": "SQ"},
    "documentation": "<p>Welcome to <i>queues</i>.</p>",
    "operations": {
        "Send": {
            "name": "Send",
            "input": {"shape": "SendRequest"},
            "output": {"shape": "SendResult"},
            "documentation": "<p>Sends a message</p> <note><p>At most <code>256</code> KB.</p></note>",
        },
        "Ping": {"name": "Ping", "input": {"shape": "Empty"}},
        "Odd": [],
    },
    "shapes": {
        "Empty": {"type": "structure", "members": {}},
        "SendRequest": {
            "type": "structure",
            "required": ["Body"],
            "members": {
                "Body": {"shape": "Text", "documentation": "<p>What to send.</p>"},
                "Priority": {"shape": "Level"},
                "Delay": {"shape": "Seconds"},
                "Labels": {"shape": "Labels"},
                "Parts": {"shape": "Parts"},
                "At": {"shape": "Date"},
                "Lost": {"shape": "Nowhere"},
            },
        },
        "SendResult": {"type": "structure", "members": {"Reply": {"shape": "SendResult"}, "Ok": {"shape": "Flag"}}},
        "Text": {"type": "string", "min": 1, "max": 9, "pattern": "^[a-z]+$"},
        "Level": {"type": "string", "enum": ["low", "high"]},
        "Seconds": {"type": "integer", "min": 0, "max": 900},
        "Labels": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Level"}},
        "Parts": {"type": "list", "member": {"shape": "Level"}, "max": 10},
        "Date": {"type": "timestamp"},
        "Flag": {"type": "boolean"},
    },
}

LEVEL = {"type": "string", "enum": ["low", "high"]}


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_service_model_is_read_whole(read_one: Any, pack: Any) -> None:
    """Every kind of shape, a shape that holds itself, one that is missing, and an operation without input."""
    assert read_one(pack(json.dumps(QUEUES).encode())) == Document(
        source="file",
        format="botocore",
        title="Amazon Simple Queue",
        description="Welcome to queues.",
        version="2012-11-05",
        vendor="Amazon",
        operations=(
            Operation(
                name="Send",
                description="Sends a message. At most 256 KB.",
                parameters={
                    "type": "object",
                    "properties": {
                        "Body": {
                            "type": "string",
                            "description": "What to send.",
                            "pattern": "^[a-z]+$",
                            "minLength": 1,
                            "maxLength": 9,
                        },
                        "Priority": LEVEL,
                        "Delay": {"type": "integer", "minimum": 0, "maximum": 900},
                        "Labels": {"type": "object", "additionalProperties": LEVEL},
                        "Parts": {"type": "array", "items": LEVEL, "maxItems": 10},
                        "At": {"type": "string", "format": "date-time"},
                        "Lost": {},
                    },
                    "required": ["Body"],
                },
                returns={"type": "object", "properties": {"Reply": {"type": "object"}, "Ok": {"type": "boolean"}}},
            ),
            Operation("Ping", "", {"type": "object", "properties": {}}, {"type": "object"}),
        ),
        lost=(("Odd", "an operation is a mapping, got []"),),
    )


def test_what_lies_beside_a_service_model_is_none(read_one: Any) -> None:
    """Paginators, waiters and examples are JSON of other kinds."""
    reason = "structured content of no known format (its keys begin with 'pagination')"
    assert read_one({"pagination": {}}) == Skipped("file", reason)
