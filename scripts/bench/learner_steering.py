"""Does steering work: the share of dialogs in range with the loop on and off, rounds, and seconds added a dialog.

    python scripts/bench/learner_steering.py WORKSPACE [--dialogs 300]

WORKSPACE holds apis/. Dialogs are made twice from the same plans; with the loop off, first exchanges are scored all the same.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections import Counter
from pathlib import Path

from toolace.backends.simulator import Simulator
from toolace.config import Config
from toolace.console import Console
from toolace.errors import ReplyError
from toolace.gen_dialogs.candidates import Candidates
from toolace.gen_dialogs.dialog import DialogStage, Made
from toolace.gen_dialogs.plan import Planner
from toolace.pipeline.complexity import scorer_for
from toolace.records import Api, Dialog
from toolace.session import Session
from toolace.shards import Workspace


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
    """Prints one line with the loop off and one with it on."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--dialogs", type=int, default=300)
    options = parser.parse_args()
    config = Config()
    session = Session(config, Workspace(options.workspace), Console())
    scorer = scorer_for(session)
    apis = list(session.workspace.stage("apis").records(Api))
    planner = Planner(Candidates(apis), config.gen_dialogs, config.seed)
    for name, rounds in (("off", 0), ("on", config.complexity.rounds)):
        stage = DialogStage(
            planner, config.gen_dialogs, target=0, language="en", backend="simulator", rounds=rounds, scorer=scorer
        )
        started, processor = time.monotonic(), time.process_time()
        dialogs = asyncio.run(made(stage, options.dialogs, concurrency=8))
        seconds, used = time.monotonic() - started, time.process_time() - processor
        known = [dialog.complexity for dialog in dialogs if dialog.complexity]
        inside = sum(one.in_range is True for one in known) / len(known)
        rounds_used = sum(one.rounds for one in known) / len(known)
        kinds = Counter(dialog.kind for dialog in dialogs)
        good = Counter(dialog.kind for dialog in dialogs if dialog.complexity and dialog.complexity.in_range)
        by_kind = {kind: f"{good[kind] / number:.0%} of {number}" for kind, number in sorted(kinds.items())}
        print(
            f"loop {name}: {inside:.1%} of {len(known)} in range; {rounds_used:.2f} rounds until the one that was kept; "
            f"{seconds / len(dialogs):.2f} s, {used / len(dialogs):.2f} CPU s a dialog; in range by kind: {by_kind}",
            flush=True,
        )


if __name__ == "__main__":
    main()
