"""Which arguments deterministic provenance cannot account for. They alone are the hallucination expert's question."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from toolace.provenance import stated_day, trace
from toolace.records import Dialog, Function, Source, compact
from toolace.verify.claims import Claim, scalars
from toolace.verify.doubts import is_doubtful
from toolace.verify.roles import OpenArgument


def open_arguments(dialog: Dialog) -> list[OpenArgument]:
    """Arguments whose values neither the user's words, the system message, a result nor the definition accounts for.

    Traced anew: what a record says of its own provenance is not believed. What is credited by accident is open too.
    """
    whole = _Whole.of(dialog)
    schemas = {name: _parameters(function) for name, function in whole.functions.items()}
    found: list[OpenArgument] = []
    for source in trace(dialog.messages, schemas):
        claim = _claim(dialog, source, whole)
        if source.source == "unknown" or is_doubtful(claim):
            tool, parameter = str(claim.function.get("name", "")), claim.name
            about = str(claim.schema.get("description", ""))
            one = OpenArgument(
                where=source.argument, tool=tool, parameter=parameter, value=claim.value, description=about
            )
            found.append(one)
    return found


class _Whole(NamedTuple):
    """What all claims of a dialog share: the functions by name, those that are called, all values given, and the day."""

    functions: dict[str, dict[str, Any]]
    made: tuple[str, ...]
    called: tuple[Any, ...]
    today: str | None

    @classmethod
    def of(cls, dialog: Dialog) -> _Whole:
        calls = [call.function for message in dialog.messages for call in message.tool_calls or ()]
        names = tuple({one.name: None for one in calls})
        return cls(_functions(dialog), names, tuple(scalars(_distinct(calls))), _today(dialog))


def _functions(dialog: Dialog) -> dict[str, dict[str, Any]]:
    """The function object of each tool by name; of foreign definitions, what can be read of them."""
    functions = [tool.get("function") for tool in dialog.tools]
    return {one["name"]: one for one in functions if isinstance(one, dict) and isinstance(one.get("name"), str)}


def _parameters(function: dict[str, Any]) -> dict[str, Any]:
    parameters = function.get("parameters")
    return parameters if isinstance(parameters, dict) else {}


def _claim(dialog: Dialog, source: Source, whole: _Whole) -> Claim:
    """What a source says of which value. Its argument is `/messages/4/tool_calls/0/function/arguments/NAME/…`."""
    steps = [step.replace("~1", "/").replace("~0", "~") for step in source.argument.split("/")]
    at = int(steps[2])
    call = (dialog.messages[at].tool_calls or ())[int(steps[4])].function
    function = whole.functions.get(call.name, {"name": call.name})
    value: Any = call.arguments
    schema: Any = _parameters(function)
    name = steps[7]
    for step in steps[7:]:
        if isinstance(value, list):
            value, schema = value[int(step)], _inner(schema, "items")
        else:
            value, schema, name = value[step], _inner(_inner(schema, "properties"), step), step
    before, given = dialog.messages[:at], tuple(scalars(call.arguments))
    beside = tuple(whole.functions[one] for one in whole.made if one != call.name and one in whole.functions)
    return Claim(source, name, value, schema, function, before, whole.today, given, whole.called, beside)


def _distinct(made: Sequence[Function]) -> list[Any]:
    """The arguments of all calls; one that several calls of a tool have in common counts once: `for both claims, since May`."""
    return list(
        {(one.name, name, compact(value)): value for one in made for name, value in one.arguments.items()}.values()
    )


def _inner(schema: dict[str, Any], key: str) -> dict[str, Any]:
    inner = schema.get(key)
    return inner if isinstance(inner, dict) else {}


def _today(dialog: Dialog) -> str | None:
    for message in dialog.messages:
        if message.role == "system" and (day := stated_day(message.content or "")):
            return day
    return None
