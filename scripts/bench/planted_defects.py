"""Plants each rule's and each expert's defect into clean dialogs, and counts what is found.

    python scripts/bench/planted_defects.py WORKSPACE [--folder dialogs] [--planted 200] [--clean 10000] [--readme README.md]

Recall: planted defects that the rule itself finds, in dialogs where it found nothing before. False alarms: clean dialogs in
which it finds something. `beside`: other rules that find something new in the same dialogs, most often first;
one defect often breaks several rules. `--readme` puts the tables, without `beside`, in place of those in a file.
"""

from __future__ import annotations

import argparse
import asyncio
import copy
import itertools
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
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
HEADS = (
    "| aspect | rule | planted | recall | false alarms |",
    "| expert | made up or wrong | planted | recall | false alarms |",
)
TRIES = 60
"""Dialogs tried for one planted defect, before it is given up."""

Check = Callable[[Dialog], Iterable[Finding]]


def main() -> None:
    """Prints one table for the rules and one for the experts, or writes them into a file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--folder", default="dialogs", help="stage folder to read [dialogs]")
    parser.add_argument("--planted", type=int, default=200, help="defects planted for each rule [200]")
    parser.add_argument("--clean", type=int, default=10_000, help="clean dialogs looked at [10000]")
    parser.add_argument("--readme", type=Path, help="file whose two tables are replaced by these")
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
    tables: list[list[str]] = [[], []]
    for table, rows in enumerate(
        (rules_rows(clean, alarms, options.planted), experts_rows(clean, alarms, options.planted))
    ):
        print(f"\n{HEADS[table]} beside |\n|---|---|---:|---:|---:|---|")
        for printed, beside in rows:
            print(f"{printed} {beside} |", flush=True)
            tables[table].append(printed)
    if options.readme:
        options.readme.write_text(replaced(options.readme.read_text(), tables))


Rows = Iterator[tuple[str, str]]


def rules_rows(clean: list[Json], alarms: Counter[str], wanted: int) -> Rows:
    """A table's line and what else was found, for each rule."""
    for aspect, name, _ in describe():
        yield row(aspect, name, alarms[name], *measured(clean, RULES[aspect][name], name, check_dialog, wanted))


def experts_rows(clean: list[Json], alarms: Counter[str], wanted: int) -> Rows:
    """The same for each expert and kind of defect."""
    for expert, kinds in EXPERTS.items():
        check = partial(asked, experts=(expert,))
        for kind, mutators in kinds.items():
            yield row(expert, kind, alarms[expert], *measured(clean, mutators, expert, check, wanted))


def replaced(text: str, tables: list[list[str]]) -> str:
    """A page with other lines below the heads of its two tables."""
    for head, lines in zip(HEADS, tables, strict=True):
        found = re.search(rf"{re.escape(head)}\n(?:\|.*\n)+", text)
        assert found, f"the page has a table that begins with {head!r}"
        made = "\n".join([head, "|---|---|---:|---:|---:|", *lines, ""])
        text = text[: found.start()] + made + text[found.end() :]
    return text


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


def row(group: str, name: str, alarms: int, planted: int, found: int, beside: Counter[str]) -> tuple[str, str]:
    """One line of a table, and what else was found."""
    recall = f"{found / planted:.3f}" if planted else "-"
    others = ", ".join(f"{other} {count}" for other, count in beside.most_common(3))
    return f"| {group} | {name} | {planted} | {recall} | {alarms} |", others


if __name__ == "__main__":
    main()
