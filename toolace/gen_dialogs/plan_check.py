"""Whether a planner's reply is the plan that was asked for: the same turns, steps and tools, with arguments that fit."""

from __future__ import annotations

from collections.abc import Iterator

from toolace.gen_dialogs.plan import Blueprint
from toolace.gen_dialogs.references import references_in
from toolace.gen_dialogs.roles import DialogPlan, PlannedCall, TurnSpec
from toolace.records import Api, compact


def problem_of(plan: DialogPlan, blueprint: Blueprint) -> str | None:
    """The first thing that is not as it was asked for, in words that a planner can act on; None when all is well.

    The order of the calls counts, for links count them.
    """
    if len(plan.turns) != len(blueprint.turns):
        return f"the plan has {len(plan.turns)} turns, and {len(blueprint.turns)} were asked for"
    apis = {api.name: api for api in blueprint.apis}
    before = 0
    for number, (turn, spec) in enumerate(zip(plan.turns, blueprint.turns, strict=True)):
        if spec.kind == "none":
            continue
        shape, wanted = ([[call.tool for call in step] for step in steps] for steps in (turn.steps, spec.steps))
        if shape != wanted:
            return f"turn {number}: the steps call {compact(shape)}, and the turn spec asks for {compact(wanted)}"
        for problem in _call_problems(turn.steps, spec, apis, before):
            return f"turn {number}: {problem}"
        before += sum(len(step) for step in turn.steps)
    return None


def _call_problems(
    steps: tuple[tuple[PlannedCall, ...], ...], spec: TurnSpec, apis: dict[str, Api], before: int
) -> Iterator[str]:
    made = before
    for step, asked in zip(steps, spec.steps, strict=True):
        for call, one in zip(step, asked, strict=True):
            properties = apis[call.tool].parameters.get("properties", {})
            linked = {link.parameter for link in one.links}
            for name in apis[call.tool].parameters.get("required", ()):
                if name not in call.arguments and name not in linked:
                    yield f"{call.tool}: the required {name!r} has no value"
            for name, value in call.arguments.items():
                if name not in properties:
                    yield f"{call.tool}: there is no parameter {name!r}"
                for reference in references_in(value):
                    if not 0 <= reference["$call"] < made:
                        yield f"{call.tool}: {name!r} refers to call {reference['$call']}, which is not made before it"
        made += len(step)
