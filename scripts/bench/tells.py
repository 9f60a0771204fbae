"""Tries to cheat: guesses the called tool, and whether one is called at all, without reading the request or by its form alone.

    python scripts/bench/tells.py WORKSPACE [--folder verified] [--limit N]

Logistic regressions by stochastic gradient descent, trained on one half of the dialogs and measured on the other; the
halves share no tool, so that popular tools cannot be learned by heart. Accuracy near chance means that nothing
gives it away.
"""

from __future__ import annotations

import argparse
import itertools
import math
import random
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from toolace.export.split import held_out
from toolace.records import Dialog
from toolace.shards import Workspace
from toolace.tells import FEATURES, Case, Tells, case_of

EPOCHS, RATE = 12, 0.05
Vector = dict[str, float]


class Choice(NamedTuple):
    """One question for a cheat: candidates as features, and which one is right."""

    candidates: list[Vector]
    right: int
    is_test: bool


def main() -> None:
    """Reads the dialogs once and prints the tells and what the cheats reach."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--folder", default="verified", help="stage folder to read [verified]")
    parser.add_argument("--limit", type=int, default=20_000, help="dialogs at most [20000]")
    options = parser.parse_args()
    dialogs = Workspace(options.workspace).stage(options.folder).records(Dialog)
    tells, shapes, words, calls, forms = Tells(), [], [], [], []
    for dialog in itertools.islice(dialogs, options.limit):
        tells.add(dialog)
        calls.append(whether_called(dialog))
        forms.append(by_form(dialog))
        if case := one_sided(dialog):
            shapes.append(choice(case, with_words=False))
            words.append(choice(case, with_words=True))
    print_tells(tells)
    print("\n| cheat, without what is asked | accuracy | chance | cases |\n|---|---:|---:|---:|")
    for name, choices in (("called tool, by shape", shapes), ("called tool, by shape and words", words)):
        print(row(name, choices))
    print(row("whether anything is called, by the candidates' shapes", calls))
    print(row("whether the first request is answered by a call, by how it begins and ends", forms))


def in_test(case: Case) -> bool:
    """The half that a case belongs to, by its true tool."""
    return held_out(case.gold[1]["name"], 0.5)


def one_sided(dialog: Dialog) -> Case | None:
    """The dialog's case with the candidates of its own half: else wrong tools of the test were right ones before."""
    case = case_of(dialog)
    others = [one for one in case.others if held_out(one[1]["name"], 0.5) == in_test(case)] if case else []
    return Case(case.gold, others) if case and others else None


def choice(case: Case, *, with_words: bool) -> Choice:
    """The case as features relative to its candidates' means; the right one first, an order the cheat does not see."""
    placed = [case.gold, *case.others]
    columns = {name: [feature(*one) for one in placed] for name, feature in FEATURES.items()}
    means = {name: sum(column) / len(column) for name, column in columns.items()}
    scale = {name: max(1e-9, max(abs(value - means[name]) for value in column)) for name, column in columns.items()}
    vectors: list[Vector] = []
    for at, (_, function) in enumerate(placed):
        vector = {name: (columns[name][at] - means[name]) / scale[name] for name in FEATURES}
        if with_words:
            vector |= {f"word {word}": 1.0 for word in set((function.get("description") or "").lower().split())}
        vectors.append(vector)
    return Choice(vectors, 0, in_test(case))


def whether_called(dialog: Dialog) -> Choice:
    """The question whether a dialog calls at all, as a choice between `no` (nothing known) and `yes` (its candidates'
    means)."""
    placed = [(0.0, tool["function"]) for tool in dialog.tools]
    vector: Vector = {"": 1.0, "candidates": math.log(1 + len(placed))}
    for name, feature in FEATURES.items():
        vector[name] = math.log1p(sum(feature(*one) for one in placed) / max(1, len(placed)))
    is_test = held_out(dialog.id, 0.5)
    return Choice([{}, vector], int(dialog.kind != "none"), is_test)


def by_form(dialog: Dialog) -> Choice:
    """The question whether the first request is answered by a call: its first words, and whether it is a question."""
    first = dialog.turns[0].first
    said = (dialog.messages[first].content or "").lower().split() or [""]
    sentence = next((word[-1] for word in said if word[-1:] in ".?!"), "")
    vector: Vector = {"": 1.0, said[0]: 1.0, " ".join(said[:2]): 1.0, sentence: 1.0, f"{said[0]}{sentence}": 1.0}
    called = any(message.tool_calls for message in dialog.messages[first + 1 : first + 2])
    return Choice([{}, vector], int(called), held_out(dialog.id, 0.5))


def row(name: str, choices: Sequence[Choice]) -> str:
    """One line of the table: trained on one half, measured on the other."""
    weights = trained([one for one in choices if not one.is_test])
    test = [one for one in choices if one.is_test]
    hits = sum(chosen(weights, one) == one.right for one in test)
    return f"| {name} | {hits / max(1, len(test)):.3f} | {by_chance(test):.3f} | {len(test)} |"


def by_chance(choices: Sequence[Choice]) -> float:
    """Accuracy without features: one of the candidates, or always the commonest answer where the candidates are always
    two."""
    if not choices:
        return 0.0
    if all(one.candidates[0] == {} for one in choices):
        share = sum(one.right for one in choices) / len(choices)
        return max(share, 1 - share)
    return sum(1 / len(one.candidates) for one in choices) / len(choices)


def trained(choices: Sequence[Choice]) -> Vector:
    """Weights of a conditional logit (softmax over the candidates), seeded, so that a rerun gives the same table."""
    rng = random.Random(0)
    weights: Vector = {}
    order = list(choices)
    for epoch in range(EPOCHS):
        rng.shuffle(order)
        for one in order:
            for vector, share, at in zip(one.candidates, shares(weights, one), itertools.count()):
                step = RATE / (1 + epoch) * (float(at == one.right) - share)
                for name, value in vector.items():
                    weights[name] = weights.get(name, 0.0) + step * value
    return weights


def shares(weights: Vector, one: Choice) -> list[float]:
    """Probability of each candidate."""
    scores = list(scored(weights, one.candidates))
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    return [power / sum(powers) for power in powers]


def chosen(weights: Vector, one: Choice) -> int:
    """The candidate with the highest score; ties go by a draw that is the same in every run."""
    scores = list(scored(weights, one.candidates))
    best = [at for at, score in enumerate(scores) if score == max(scores)]
    return random.Random(len(scores)).choice(best)


def scored(weights: Vector, candidates: Iterable[Vector]) -> Iterator[float]:
    """Score of each candidate."""
    for vector in candidates:
        yield sum(weights.get(name, 0.0) * value for name, value in vector.items())


def print_tells(tells: Tells) -> None:
    """The tells as a table."""
    print("| tell | observed | chance | cases | z |\n|---|---:|---:|---:|---:|")
    for tell in tells.found():
        print(f"| {tell.name} | {tell.observed:.3f} | {tell.chance:.3f} | {tell.cases} | {tell.z:+.1f} |")
    filled, calls = tells.filled
    share = filled / max(1, calls)
    print(f"\ncalls that fill every parameter of tools with optional ones: {filled} of {calls} ({share:.1%})")
    print(
        "mean candidates by kind: "
        + ", ".join(f"{kind} {mean:.2f}" for kind, mean in tells.candidates_by_kind().items())
    )


if __name__ == "__main__":
    main()
