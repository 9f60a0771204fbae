# ruff: noqa: E402 (what follows the extra's imports needs the extra)
"""Micro-batches, on a tiny random Llama: needs the [learner] extra."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip(
    "torch", reason="the [learner] extra is not installed; `scripts/venv dev learner` installs it"
)

from transformers import LlamaForCausalLM

from toolace.complexity.learners.batches import MicroBatches

SEQUENCES = [list(range(3, 3 + length)) for length in (9, 30, 17, 4, 25, 12)]


class Slow:
    """A model that waits before its first pass until all sequences are asked for, and says how large each batch was."""

    def __init__(self, folder: Path):
        self.model = LlamaForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
        self.device, self.batches = self.model.device, list[int]()
        self.may_start = threading.Event()

    def __call__(self, **inputs: Any) -> Any:
        self.may_start.wait(10)
        self.batches.append(len(inputs["input_ids"]))
        return self.model(**inputs)


def asked(batches: MicroBatches, slow: Slow) -> list[Any]:
    """The logits of every sequence at its second and its last token, asked for at once."""
    with ThreadPoolExecutor(len(SEQUENCES)) as threads:
        found = [threads.submit(batches.logits, one, [1, len(one) - 1]) for one in SEQUENCES]
        while len(batches._waiting) < len(SEQUENCES) - 1 and not slow.may_start.is_set():
            time.sleep(0.01)
        slow.may_start.set()
        return [one.result(10) for one in found]


def test_what_waits_while_a_batch_runs_goes_together(folder: Path) -> None:
    """The first goes alone, the others in one batch; each gets its own logits."""
    slow = Slow(folder)
    found = asked(MicroBatches(slow), slow)
    assert slow.batches == [1, 5]
    for sequence, logits in zip(SEQUENCES, found, strict=True):
        alone = slow.model(torch.tensor([sequence])).logits[0, [1, len(sequence) - 1]]
        assert torch.allclose(logits, alone, atol=1e-5)


def test_a_batch_holds_only_so_many_tokens(folder: Path) -> None:
    """Padding counts; nothing is left behind."""
    slow = Slow(folder)
    assert len(asked(MicroBatches(slow, tokens=60), slow)) == 6
    assert sum(slow.batches) == 6
    assert max(slow.batches) <= 3


def test_a_failing_batch_fails_for_all_who_wait(folder: Path) -> None:
    """And the next one runs."""
    slow = Slow(folder)
    slow.may_start.set()
    batches = MicroBatches(slow)
    with pytest.raises(IndexError):
        batches.logits([10**6], [0])
    assert batches.logits([3, 4], [1]).shape[0] == 1
