"""What is learned of a row, and what a run of training refuses."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from train_lora import last_checkpoint, settle
from training.examples import IGNORED, examples_of, labelled, shuffled_lines

from toolace.complexity.chat import Passage
from toolace.errors import UserMistake
from toolace.records import Message


def read(tools: Sequence[dict[str, Any]], messages: Sequence[Message]) -> list[Passage]:
    """The last message is the answer."""
    text = "".join(message.content or "" for message in messages)
    return [Passage(text, ((len(text) - len(messages[-1].content or ""), len(text)),))]


def tokenised(passage: Passage) -> tuple[list[int], list[tuple[int, int]], int]:
    """A token a character."""
    return [ord(character) for character in str(passage.content)], list(passage.answers), 0


def row(question: str, answer: str) -> bytes:
    """A row of the trl format."""
    messages = [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
    return json.dumps({"messages": messages, "tools": []}).encode()


def test_only_answers_are_learned() -> None:
    """Labels are the tokens inside the answers, and nothing elsewhere."""
    found = labelled([5, 6, 7, 8, 9], [(1, 2), (3, 5)])
    assert found == {"input_ids": [5, 6, 7, 8, 9], "labels": [IGNORED, 6, IGNORED, 8, 9]}


def test_long_rows_are_left_out_counted_and_made_up_for() -> None:
    """As many rows are trained on as were asked for."""
    lines = [row("ab", "c"), row("abcdefgh", "i"), row("x", "yz"), row("k", "l")]
    found = examples_of(lines, read, tokenised, 5, rows=2)
    assert (found.rows, found.too_long) == (2, 1)
    assert found.tokens[1] == {"input_ids": [120, 121, 122], "labels": [IGNORED, 121, 122]}


def test_too_few_rows_are_refused() -> None:
    """A cell never trains on fewer rows than another one."""
    with pytest.raises(UserMistake, match="1 rows of at most 5 tokens, 2 wanted"):
        examples_of([row("ab", "c")], read, tokenised, 5, rows=2)


def test_rows_are_drawn_by_the_seed(tmp_path: Path) -> None:
    """The same seed gives the same order, another seed another one; no line is lost."""
    path = tmp_path / "train.jsonl"
    lines = [b"%d" % number for number in range(50)]
    path.write_bytes(b"\n".join(lines) + b"\n")
    assert shuffled_lines(path, 1) == shuffled_lines(path, 1) != shuffled_lines(path, 2)
    assert sorted(shuffled_lines(path, 1)) == sorted(lines)


def test_another_recipe_is_refused_by_name(tmp_path: Path) -> None:
    """Going on under other settings would give an adapter that no recipe describes."""
    settle(tmp_path, {"rate": 1e-4, "seed": 0})
    settle(tmp_path, {"rate": 1e-4, "seed": 0})
    with pytest.raises(UserMistake, match=r"rate: 0\.0001 there, 0\.001 now"):
        settle(tmp_path, {"rate": 1e-3, "seed": 0})


def test_a_torn_checkpoint_is_passed_over(tmp_path: Path) -> None:
    """The newest checkpoint that is whole counts, by number."""
    assert last_checkpoint(tmp_path) is None
    for name in ("checkpoint-9", "checkpoint-10"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "trainer_state.json").write_text("{}")
    (tmp_path / "checkpoint-11").mkdir()
    assert last_checkpoint(tmp_path) == tmp_path / "checkpoint-10"


def test_the_loss_is_the_one_of_trl(tmp_path: Path) -> None:
    """Logits for the answers alone give the loss and the gradients that the whole row gives."""
    torch, trl = pytest.importorskip("torch"), pytest.importorskip("trl")
    transformers = pytest.importorskip("transformers")
    datasets = pytest.importorskip("datasets")
    from training.loss import AnswersTrainer

    shape = {"vocab_size": 50, "hidden_size": 16, "intermediate_size": 32}
    rows = datasets.Dataset.from_list([labelled([5, 6, 7, 8, 9, 3], [(1, 3), (4, 6)])])
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=pytest.importorskip("tokenizers").Tokenizer(
            pytest.importorskip("tokenizers").models.WordLevel({str(number): number for number in range(50)}, "0")
        ),
        eos_token="3",
        pad_token="3",
    )
    found = []
    for make in (trl.SFTTrainer, AnswersTrainer):
        torch.manual_seed(0)
        model = transformers.LlamaForCausalLM(
            transformers.LlamaConfig(**shape, num_hidden_layers=1, num_attention_heads=2)
        )
        settings = trl.SFTConfig(output_dir=str(tmp_path), report_to=[], use_cpu=True, bf16=False)
        trainer = make(model=model, args=settings, train_dataset=rows, processing_class=tokenizer)
        batch = next(iter(trainer.get_train_dataloader()))
        loss = trainer.compute_loss(model, batch, num_items_in_batch=torch.tensor(4))
        loss.backward()
        found.append((loss.item(), model.lm_head.weight.grad.norm().item()))
    assert found[0] == pytest.approx(found[1], rel=1e-5)
