"""What the predictor saves and how often it errs, on dialogs that the learner scored while they were made.

    toolace gen-dialogs -w WORKSPACE --set complexity.rounds=0
    python scripts/bench/learner_predictor.py WORKSPACE [--dialogs FILE.jsonl] [--folds 5]

Two predictors: the one that `toolace calibrate` trained (on its prior set, none of these dialogs), and one trained on these
dialogs themselves, each fold predicted from the others. Wrong is a guess on another side of the range than the learner's number.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from math import sqrt
from pathlib import Path
from typing import Any

from toolace.complexity.bounds import bounds_for, predictor_for
from toolace.complexity.factors import first_exchange
from toolace.complexity.predictor import Predictor, features, trained
from toolace.complexity.ranks import spearman
from toolace.complexity.steering import Range
from toolace.config import ComplexitySection
from toolace.errors import UserMistake
from toolace.records import Dialog
from toolace.shards import Workspace

Rows = Sequence[tuple[float, ...]]


def told(name: str, guesses: Sequence[float], sure: Sequence[bool], values: Sequence[float], bounds: Range) -> None:
    """One line of figures."""
    pairs = list(zip(guesses, values, sure, strict=True))
    missed = sqrt(sum((guess - value) ** 2 for guess, value, _ in pairs) / len(pairs))
    wrong = sum(is_sure and bounds.side(guess) != bounds.side(value) for guess, value, is_sure in pairs)
    answered = sum(sure)
    print(
        f"{name}: answers {answered / len(pairs):.1%} of {len(pairs)}, {wrong} of these wrongly "
        f"({wrong / max(answered, 1):.1%}); misses by {missed:.3f} (root mean square), Spearman {spearman(guesses, values):+.2f}"
    )


def guessed(predictor: Predictor, rows: Rows, bounds: Range) -> tuple[list[float], list[bool]]:
    """The guesses, and which of them are sure."""
    guesses = [sum(map(float.__mul__, predictor.weights, (1.0, *row))) for row in rows]
    return guesses, [predictor.is_sure(guess, bounds) for guess in guesses]


def lines(path: Path) -> Iterator[Dialog]:
    """The dialogs of a file."""
    with path.open("rb") as file:
        yield from map(Dialog.read, file)


def main() -> None:
    """Prints a line a predictor, and what a guess costs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--dialogs", type=Path, help="a file of dialogs instead of WORKSPACE/dialogs")
    parser.add_argument("--folds", type=int, default=5)
    options = parser.parse_args()
    workspace = Workspace(options.workspace)
    found = lines(options.dialogs) if options.dialogs else workspace.stage("dialogs").records(Dialog)
    dialogs = [one for one in found if one.complexity]
    if not dialogs:
        raise SystemExit("no dialog has a complexity; make them with a learner")
    first: Any = dialogs[0].complexity
    values = [one.complexity.value for one in dialogs if one.complexity]
    started = time.process_time()
    rows = [features(one.tools, first_exchange(one)) for one in dialogs]
    cost = (time.process_time() - started) / len(dialogs)
    settings = ComplexitySection(measure=first.measure)
    calibration = workspace.path("calibration", "calibration.json")
    bounds, source = bounds_for(settings, first.learner, calibration)
    inside = sum(bounds.side(value) == 0 for value in values) / len(values)
    print(
        f"{first.measure} of {first.learner}, range {bounds.lower} to {bounds.upper} ({source}): {inside:.1%} in range"
    )
    try:
        own = predictor_for(settings, first.learner, calibration)
        told("trained by calibrate", *guessed(own, rows, bounds), values, bounds)
    except UserMistake as error:
        print(f"trained by calibrate: {error}")
    guesses, sure = [0.0] * len(rows), [False] * len(rows)
    for fold in range(options.folds):
        apart = [at for at in range(len(rows)) if at % options.folds == fold]
        others = [at for at in range(len(rows)) if at % options.folds != fold]
        made = trained([rows[at] for at in others], [values[at] for at in others])
        for at, guess, is_sure in zip(apart, *guessed(made, [rows[at] for at in apart], bounds), strict=True):
            guesses[at], sure[at] = guess, is_sure
    told(f"trained on these, {options.folds} folds", guesses, sure, values, bounds)
    print(f"a guess costs {1000 * cost:.2f} ms of CPU")


if __name__ == "__main__":
    main()
