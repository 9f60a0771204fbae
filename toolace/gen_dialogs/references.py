"""Arguments that come from earlier results: `{"$call": 0, "$path": "hotels.0.hotel_id"}`, alone or as items of a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from toolace.gen_dialogs.roles import CallSpec, DialogPlan, PlannedCall, PlannedTurn, TurnSpec
from toolace.records import Api


def is_reference(value: Any) -> bool:
    """Whether an argument stands for a part of an earlier result."""
    return isinstance(value, dict) and isinstance(value.get("$call"), int) and isinstance(value.get("$path"), str)


def references_in(value: Any) -> list[dict[str, Any]]:
    """The references that an argument is made of: itself, or the items of a list."""
    return [one for one in (value if isinstance(value, list) else [value]) if is_reference(one)]


def resolved(value: Any, results: Sequence[Any]) -> Any:
    """An argument with its references replaced by what they stand for; None where a result does not hold it.

    `results` are those of the dialog's calls, in order.
    """
    if is_reference(value):
        return _looked_up(value, results)
    if isinstance(value, list) and references_in(value):
        items = [resolved(one, results) for one in value]
        return None if None in items else items
    return value


def linked(spec: CallSpec, api: Api) -> dict[str, Any]:
    """The arguments that a call takes from earlier results, as references; a parameter that is a list has a list."""
    properties = api.parameters.get("properties", {})
    given: dict[str, Any] = {}
    for link in spec.links:
        reference = {"$call": link.call, "$path": link.result}
        if properties.get(link.parameter, {}).get("type") == "array":
            given.setdefault(link.parameter, []).append(reference)
        else:
            given[link.parameter] = reference
    return given


def laid(plan: DialogPlan, turns: Sequence[TurnSpec], apis: Sequence[Api]) -> DialogPlan:
    """The plan with the links of its turn specs in their places: a planner copies them, and may miscopy.

    The plan must have the shape of `turns` (see plan_check).
    """
    if not any(call.links for turn in turns for step in turn.steps for call in step):
        return plan
    known = {api.name: api for api in apis}
    pairs = zip(plan.turns, turns, strict=True)
    return plan.model_copy(update={"turns": tuple(_laid_turn(turn, spec, known) for turn, spec in pairs)})


def _laid_turn(turn: PlannedTurn, spec: TurnSpec, apis: dict[str, Api]) -> PlannedTurn:
    shapes = [[[call.tool for call in step] for step in steps] for steps in (turn.steps, spec.steps)]
    if shapes[0] != shapes[1]:  # a turn without calls, whose steps bind nobody
        return turn
    steps = tuple(
        tuple(_laid_call(call, one, apis[call.tool]) for call, one in zip(step, wanted, strict=True))
        for step, wanted in zip(turn.steps, spec.steps, strict=True)
    )
    return turn.model_copy(update={"steps": steps})


def _laid_call(call: PlannedCall, spec: CallSpec, api: Api) -> PlannedCall:
    if not spec.links:
        return call
    properties, given = api.parameters.get("properties", {}), linked(spec, api)
    order = [name for name in properties if name in call.arguments or name in given]
    extra = [name for name in call.arguments if name not in properties]
    arguments = {name: given.get(name, call.arguments.get(name)) for name in [*order, *extra]}
    return call.model_copy(update={"arguments": arguments})


def _looked_up(reference: dict[str, Any], results: Sequence[Any]) -> Any:
    if not 0 <= reference["$call"] < len(results):
        return None
    node = results[reference["$call"]]
    for step in reference["$path"].split("."):
        if isinstance(node, dict) and step in node:
            node = node[step]
        elif isinstance(node, list) and step.isdigit() and int(step) < len(node):
            node = node[int(step)]
        else:
            return None
    return node
