"""What each expert costs for each defect it finds, and what every order of them costs: the order used is the cheapest.

    python scripts/bench/expert_costs.py WORKSPACE [--folder dialogs] [--dialogs 600] [--share 0.1] [--seed 0]

In a share of clean dialogs a defect is planted, as often for one expert as for another. Cost is the number of characters
that a question takes with its prompt; the simulator answers. The first expert that finds something ends a dialog.
"""

from __future__ import annotations

import asyncio
import itertools
import random
from pathlib import Path
from typing import Annotated

import orjson
import typer
from planted_defects import EXPERTS, TRIES, plant

from toolace.assets import asset
from toolace.backends.prompts import Prompts
from toolace.backends.simulator import Simulator
from toolace.records import Dialog
from toolace.rules import check_dialog
from toolace.shards import Workspace
from toolace.verify import roles
from toolace.verify.experts import BY_COST, context_for, examine

Told = dict[str, tuple[int, bool]]
"""For each expert: characters of its question (0 where it is not asked), and whether it finds a defect."""


def main(
    workspace: Annotated[Path, typer.Argument()],
    folder: Annotated[str, typer.Option(help="stage folder to read")] = "dialogs",
    dialogs: Annotated[int, typer.Option(min=1, help="dialogs looked at")] = 600,
    share: Annotated[float, typer.Option(min=0.0, max=1.0, help="share of them that gets a defect")] = 0.1,
    seed: Annotated[int, typer.Option()] = 0,
) -> None:
    """Prints the two tables."""
    lines = [line for _, line in itertools.islice(Workspace(workspace).stage(folder).lines(), dialogs)]
    rng = random.Random(seed)
    prompts = Prompts([asset("prompts")])
    drawn = (spoilt(orjson.loads(line), rng) if rng.random() < share else Dialog.read(line) for line in lines)
    told = [one for one in (asked_all(dialog, prompts) for dialog in drawn) if one is not None]
    defective = sum(any(found for _, found in one.values()) for one in told)
    print(f"{len(told)} dialogs that pass the rules, {defective} with a defect")
    print(
        "\n| expert | asked | characters a question | defects found | characters a defect |\n|---|---:|---:|---:|---:|"
    )
    for name in EXPERTS:
        asked = [one[name][0] for one in told if one[name][0]]
        found = sum(one[name][1] for one in told)
        each = f"{sum(asked) / found:,.0f}" if found else "-"
        print(f"| {name} | {len(asked)} | {sum(asked) / max(1, len(asked)):,.0f} | {found} | {each} |")
    print("\n| order | characters in all |\n|---|---:|")
    orders = sorted((sum(cost_of(one, order) for one in told), order) for order in itertools.permutations(EXPERTS))
    for cost, order in orders:
        print(f"| {', '.join(order)}{' (used)' if order == BY_COST else ''} | {cost:,} |")


def spoilt(made: dict[str, object], rng: random.Random) -> Dialog:
    """The dialog with a defect for an expert drawn at random; as it is where it gives room for none."""
    expert = rng.choice(tuple(EXPERTS))
    mutators = [mutator for kind in EXPERTS[expert].values() for mutator in kind]
    tries = (plant(made, rng.choice(mutators), rng) for _ in range(TRIES))
    return next(filter(None, tries), None) or Dialog.model_validate(made)


def asked_all(dialog: Dialog, prompts: Prompts) -> Told | None:
    """What every expert says of a dialog, each asked alone; None where a rule rejects it before."""
    if any(finding.severity == "error" for finding in check_dialog(dialog)):
        return None
    told: Told = {}
    for name in EXPERTS:
        context = context_for(name, dialog, "en")
        if context is None:
            told[name] = 0, False
            continue
        length = sum(len(message["content"]) for message in prompts.render(roles.EXPERTS[name], context))
        found = asyncio.run(examine(dialog, (name,), 1, "en", 0, Simulator(0).ask))
        told[name] = length, bool(found)
    return told


def cost_of(told: Told, order: tuple[str, ...]) -> int:
    """Characters asked until the first expert finds something."""
    cost = 0
    for name in order:
        cost += told[name][0]
        if told[name][1]:
            break
    return cost


if __name__ == "__main__":
    typer.run(main)
