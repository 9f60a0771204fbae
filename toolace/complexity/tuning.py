"""What calibration does with a learner in this process: greedy answers, and a short LoRA fine-tune (paper, section 3.1)."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, get_peft_model

from toolace.complexity.chat import Passage
from toolace.complexity.learners.hf import HfLearner

RANK, ALPHA, RATE, WARM_UP = 16, 32, 1e-4, 0.1
BATCH = 4
"""Sequences a step; the paper's 48 would leave a small prior set without steps."""

PROSE = 24
"""Tokens within which an answer that calls begins its first call."""

SLACK = 32
"""Tokens by which the learner's own answer may be longer than the true one; what is longer still is wrong anyway."""


def greedy(learner: HfLearner, passage: Passage) -> str:
    """What the learner itself would answer in place of the passage's first answer, decoded greedily.

    Where it has begun no JSON object within PROSE tokens it is stopped: it talks, and will not call.
    """
    tokens, answers, _ = learner.tokenised(passage)
    start, end = answers[0]
    begun = _continued(learner, tokens[:start], PROSE)
    return _continued(learner, tokens[:start], end - start + SLACK) if "{" in begun else begun


def _continued(learner: HfLearner, tokens: list[int], count: int) -> str:
    head = torch.tensor([tokens], device=learner.model.device)
    with torch.inference_mode():
        found = learner.model.generate(
            head, attention_mask=torch.ones_like(head), max_new_tokens=count, do_sample=False, pad_token_id=0
        )
    text: str = learner.tokenizer.decode(found[0, head.shape[1] :], skip_special_tokens=True)
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

    Weights stay in the learner's own precision, the adapter is float32. `observe` gets the loss of every sequence.
    """
    torch.manual_seed(seed)
    torch.set_num_threads(threads)
    how = learner.model.config._attn_implementation
    learner.model.set_attn_implementation("sdpa")  # ours has no gradient
    config = LoraConfig(r=RANK, lora_alpha=ALPHA, target_modules="all-linear", task_type="CAUSAL_LM")
    model = get_peft_model(learner.model, config)
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=RATE)
    order = [at for _ in range(epochs) for at in random.Random(seed).sample(range(len(passages)), len(passages))]
    steps = -(-len(order) // BATCH)
    warm = max(1, round(WARM_UP * steps))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / warm) * (1 - step / steps)
    )
    model.train()
    for number, at in enumerate(order, 1):
        loss = _answer_loss(model, learner, passages[at])
        (loss / BATCH).backward()
        observe(float(loss.detach()))
        if number % BATCH == 0 or number == len(order):
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimiser.step()
            schedule.step()
            optimiser.zero_grad()
    model.save_pretrained(folder)
    learner.model.set_attn_implementation(how)
    torch.set_num_threads(1)
    return HfLearner(model.eval().requires_grad_(False), learner.tokenizer, f"{learner.name}, tuned")


def _answer_loss(model: Any, learner: HfLearner, passage: Passage) -> Any:
    tokens, answers, _ = learner.tokenised(passage)
    scored = [at for start, end in answers for at in range(start, end)]
    device = learner.model.device
    keep = torch.tensor([at - 1 for at in scored], device=device)
    logits = model(input_ids=torch.tensor([tokens], device=device), logits_to_keep=keep, use_cache=False).logits[0]
    return torch.nn.functional.cross_entropy(logits.float(), torch.tensor([tokens[at] for at in scored], device=device))
