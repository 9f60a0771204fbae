"""What calibration does with a learner in this process: greedy answers, and a short LoRA fine-tune (paper, section 3.1)."""

from __future__ import annotations

import json
import math
import random
import re
import warnings
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, get_peft_model

from toolace.complexity.chat import Passage
from toolace.complexity.learners.hf import HfLearner
from toolace.errors import UserMistake

RANK, ALPHA, WARM_UP = 16, 32, 0.1
BATCH = 4
"""Sequences a step; the paper's 48 would leave a small prior set without steps."""

RATE = 5e-4
"""Learning rate: five times the paper's, for a prior set gives tens of steps and not thousands."""

LONG = 1024
"""Tokens of the longest sequence from which layers are computed twice instead of kept: a third slower, 0.1 instead of 0.9 GB a
thousand tokens with the embedded learner, the same gradients to the bit."""

PROSE = 24
"""Tokens within which an answer that calls begins its first call."""

SLACK = 32
"""Tokens by which the learner's own answer may be longer than the true one; what is longer still is wrong anyway."""


_NAME = re.compile(r'"name": ?"([^"]*)"')


def greedy(learner: HfLearner, passage: Passage, wanted: Collection[str]) -> str:
    """What the learner itself would answer in place of the passage's first answer, decoded greedily as far as it can be right.

    It is stopped where it has begun no JSON object within PROSE tokens (it talks, and will not call), and once its first call is
    of a tool that is not `wanted`. The shared beginning is not computed anew where its key-value cache is kept.
    """
    tokens, answers, shared = learner.tokenised(passage)
    start, end = answers[0]
    head = torch.tensor([tokens[:start]], device=learner.model.device)

    def is_lost(found: Any, scores: Any, **_: Any) -> Any:
        said = learner.tokenizer.decode(found[0, start:])
        name = _NAME.search(said)
        lost = name[1] not in wanted if name else found.shape[1] - start >= PROSE and "{" not in said
        return torch.tensor([lost], device=found.device)

    with torch.inference_mode():
        found = learner.model.generate(
            head,
            attention_mask=torch.ones_like(head),
            past_key_values=learner.beginning(tuple(tokens[:shared])) if shared else None,
            stopping_criteria=[is_lost],
            max_new_tokens=end - start + SLACK,
            do_sample=False,
            pad_token_id=0,
        )
    text: str = learner.tokenizer.decode(found[0, start:], skip_special_tokens=True)
    return text


def calls_in(text: str) -> list[tuple[str, dict[str, Any]]]:
    """The calls of an answer, in whatever brackets a template puts them: every JSON object with a name and arguments."""
    found: list[tuple[str, dict[str, Any]]] = []
    decoder = json.JSONDecoder()
    at = text.find("{")
    while at >= 0:
        try:
            value, end = decoder.raw_decode(text, at)
        except ValueError:
            end = at + 1
        else:
            arguments = value.get("arguments", value.get("parameters"))
            if isinstance(value.get("name"), str) and isinstance(arguments, dict):
                found.append((value["name"], arguments))
        at = text.find("{", end)
    return found


def tuned(
    learner: HfLearner,
    passages: Sequence[Passage],
    folder: Path,
    *,
    epochs: int,
    seed: int,
    threads: int,
    observe: Callable[[float], None],
) -> HfLearner:
    """The learner after a LoRA fine-tune on the passages' answers; the adapter stays in `folder`.

    Weights stay in the learner's own precision, the adapter is float32. The sequences of a step run one a thread, and their
    gradients are summed in order: two threads inside one matrix product wait for each other on a busy machine. `observe` gets
    the loss of every sequence. Raises UserMistake when a loss is not finite.
    """
    torch.manual_seed(seed)
    how = learner.model.config._attn_implementation
    learner.model.set_attn_implementation("sdpa")  # ours has no gradient
    model = _with_adapter(learner, longest=max((len(learner.tokenised(one)[0]) for one in passages), default=0))
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=RATE)
    order = [at for _ in range(epochs) for at in random.Random(seed).sample(range(len(passages)), len(passages))]
    steps = -(-len(order) // BATCH)
    warm = max(1, round(WARM_UP * steps))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / warm) * (1 - step / steps)
    )

    def gradients(at: int) -> tuple[float, Sequence[Any]]:
        loss = _answer_loss(model, learner, passages[at])
        return float(loss.detach()), torch.autograd.grad(loss / BATCH, trained)

    number = 0
    with ThreadPoolExecutor(threads if learner.forks else 1) as pool:
        for first in range(0, len(order), BATCH):
            for value, found in pool.map(gradients, order[first : first + BATCH]):
                number += 1
                if not math.isfinite(value):
                    raise UserMistake(
                        f"{learner.name}: the loss became {value} in sequence {number} of the fine-tune; "
                        "try complexity.dtype: float32, or another learner"
                    )
                for parameter, gradient in zip(trained, found, strict=True):
                    parameter.grad = gradient if parameter.grad is None else parameter.grad + gradient
                observe(value)
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimiser.step()
            schedule.step()
            optimiser.zero_grad()
    model.save_pretrained(folder)
    learner.model.set_attn_implementation(how)
    return HfLearner(model.eval().requires_grad_(False), learner.tokenizer, f"{learner.name}, tuned")


def _with_adapter(learner: HfLearner, longest: int) -> Any:
    """The learner's model with a new LoRA adapter, ready to train on sequences of up to `longest` tokens."""
    config = LoraConfig(r=RANK, lora_alpha=ALPHA, target_modules="all-linear", task_type="CAUSAL_LM")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # names that transformers 6 drops, peft's among them
        model = get_peft_model(learner.model, config).train()
        if longest > LONG:
            model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
    return model


def _answer_loss(model: Any, learner: HfLearner, passage: Passage) -> Any:
    tokens, answers, _ = learner.tokenised(passage)
    scored = [at for start, end in answers for at in range(start, end)]
    device = learner.model.device
    keep = torch.tensor([at - 1 for at in scored], device=device)
    logits = model(input_ids=torch.tensor([tokens], device=device), logits_to_keep=keep, use_cache=False).logits[0]
    return torch.nn.functional.cross_entropy(logits.float(), torch.tensor([tokens[at] for at in scored], device=device))
