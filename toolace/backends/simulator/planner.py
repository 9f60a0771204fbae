"""The simulator as planner: fixes the true calls, then the words by which their values are asked for."""

from __future__ import annotations

import random

from toolace.backends.simulator.arguments import Arguments, Call
from toolace.backends.simulator.knowledge import fact, small_talk
from toolace.backends.simulator.phrasing import Phrasing, lower_first, turned
from toolace.backends.simulator.requests import Composer
from toolace.backends.simulator.sayings import follow_up, given, system_text, try_again, vague
from toolace.errors import Unanswerable
from toolace.gen_dialogs.roles import DialogPlan, Intent, PlanContext, PlannedCall, PlannedTurn, SaidValue, TurnSpec
from toolace.gen_dialogs.traits import only_looks

TWO_VARIED = 0.4
"""Share of parallel calls of one tool that differ in two arguments, where the tool has two that can."""


def plan(context: PlanContext, rng: random.Random) -> DialogPlan:
    """Plans a whole dialog. Raises Unanswerable where no valid arguments can be drawn for a tool."""
    return _Planning(context, rng).plan()


class _Planning:
    """One dialog while it is planned; calls are counted over the whole dialog."""

    def __init__(self, context: PlanContext, rng: random.Random):
        self.context, self.rng = context, rng
        self.apis = {api.name: api for api in context.apis}
        self.words = Phrasing(rng, context.today)
        self.arguments = Arguments(rng, context.today, self.words)
        self.composer = Composer(rng, self.words)
        self.calls: list[Call] = []
        self.told: set[str] = set()

    def plan(self) -> DialogPlan:
        """Turn by turn; what was asked back in one is taken up by a later one."""
        turns: list[PlannedTurn] = []
        waiting: list[list[Call]] | None = None
        for spec in self.context.turns:
            if spec.situation in ("given", "tool_offered_later") and waiting:
                turns.append(self._taken_up(spec, waiting, turns[-1].missing))
                waiting = None
            elif spec.situation in ("small_talk", "knowledge"):
                turns.append(self._talk(spec))
            elif spec.situation == "ambiguous":
                turns.append(self._ambiguous(spec))
            elif spec.kind == "none":
                turn, waiting = self._without_call(spec)
                turns.append(turn)
            elif spec.steps[0][0].like is not None:
                turns.append(self._variation(spec))
            else:
                steps = self._drawn(spec)
                turns.append(self._turn(spec, steps, self._intent(steps)))
        dated = self.arguments.dated
        system = system_text(self.rng, self.context.today, dated=dated) if self.context.system or dated else None
        return DialogPlan(system=system, turns=tuple(turns))

    # Turns

    def _turn(
        self, spec: TurnSpec, steps: list[list[Call]], intent: Intent, missing: tuple[str, ...] = ()
    ) -> PlannedTurn:
        planned = tuple(
            tuple(PlannedCall(tool=call.api.name, arguments=call.arguments) for call in step) for step in steps
        )
        return PlannedTurn(
            kind=spec.kind,
            situation=spec.situation,
            intent=intent,
            steps=planned,
            missing=missing,
            tools_added=spec.tools_added,
        )

    def _drawn(self, spec: TurnSpec) -> list[list[Call]]:
        """The calls of a turn; calls of one step to the same tool are variations of the first."""
        steps: list[list[Call]] = []
        self.arguments.shared = {} if len(spec.steps) > 1 else None
        for step in spec.steps:
            calls: list[Call] = []
            for one in step:
                same = [call for call in calls if call.api.name == one.tool]
                if same and not one.links:
                    calls.append(self._parallel(same))
                else:
                    calls.append(self.arguments.call(one, self.apis[one.tool]))
                    if same:  # calls that differ in what they take from a result say the rest alike
                        links = {link.parameter for link in one.links}
                        own = calls[-1].arguments
                        shared = same[0].arguments
                        calls[-1].arguments = {key: own[key] if key in links else shared[key] for key in shared}
                        calls[-1].phrases = {**same[0].phrases}
                self.calls.append(calls[-1])
            steps.append(calls)
        return steps

    def _parallel(self, same: list[Call]) -> Call:
        """Another call beside one to the same tool, with another value for one or two arguments."""
        if len(same) > 1:
            return self.arguments.varied(same[0], same, same[1].varied)
        names = self.arguments.variable(same[0])
        if not names:
            raise Unanswerable(f"plan: {same[0].api.name!r} has no argument of which two calls could differ")
        count = 2 if len(names) > 1 and self.rng.random() < TWO_VARIED else 1
        return self.arguments.varied(same[0], same, self.rng.sample(names, count))

    def _talk(self, spec: TurnSpec) -> PlannedTurn:
        """Small talk, or a question of general knowledge; none twice in a dialog."""
        domains = [api.domain for api in self.context.apis]
        for _ in range(8):
            asked, answer = small_talk(self.rng) if spec.situation == "small_talk" else fact(domains, self.rng)
            if not {asked, answer} & self.told:
                break
        self.told |= {asked, answer}
        return PlannedTurn(
            kind="none", situation=spec.situation, intent=Intent(goal=asked, request=asked), reply=answer
        )

    def _ambiguous(self, spec: TurnSpec) -> PlannedTurn:
        """A request that leaves open what is wanted; the assistant asks back with what it can do."""
        apis = [self.apis[call.tool] for call in spec.steps[0]]
        goals = [turned(self.words.goal(api)) for api in apis]
        asked = vague(apis[0], self.rng)
        reply = self.rng.choice(_WHICH).format(goals[0], goals[-1])
        return PlannedTurn(kind="none", situation=spec.situation, intent=Intent(goal=asked, request=asked), reply=reply)

    def _without_call(self, spec: TurnSpec) -> tuple[PlannedTurn, list[list[Call]]]:
        before = len(self.calls)
        steps = self._drawn(spec)
        del self.calls[before:]
        if spec.situation != "missing_parameter":
            return self._turn(spec, steps, self._intent(steps)), steps
        missing = self._missing(steps[0])
        return self._turn(spec, steps, self._intent(steps, without=(steps[0][0], missing)), (missing,)), steps

    def _missing(self, step: list[Call]) -> str:
        """A required argument of the first call that only the user can know, and that no other call varies."""
        call = step[0]
        varied = {name for one in step[1:] for name in one.varied}
        required = [name for name in call.phrases if name in call.required and name not in varied]
        plain = [name for name in required if not isinstance(call.arguments[name], dict | list | bool)]
        if not required:
            raise Unanswerable(f"plan: {call.api.name!r} has no required parameter that could be left out")
        return self.rng.choice(plain or required)

    def _taken_up(self, spec: TurnSpec, steps: list[list[Call]], missing: tuple[str, ...]) -> PlannedTurn:
        """The turn after a question or an absent tool: what was planned then is called now."""
        self.calls += [call for step in steps for call in step]
        first = steps[0][0]
        request = given(first.phrases[missing[0]], self.rng) if missing else try_again(self.rng)
        intent = Intent(goal=self.words.goal(first.api), values=self._said(first, missing), request=request)
        return self._turn(spec, steps, intent)

    def _variation(self, spec: TurnSpec) -> PlannedTurn:
        base = self.calls[spec.steps[0][0].like or 0]
        names = self.arguments.variable(base)
        if not names:
            raise Unanswerable(f"plan: no argument of {base.api.name!r} can be varied")
        name = self.rng.choice(names)
        before = [call for call in self.calls if call.api.name == base.api.name and name in call.arguments]
        varied = self.arguments.varied(base, before, [name])
        self.calls.append(varied)
        new = " ".join(varied.phrases[one] for one in varied.varied)
        request = follow_up(new, spec.situation, looks=only_looks(base.api), rng=self.rng)
        intent = Intent(goal=self.words.goal(base.api), values=self._said(varied, varied.varied), request=request)
        return self._turn(spec, [[varied]], intent)

    # Intents

    def _said(self, call: Call, names: tuple[str, ...] | list[str]) -> tuple[SaidValue, ...]:
        return tuple(SaidValue(parameter=name, value=call.arguments[name], says=call.phrases[name]) for name in names)

    def _intent(self, steps: list[list[Call]], without: tuple[Call, str] | None = None) -> Intent:
        """The user's intent for a turn, and one wording of it, which settles how each value is said."""
        request = self.composer.request(steps, without)
        values: list[SaidValue] = []
        for call in (call for step in steps for call in step):
            left_out = without[1] if without and without[0].api is call.api else None
            values += self._said(call, [name for name in call.phrases if name != left_out])
        withheld: tuple[str, ...] = ()
        if without:
            schema = without[0].properties[without[1]]
            withheld = (lower_first(str(schema.get("description", without[1])).rstrip(".")),)
        goals = dict.fromkeys(self.words.goal(call.api) for step in steps for call in step[:1])
        goal = ", then ".join(goals) if len(steps) > 1 else next(iter(goals))
        return Intent(goal=goal, values=tuple(values), withheld=withheld, request=request)


_WHICH = (
    "Would you like me to {0}, or rather to {1}?",
    "I can {0}, or {1}. Which of the two do you have in mind?",
    "Gladly. Do you want to {0}, or is it about something else, such as to {1}?",
    "There is more than one way to understand that: should I {0}, or {1}?",
    "Sure, but what exactly do you need? I could {0} or {1}, for example.",
    "To be sure I get it right: is it that I should {0}, or that I should {1}?",
)
