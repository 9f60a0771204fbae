"""Is H what a plain forward pass gives: the embedded learner, float32, on BFCL items and on dialogs of a workspace.

    python scripts/bench/learner_exactness.py BFCL_EVAL_WHEEL WORKSPACE [--each 50]

Plain: the GGUF file as transformers reads it (not the cached folder), all logits, torch's attention, highest precision.
"""

from __future__ import annotations

import argparse
from itertools import islice
from pathlib import Path

import torch
from learner_measures import items
from transformers import AutoModelForCausalLM

from toolace.complexity.learners.hf import load
from toolace.complexity.learners.smollm2 import gguf_path
from toolace.complexity.loss import nll
from toolace.config import ComplexitySection
from toolace.records import Dialog
from toolace.shards import Workspace


def main() -> None:
    """Prints the largest difference of each set; it should be below 1e-4."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("wheel")
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--each", type=int, default=50)
    options = parser.parse_args()
    file = gguf_path()
    learner = load(str(file), ComplexitySection(dtype="float32"))
    plain = AutoModelForCausalLM.from_pretrained(file.parent, gguf_file=file.name, dtype=torch.float32)
    bfcl = [(tools, messages) for _, tools, messages in items(options.wheel, -(-options.each // 4))][: options.each]
    dialogs = Workspace(options.workspace).stage("dialogs").records(Dialog)
    ours = [(list(dialog.tools), list(dialog.messages)) for dialog in islice(dialogs, options.each)]
    for name, every in (("BFCL items", bfcl), ("dialogs", ours)):
        furthest = 0.0
        for tools, messages in every:
            (passage,) = learner.read(tools, messages)
            torch.set_float32_matmul_precision("medium")
            found = nll(learner.logprobs(passage))
            torch.set_float32_matmul_precision("highest")
            tokens, answers, _ = learner.tokenised(passage)
            with torch.inference_mode():
                logs = plain(input_ids=torch.tensor([tokens])).logits[0].log_softmax(-1)
            scored = [at for start, end in answers for at in range(start, end)]
            whole = sum(-float(logs[at - 1, tokens[at]]) for at in scored) / len(scored)
            furthest = max(furthest, abs(found - whole))
        print(f"{len(every)} {name}: H differs by at most {furthest:.2g}", flush=True)


if __name__ == "__main__":
    main()
