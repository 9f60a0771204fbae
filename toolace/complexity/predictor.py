"""A guess at an exchange's complexity without the learner, for where the guess is sure (the paper's stated limit is the cost of
evaluating). Ridge regression on what can be counted.

It is trained by `toolace calibrate` on the prior set; what it saves and how often it errs, scripts/bench/learner_predictor.py
says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log1p
from typing import Any

from toolace.complexity.factors import dissimilarity, number_of_calls
from toolace.complexity.steering import Range, Scorer
from toolace.records import Message, compact

FEATURES = (
    "candidates",
    "tool words",
    "calls",
    "steps",
    "arguments",
    "answer words",
    "user words",
    "dissimilarity",
    "surprise",
)
"""Counts enter as log(1 + n)."""

SHRINKAGE = 1.0
"""Ridge penalty, in samples, on standardised features."""

SURE = 1.5
"""Root mean square errors by which a guess must lie off each bound of the range."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Predictor:
    """`weights` are an intercept and one weight a feature; `error` is the root mean square of what it misses, each sample
    left out in turn, in the measure's unit."""

    weights: tuple[float, ...]
    error: float

    def value(self, tools: Sequence[dict[str, Any]], messages: Sequence[Message]) -> float:
        """The complexity that it expects, in the measure's unit."""
        return sum(map(float.__mul__, self.weights, (1.0, *features(tools, messages))))

    def is_sure(self, value: float, bounds: Range) -> bool:
        """Whether a guess says on which side of the range an exchange lies."""
        return all(bound is None or abs(value - bound) > SURE * self.error for bound in bounds)


class PredictingScorer:
    """Asks the learner only where the predictor is not sure; the learner's name in the records says so."""

    def __init__(self, scorer: Scorer, predictor: Predictor):
        self.learner, self.measure, self.range = f"{scorer.learner}, predicted where sure", scorer.measure, scorer.range
        self.forks = scorer.forks
        self._scorer, self._predictor = scorer, predictor

    async def score(self, tools: Sequence[dict[str, Any]], messages: Sequence[Message]) -> float:
        """The guess where it is sure, else the learner's own number. Raises Unscorable."""
        guess = self._predictor.value(tools, messages)
        return guess if self._predictor.is_sure(guess, self.range) else await self._scorer.score(tools, messages)


def features(tools: Sequence[dict[str, Any]], messages: Sequence[Message]) -> tuple[float, ...]:
    """The features of an exchange, in the order of FEATURES."""
    answers = [message for message in messages if message.role == "assistant"]
    called = [call.function for message in answers for call in message.tool_calls or ()]
    said = _words(" ".join([*(one.content or "" for one in answers), *(compact(one.arguments) for one in called)]))
    asked = _words(" ".join(message.content or "" for message in messages if message.role == "user"))
    context = _words(" ".join(compact(tool["function"]) for tool in tools))
    given = _words(" ".join(message.content or "" for message in messages if message.role != "assistant"))
    known = {*pairwise(context), *pairwise(given)}
    pairs = list(pairwise(said))
    counts = (
        len(tools),
        len(context),
        number_of_calls(answers),
        sum(bool(message.tool_calls) for message in answers),
        sum(len(one.arguments) for one in called),
        len(said),
        len(asked),
    )
    surprise = sum(pair not in known for pair in pairs) / len(pairs) if pairs else 0.0
    return (*map(log1p, counts), dissimilarity(tools, messages), surprise)


def trained(rows: Sequence[tuple[float, ...]], values: Sequence[float]) -> Predictor:
    """Ridge regression of complexities on features. Needs more rows than features; raises ValueError."""
    import numpy as np

    if len(rows) <= len(FEATURES) + 1:
        raise ValueError(f"{len(rows)} exchanges are too few to train a predictor of {len(FEATURES)} features")
    table, wanted = np.array(rows), np.array(values)
    middle, spread = table.mean(0), table.std(0) + 1e-9
    inputs = np.column_stack([np.ones(len(table)), (table - middle) / spread])
    penalty = SHRINKAGE * np.eye(inputs.shape[1])
    penalty[0, 0] = 0.0
    solver = np.linalg.solve(inputs.T @ inputs + penalty, inputs.T)
    weights = solver @ wanted
    leverage = np.einsum("ij,ji->i", inputs, solver)
    missed = (wanted - inputs @ weights) / (1 - leverage)  # of each sample, had it been left out
    slopes = weights[1:] / spread
    intercept = weights[0] - slopes @ middle
    return Predictor(tuple(map(float, (intercept, *slopes))), float(np.sqrt((missed**2).mean())))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())
