"""Plants each rule's and each expert's defect into clean dialogs, and counts what is found.

    python scripts/bench/planted_defects.py WORKSPACE [--folder dialogs] [--planted 200] [--clean 10000]

Recall: planted defects that the rule itself finds, in dialogs where it found nothing before. False alarms: clean dialogs in
which it finds something. `beside`: other rules that find something new in the same dialogs, most often first;
one defect often breaks several rules.
"""

from __future__ import annotations

import argparse
import asyncio
import copy
import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import orjson
from defects.calls import CALLS
from defects.conversation import CONVERSATION
from defects.definition import DEFINITION
from defects.experts import CONSISTENCY, HALLUCINATION, TOOL_RESPONSE
from defects.places import Json, Mutator
from defects.sample import SAMPLE

from toolace.backends.simulator import Simulator
from toolace.records import Dialog, Finding
from toolace.rules import check_dialog, describe
from toolace.shards import Workspace
from toolace.verify.experts import examine

RULES = {"definition": DEFINITION, "executability": CALLS, "dialog": CONVERSATION, "sample": SAMPLE}
EXPERTS = {"hallucination": HALLUCINATION, "consistency": CONSISTENCY, "tool_response": TOOL_RESPONSE}
TRIES = 60
"""Dialogs tried for one planted defect, before it is given up."""

Check = Callable[[Dialog], Iterable[Finding]]


def main() -> None:
    """Prints one table for the rules and one for the experts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--folder", default="dialogs", help="stage folder to read [dialogs]")
    parser.add_argument("--planted", type=int, default=200, help="defects planted for each rule [200]")
    parser.add_argument("--clean", type=int, default=10_000, help="clean dialogs looked at [10000]")
    options = parser.parse_args()
    lines = [line for _, line in Workspace(options.workspace).stage(options.folder).lines()][: options.clean]
    alarms: Counter[str] = Counter()
    clean: list[Json] = []
    for line in lines:
        dialog = Dialog.model_validate(orjson.loads(line))
        checks = {one.check for one in (*check_dialog(dialog), *asked(dialog, tuple(EXPERTS)))}
        alarms.update(checks or {"(none)"})
        if not checks:
            clean.append(orjson.loads(line))
    print(
        f"{len(lines)} dialogs, {len(lines) - alarms['(none)']} with a finding, {len(clean)} clean ones to plant in\n"
    )
    print("| aspect | rule | planted | recall | false alarms | beside |\n|---|---|---:|---:|---:|---|")
    for aspect, name, _ in describe():
        planted, found, beside = measured(clean, RULES[aspect][name], name, check_dialog, options.planted)
        print(row(aspect, name, planted, found, alarms[name], beside))
    print("\n| expert | defect | planted | recall | false alarms | beside |\n|---|---|---:|---:|---:|---|")
    for expert, kinds in EXPERTS.items():
        for kind, mutators in kinds.items():
            planted, found, beside = measured(
                clean, mutators, expert, partial(asked, experts=(expert,)), options.planted
            )
            print(row(expert, kind, planted, found, alarms[expert], beside))


def measured(
    clean: list[Json], mutators: tuple[Mutator, ...], name: str, check: Check, wanted: int
) -> tuple[int, int, Counter[str]]:
    """(planted, found by the rule itself, what else was found) for one rule; seeded by its name."""
    rng = random.Random(name)
    planted = found = 0
    beside: Counter[str] = Counter()
    for mutator in itertools.islice(itertools.cycle(mutators), wanted):
        spoilt = next(filter(None, (plant(rng.choice(clean), mutator, rng) for _ in range(TRIES))), None)
        if spoilt is None:
            continue
        checks = {finding.check for finding in check(spoilt)}
        planted += 1
        found += name in checks
        beside.update(checks - {name})
    return planted, found, beside


def plant(made: Json, mutator: Mutator, rng: random.Random) -> Dialog | None:
    """A copy of a clean dialog with the defect; None where there is no room for it."""
    copied = copy.deepcopy(made)
    return Dialog.model_validate(copied) if mutator(copied, rng) else None


def asked(dialog: Dialog, experts: tuple[str, ...]) -> list[Finding]:
    """What the simulated experts find."""
    return asyncio.run(examine(dialog, experts, 1, "en", 0, Simulator(0).ask))


def row(group: str, name: str, planted: int, found: int, alarms: int, beside: Counter[str]) -> str:
    """One line of a table."""
    recall = f"{found / planted:.3f}" if planted else "-"
    others = ", ".join(f"{other} {count}" for other, count in beside.most_common(3))
    return f"| {group} | {name} | {planted} | {recall} | {alarms} | {others} |"


if __name__ == "__main__":
    main()
