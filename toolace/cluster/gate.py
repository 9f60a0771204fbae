"""One gate per (endpoint, model) for a whole cluster, in an actor of its own; a node asks it for each slot."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

from toolace.backends.flow import Flow, Ticket
from toolace.config import Cap


class Gates:
    """The actor. It also adds up what the nodes have paid, for `--max-cost`."""

    def __init__(self, concurrency: int, spent: float):
        """`concurrency`: of all nodes together; `spent`: before they began."""
        self._concurrency, self._before = concurrency, spent
        self._flows: dict[str, Flow] = {}
        self._held: dict[str, dict[int, tuple[Flow, Ticket]]] = {}
        self._paid: dict[str, float] = {}
        self._numbers = count()

    async def enter(self, place: str, cap: Cap | None, node: str, paid: float, role: str, asked: int) -> Any:
        """Waits for a slot. Returns its number and what is spent in all."""
        if place not in self._flows:
            self._flows[place] = Flow(self._concurrency, cap)
        flow, number = self._flows[place], next(self._numbers)
        self._paid[node] = paid
        ticket = await flow.enter(role, asked)
        self._held.setdefault(node, {})[number] = (flow, ticket)
        return number, self._before + sum(self._paid.values())

    async def leave(self, node: str, number: int, how: str, value: Any) -> None:
        """Gives a slot back: `how` is the method of Flow, `value` its second argument."""
        flow, ticket = self._held[node].pop(number, (None, None))
        if flow is not None:
            getattr(flow, how)(ticket, value)

    async def forget(self, node: str) -> None:
        """Gives back what a lost node held."""
        for flow, ticket in self._held.pop(node, {}).values():
            flow.leave(ticket)

    async def limits(self) -> dict[str, float]:
        """What was learnt, by place."""
        return {place: flow.limit.value for place, flow in self._flows.items()}


class RemoteFlow(Flow):
    """A node's side of one gate."""

    def __init__(self, gates: Any, place: str, cap: Cap | None, node: str, paid: Callable[[], float]):
        """`gates` is the actor's handle."""
        super().__init__(1)
        self._gates, self._at, self._node, self._paid = gates, (place, cap), node, paid

    async def enter(self, role: str = "", asked: int = 0) -> Ticket:
        """Waits for a slot of the cluster's."""
        number, self.spent = await self._gates.enter.remote(*self._at, self._node, self._paid(), role, asked)
        return Ticket(role, asked, 0.0, number, 0.0, 0)

    def succeeded(self, ticket: Ticket, tokens: int = 0) -> None:
        """Gives back the slot of an answered request."""
        self._gates.leave.remote(self._node, ticket.epoch, "succeeded", tokens)

    def refused(self, ticket: Ticket, retry_after: float | None) -> None:
        """Gives back the slot of a request that got a 429."""
        self._gates.leave.remote(self._node, ticket.epoch, "refused", retry_after)

    def leave(self, ticket: Ticket, tokens: int = 0) -> None:
        """Gives back a slot, without a lesson about the limit."""
        self._gates.leave.remote(self._node, ticket.epoch, "leave", tokens)
