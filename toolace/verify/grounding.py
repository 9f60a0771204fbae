"""Which arguments deterministic provenance cannot account for. They alone are the hallucination expert's question."""

from __future__ import annotations

from typing import Any

from toolace.provenance import trace
from toolace.records import Dialog
from toolace.verify.roles import OpenArgument


def open_arguments(dialog: Dialog) -> list[OpenArgument]:
    """Arguments whose values neither the user's words, the system message, a result nor the definition accounts for.

    Traced anew: what a record says of its own provenance is not believed.
    """
    schemas = parameter_schemas(dialog)
    found: list[OpenArgument] = []
    for source in trace(dialog.messages, schemas):
        if source.source == "unknown":
            found.append(_open_argument(dialog, source.argument, schemas))
    return found


def parameter_schemas(dialog: Dialog) -> dict[str, dict[str, Any]]:
    """The parameters' schema of each tool by name; of foreign definitions, what can be read of them."""
    found: dict[str, dict[str, Any]] = {}
    for tool in dialog.tools:
        function = tool.get("function")
        if isinstance(function, dict) and isinstance(function.get("name"), str):
            parameters = function.get("parameters")
            found[function["name"]] = parameters if isinstance(parameters, dict) else {}
    return found


def _open_argument(dialog: Dialog, where: str, schemas: dict[str, dict[str, Any]]) -> OpenArgument:
    """`where` is `/messages/4/tool_calls/0/function/arguments/NAME/…`."""
    steps = [step.replace("~1", "/").replace("~0", "~") for step in where.split("/")]
    call = (dialog.messages[int(steps[2])].tool_calls or ())[int(steps[4])].function
    value: Any = call.arguments
    for step in steps[7:]:
        value = value[int(step)] if isinstance(value, list) else value[step]
    properties = schemas.get(call.name, {}).get("properties")
    schema = properties.get(steps[7]) if isinstance(properties, dict) else None
    about = str(schema.get("description", "")) if isinstance(schema, dict) else ""
    return OpenArgument(where=where, tool=call.name, parameter=steps[7], value=value, description=about)
