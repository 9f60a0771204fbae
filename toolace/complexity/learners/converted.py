"""A GGUF file as a folder that transformers loads in a third of a second, converted once and kept in the cache.

transformers reads GGUF, but converts it for 20 to 60 s at each start and cannot save what it made: the tied `lm_head` shares its
memory, and the configuration still claims to be quantised.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from toolace.assets import cache_folder
from toolace.errors import UserMistake


def converted(gguf: Path) -> Path:
    """The folder made from a GGUF file. It gets its name only when it is whole. Raises UserMistake."""
    with gguf.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()[:12]
    target = cache_folder() / f"{gguf.stem}-{digest}"
    if target.is_dir():
        return target
    with _alone(target):
        if not target.is_dir():
            with tempfile.TemporaryDirectory(dir=target.parent, prefix="converting-") as folder:
                _convert(gguf, Path(folder) / "model")
                os.replace(Path(folder) / "model", target)
    return target


def _convert(gguf: Path, folder: Path) -> None:
    import torch
    from safetensors.torch import save_file
    from transformers import AutoModelForCausalLM, AutoTokenizer

    where = {"pretrained_model_name_or_path": str(gguf.parent), "gguf_file": gguf.name}
    try:
        model = AutoModelForCausalLM.from_pretrained(**where, dtype=torch.float32)
        tokenizer = AutoTokenizer.from_pretrained(**where)
    except Exception as error:  # transformers raises whatever its readers raise
        raise UserMistake(f"{str(gguf)!r} cannot be read as GGUF: {error}; give another file") from error
    weights = model.state_dict()
    if model.config.tie_word_embeddings:
        weights.pop("lm_head.weight", None)
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config
    folder.mkdir()
    model.config.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    save_file(
        {name: value.contiguous() for name, value in weights.items()}, folder / "model.safetensors", {"format": "pt"}
    )


@contextlib.contextmanager
def _alone(target: Path) -> Iterator[None]:
    """Of several processes, one converts and the others wait."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.with_suffix(".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
