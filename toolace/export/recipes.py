"""Ready-to-run training recipes with the paper's LoRA settings (section 3.1 and appendix).

Rank 16, alpha 32, all linear modules, learning rate 1e-4, warm-up ratio 0.1, cosine schedule, batch 48, 3 epochs.
"""

from __future__ import annotations

import yaml

_SCHEDULE = {
    "learning_rate": 1.0e-4,
    "lr_scheduler_type": "cosine",
    "num_train_epochs": 3,
    "per_device_train_batch_size": 2,
    "gradient_accumulation_steps": 24,
}


def trl_recipe(has_eval: bool) -> str:
    """A configuration for `trl sft --config trl_sft.yaml` (TRL 1.x), to be run in the export's folder.

    Its model is one whose chat template TRL can mark for a loss on the assistant's words alone; Llama 3.1's is not.
    """
    recipe = {
        "model_name_or_path": "Qwen/Qwen2.5-7B-Instruct",
        "dataset_name": ".",
        "dataset_train_split": "train",
        **({"dataset_test_split": "test", "eval_strategy": "epoch"} if has_eval else {}),
        "assistant_only_loss": True,
        "use_peft": True,
        "lora_r": 16,
        "lora_alpha": 32,
        "lora_target_modules": "all-linear",
        **_SCHEDULE,
        "warmup_steps": 0.1,
        "max_length": 8192,
        "gradient_checkpointing": True,
        "bf16": True,
        "logging_steps": 10,
        "output_dir": "tuned",
    }
    return _shown("trl sft --config trl_sft.yaml", recipe)


def llamafactory_recipe(has_eval: bool) -> str:
    """A configuration for `llamafactory-cli train llamafactory_sft.yaml`, to be run in the export's folder."""
    recipe = {
        "stage": "sft",
        "do_train": True,
        "model_name_or_path": "meta-llama/Llama-3.1-8B-Instruct",
        "template": "llama3",
        "dataset_dir": ".",
        "dataset": "toolace_train",
        **({"eval_dataset": "toolace_eval", "eval_strategy": "epoch"} if has_eval else {}),
        "finetuning_type": "lora",
        "lora_rank": 16,
        "lora_alpha": 32,
        "lora_target": "all",
        **_SCHEDULE,
        "warmup_ratio": 0.1,
        "cutoff_len": 8192,
        "bf16": True,
        "logging_steps": 10,
        "output_dir": "tuned",
    }
    return _shown("llamafactory-cli train llamafactory_sft.yaml", recipe)


def _shown(command: str, recipe: dict[str, object]) -> str:
    head = [
        command,
        "ToolACE's settings (arXiv 2409.00920): LoRA 16/32 on all linear modules, batch 48, warm-up 0.1 of the steps.",
        "Batch = per device x accumulation x devices. The model is yours to choose.",
    ]
    return "".join(f"# {line}\n" for line in head) + yaml.safe_dump(recipe, sort_keys=False)
