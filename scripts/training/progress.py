"""One line on stderr every few seconds: step, loss, tokens, time left."""

from __future__ import annotations

import sys
import time
from typing import Any

from transformers import TrainerCallback

SECONDS = 10.0


class Lines(TrainerCallback):  # type: ignore[misc]  # transformers comes with an extra
    """Says how far training is. A resumed run counts from where it went on."""

    def __init__(self) -> None:
        self._start = self._last = time.monotonic()
        self._first = 0
        self._loss: float | None = None

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self._start, self._first = time.monotonic(), state.global_step

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, Any] | None = None, **_: Any) -> None:
        """A line every SECONDS, and one for the last step."""
        self._loss = (logs or {}).get("loss", self._loss)
        now = time.monotonic()
        if now - self._last < SECONDS and state.global_step < state.max_steps:
            return
        self._last = now
        done = state.global_step - self._first
        left = (now - self._start) / done * (state.max_steps - state.global_step) if done else 0.0
        loss = "" if self._loss is None else f", loss {self._loss:.3f}"
        facts = (
            f"step {state.global_step}/{state.max_steps}, epoch {state.epoch or 0:.2f}{loss}, {left / 60:.1f} min left"
        )
        print(f"train: {facts}", file=sys.stderr, flush=True)
