"""Causal attention for a CPU, in blocks of queries: two matrix products a block, no mask matrix, no key beyond the block.

torch's own kernel computes bfloat16 at a quarter of the speed of a matrix product, and a whole mask as soon as keys stand before
the first query (a kept key-value cache). In float32 the two agree to 1e-6.
"""

from __future__ import annotations

from typing import Any

import torch
from transformers import AttentionInterface

NAME = "toolace_blocks"

BLOCK = 128
"""Queries of one block; 64 to 256 measure alike."""


def fits(config: Any) -> bool:
    """Whether a model's attention is plain: causal over everything, scores neither capped nor windowed."""
    special = ("sliding_window", "attn_logit_softcapping", "attention_chunk_size", "layer_types")
    return not any(getattr(config, name, None) for name in special)


def in_blocks(
    module: torch.nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    scaling: float,
    **_: Any,
) -> tuple[torch.Tensor, None]:
    """Attention as transformers calls it, for one sequence: query (1, heads, T, D); key and value (1, groups, S, D)."""
    _, heads, length, width = query.shape
    groups, seen = key.shape[1], key.shape[2] - length
    queries = query[0].view(groups, heads // groups, length, width)
    keys, values = (key[0].transpose(1, 2) * scaling).contiguous(), value[0]
    found = query.new_empty(length, groups, heads // groups, width)
    later = query.new_full((BLOCK, BLOCK), float("-inf")).triu(1)
    for first in range(0, length, BLOCK):
        size = min(BLOCK, length - first)
        last = seen + first + size
        block = queries[:, :, first : first + size].reshape(groups, -1, width)
        scores = torch.bmm(block, keys[:, :, :last]).view(groups, -1, size, last)
        scores[..., last - size :] += later[:size, :size]
        weights = torch.softmax(scores, -1).view(groups, -1, last)
        blended = torch.bmm(weights, values[:, :last]).view(groups, -1, size, width)
        found[first : first + size] = blended.permute(2, 0, 1, 3)
    return found.view(1, length, heads, width), None


AttentionInterface.register(NAME, in_blocks)
