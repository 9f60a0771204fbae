"""The dataflow graph of a workspace's pool: edges to read, and how the calls of dependent dialogs hang together.

python scripts/bench/dataflow.py WORKSPACE [--edges 60] [--dialogs 4000] [--seed 0]
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from pathlib import Path

from toolace.config import GenDialogs
from toolace.gen_dialogs.candidates import Candidates
from toolace.gen_dialogs.dataflow import Edge
from toolace.gen_dialogs.plan import Planner
from toolace.gen_dialogs.roles import TurnSpec
from toolace.records import Api
from toolace.shards import Workspace


def edges(pool: Candidates, count: int, seed: int) -> list[str]:
    """Random edges in words: `search_hotels (travel/hotels) .hotels.0.hotel_id -> book_hotel (travel/hotels) hotel_id`."""
    rng = random.Random(seed)
    takers = sorted({*pool.flow.consumers, *pool.flow.joiners})

    def shown(edge: Edge) -> str:
        source, target = pool.apis[edge.output.api], pool.apis[edge.input.api]
        taken = f"{edge.input.parameter}[]" if edge.input.many else edge.input.parameter
        return (
            f"{source.name} ({'/'.join(source.domain)}) .{edge.output.path} -> "
            f"{target.name} ({'/'.join(target.domain)}) {taken}"
        )

    def drawn() -> Edge:
        into = pool.flow.joins_into(rng.choice(takers))
        return rng.choice([edge for found in into.values() for edge in found])

    return [shown(drawn()) for _ in range(count if takers else 0)]


def shape_of(turn: TurnSpec) -> str:
    """How the calls of a dependent turn hang together."""
    calls = [call for step in turn.steps for call in step]
    sources = [{link.call for link in call.links} for call in calls]
    if any(len(one) > 1 for one in sources):
        return "fan-in"
    if max(Counter(call for one in sources for call in one).values()) > 1:
        return "fan-out"
    beside = len(turn.steps[0]) > 1
    return "chain of three" if len(turn.steps) > 2 else "chain with a call beside" if beside else "chain of two"


def main() -> None:
    """Prints the edges, then one line with the shares."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--edges", type=int, default=60)
    parser.add_argument("--dialogs", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    pool = Candidates(list(Workspace(options.workspace).stage("apis").records(Api)))
    for line in edges(pool, options.edges, options.seed):
        print(line)
    planner = Planner(pool, GenDialogs(), options.seed)
    turns = [turn for index in range(options.dialogs) for turn in planner.draw(index).turns if turn.kind == "dependent"]
    shapes = Counter(map(shape_of, turns))
    shares = ", ".join(f"{shape} {number / len(turns):.1%}" for shape, number in shapes.most_common())
    flow = pool.flow
    print(
        f"{len(pool.apis)} tools, {len(flow.consumers)} take a result, {len(flow.joiners)} can join two; "
        f"{len(turns)} dependent turns in {options.dialogs} dialogs: {shares}"
    )


if __name__ == "__main__":
    main()
