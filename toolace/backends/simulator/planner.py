"""The simulator as planner: fixes the true calls, then the words by which their values are asked for."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from toolace.backends.simulator.knowledge import fact, small_talk
from toolace.backends.simulator.phrasing import Phrasing, lower_first
from toolace.backends.simulator.requests import also, clause, follow_up, given, refers_to_result, system_text, vague
from toolace.backends.simulator.values import CannotDraw, Draw
from toolace.errors import Unanswerable
from toolace.gen_dialogs.roles import (
    CallSpec,
    DialogPlan,
    Intent,
    PlanContext,
    PlannedCall,
    PlannedTurn,
    SaidValue,
    TurnSpec,
)
from toolace.records import Api
from toolace.semantics import ANNOTATION

OPTIONAL = (0.0, 0.25, 0.45, 0.7)
"""Chances, one drawn a call, with which each optional parameter is asked for: most requests leave most of them out."""
_DATED = ("date", "date-time")


@dataclass(slots=True)
class _Call:
    """A call while it is planned: arguments, and the phrase for each argument the user says."""

    api: Api
    arguments: dict[str, Any]
    phrases: dict[str, str]
    linked: bool


def plan(context: PlanContext, rng: random.Random) -> DialogPlan:
    """Plans a whole dialog. Raises Unanswerable where no valid arguments can be drawn for a tool."""
    return _Planning(context, rng).plan()


class _Planning:
    def __init__(self, context: PlanContext, rng: random.Random):
        self.context, self.rng = context, rng
        self.apis = {api.name: api for api in context.apis}
        self.draw = Draw(rng, context.today)
        self.words = Phrasing(rng, context.today)
        self.calls: list[_Call] = []
        self.dated = False

    def plan(self) -> DialogPlan:
        turns: list[PlannedTurn] = []
        waiting: list[list[_Call]] | None = None
        for spec in self.context.turns:
            if spec.situation in ("given", "tool_offered_later") and waiting:
                turns.append(self._taken_up(spec, waiting, turns[-1].missing))
                waiting = None
                continue
            if spec.kind == "none":
                turn, waiting = self._without_call(spec)
                turns.append(turn)
            else:
                turns.append(self._with_calls(spec))
        system = None
        if self.context.system or self.dated:
            system = system_text(self.rng, self.context.today, dated=self.dated)
        return DialogPlan(system=system, turns=tuple(turns))

    # Turns

    def _with_calls(self, spec: TurnSpec) -> PlannedTurn:
        if spec.steps[0][0].like is not None:
            return self._variation(spec)
        steps = self._drawn_steps(spec)
        intent = self._intent(steps)
        return PlannedTurn(kind=spec.kind, situation=spec.situation, intent=intent, steps=self._planned(steps))

    def _drawn_steps(self, spec: TurnSpec) -> list[list[_Call]]:
        steps: list[list[_Call]] = []
        for step in spec.steps:
            calls: list[_Call] = []
            for call in step:
                same = [one for one in calls if one.api.name == call.tool]
                calls.append(self._varied(same[0], same) if same and not call.links else self._call(call))
                self.calls.append(calls[-1])
            steps.append(calls)
        return steps

    def _without_call(self, spec: TurnSpec) -> tuple[PlannedTurn, list[list[_Call]] | None]:
        situation = spec.situation
        if situation in ("small_talk", "knowledge"):
            domains = [api.domain for api in self.context.apis]
            asked, answer = small_talk(self.rng) if situation == "small_talk" else fact(domains, self.rng)
            intent = Intent(goal=asked, request=asked)
            return PlannedTurn(kind="none", situation=situation, intent=intent, reply=answer), None
        if situation == "ambiguous":
            apis = [self.apis[call.tool] for call in spec.steps[0]]
            goals = [self.words.goal(api) for api in apis]
            asked = vague(apis[0], self.rng)
            reply = f"Would you like me to {goals[0]}, or rather to {goals[-1]}?"
            return PlannedTurn(
                kind="none", situation=situation, intent=Intent(goal=asked, request=asked), reply=reply
            ), None
        before = len(self.calls)
        steps = self._drawn_steps(spec)
        del self.calls[before:]
        if situation == "missing_parameter" and (missing := self._missing(steps[0])):
            intent = self._intent(steps, without=(steps[0][0], missing))
            turn = PlannedTurn(
                kind="none", situation=situation, intent=intent, missing=(missing,), steps=self._planned(steps)
            )
            return turn, steps
        intent = self._intent(steps)
        if situation == "missing_parameter":
            raise Unanswerable(f"plan: {steps[0][0].api.name!r} has no required parameter that could be left out")
        return PlannedTurn(kind="none", situation=situation, intent=intent, steps=self._planned(steps)), steps

    def _taken_up(self, spec: TurnSpec, steps: list[list[_Call]], missing: tuple[str, ...]) -> PlannedTurn:
        """The turn after a question or an absent tool: what was planned then is called now."""
        self.calls += [call for step in steps for call in step]
        first = steps[0][0]
        values: tuple[SaidValue, ...] = ()
        if missing:
            name = missing[0]
            values = (SaidValue(parameter=name, value=first.arguments[name], says=first.phrases[name]),)
            request = given(first.phrases[name], self.rng)
        else:
            request = self.rng.choice(_TRY_AGAIN)
        intent = Intent(goal=self.words.goal(first.api), values=values, request=request)
        return PlannedTurn(
            kind=spec.kind,
            situation=spec.situation,
            intent=intent,
            steps=self._planned(steps),
            tools_added=spec.tools_added,
        )

    def _variation(self, spec: TurnSpec) -> PlannedTurn:
        call = spec.steps[0][0]
        base = self.calls[call.like or 0]
        varied = self._varied(base, [base], steady=False)
        changed = [name for name in varied.phrases if varied.arguments.get(name) != base.arguments.get(name)]
        if not changed:
            raise Unanswerable(f"plan: no argument of {base.api.name!r} can be varied")
        self.calls.append(varied)
        phrases = [varied.phrases[name] for name in changed]
        request = follow_up(phrases, spec.situation, self.rng)
        intent = Intent(goal=self.words.goal(base.api), values=self._said(varied, changed), request=request)
        return PlannedTurn(kind="single", situation=spec.situation, intent=intent, steps=self._planned([[varied]]))

    # Calls

    def _call(self, spec: CallSpec) -> _Call:
        api = self.apis[spec.tool]
        arguments: dict[str, Any] = {}
        for link in spec.links:
            arguments[link.parameter] = {"$call": link.call, "$path": link.result}
        call = _Call(api, arguments, {}, bool(spec.links))
        required = set(api.parameters.get("required", ()))
        chance = self.rng.choice(OPTIONAL)
        for name, schema in api.parameters.get("properties", {}).items():
            if name not in arguments and (name in required or self.rng.random() < chance):
                self._give(call, name, schema, needed=name in required)
        call.arguments = {
            name: call.arguments[name] for name in api.parameters.get("properties", {}) if name in call.arguments
        }
        return call

    def _give(self, call: _Call, name: str, schema: dict[str, Any], *, needed: bool) -> bool:
        """Draws a value that can be said so that a reader finds it again; an optional one is left out if there is none."""
        if not needed and "default" in schema and self.rng.random() < 0.5:
            return False
        for _ in range(12):
            try:
                value = self.draw.value(name, schema, call.arguments)
            except CannotDraw:
                continue
            if value in ({}, []) or (not needed and value == schema.get("default", ...)):
                continue
            phrase = self.words.phrase(value, schema, name)
            if self.words.credited(phrase, value, schema, name):
                call.arguments[name], call.phrases[name] = value, phrase
                self.dated = self.dated or _has_dates(schema)
                return True
        if needed:
            raise Unanswerable(f"plan: no value for the required {name!r} of {call.api.name!r}")
        return False

    def _varied(self, base: _Call, others: list[_Call], *, steady: bool = True) -> _Call:
        """The same call with another value; one the user says, and the same parameter each time when `steady`."""
        properties = base.api.parameters.get("properties", {})
        for _ in range(12):
            call = _Call(base.api, dict(base.arguments), dict(base.phrases), base.linked)
            names = [name for name in base.phrases if not isinstance(base.arguments[name], bool)] or list(base.phrases)
            if not names:
                break
            required = [name for name in names if name in base.api.parameters.get("required", ())]
            name = _telling(required or names, base) if steady else self.rng.choice(names)
            self._give(call, name, properties[name], needed=False)
            if all(call.arguments != other.arguments for other in others):
                return call
        raise Unanswerable(f"plan: {base.api.name!r} cannot be called twice with different values")

    def _planned(self, steps: list[list[_Call]]) -> tuple[tuple[PlannedCall, ...], ...]:
        return tuple(
            tuple(PlannedCall(tool=call.api.name, arguments=call.arguments) for call in step) for step in steps
        )

    # Words

    def _missing(self, step: list[_Call]) -> str | None:
        """A required parameter of the first call that only the user can know."""
        call = step[0]
        required = [name for name in call.api.parameters.get("required", ()) if name in call.phrases]
        plain = [name for name in required if not isinstance(call.arguments[name], dict | list)]
        return self.rng.choice(plain or required) if required else None

    def _said(self, call: _Call, names: list[str]) -> tuple[SaidValue, ...]:
        return tuple(SaidValue(parameter=name, value=call.arguments[name], says=call.phrases[name]) for name in names)

    def _intent(self, steps: list[list[_Call]], without: tuple[_Call, str] | None = None) -> Intent:
        """The user's intent for a turn and one wording of it."""
        sentences: list[str] = []
        values: list[SaidValue] = []
        withheld: list[str] = []
        for number, step in enumerate(steps):
            clauses: list[str] = []
            for call in step:
                names = [name for name in call.phrases if without != (call, name)]
                base = next((one for one in step[: step.index(call)] if one.api is call.api), None)
                if base is not None:
                    different = [name for name in names if call.arguments[name] != base.arguments.get(name)]
                    clauses.append(also([call.phrases[name] for name in different], self.rng))
                else:
                    clauses.append(clause(self.words, call.api, [call.phrases[name] for name in names], self.rng))
                values += self._said(call, names)
            if without and number == 0:
                schema = without[0].api.parameters["properties"][without[1]]
                withheld.append(lower_first(str(schema.get("description", without[1])).rstrip(".")))
            sentences.append(self._step_text(clauses, number, step))
        request = sentences[0] if len(sentences) == 1 else self._chained(sentences)
        goal = self.words.goal(steps[0][0].api)
        return Intent(goal=goal, values=tuple(values), withheld=tuple(withheld), request=request)

    def _step_text(self, clauses: list[str], number: int, step: list[_Call]) -> str:
        text = clauses[0]
        for more in clauses[1:]:
            text += (
                more
                if more.startswith((",", " "))
                else self.rng.choice((f" and {more}", f", and also {more}", f". Also, {more}"))
            )
        if number and step[0].linked:
            text += refers_to_result(step[0].arguments, len(step), self.rng)
        return text

    def _chained(self, sentences: list[str]) -> str:
        first, *rest = sentences
        for sentence in rest:
            first += self.rng.choice(
                (
                    f", then {sentence}",
                    f" and then {sentence}",
                    f". After that, {sentence}",
                    f". Once you have that, {sentence}",
                )
            )
        return first


_TRY_AGAIN = (
    "There is a tool for it now, could you try again?",
    "You should have the right tool now. Please go ahead with what I asked.",
    "OK, I've just added the missing tool. Can you do it now?",
    "It should be possible from now on, so please do it.",
    "The tool you were missing is connected now. Same request as before, please.",
    "I was told you can do this now. Please take care of it.",
    "Right, access is set up. Go ahead.",
    "Now that the tool is there, do what I asked for above.",
)


def _telling(names: list[str], call: _Call) -> str:
    """The parameter that sets calls apart best: a text before a number, a number before anything nested."""

    def rank(name: str) -> int:
        value = call.arguments[name]
        return 0 if isinstance(value, str) else 1 if isinstance(value, int | float) else 2

    return min(names, key=rank)


def _has_dates(schema: dict[str, Any]) -> bool:
    if schema.get("format") in _DATED or "date" in str(schema.get(ANNOTATION, {}).get("type", "")):
        return True
    inner = schema.get("items") if schema.get("type") == "array" else None
    nested = list(schema.get("properties", {}).values()) + ([inner] if isinstance(inner, dict) else [])
    return any(_has_dates(one) for one in nested)
