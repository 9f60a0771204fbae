"""Loss-based complexity, arithmetic only (paper, section 2.2.2): from log-probabilities of answer tokens to one number.

`H_M(x, y) = -(1/n_y) · Σ log p_M(t_i | x, t_<i)`: the mean negative log-likelihood of the answer's tokens, in nats a token. An
answer is what an assistant message adds to the conversation: text and calls as the learner's chat template writes them, and the
token that ends the turn. The template's head of the message, the system text, the tools, the user's words and the tools' results
are context: they are conditioned on and never counted. Over several messages, tokens count alike, whichever message holds them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from toolace.complexity.steering import Unscorable

LogProbs = Sequence[Sequence[float]]
"""Natural log-probabilities of the answers' tokens, one list an assistant message."""


def total(answers: LogProbs) -> float:
    """Summed negative log-likelihood of all answers, in nats. Raises Unscorable."""
    values = [value for answer in answers for value in answer]
    if not values:
        raise Unscorable("nothing_to_score")
    if not all(map(math.isfinite, values)):
        raise Unscorable("loss_is_not_finite")
    return -math.fsum(values)


def nll(answers: LogProbs) -> float:
    """H: mean negative log-likelihood, in nats a token (the paper's measure). Raises Unscorable.

    It is biased by length: the repeated syntax of parallel calls is cheap, so long answers look easy.
    """
    return total(answers) / sum(map(len, answers))


def nll_ratio(answers: LogProbs, unasked: LogProbs) -> float:
    """H/H₀: the loss over the loss of the same answers where the user says nothing, without unit. Raises Unscorable.

    Below 1, the user's words help; near 1, the learner does not see what the answer has to do with them. Syntax, cheap in both,
    cancels out.
    """
    base = nll(unasked)
    if base <= 0:
        raise Unscorable("nothing_to_score")
    return nll(answers) / base


def _total(answers: LogProbs, unasked: LogProbs) -> float:
    return total(answers)


def _nll(answers: LogProbs, unasked: LogProbs) -> float:
    return nll(answers)


MEASURES: Mapping[str, Callable[[LogProbs, LogProbs], float]] = {"nll": _nll, "nll_ratio": nll_ratio, "total": _total}
"""Measures by name, over the answers' log-probabilities and those without the user's words."""

NEED_UNASKED = frozenset({"nll_ratio"})
"""Measures for which the answers must be scored a second time, without the user's words."""
