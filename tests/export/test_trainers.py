"""The real loaders: `datasets` reads the folder, TRL's chat templates render the rows, one SFTTrainer step runs.

Needs datasets and trl (and with them torch); skipped where they are not installed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest

from toolace.config import Config, Export
from toolace.export import beside
from toolace.export.card import Origins
from toolace.export.stage import ExportCounts
from toolace.shards import StageFolder

datasets = pytest.importorskip("datasets")

Run = Callable[..., ExportCounts]
TEMPLATES = ["qwen3.jinja", "qwen2_5.jinja", "llama3_1.jinja", "glm4moe.jinja"]


@pytest.fixture
def loaded(
    exported: Run, folder: StageFolder, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Any]:
    """Exports and loads the folder as the hub would."""

    def load(**settings: Any) -> Any:
        counts = exported(**{key: value for key, value in settings.items() if key != "parquet"})
        beside.put_beside(folder, counts, Config(export=Export(**{"format": "trl", **settings})), Origins())
        return datasets.load_dataset(str(folder.path), cache_dir=str(tmp_path_factory.mktemp("cache")))

    return load


@pytest.mark.parametrize("format", ["openai", "trl", "llamafactory", "swift", "hermes", "xlam", "toolace"])
def test_rows_are_loaded_as_they_are_written(format: str, loaded: Callable[..., Any], folder: StageFolder) -> None:
    """No key added, none lost."""
    rows = loaded(format=format)["train"]
    written = [json.loads(line) for line in folder.lines_of("train.jsonl")]
    assert list(rows) == written


def test_parquet_is_loaded_as_the_jsonl_is(loaded: Callable[..., Any], folder: StageFolder) -> None:
    """With the splits of the card."""
    pytest.importorskip("pyarrow")
    rows = loaded(parquet=True, split=0.3)
    written = [json.loads(line) for line in folder.lines_of("eval.jsonl")]
    assert list(rows["test"]) == written


def a_tokenizer(texts: list[str]) -> Any:
    """A byte-level tokenizer of its own, as nothing can be downloaded."""
    tokenizers = pytest.importorskip("tokenizers")
    transformers = pytest.importorskip("transformers")
    whole = tokenizers.Tokenizer(tokenizers.models.BPE(unk_token=None))
    whole.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    whole.decoder = tokenizers.decoders.ByteLevel()
    special = ["<|im_start|>", "<|im_end|>", "<|endoftext|>"]
    alphabet = tokenizers.pre_tokenizers.ByteLevel.alphabet()
    trainer = tokenizers.trainers.BpeTrainer(vocab_size=600, special_tokens=special, initial_alphabet=alphabet)
    whole.train_from_iterator(texts, trainer)
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=whole, eos_token="<|im_end|>", pad_token="<|endoftext|>", bos_token="<|im_start|>"
    )


@pytest.mark.parametrize("template", TEMPLATES)
def test_trl_templates_render_tools_and_calls(template: str, loaded: Callable[..., Any]) -> None:
    """Arguments once encoded, not twice; every tool declared."""
    pytest.importorskip("trl")
    text = files("trl").joinpath("chat_templates", template).read_text()
    row = next(row for row in loaded()["train"] if any(one.get("tool_calls") for one in row["messages"]))
    shown = a_tokenizer(["x"]).apply_chat_template(
        row["messages"], tools=row["tools"], chat_template=text, tokenize=False
    )
    call = row["messages"][1]["tool_calls"][0]["function"]
    assert call["name"] in shown
    assert all(tool["function"]["description"] in shown for tool in row["tools"])
    assert f'"x": {call["arguments"]["x"]}' in shown or f"<arg_value>{call['arguments']['x']}</arg_value>" in shown
    assert '\\"x\\"' not in shown


def test_the_recipe_is_understood_by_trl(
    loaded: Callable[..., Any], folder: StageFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every key is one of TRL's, and the base is one that it can mask for the assistant's words."""
    trl = pytest.importorskip("trl")
    loaded(split=0.3)
    recipe = ["trl", "--config", str(folder.path / "trl_sft.yaml"), "--use_cpu", "true", "--bf16", "false"]
    monkeypatch.setattr("sys.argv", recipe)
    parser = trl.TrlParser((trl.ScriptArguments, trl.SFTConfig, trl.ModelConfig))
    script, training, model = parser.parse_args_and_config()
    assert (script.dataset_name, script.dataset_test_split, training.assistant_only_loss) == (".", "test", True)
    assert (model.lora_r, model.lora_alpha, training.warmup_steps) == (16, 32, 0.1)


def test_one_sft_step_runs(loaded: Callable[..., Any], tmp_path: Any) -> None:
    """SFTTrainer tokenizes the rows with their tools and takes a step on a tiny model."""
    trl = pytest.importorskip("trl")
    transformers = pytest.importorskip("transformers")
    rows = loaded()["train"]
    tokenizer = a_tokenizer([json.dumps(row) for row in rows])
    tokenizer.chat_template = files("trl").joinpath("chat_templates", "qwen2_5_training.jinja").read_text()
    shape = transformers.LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=16, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2
    )
    settings = trl.SFTConfig(
        output_dir=str(tmp_path / "tuned"),
        max_steps=1,
        per_device_train_batch_size=2,
        assistant_only_loss=True,
        report_to=[],
        use_cpu=True,
        bf16=False,
    )
    model = transformers.LlamaForCausalLM(shape)
    trainer = trl.SFTTrainer(model=model, args=settings, train_dataset=rows, processing_class=tokenizer)
    result = trainer.train()
    assert result.global_step == 1
    assert result.training_loss > 0
