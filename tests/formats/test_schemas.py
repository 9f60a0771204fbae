"""Every row passes a JSON Schema written from its format's documentation; JSON inside strings is checked too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from toolace.formats import FORMATS, NotCarried, Options, carried
from toolace.records import Dialog

TEXT: dict[str, Any] = {"type": "string"}


def shape(required: dict[str, Any], **optional: Any) -> dict[str, Any]:
    """An object with these keys and no others."""
    properties = {**required, **optional}
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def many(items: dict[str, Any], least: int = 0) -> dict[str, Any]:
    """A list."""
    return {"type": "array", "items": items, "minItems": least}


def inside(schema: dict[str, Any]) -> dict[str, Any]:
    """A string that holds JSON of this schema (checked by `problems`)."""
    return {"type": "string", "contentMediaType": "application/json", "contentSchema": schema}


FUNCTION = shape({"name": TEXT, "description": TEXT, "parameters": {"type": "object"}})
TOOL = shape({"type": {"const": "function"}, "function": FUNCTION})
CALLED = shape({"name": TEXT, "arguments": {"type": "object"}})


def chat(arguments: dict[str, Any], *, tool_has_name: bool, content_beside_calls: bool) -> dict[str, Any]:
    """A list of chat messages; the two dialects differ in three places."""
    function = shape({"name": TEXT, "arguments": arguments})
    calls = many(shape({"id": TEXT, "type": {"const": "function"}, "function": function}), 1)
    content = {"content": TEXT} if content_beside_calls else {}
    named = {"name": TEXT} if tool_has_name else {}
    return many(
        {
            "oneOf": [
                shape({"role": {"enum": ["system", "user", "assistant"]}, "content": TEXT}),
                shape(
                    {"role": {"const": "assistant"}, **content, "tool_calls": calls},
                    **({} if content else {"content": TEXT}),
                ),
                shape({"role": {"const": "tool"}, "tool_call_id": TEXT, **named, "content": TEXT}),
            ]
        },
        1,
    )


OPENAI_NAME = {"type": "string", "pattern": "^[a-zA-Z0-9_-]{1,64}$"}
OPENAI_FUNCTION = {**FUNCTION, "properties": {**FUNCTION["properties"], "name": OPENAI_NAME}}
OPENAI_TOOL = shape({"type": {"const": "function"}, "function": OPENAI_FUNCTION})
XLAM_TYPE = {"type": "string", "pattern": r"^(str|int|float|bool|Any|Dict|List(\[.+\])?)(, optional)?$"}
XLAM_PARAMETER = shape({"description": TEXT, "type": XLAM_TYPE, "default": {}})
XLAM_PARAMETERS = {"type": "object", "additionalProperties": XLAM_PARAMETER}
XLAM_TOOL = shape({"name": TEXT, "description": TEXT, "parameters": XLAM_PARAMETERS})
BFCL_TYPE = {"enum": ["string", "integer", "float", "boolean", "array", "dict"]}
BFCL_PARAMETER = {
    "type": "object",
    "required": ["type"],
    "properties": {"type": BFCL_TYPE, "items": {"$ref": "#/$defs/parameter"}},
    "if": {"properties": {"type": {"const": "array"}}},
    "then": {"required": ["items"]},
}
BFCL_PARAMETERS = shape(
    {
        "type": {"const": "dict"},
        "properties": {"type": "object", "additionalProperties": {"$ref": "#/$defs/parameter"}},
        "required": many(TEXT),
    }
)
BFCL_FUNCTION = shape({"name": TEXT, "description": TEXT, "parameters": BFCL_PARAMETERS})
BFCL_ANSWER = {
    "type": "object",
    "minProperties": 1,
    "maxProperties": 1,
    "additionalProperties": {"type": "object", "additionalProperties": many({}, 1)},
}


def turns(*speakers: dict[str, Any]) -> dict[str, Any]:
    """sharegpt turns."""
    return many({"oneOf": list(speakers)}, 1)


def turn(speaker: str, value: dict[str, Any] = TEXT) -> dict[str, Any]:
    """One sharegpt turn."""
    return shape({"from": {"const": speaker}, "value": value})


def said(role: str, content: dict[str, Any] = TEXT) -> dict[str, Any]:
    """One chat message of a role."""
    return shape({"role": {"const": role}, "content": content})


SCHEMAS: dict[str, list[dict[str, Any]]] = {
    "openai": [
        shape(
            {"messages": chat(inside({"type": "object"}), tool_has_name=False, content_beside_calls=False)},
            tools=many(OPENAI_TOOL, 1),
            parallel_tool_calls={"type": "boolean"},
        )
    ],
    "trl": [
        shape(
            {"messages": chat({"type": "object"}, tool_has_name=True, content_beside_calls=True), "tools": many(TOOL)}
        )
    ],
    "llamafactory": [
        shape(
            {
                "conversations": turns(
                    turn("human"),
                    turn("gpt"),
                    turn("function_call", inside(many(CALLED, 1))),
                    turn("observation", inside(many({}, 1))),
                ),
                "system": TEXT,
                "tools": inside(many(FUNCTION, 1)),
            }
        )
    ],
    "swift": [
        shape(
            {
                "messages": turns(
                    said("system"),
                    said("user"),
                    said("assistant"),
                    said("tool_call", inside(CALLED)),
                    said("tool_response"),
                )
            },
            tools=inside(many(TOOL, 1)),
        )
    ],
    "hermes": [shape({"conversations": turns(turn("system"), turn("human"), turn("gpt"), turn("tool"))})],
    "xlam": [
        shape(
            {
                "id": {"type": "integer"},
                "query": TEXT,
                "tools": inside(many(XLAM_TOOL)),
                "answers": inside(many(CALLED)),
            }
        )
    ],
    "toolace": [
        shape(
            {
                "system": TEXT,
                "conversations": turns(
                    turn("user"), turn("assistant"), turn("tool", inside(many(shape({"name": TEXT, "results": {}}), 1)))
                ),
            }
        )
    ],
    "bfcl": [
        {
            **shape(
                {
                    "id": TEXT,
                    "question": many(many(shape({"role": TEXT, "content": TEXT}), 1), 1),
                    "function": many(BFCL_FUNCTION),
                }
            ),
            "$defs": {"parameter": BFCL_PARAMETER},
        },
        shape({"id": TEXT, "ground_truth": many(BFCL_ANSWER)}),
    ],
}


def problems(schema: dict[str, Any], value: Any) -> Iterator[str]:
    """What is wrong with a value; `contentSchema` is followed into strings, which the validator itself does not do."""
    yield from (error.message for error in Draft202012Validator(schema).iter_errors(value))
    if "contentSchema" in schema and isinstance(value, str) and value:
        yield from problems(schema["contentSchema"], json.loads(value))
    if isinstance(value, dict):
        for key, inner in schema.get("properties", {}).items():
            yield from problems(inner, value[key]) if key in value and "$ref" not in str(inner) else ()
    if isinstance(value, list):
        choices = schema.get("items", {}).get("oneOf", [schema.get("items", {})])
        for one in value:
            fitting = (
                [choice for choice in choices if Draft202012Validator(choice).is_valid(one)]
                if "$ref" not in str(choices)
                else []
            )
            yield from problems(fitting[0], one) if fitting else ()


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("thinking", [False, True])
def test_rows_pass_the_schema_of_their_documentation(name: str, thinking: bool, any_dialog: Dialog) -> None:
    """Whatever is carried; LLaMA-Factory's calls are no bare JSON where thinking stands before them."""
    try:
        rows, _, _ = carried(FORMATS[name], any_dialog, Options(with_thinking=thinking), 0)
    except NotCarried:
        return
    if thinking and name == "llamafactory":
        for one in rows[0]["conversations"]:
            one["value"] = one["value"].rpartition("</think>\n\n")[2]
    for schema, row in zip(SCHEMAS[name], rows, strict=True):
        assert list(problems(schema, row)) == []


@pytest.mark.parametrize("name", FORMATS)
def test_the_schemas_refuse_what_is_no_row(name: str) -> None:
    """A schema that lets everything pass would prove nothing."""
    for schema in SCHEMAS[name]:
        assert list(problems(schema, {"messages": [{"role": "robot"}], "conversations": [{"from": "robot"}]}))
