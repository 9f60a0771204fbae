"""Micro-batches for a GPU: passes that several threads ask for at the same time become one, padded on the right.

No timer: while a batch runs, the next one gathers. Under a causal mask nothing sees the padding, so a sequence's logits are its
own up to rounding, which depends on the batch: on a CPU, where numbers are to repeat to the bit, one sequence is one pass.
"""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

import torch

TOKENS = 16384
"""Tokens of one batch at most, padding included; a longer sequence goes alone."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Logits wanted of one sequence, at these positions."""

    tokens: list[int]
    positions: list[int]
    logits: Future[Any] = field(default_factory=Future)


class MicroBatches:
    """Runs a causal language model of transformers for many threads."""

    def __init__(self, model: Any, tokens: int = TOKENS):
        self._model, self._tokens = model, tokens
        self._waiting: deque[_Wanted] = deque()
        self._running = threading.Lock()

    def logits(self, tokens: list[int], positions: list[int]) -> Any:
        """Logits (positions, vocabulary) of one sequence. Blocks until the batch that it came into is done."""
        wanted = _Wanted(tokens, positions)
        self._waiting.append(wanted)
        while not wanted.logits.done():
            with self._running:
                if not wanted.logits.done():
                    self._run(self._taken())
        return wanted.logits.result()

    def _taken(self) -> list[_Wanted]:
        """Those who wait, in order of arrival, as many as fit into a batch."""
        batch: list[_Wanted] = []
        longest = 0
        while self._waiting:
            longest = max(longest, len(self._waiting[0].tokens))
            if batch and longest * (len(batch) + 1) > self._tokens:
                break
            batch.append(self._waiting.popleft())
        return batch

    def _run(self, batch: list[_Wanted]) -> None:
        device = self._model.device
        longest = max(len(one.tokens) for one in batch)
        ids = torch.tensor([one.tokens + [0] * (longest - len(one.tokens)) for one in batch], device=device)
        kept = sorted({at for one in batch for at in one.positions})
        try:
            with torch.inference_mode():
                found = self._model(
                    input_ids=ids, use_cache=False, logits_to_keep=torch.tensor(kept, device=device, dtype=torch.long)
                ).logits
        except Exception as error:  # whoever waits must hear of it
            for one in batch:
                one.logits.set_exception(error)
            return
        places = {at: place for place, at in enumerate(kept)}
        for row, one in enumerate(batch):
            one.logits.set_result(found[row, [places[at] for at in one.positions]])
