"""LoRA fine-tuning of the learner on the `trl` export, with TRL's SFTTrainer and the paper's settings.

    toolace export --format trl -w runs/mine
    python scripts/train_lora.py runs/mine/export/trl/train.jsonl --out runs/mine/tuned
    python scripts/train_lora.py ROWS.jsonl --out OUT --learner hf:Qwen/Qwen2.5-0.5B-Instruct --micro-batch 8

OUT/adapter is what `complexity.adapter` and eval_bfcl.py's --adapter take. Rows are rendered as the learner's chat
template does, and only what the assistant says is learned. Killed anywhere and started again, it goes on from the last
checkpoint. Needs `pip install 'toolace[learner]' trl datasets -c scripts/constraints.txt`.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from training.examples import Examples, examples_of, shuffled_lines

from toolace.config import ComplexitySection
from toolace.errors import UserMistake
from toolace.shell import run_app
from toolace.wholefiles import digest_of_file, replace

app = typer.Typer(add_completion=False)


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything the adapter depends on. Defaults are the paper's (section 3.1); `longest` it does not say."""

    data: str
    learner: str
    rows: int | None = None
    epochs: float = 3.0
    seed: int = 0
    batch: int = 48
    rate: float = 1e-4
    rank: int = 16
    alpha: int = 32
    warm_up: float = 0.1
    longest: int = 4096
    dtype: str = "auto"


@app.command()
def main(
    data: Annotated[Path, typer.Argument(help="train.jsonl of `toolace export --format trl`.")],
    out: Annotated[Path, typer.Option("--out", help="Folder of the adapter and its checkpoints.")],
    learner: Annotated[str, typer.Option(help="smollm2, or hf:MODEL (hub id or folder).")] = "smollm2",
    rows: Annotated[int | None, typer.Option(min=1, help="This many rows, drawn by the seed.")] = None,
    epochs: Annotated[float, typer.Option(min=0.01)] = 3.0,
    seed: Annotated[int, typer.Option()] = 0,
    batch: Annotated[int, typer.Option(min=1, help="Rows a step.")] = 48,
    rate: Annotated[float, typer.Option(min=0.0, help="Learning rate.")] = 1e-4,
    rank: Annotated[int, typer.Option(min=1)] = 16,
    alpha: Annotated[int, typer.Option(min=1)] = 32,
    warm_up: Annotated[float, typer.Option(min=0, max=0.99, help="Share of the steps.")] = 0.1,
    longest: Annotated[int, typer.Option(min=8, help="Tokens; longer rows are left out and counted.")] = 4096,
    dtype: Annotated[
        str, typer.Option(help="auto, float32 or bfloat16: the frozen weights. The adapter is float32.")
    ] = "auto",
    micro_batch: Annotated[int, typer.Option(min=1, help="Rows a pass; divides --batch. On a CPU, 1 is fastest.")] = 1,
    save_every: Annotated[int, typer.Option(min=1, help="Steps between checkpoints.")] = 10,
    checkpointing: Annotated[bool, typer.Option(help="Recompute activations: less memory, a third slower.")] = False,
) -> None:
    """Train an adapter, or go on training it."""
    if batch % micro_batch:
        raise UserMistake(f"--micro-batch {micro_batch} does not divide --batch {batch}")
    lines = shuffled_lines(data, seed)
    recipe = Recipe(
        digest_of_file(data), learner, rows, epochs, seed, batch, rate, rank, alpha, warm_up, longest, dtype
    )
    settle(out, asdict(recipe))
    if (out / "adapter").is_dir():
        print(f"{out / 'adapter'} is there already; nothing is owed", file=sys.stderr)
        return
    facts = train(lines, out, recipe, micro_batch, save_every, checkpointing)
    print(json.dumps(facts))


def settle(out: Path, recipe: dict[str, Any]) -> None:
    """Writes recipe.json, or holds it against what is there. Raises UserMistake naming the fields that differ."""
    out.mkdir(parents=True, exist_ok=True)
    path = out / "recipe.json"
    if not path.is_file():
        replace(path, [json.dumps(recipe, indent=1).encode()])
        return
    there = json.loads(path.read_bytes())
    differing = [
        f"{name}: {there.get(name)!r} there, {value!r} now"
        for name, value in recipe.items()
        if there.get(name) != value
    ]
    if differing:
        raise UserMistake(
            f"{str(out)!r} was begun with another recipe ({'; '.join(differing)}); use the same one, or another --out"
        )


def train(
    lines: list[bytes], out: Path, recipe: Recipe, micro_batch: int, save_every: int, checkpointing: bool
) -> dict[str, Any]:
    """Trains, and gives the adapter its name last. Returns what happened."""
    import torch
    from datasets import Dataset
    from peft import LoraConfig
    from training.loss import AnswersTrainer
    from training.progress import Lines
    from transformers import set_seed
    from transformers.trainer_callback import PrinterCallback

    learner = opened(recipe)
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS") or os.cpu_count() or 1))
    learner.model.set_attn_implementation("sdpa")  # toolace's own has no gradient
    learner.tokenizer.pad_token = learner.tokenizer.pad_token or learner.tokenizer.eos_token
    found = examples_of(lines, learner.read, learner.tokenised, recipe.longest, recipe.rows)
    say_of(found)
    set_seed(recipe.seed)
    trainer = AnswersTrainer(
        model=learner.model,
        args=arguments_of(recipe, out, micro_batch, save_every, checkpointing=checkpointing),
        train_dataset=Dataset.from_list(found.tokens),
        processing_class=learner.tokenizer,
        peft_config=LoraConfig(
            r=recipe.rank, lora_alpha=recipe.alpha, target_modules="all-linear", lora_dropout=0.0, task_type="CAUSAL_LM"
        ),
        callbacks=[Lines()],
    )
    trainer.remove_callback(PrinterCallback)
    began = time.monotonic()
    last = last_checkpoint(out / "checkpoints")
    trainer.train(resume_from_checkpoint=str(last) if last else None)
    losses = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
    facts = {
        "rows": found.rows,
        "too_long": found.too_long,
        "tokens": sum(len(example["input_ids"]) for example in found.tokens),
        "steps": trainer.state.global_step,
        "first_loss": losses[0],
        "last_loss": losses[-1],
        "seconds": round(time.monotonic() - began, 1),
        "resumed_from": last.name if last else None,
        "device": str(learner.model.device),
        "losses": losses,
    }
    replace(out / "training.json", [json.dumps(facts, indent=1).encode()])
    finish(trainer.model, out)
    return {name: value for name, value in facts.items() if name != "losses"}


def arguments_of(recipe: Recipe, out: Path, micro_batch: int, save_every: int, *, checkpointing: bool) -> Any:
    """The recipe in TRL's words."""
    import torch
    from trl import SFTConfig

    return SFTConfig(
        output_dir=str(out / "checkpoints"),
        num_train_epochs=recipe.epochs,
        per_device_train_batch_size=micro_batch,
        gradient_accumulation_steps=recipe.batch // micro_batch,
        learning_rate=recipe.rate,
        lr_scheduler_type="cosine",
        warmup_steps=recipe.warm_up,  # below 1 it is a share
        seed=recipe.seed,
        max_length=None,
        packing=False,
        bf16=False,  # the frozen weights are bfloat16 already, the adapter stays float32
        gradient_checkpointing=checkpointing,
        save_strategy="steps",
        save_steps=save_every,
        save_total_limit=2,
        logging_steps=1,
        logging_strategy="steps",
        report_to="none",
        disable_tqdm=True,
        use_cpu=not torch.cuda.is_available(),
    )


def opened(recipe: Recipe) -> Any:
    """The learner with its weights in memory. Raises UserMistake."""
    from toolace.complexity.learners import open_learner

    if recipe.learner != "smollm2" and not recipe.learner.startswith("hf:"):
        raise UserMistake(
            f"--learner {recipe.learner!r}: expected smollm2 or hf:MODEL; only a local model can be trained"
        )
    return open_learner(ComplexitySection.model_validate({"learner": recipe.learner, "dtype": recipe.dtype}))


def last_checkpoint(folder: Path) -> Path | None:
    """The newest whole checkpoint: the trainer writes trainer_state.json last."""
    whole = [path for path in folder.glob("checkpoint-*") if (path / "trainer_state.json").is_file()]
    return max(whole, key=lambda path: int(path.name.rpartition("-")[2]), default=None)


def finish(model: Any, out: Path) -> None:
    """Saves the adapter under its name by rename."""
    beside = out / "adapter.tmp"
    shutil.rmtree(beside, ignore_errors=True)
    model.save_pretrained(beside)
    os.replace(beside, out / "adapter")


def say_of(found: Examples) -> None:
    tokens = sum(len(example["input_ids"]) for example in found.tokens)
    print(f"train: {found.rows} rows, {tokens:,} tokens; {found.too_long} rows left out as too long", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(run_app(app))
