"""Plays one planned dialog: the user speaks, the assistant acts, the tools answer, until the plan's turns are over."""

from __future__ import annotations

import asyncio
from typing import Any

from toolace.config import GenDialogs
from toolace.gen_dialogs.orders import Order
from toolace.gen_dialogs.plan import Blueprint
from toolace.gen_dialogs.references import resolved
from toolace.gen_dialogs.roles import (
    ASSISTANT,
    TOOL,
    USER,
    AssistantContext,
    AssistantReply,
    DialogPlan,
    Oracle,
    PlannedCall,
    PlannedTurn,
    ToolContext,
    TurnSpec,
    UserContext,
)
from toolace.gen_dialogs.voting import agreed
from toolace.gen_dialogs.waves import waves
from toolace.records import Function, Message, ToolCall, Turn, compact, kind_of_turn
from toolace.roles import Ask, Key

MAX_ACTIONS = 8
"""Assistant actions in one turn before the dialog is given up."""


class Dropped(Exception):
    """This try at a dialog is given up; the argument is the reason that is counted."""


class Play:
    """One dialog while it is made. `attempt` enters every key, so that another try asks anew.

    `change` is what the user agent is told to do otherwise than in the last round of complication.
    """

    def __init__(
        self,
        blueprint: Blueprint,
        plan: DialogPlan,
        settings: GenDialogs,
        order: Order,
        attempt: int,
        language: str,
        ask: Ask,
        change: str = "",
    ):
        self._blueprint, self._plan, self._settings, self._change = blueprint, plan, settings, change
        self._order, self._attempt, self._language, self._ask = order, attempt, language, ask
        self._apis = {api.name: api for api in (*blueprint.tools, *blueprint.apis)}
        self._definitions = {api.name: api.tool() for api in blueprint.tools}
        later = {name for turn in blueprint.turns for name in turn.tools_added}
        self._offered = [api for api in blueprint.tools if api.name not in later]
        self._actions = 0
        self.messages: list[Message] = []
        self.turns: list[Turn] = []
        self.calls: list[tuple[str, dict[str, Any], Any]] = []
        """(tool, arguments, result) of every call, in order."""
        self.disagreements = 0
        if plan.system:
            self.messages.append(Message(role="system", content=plan.system))

    @property
    def tools(self) -> list[dict[str, Any]]:
        """What the assistant is offered at this moment."""
        return [self._definitions[api.name] for api in self._offered]

    @property
    def every_tool(self) -> list[dict[str, Any]]:
        """What it is offered by the end."""
        return list(self._definitions.values())

    async def turn(self, number: int) -> None:
        """Plays one turn of the plan. Raises Dropped or ReplyError."""
        spec, planned = self._blueprint.turns[number], self._plan.turns[number]
        added = [api for api in self._blueprint.tools if api.name in spec.tools_added]
        self._offered += added
        first = len(self.messages)
        await self._user(number, spec, planned)
        before = len(self.calls)
        for _ in range(MAX_ACTIONS):
            reply = await self._assistant(planned, spec, before)
            if not reply.calls:
                self.messages.append(Message(role="assistant", content=reply.content.strip(), thought=reply.thought))
                break
            last = sum(len(step) for step in planned.steps[:-1])
            await self._call(reply, spec, failing=len(self.calls) - before == last)
        else:
            raise Dropped("too_many_actions")
        names = tuple(api.name for api in added) or None
        self.turns.append(
            Turn(kind=kind_of_turn(self.messages[first:]), situation=spec.situation, first=first, tools_added=names)
        )

    async def _user(self, number: int, spec: TurnSpec, planned: PlannedTurn) -> None:
        context = UserContext(
            language=self._language,
            today=self._blueprint.today,
            persona=self._blueprint.persona,
            intent=planned.intent,
            situation=spec.situation,
            history=tuple(
                message for message in self.messages if message.role in ("user", "assistant") and message.content
            ),
            instruction=self._change,
            faults=self._order.faults("user"),
        )
        reply = await self._ask(USER, context, self._key("user", number))
        self.messages.append(Message(role="user", content=reply.text.strip()))

    async def _assistant(self, planned: PlannedTurn, spec: TurnSpec, before: int) -> AssistantReply:
        context = AssistantContext(
            language=self._language,
            tools=tuple(self.tools),
            history=tuple(self.messages),
            faults=self._order.faults("assistant"),
            oracle=self._oracle(planned, spec, before),
        )
        self._actions += 1
        for retry in range(self._settings.retries + 1):
            keys = [
                self._key("assistant", self._actions, sample, self._attempt * 16 + retry)
                for sample in range(self._settings.votes)
            ]
            replies = [
                reply
                for reply in await asyncio.gather(*(self._ask(ASSISTANT, context, key) for key in keys))
                if _speaks(reply)
            ]
            if len(replies) == len(keys) and (reply := agreed(replies, self._settings.agreement)):
                return reply
            self.disagreements += 1
        raise Dropped("assistant_disagreed")

    async def _call(self, reply: AssistantReply, spec: TurnSpec, *, failing: bool) -> None:
        start = len(self.calls)
        calls = tuple(
            ToolCall(id=f"call_{start + at + 1}", function=Function(name=call.name, arguments=call.arguments))
            for at, call in enumerate(reply.calls)
        )
        if {call.name for call in reply.calls} - {api.name for api in self._offered}:
            raise Dropped("called_undeclared_tool")
        content = reply.content.strip() or None
        self.messages.append(Message(role="assistant", content=content, tool_calls=calls, thought=reply.thought))
        outcomes = {"tool_error": "error", "empty_result": "empty"}
        outcome = outcomes.get(spec.situation, "ok") if failing else "ok"
        for call, result in zip(calls, await self._results([call.function for call in calls], outcome), strict=True):
            self.calls.append((call.function.name, call.function.arguments, result))
            text = compact(result)
            self.messages.append(Message(role="tool", tool_call_id=call.id, name=call.function.name, content=text))

    async def _results(self, calls: list[Function], outcome: str) -> list[Any]:
        """What the calls of one step give back; `outcome` befalls the first. Where two may be about the same thing,
        the later one is asked knowing what the earlier one gave."""
        start, found = len(self.calls), dict[int, Any]()
        for wave in waves([(self._apis[call.name], call.arguments) for call in calls]):
            known = tuple((calls[at].name, calls[at].arguments, found[at]) for at in sorted(found))
            asked = [
                self._ask(
                    TOOL,
                    ToolContext(
                        language=self._language,
                        today=self._blueprint.today,
                        api=self._apis[calls[at].name],
                        arguments=calls[at].arguments,
                        outcome=outcome if at == 0 else "ok",
                        earlier=(*self.calls, *known),
                        faults=self._order.faults("tool"),
                    ),
                    self._key("tool", start + at),
                )
                for at in wave
            ]
            for at, reply in zip(wave, await asyncio.gather(*asked), strict=True):
                found[at] = reply.result
        return [found[at] for at in range(len(calls))]

    def _key(self, role: str, turn: int, sample: int = 0, attempt: int | None = None) -> Key:
        return Key(role, self._order.record(role), turn, sample, self._attempt if attempt is None else attempt)

    def _oracle(self, planned: PlannedTurn, spec: TurnSpec, before: int) -> Oracle | None:
        """The planned next action; None once the conversation has left the plan."""
        made = self.calls[before:]
        calls = [PlannedCall(tool=tool, arguments=arguments) for tool, arguments, _ in made]
        apis = tuple(self._apis[call.tool] for step in planned.steps for call in step if call.tool in self._apis)
        known: dict[str, Any] = {
            "planned": planned,
            "apis": apis,
            "made": tuple(calls),
            "results": tuple(result for *_, result in made),
        }
        if planned.missing or spec.situation in ("missing_parameter", "ambiguous"):
            return Oracle(action="ask", **known)
        done = 0
        for step in planned.steps if spec.kind != "none" else ():
            if done >= len(made):
                ready = [self._resolved(call) for call in step]
                failed = any(is_failure(result) for *_, result in made)
                if failed:
                    break
                if any(call is None for call in ready):
                    return None
                return Oracle(action="call", calls=tuple(call for call in ready if call), **known)
            done += len(step)
        return Oracle(action="summarise" if made else "answer", **known)

    def _resolved(self, call: PlannedCall) -> PlannedCall | None:
        """A planned call with its references replaced by what earlier calls gave; None where they gave nothing."""
        results = [result for *_, result in self.calls]
        arguments: dict[str, Any] = {}
        for name, value in call.arguments.items():
            arguments[name] = resolved(value, results)
            if arguments[name] is None and value is not None:
                return None
        return PlannedCall(tool=call.tool, arguments=arguments)


def is_failure(result: Any) -> bool:
    """Whether a tool's result reports an error."""
    return isinstance(result, dict) and "error" in result and len(result) <= 3


def _speaks(reply: AssistantReply) -> bool:
    """A reply must either call or say something."""
    return bool(reply.calls) or bool(reply.content.strip())
