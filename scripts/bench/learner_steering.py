"""Does steering work: the share of dialogs in range with the loop on and off, rounds, and seconds added a dialog.

    python scripts/bench/learner_steering.py WORKSPACE [--dialogs 300] [--keep DIALOGS.jsonl]

WORKSPACE holds apis/. Dialogs are made from the same plans without a learner, with the loop off (first exchanges are scored all
the same), and with it on, for which first scores are remembered: they would come out the same. Those made with the loop off are
kept where --keep says, for learner_predictor.py.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import os
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

from toolace.backends.simulator import Simulator
from toolace.complexity.steering import Scorer
from toolace.config import Config
from toolace.console import Console
from toolace.errors import ReplyError
from toolace.gen_dialogs.candidates import Candidates
from toolace.gen_dialogs.dialog import DialogStage, Made
from toolace.gen_dialogs.plan import Planner
from toolace.pipeline.complexity import scorer_for
from toolace.records import Api, Dialog, Message
from toolace.session import Session
from toolace.shards import Workspace


class Remembering:
    """A scorer that computes no number twice."""

    def __init__(self, scorer: Scorer):
        self.learner, self.measure, self.range, self.forks = scorer.learner, scorer.measure, scorer.range, False
        self._scorer = scorer
        self._known: dict[bytes, float] = {}

    async def score(self, tools: Sequence[dict[str, Any]], messages: Sequence[Message]) -> float:
        """The learner's number. Raises Unscorable."""
        text = orjson.dumps([list(tools), [message.model_dump() for message in messages]])
        key = hashlib.sha256(text).digest()
        if key not in self._known:
            self._known[key] = await self._scorer.score(tools, messages)
        return self._known[key]


async def made(stage: DialogStage, count: int, concurrency: int) -> list[Dialog]:
    """Dialogs of the first `count` attempts that give one."""
    backend, slots = Simulator(0), asyncio.Semaphore(concurrency)

    async def one(index: int) -> Dialog | None:
        async with slots:
            try:
                result: Made = await stage.attempt(index, index, backend.ask)
            except ReplyError:
                return None
        return Dialog.model_validate_json(result.line) if result.line else None

    return [dialog for dialog in await asyncio.gather(*map(one, range(count))) if dialog]


def main() -> None:
    """Prints one line each without a learner, with the loop off, and with it on."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--dialogs", type=int, default=300)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    config = Config()
    session = Session(config, Workspace(options.workspace), Console())
    learner = scorer_for(session)
    assert learner is not None, "there is no learner here"
    scorer = Remembering(learner)
    planner = Planner(Candidates(list(session.workspace.stage("apis").records(Api))), config.gen_dialogs, config.seed)
    spent: dict[str, tuple[float, float]] = {}
    for name, steers, rounds in (
        ("no learner", None, 0),
        ("loop off", scorer, 0),
        ("loop on", scorer, config.complexity.rounds),
    ):
        stage = DialogStage(
            planner, config.gen_dialogs, target=0, language="en", backend="simulator", rounds=rounds, scorer=steers
        )
        started, processor = time.monotonic(), time.process_time()
        dialogs = asyncio.run(made(stage, options.dialogs, concurrency=8))
        if name == "loop off" and options.keep:
            options.keep.write_bytes(b"".join(dialog.line() + b"\n" for dialog in dialogs))
        number = len(dialogs)
        spent[name] = (time.monotonic() - started) / number, (time.process_time() - processor) / number
        kinds = Counter(dialog.kind for dialog in dialogs)
        mix = ", ".join(f"{kind} {kinds[kind] / number:.1%}" for kind in sorted(kinds))
        print(f"{name}: {number} dialogs ({mix}){_ranges(dialogs) if steers else ''}", flush=True)
    added = (sum(spent[name][at] - spent["no learner"][at] for name in ("loop off", "loop on")) for at in (0, 1))
    wall, processor = added
    print(
        f"added a dialog: {wall:.2f} s, {processor:.2f} s of CPU; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )


def _ranges(dialogs: list[Dialog]) -> str:
    """How many are in range, in all and by kind, and after how many rounds."""
    known = [(dialog.kind, dialog.complexity) for dialog in dialogs if dialog.complexity]
    inside = Counter(kind for kind, one in known if one.in_range)
    every = Counter(kind for kind, _ in known)
    bands = Counter(one.band for _, one in known)
    rounds = sum(one.rounds for _, one in known) / len(known)
    by_kind = ", ".join(f"{kind} {inside[kind] / every[kind]:.0%}" for kind in sorted(every))
    return (
        f"; in range {inside.total() / len(known):.1%} ({by_kind}); easy {bands['easy']}, hard {bands['hard']}; "
        f"{rounds:.2f} rounds until the one that was kept"
    )


if __name__ == "__main__":
    main()
