"""A learner in this process: a transformers model from the hub, a folder, or a GGUF file, with a LoRA adapter if one is given.

One conversation is read once, in parts; `lm_head` is computed for the answers' positions alone. What does not depend on the
user (system text, tools) always makes parts of its own, whose key-value cache is kept for the next conversation that begins
alike: the split depends on the conversation only, so a number is the same to the bit whether the cache was hit or not. On a GPU
whole conversations go in micro-batches instead.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, DynamicCache
from transformers.utils import logging as transformers_logging

from toolace.complexity.chat import Passage, Rendered, as_chat, as_plain_chat, passages
from toolace.complexity.learners import attention
from toolace.complexity.learners.batches import MicroBatches
from toolace.complexity.learners.converted import converted
from toolace.complexity.steering import Unscorable
from toolace.config import ComplexitySection
from toolace.errors import UserMistake
from toolace.records import Message

CACHES = 4
"""Shared beginnings whose key-value caches are kept: 45 KB a token with the embedded learner."""

SHORTEST_SHARED = 64
"""Tokens from which a shared beginning is worth a pass of its own."""

PART = 1024
"""Tokens of one pass on a CPU, so that memory hardly grows with the length; 512 measures alike, 256 is slower."""

ROWS = 64
"""Logits that are turned into float32 at a time: 12 MB with a vocabulary of 49,152."""


class HfLearner:
    """A causal language model of transformers."""

    def __init__(self, model: Any, tokenizer: Any, name: str):
        self.model, self.tokenizer = model, tokenizer
        self.forks = model.device.type == "cpu"
        self.window: int = getattr(model.config, "max_position_embeddings", 1 << 30)
        self._knows_tools = "tools" in (tokenizer.chat_template or "")
        self.name = name if self._knows_tools else f"{name}, tools in the system text"
        self._caches: OrderedDict[tuple[int, ...], DynamicCache] = OrderedDict()
        self._lock = threading.Lock()
        self._batches = None if self.forks else MicroBatches(model)

    def read(self, tools: Sequence[dict[str, Any]], messages: Sequence[Message]) -> list[Passage]:
        """The conversation as the tokenizer's chat template renders it."""
        if not self._knows_tools:
            return passages(self._rendered, as_plain_chat(tools, messages))
        offered = list(tools) or None
        return passages(lambda chat, speaks: self._rendered(chat, speaks, offered), as_chat(messages))

    def logprobs(self, passage: Passage) -> list[list[float]]:
        """Natural log-probabilities of the tokens of each answer. Raises Unscorable."""
        tokens, answers, shared = self.tokenised(passage)
        if len(tokens) > self.window:
            raise Unscorable("longer_than_learner_window", f"{len(tokens)} tokens, the window is {self.window}")
        scored = [at for start, end in answers for at in range(start, end)]
        values: list[float] = []
        with torch.inference_mode():
            for logits in self._logits(tokens, [at - 1 for at in scored], shared):
                for rows in logits.split(ROWS):
                    wanted = [tokens[at] for at in scored[len(values) : len(values) + len(rows)]]
                    targets = torch.tensor(wanted, device=rows.device, dtype=torch.long)
                    values += (-torch.nn.functional.cross_entropy(rows.float(), targets, reduction="none")).tolist()
        flat = iter(values)
        return [[next(flat) for _ in range(start, end)] for start, end in answers]

    def tokenised(self, passage: Passage) -> tuple[list[int], list[tuple[int, int]], int]:
        """Tokens of a passage, the answers as ranges of them, and how many of them no user wrote.

        A token belongs to an answer when it ends inside it; the first token of all is never scored, nothing stands before it.
        """
        encoded = self.tokenizer(passage.content, add_special_tokens=False, return_offsets_mapping=True)
        tokens, ends = encoded["input_ids"], [end for _, end in encoded["offset_mapping"]]
        ranges: list[tuple[int, int]] = []
        at = 0
        for start, end in passage.answers:
            while at < len(ends) and ends[at] <= start:
                at += 1
            first = max(at, 1)
            while at < len(ends) and ends[at] <= end:
                at += 1
            ranges.append((first, max(first, at)))
        shared = sum(1 for end in ends if end <= passage.shared)
        return tokens, ranges, shared if shared >= SHORTEST_SHARED else 0

    def _logits(self, tokens: list[int], positions: list[int], shared: int) -> Iterator[torch.Tensor]:
        """Logits (n, vocabulary) at these ascending positions, all of them behind the shared beginning, part by part."""
        if self._batches:
            yield self._batches.logits(tokens, positions)
            return
        shared = min([shared, *positions])
        cache = self.beginning(tuple(tokens[:shared])) if shared else DynamicCache(config=self.model.config)
        end = max(positions, default=-1) + 1
        for first in range(shared, end, PART):
            part = tokens[first : min(first + PART, end)]
            yield self._passed(part, cache, [at - first for at in positions if first <= at < first + PART])

    def _passed(self, part: Sequence[int], cache: DynamicCache, keep: list[int]) -> torch.Tensor:
        """Runs some tokens behind those of the cache, which grows; logits (n, vocabulary) at the kept of them."""
        device = self.model.device
        ids = torch.tensor([part], device=device)
        kept = torch.tensor(keep, device=device, dtype=torch.long)
        logits: torch.Tensor = self.model(
            input_ids=ids, past_key_values=cache, use_cache=True, logits_to_keep=kept
        ).logits[0]
        return logits

    def beginning(self, tokens: tuple[int, ...]) -> DynamicCache:
        """A key-value cache behind these tokens; it shares the kept one's memory, and growing it leaves that as it is."""
        with self._lock:
            kept = self._caches.get(tokens)
        if kept is None:
            kept = DynamicCache(config=self.model.config)
            for first in range(0, len(tokens), PART):
                self._passed(tokens[first : first + PART], kept, [])
        with self._lock:
            self._caches[tokens] = kept
            self._caches.move_to_end(tokens)
            while len(self._caches) > CACHES:
                self._caches.popitem(last=False)
        copy = DynamicCache(config=self.model.config)
        for at, layer in enumerate(kept.layers):
            copy.update(layer.keys, layer.values, at)
        return copy

    def _rendered(
        self, chat: list[dict[str, Any]], speaks: bool, tools: list[dict[str, Any]] | None = None
    ) -> Rendered:
        text: str = self.tokenizer.apply_chat_template(chat, tools=tools, tokenize=False, add_generation_prompt=speaks)
        return text


def load(source: str, settings: ComplexitySection) -> HfLearner:
    """Loads a model: a GGUF file, a folder, or a hub id. Raises UserMistake."""
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    torch.set_num_threads(1)  # the scorer runs one conversation a core
    torch.set_float32_matmul_precision("medium")
    path = Path(source).expanduser()
    if path.suffix == ".gguf" and not path.is_file():
        raise UserMistake(f"complexity.learner: {source!r} does not exist")
    folder = str(converted(path)) if path.suffix == ".gguf" else source
    device = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder)
        model = AutoModelForCausalLM.from_pretrained(
            folder, dtype=torch.float32 if settings.adapter else _dtype(settings)
        )
    except (OSError, ValueError, KeyError) as error:
        raise UserMistake(f"complexity.learner: {source!r} cannot be loaded: {_first_line(error)}") from error
    name = path.stem if path.suffix == ".gguf" or path.is_dir() else source
    if settings.adapter:
        model, name = _adapted(model, settings.adapter), f"{name}+{Path(settings.adapter).name}"
    if not tokenizer.chat_template:
        raise UserMistake(f"complexity.learner: {source!r} has no chat template; give an instruct model")
    model = model.to(device=device, dtype=_dtype(settings)).eval().requires_grad_(False)
    if device == "cpu" and attention.fits(model.config):
        model.set_attn_implementation(attention.NAME)
    return HfLearner(model, tokenizer, f"{name}, {str(_dtype(settings)).removeprefix('torch.')}")


def _dtype(settings: ComplexitySection) -> torch.dtype:
    """bfloat16 where the machine multiplies it natively (2.5 times as fast on a CPU, loss error below 0.02), else float32."""
    if settings.dtype != "auto":
        return torch.bfloat16 if settings.dtype == "bfloat16" else torch.float32
    native = torch.cuda.is_available() or torch.cpu._is_avx512_bf16_supported()
    return torch.bfloat16 if native else torch.float32


def _adapted(model: Any, adapter: str) -> Any:
    """The model with a LoRA adapter folder merged into its weights."""
    if not (Path(adapter) / "adapter_config.json").is_file():
        raise UserMistake(f"complexity.adapter: {adapter!r} is no LoRA adapter folder (adapter_config.json is missing)")
    from peft import PeftModel

    try:
        return PeftModel.from_pretrained(model, adapter).merge_and_unload()
    except (RuntimeError, ValueError, OSError) as error:
        raise UserMistake(f"complexity.adapter: {adapter!r} does not fit the learner: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
