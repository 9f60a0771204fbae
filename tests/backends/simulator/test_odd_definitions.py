"""Whole dialogs over definitions without annotations: any schema, valid calls and results, and always an end."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from toolace.backends.simulator import Simulator
from toolace.config import GenDialogs
from toolace.gen_dialogs.candidates import Candidates
from toolace.gen_dialogs.dialog import DialogStage, Made
from toolace.gen_dialogs.plan import Planner
from toolace.records import Api, Dialog

SCALARS = st.sampled_from(
    [
        {"type": "string", "description": "Name of the project."},
        {"type": "string", "format": "date-time"},
        {"type": "string", "pattern": "^projects/[^/]+$", "description": "Required. The parent."},
        {"type": "string", "enum": ["STATE_UNSPECIFIED", "ACTIVE"]},
        {"type": "string", "description": "x" * 3000},
        {"type": "integer", "format": "int32"},
        {"type": "number", "minimum": 0, "exclusiveMaximum": 1},
        {"type": "boolean", "description": "Whether to include deleted items."},
        {"description": "Anything."},
        {"type": ["string", "null"]},
    ]
)
NAMES = st.sampled_from(
    ["projectId", "parent", "page_token", "filter", "q", "updateMask", "e-mail", "$alt", "from", "日付"]
)
FIELDS = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.builds(lambda items: {"type": "array", "items": items}, inner),
        st.dictionaries(NAMES, inner, max_size=4).map(lambda fields: {"type": "object", "properties": fields}),
    ),
    max_leaves=6,
)


@st.composite
def pools(draw: st.DrawFn) -> list[Api]:
    """Three definitions as foreign documents have them."""
    found: list[Api] = []
    for number in range(3):
        parameters = draw(st.dictionaries(NAMES, FIELDS, max_size=5))
        returns = draw(st.dictionaries(NAMES, FIELDS, max_size=5))
        required = draw(st.lists(st.sampled_from(sorted(parameters)), unique=True)) if parameters else []
        content: dict[str, Any] = {
            "id": f"api-{number}",
            "name": f"tool_{number}",
            "description": draw(
                st.sampled_from(["Lists things.", "", "The thing (deprecated)! See https://x.example.", "Über"])
            ),
            "parameters": {"type": "object", "properties": parameters, "required": required},
            "returns": {"type": "object", "properties": returns},
            "domain": ("area", f"domain {number % 2}"),
            "lineage": {"origin": "imported"},
        }
        found.append(Api.model_validate(content))
    return found


def made_of(pool: list[Api], count: int) -> list[Made]:
    """Attempts of the dialog stage over a pool."""
    config = GenDialogs()
    stage = DialogStage(Planner(Candidates(pool), config, 5), config, target=count, language="en", backend="simulator")
    backend = Simulator(5)

    async def every() -> list[Made]:
        return [await stage.attempt(index, index, backend.ask) for index in range(count)]

    return asyncio.run(every())


@given(pools())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_dialogs_over_odd_definitions_are_valid_or_given_up(pool: list[Api]) -> None:
    """No exception, no invalid argument, no invalid result, no empty message; an attempt that fails says why."""
    for made in made_of(pool, 8):
        if made.reason:
            assert made.reason == "unplannable"
            continue
        dialog = Dialog.model_validate_json(made.line)
        schemas = {tool["function"]["name"]: tool["function"]["parameters"] for tool in dialog.tools}
        for message in dialog.messages:
            assert message.tool_calls or (message.content or "").strip()
            for call in message.tool_calls or ():
                Draft202012Validator(schemas[call.function.name]).validate(call.function.arguments)
            if message.role == "tool" and "error" not in (result := json.loads(message.content or "")):
                Draft202012Validator((dialog.returns or {})[message.name or ""]).validate(result)
        assert dialog.messages[-1].role == "assistant"
        assert {source.source for source in dialog.provenance or ()} <= {"user", "result", "system", "assistant"}
