"""Sample consistency, the plan: a disagreement is a warning, for users may rightly drift. Silent without a plan."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from toolace.rules.found import Found, shown
from toolace.rules.views import Call, Sample


def plan_is_followed(sample: Sample) -> Iterator[Found]:
    """The calls of each turn are those planned for it; after a failure the rest may be left out. Else a warning."""
    turns = (sample.dialog.plan or {}).get("turns")
    for number, turn in enumerate(turns if isinstance(turns, list) else ()):
        made = sample.calls_in(number)
        planned = _planned(turn)
        if len(made) > len(planned) or (len(made) < len(planned) and not _came_to_nothing(made)):
            where = made[-1].where if made else "/messages"
            message = f"turn {number} was planned with {len(planned)} calls and has {len(made)}"
            yield Found(where, message, "assistant", "warning")
        for call, (name, arguments) in zip(made, planned, strict=False):
            yield from _different(call, name, arguments)


def _planned(turn: Any) -> list[tuple[str, dict[str, Any]]]:
    """Name and arguments of each planned call; what has another shape than a plan's plans nothing."""
    steps = turn.get("steps") if isinstance(turn, dict) and turn.get("kind") != "none" else None
    return [
        (str(call.get("tool")), arguments)
        for step in (steps if isinstance(steps, list) else ())
        if isinstance(step, list)
        for call in step
        if isinstance(call, dict) and isinstance(arguments := call.get("arguments", {}), dict)
    ]


def _different(call: Call, name: str, arguments: dict[str, Any]) -> Iterator[Found]:
    if call.name != name:
        message = f"{shown(call.name)} is called, {shown(name)} was planned"
        yield Found(f"{call.where}/function/name", message, "assistant", "warning")
        return
    if call.arguments == arguments:
        return
    for argument in {**call.arguments, **arguments}:
        planned, made = arguments.get(argument), call.arguments.get(argument)
        if planned != made and not _comes_from_results(planned):
            message = f"{argument!r} is {shown(made)}, {shown(planned)} was planned"
            yield Found(call.argument(argument), message, "assistant", "warning")


def _comes_from_results(planned: Any) -> bool:
    """Whether an argument was planned as a part of an earlier result, or as a list of such parts."""
    parts = planned if isinstance(planned, list) else [planned]
    return any(isinstance(part, dict) and "$call" in part for part in parts)


def _came_to_nothing(calls: list[Call]) -> bool:
    """Whether a call failed or found nothing, so that what depends on it cannot be called."""
    for call in calls:
        values = call.result.values() if isinstance(call.result, dict) else ()
        lists = [value for value in values if isinstance(value, list)]
        if call.failed or (lists and not any(lists)):
            return True
    return False
