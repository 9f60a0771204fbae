"""The gate of a whole cluster, without Ray: slots are shared, freed when a node is lost, and what is paid is summed."""

from __future__ import annotations

import asyncio
from typing import Any

from toolace.cluster.gate import Gates, RemoteFlow


class Handle:
    """An actor's handle that calls at once: `handle.method.remote(...)`."""

    def __init__(self, actor: Any):
        self._actor = actor

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._actor, name)

        class Call:
            @staticmethod
            def remote(*arguments: Any) -> asyncio.Task[Any]:
                return asyncio.ensure_future(method(*arguments))

        return Call


def flows(gates: Gates, *nodes: str, paid: float = 0.0) -> list[RemoteFlow]:
    return [RemoteFlow(Handle(gates), "http://x m", None, node, lambda: paid) for node in nodes]


def test_nodes_share_the_slots_of_an_endpoint() -> None:
    """Three slots: the fourth waits until another node gives one back."""

    async def scene() -> list[bool]:
        one, other = flows(Gates(3, 0.0), "one", "other")
        tickets = [await one.enter("role"), await other.enter("role"), await other.enter("role")]
        waiting = asyncio.ensure_future(one.enter("role"))
        await asyncio.sleep(0.01)
        before = waiting.done()
        other.succeeded(tickets[1], 10)
        await asyncio.wait_for(waiting, 1)
        return [before, waiting.done()]

    assert asyncio.run(scene()) == [False, True]


def test_a_refusal_of_one_node_slows_all() -> None:
    """The limit is lowered once for both."""

    async def scene() -> float:
        gates = Gates(64, 0.0)
        one, other = flows(gates, "one", "other")
        tickets = [await flow.enter("role") for flow in (one, other) for _ in range(20)]
        one.refused(tickets[0], 0.0)
        other.refused(tickets[-1], 0.0)
        await asyncio.sleep(0.01)
        return (await gates.limits())["http://x m"]

    assert asyncio.run(scene()) < 61


def test_what_a_lost_node_held_is_freed() -> None:
    """All of its slots, and only its own."""

    async def scene() -> int:
        gates = Gates(4, 0.0)
        one, other = flows(gates, "one", "other")
        for flow in (one, one, one, other):
            await flow.enter("role")
        await gates.forget("one")
        found = [asyncio.ensure_future(other.enter("role")) for _ in range(5)]
        await asyncio.sleep(0.01)
        return sum(one.done() for one in found)

    assert asyncio.run(scene()) == 3


def test_what_is_spent_in_all_is_told_to_each() -> None:
    """What the workspace had cost before, and what each node has paid by now."""

    async def scene() -> float | None:
        gates = Gates(4, 1.0)
        (one,), (other,) = flows(gates, "one", paid=0.25), flows(gates, "other", paid=0.5)
        for flow in (one, other, one):
            await flow.enter("role")
        return one.spent

    assert asyncio.run(scene()) == 1.75
