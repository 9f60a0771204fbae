"""How fast the learner scores dialogs: against the naive way, and against the machine's own matrix products, in one run.

    python scripts/bench/learner_speed.py WORKSPACE [--dialogs 200] [--naive-each 1] [--ceilings 3] [--dtype bfloat16]

Naive: a forward pass for each assistant message, logits for the whole vocabulary at every position, default precision (float32).
Ceiling: nothing but the matrix products that those tokens need (projections, attention, lm_head at the answers), same precision.
All three use one thread a core, and take the dialogs in turn, so that a busy machine slows them alike; ratios are of CPU seconds,
and the ceiling is the best of several. Being slow, the naive way may be left to each n-th group of dialogs; it is compared with
ours on the same ones.
"""

from __future__ import annotations

import argparse
import os
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM

from toolace.complexity.learners.attention import BLOCK
from toolace.complexity.learners.converted import converted
from toolace.complexity.learners.hf import HfLearner, load
from toolace.complexity.learners.smollm2 import gguf_path
from toolace.complexity.loss import nll
from toolace.config import ComplexitySection
from toolace.records import Dialog
from toolace.shards import Workspace

Scored = tuple[list[int], list[tuple[int, int]]]


def naive(model: Any, scored: Scored) -> float:
    """H by a pass an assistant message."""
    tokens, answers = scored
    losses: list[float] = []
    for start, end in answers:
        logs = model(input_ids=torch.tensor([tokens[:end]])).logits[0].float().log_softmax(-1)
        losses += (-logs[torch.arange(start - 1, end - 1), torch.tensor(tokens[start:end])]).tolist()
    return sum(losses) / len(losses)


def ceiling(model: Any, scored: Scored) -> None:
    """The matrix products alone."""
    length, answers = len(scored[0]), sum(end - start for start, end in scored[1])
    config, linear = model.config, torch.nn.functional.linear
    width, inner, head = config.hidden_size, config.intermediate_size, config.head_dim
    groups, repeats = config.num_key_value_heads, config.num_attention_heads // config.num_key_value_heads
    state, wide = torch.zeros(length, width, dtype=model.dtype), torch.zeros(length, inner, dtype=model.dtype)
    keys, values = (torch.zeros(groups, *shape, dtype=model.dtype) for shape in ((head, length), (length, head)))
    for layer in model.model.layers:
        attention, mlp = layer.self_attn, layer.mlp
        for projection in (
            attention.q_proj,
            attention.k_proj,
            attention.v_proj,
            attention.o_proj,
            mlp.gate_proj,
            mlp.up_proj,
        ):
            linear(state, projection.weight)
        linear(wide, mlp.down_proj.weight)
        for first in range(0, length, BLOCK):
            last = min(first + BLOCK, length)
            queries = torch.zeros(groups, repeats * (last - first), head, dtype=model.dtype)
            torch.bmm(torch.bmm(queries, keys[:, :, :last]), values[:, :last])
    linear(state[:answers], model.lm_head.weight)


def main() -> None:
    """Prints tokens a second, both ratios, and how far the losses are apart."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--dialogs", type=int, default=200)
    parser.add_argument("--naive-each", type=int, default=1)
    parser.add_argument("--ceilings", type=int, default=3, help="how often the ceiling is measured; the best counts")
    parser.add_argument("--dtype", default="auto")
    options = parser.parse_args()
    dialogs = (
        dialog for dialog in Workspace(options.workspace).stage("dialogs").records(Dialog) if len(dialog.turns) > 1
    )
    learner: HfLearner = load(str(gguf_path()), ComplexitySection(dtype=options.dtype))
    plain = AutoModelForCausalLM.from_pretrained(converted(gguf_path()), dtype=torch.float32)
    passages = [learner.read(dialog.tools, dialog.messages)[0] for dialog in islice(dialogs, options.dialogs)]
    passages = [one for one in passages if len(learner.tokenised(one)[0]) <= learner.window]
    scored: list[Scored] = [learner.tokenised(one)[:2] for one in passages]
    spent = {"naive": 0.0, "ours beside it": 0.0, "ours": 0.0, "ceiling": 0.0}
    furthest, both, wall = 0.0, 0, 0.0
    cores = len(os.sched_getaffinity(0))

    def timed(name: str, function: Any, batch: list[Any]) -> tuple[list[Any], float]:
        torch.set_float32_matmul_precision("highest" if name == "naive" else "medium")
        started = time.process_time()
        found = list(pool.map(torch.inference_mode()(function), batch))
        return found, time.process_time() - started

    with ThreadPoolExecutor(cores) as pool:
        timed("ceiling", lambda one: ceiling(learner.model, one), scored[:1])
        for number, at in enumerate(range(0, len(passages), 2 * cores)):
            batch, started = scored[at : at + 2 * cores], time.monotonic()
            fast, took = timed("ours", lambda one: nll(learner.logprobs(one)), passages[at : at + 2 * cores])
            wall += time.monotonic() - started
            spent["ours"] += took
            spent["ceiling"] += min(
                timed("ceiling", lambda one: ceiling(learner.model, one), batch)[1] for _ in range(options.ceilings)
            )
            if number % options.naive_each == 0:
                slow, slowly = timed("naive", lambda one: naive(plain, one), batch)
                spent["naive"] += slowly
                spent["ours beside it"] += took
                both += len(batch)
                furthest = max([furthest, *(abs(one - other) for one, other in zip(slow, fast, strict=True))])
    tokens, answers = sum(len(one) for one, _ in scored), sum(len(ranges) for _, ranges in scored)
    share, ratio = spent["ceiling"] / spent["ours"], spent["naive"] / spent["ours beside it"]
    print(f"{len(passages)} dialogs, {tokens} tokens, {answers} answers, {learner.name}")
    print(f"{tokens / wall:.0f} tokens/s, {tokens / spent['ours']:.0f} a second of CPU, {share:.0%} of the ceiling")
    print(f"{ratio:.1f} times the naive way, on {both} dialogs; H differs by at most {furthest:.2g}")
    print(f"load {os.getloadavg()[0]:.1f} on {cores} cores")


if __name__ == "__main__":
    main()
