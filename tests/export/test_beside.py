"""What stands beside the rows: card, recipes, manifest; and what a rerun does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import yaml

from toolace.config import Config, Export
from toolace.errors import UserMistake
from toolace.export import beside
from toolace.export.card import Origins
from toolace.export.source import origins_of
from toolace.export.stage import ExportCounts
from toolace.records import Api
from toolace.shards import Manifest, StageFolder

Run = Callable[..., ExportCounts]


def config(**settings: Any) -> Config:
    """A configuration with these export settings."""
    return Config(export=Export(**{"format": "trl", **settings}))


@pytest.fixture
def origins(pool: list[Api]) -> Origins:
    """The pool's licences, and a manifest with what must not be published."""
    made = Manifest(
        stage="gen-dialogs",
        fingerprint={
            "seed": 7,
            "backend": {"kind": "openai", "base_url": "http://me:secret@host", "extra_body": {"k": 1}},
        },
        counts={"in": 130, "kept": 120, "rejected": 10, "errored": 0},
    )
    return Origins(licences={"Apache-2.0": 60}, apis={"synthesized": 60}, stages={"dialogs": made})


def header_of(card: str) -> Any:
    """The YAML between the first two lines of dashes."""
    return yaml.safe_load(card.split("---\n")[1])


def test_the_card_has_the_hubs_header(exported: Run, folder: StageFolder, origins: Origins) -> None:
    """Licence, language, sizes, and which file is which split."""
    counts = exported(split=0.3)
    beside.put_beside(folder, counts, config(split=0.3), origins)
    card = (folder.get("README.md") or b"").decode()
    assert header_of(card) == {
        "license": "apache-2.0",
        "language": ["en"],
        "pretty_name": "ToolACE-style dialogs (trl)",
        "task_categories": ["text-generation"],
        "tags": ["function-calling", "tool-use", "synthetic", "toolace"],
        "size_categories": ["n<1K"],
        "configs": [
            {
                "config_name": "default",
                "data_files": [
                    {"split": "train", "path": "train.jsonl"},
                    {"split": "test", "path": "eval.jsonl"},
                ],
            }
        ],
        "dataset_info": {
            "config_name": "default",
            "features": [{"name": "messages", "dtype": "json"}, {"name": "tools", "dtype": "json"}],
        },
    }


def test_the_card_holds_all_figures_and_nothing_private(exported: Run, folder: StageFolder, origins: Origins) -> None:
    """Counts that add up, settings of every stage, the licence note; no endpoint, no path."""
    settings = {"split": 0.3, "out": "/home/me/data"}
    counts = exported(**settings)
    beside.put_beside(folder, counts, config(**settings), origins)
    card = (folder.get("README.md") or b"").decode()
    for line in (
        f"| rows in train.jsonl | {counts.rows['train']} |",
        f"| rows in eval.jsonl | {counts.rows['eval']} |",
        f"| left out: tools on both sides of the split | {counts.left_out.total()} |",
        "| **dialogs read** | 120 |",
        "| dialogs | in: 130, kept: 120, rejected: 10, errored: 0 |",
        "- Apache-2.0: 60",
        "seed: 7",
        "  split: 0.3",
    ):
        assert line in card
    assert "secret" not in card
    assert "extra_body" not in card
    assert "/home/me" not in card


def test_mixed_licences_are_other(exported: Run, folder: StageFolder) -> None:
    """The hub has no name for them; the note lists them."""
    origins = Origins(licences={"Apache-2.0": 3, "MIT": 1})
    beside.put_beside(folder, exported(), config(), origins)
    card = (folder.get("README.md") or b"").decode()
    assert header_of(card)["license"] == "other"
    assert "- MIT: 1" in card


def test_licences_and_ways_are_collected_from_the_pool(pool: list[Api], folder: StageFolder) -> None:
    """One count an API; a stage that is not there has no manifest."""
    origins = origins_of(iter(pool), {"dialogs": folder})
    assert origins == Origins(licences={"Apache-2.0": 60}, apis={"synthesized": 60}, stages={})


PAPER = {"lora_rank": 16, "lora_alpha": 32, "learning_rate": 1e-4, "warm-up": 0.1, "num_train_epochs": 3}


@pytest.mark.parametrize(
    ("format", "names"),
    [
        (
            "trl",
            {"lora_rank": "lora_r", "warm-up": "warmup_steps", "target": "lora_target_modules", "all": "all-linear"},
        ),
        ("llamafactory", {"warm-up": "warmup_ratio", "target": "lora_target", "all": "all"}),
    ],
)
def test_recipes_have_the_papers_settings(
    format: str, names: dict[str, str], exported: Run, folder: StageFolder
) -> None:
    """LoRA rank 16, alpha 32, all linear modules, 1e-4, warm-up 0.1, cosine, batch 48, 3 epochs."""
    beside.put_beside(folder, exported(format=format), config(format=format), Origins())
    recipe = yaml.safe_load(folder.get(f"{format}_sft.yaml") or b"")
    assert {key: recipe[names.get(key, key)] for key in PAPER} == PAPER
    assert recipe[names["target"]] == names["all"]
    assert recipe["lr_scheduler_type"] == "cosine"
    assert recipe["per_device_train_batch_size"] * recipe["gradient_accumulation_steps"] == 48


def test_llamafactory_gets_its_dataset_info(exported: Run, folder: StageFolder) -> None:
    """One entry a split, of the names that the recipe uses."""
    settings = {"format": "llamafactory", "split": 0.3}
    beside.put_beside(folder, exported(**settings), config(**settings), Origins())
    info = yaml.safe_load(folder.get("dataset_info.json") or b"")
    columns = {"messages": "conversations", "system": "system", "tools": "tools"}
    assert info == {
        f"toolace_{split}": {"file_name": f"{split}.jsonl", "formatting": "sharegpt", "columns": columns}
        for split in ("train", "eval")
    }
    recipe = yaml.safe_load(folder.get("llamafactory_sft.yaml") or b"")
    assert (recipe["dataset"], recipe["eval_dataset"]) == tuple(info)


def test_a_rerun_with_nothing_to_do_is_recognised(exported: Run, folder: StageFolder) -> None:
    """By settings, by the dialogs' checksum, and by the files themselves."""
    made, upstream = beside.fingerprint_of(config(), None), {"verified": "a"}
    assert beside.is_done(folder, made, upstream) is None
    counts = exported()
    manifest = beside.record(folder, counts, made, upstream)
    assert manifest.counts == {"in": 120, "kept": 120, "rejected": 0, "errored": 0}
    assert beside.is_done(folder, made, upstream) == manifest
    assert beside.is_done(folder, made, {"verified": "b"}) is None
    assert beside.is_done(folder, beside.fingerprint_of(config(rows=3), None), upstream) is None
    folder.put("train.jsonl", "{}\n")
    assert beside.is_done(folder, made, upstream) is None


def test_files_of_an_earlier_export_do_not_stay_behind(exported: Run, folder: StageFolder) -> None:
    """An eval.jsonl without a split would be evaluated on by mistake."""
    beside.record(folder, exported(split=0.3), {}, {})
    beside.record(folder, exported(), {}, {})
    assert folder.holds("train.jsonl")
    assert not folder.holds("eval.jsonl")


def test_rows_that_no_export_wrote_are_not_overwritten(folder: StageFolder) -> None:
    """--out may name any folder."""
    folder.put("train.jsonl", "precious\n")
    with pytest.raises(UserMistake, match=r"train\.jsonl was not written by an export; give another folder with --out"):
        beside.is_done(folder, {}, {})


def test_settings_that_contradict_each_other_are_the_users_mistake() -> None:
    """Found before work starts."""
    with pytest.raises(UserMistake, match="--with-thinking: xlam rows have no place for it"):
        beside.refuse_what_cannot_be(Export(format="xlam", with_thinking=True))
