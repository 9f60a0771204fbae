"""Learners: the model to be tuned, as far as complexity needs it. One narrow seam, and where each kind is opened."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from typing import Any, Protocol

from toolace.complexity.chat import Passage
from toolace.config import ComplexitySection
from toolace.errors import UserMistake
from toolace.records import Message

EXTRA = "pip install 'toolace[learner]'"


class Learner(Protocol):
    """Computes log-probabilities. Its methods may be called from several threads."""

    name: str
    """What records say of it: the model, and how it is given tools where its chat template knows none."""

    forks: bool
    """Whether it works on in worker processes that are forked once it is loaded: on a CPU, but with no GPU or connection."""

    def read(self, tools: Sequence[dict[str, Any]], messages: Sequence[Message]) -> list[Passage]:
        """The conversation as this learner's chat template renders it."""
        ...

    def logprobs(self, passage: Passage) -> list[list[float]]:
        """Natural log-probabilities of the tokens of each answer, given all that stands before. Raises Unscorable."""
        ...


def chosen(settings: ComplexitySection) -> str:
    """The learner that `complexity.learner` means here: `auto` is smollm2 with the extra installed, else none."""
    if settings.learner != "auto":
        return settings.learner
    return "smollm2" if is_installed() else "none"


def is_installed() -> bool:
    """Whether the [learner] extra is here; nothing is imported to find out."""
    return all(importlib.util.find_spec(name) for name in ("torch", "transformers", "gguf", "safetensors"))


def open_learner(settings: ComplexitySection) -> Learner | None:
    """The configured learner, loaded and ready; None for `none`. Raises UserMistake, before work starts."""
    which = chosen(settings)
    if which == "none":
        return None
    if which.startswith("vllm:"):
        from toolace.complexity.learners.completions import CompletionsLearner

        return CompletionsLearner(which.removeprefix("vllm:"))
    if not is_installed():
        raise UserMistake(
            f"complexity.learner {which!r} needs the learner extra: {EXTRA}, or set complexity.learner: none"
        )
    from toolace.complexity.learners.hf import load
    from toolace.complexity.learners.smollm2 import gguf_path

    source = str(gguf_path()) if which == "smollm2" else which.removeprefix("hf:")
    return load(source, settings)
