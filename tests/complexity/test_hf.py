# ruff: noqa: E402 (what follows the extra's imports needs the extra)
"""The learner in this process, on a tiny random Llama: needs the [learner] extra, which `scripts/test` installs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip(
    "torch", reason="the [learner] extra is not installed; `scripts/venv dev learner` installs it"
)
pytest.importorskip(
    "transformers", reason="the [learner] extra is not installed; `scripts/venv dev learner` installs it"
)

from transformers import LlamaForCausalLM

from toolace.complexity import tuning
from toolace.complexity.learners import hf, open_learner
from toolace.complexity.learners.hf import HfLearner, load
from toolace.complexity.loss import nll
from toolace.complexity.scoring import LearnerScorer
from toolace.complexity.steering import Range, Unscorable
from toolace.complexity.tuning import PROSE, calls_in, greedy, tuned
from toolace.config import ComplexitySection
from toolace.errors import UserMistake
from toolace.records import Function, Message, ToolCall

TOOLS = [{"type": "function", "function": {"name": "sum_up", "description": "Adds. " * 20, "parameters": {}}}]
CALL = ToolCall(id="call_1", function=Function(name="sum_up", arguments={"of": [1, 2]}))
TALK = [
    Message(role="user", content="What is one and two?"),
    Message(role="assistant", tool_calls=(CALL,)),
    Message(role="tool", tool_call_id="call_1", name="sum_up", content="3"),
    Message(role="assistant", content="Three, as you thought. " * 12),
]
PLAIN = ComplexitySection(dtype="float32")


@pytest.fixture(scope="module")
def learner(folder: Path) -> HfLearner:
    """The tiny model as a learner."""
    return load(str(folder), PLAIN)


def naive(learner: HfLearner, folder: Path, messages: list[Message]) -> float:
    """H from a plain forward pass: no split, torch's attention, all logits."""
    model = LlamaForCausalLM.from_pretrained(folder, dtype=torch.float32)
    (passage,) = learner.read(TOOLS, messages)
    encoded = learner.tokenizer(
        passage.content, add_special_tokens=False, return_offsets_mapping=True, return_tensors="pt"
    )
    with torch.no_grad():
        logs = model(encoded["input_ids"]).logits[0].log_softmax(-1)
    losses = [
        -float(logs[at - 1, encoded["input_ids"][0, at]])
        for at, (_, last) in enumerate(encoded["offset_mapping"][0].tolist())
        if any(start < last <= end for start, end in passage.answers)
    ]
    return sum(losses) / len(losses)


def test_the_loss_is_that_of_a_plain_forward_pass(learner: HfLearner, folder: Path) -> None:
    """Split, kept cache, blocked attention and logits at the answers alone change nothing beyond 1e-4."""
    scorer = LearnerScorer(learner, "nll", Range(None, None))
    assert scorer.measured(TOOLS, TALK) == pytest.approx(naive(learner, folder, TALK), abs=1e-4)


def test_a_number_is_the_same_to_the_bit_whether_the_cache_was_hit(folder: Path) -> None:
    """So steering does not depend on what was scored before."""
    fresh, used = load(str(folder), PLAIN), load(str(folder), PLAIN)
    other = [Message(role="user", content="And three?"), TALK[3]]
    for passage in used.read(TOOLS, other):
        used.logprobs(passage)
    (passage,) = fresh.read(TOOLS, TALK)
    assert used._caches
    assert used.logprobs(passage) == fresh.logprobs(passage) == fresh.logprobs(passage)


async def scored(scorer: LearnerScorer, count: int) -> list[float]:
    """Several scores at once."""
    import asyncio

    return list(await asyncio.gather(*(scorer.score(TOOLS, TALK) for _ in range(count))))


def test_threads_give_the_numbers_of_one(learner: HfLearner) -> None:
    """Several at once share the model."""
    import asyncio

    many = asyncio.run(scored(LearnerScorer(learner, "nll_ratio", Range(None, None), threads=4), 8))
    assert set(many) == {LearnerScorer(learner, "nll_ratio", Range(None, None)).measured(TOOLS, TALK)}


def test_what_is_longer_than_the_window_is_not_cut(learner: HfLearner) -> None:
    """It has no number."""
    (passage,) = learner.read(TOOLS, [Message(role="user", content="龘" * 512), TALK[3]])
    with pytest.raises(Unscorable, match="longer_than_learner_window"):
        learner.logprobs(passage)


def test_a_nan_in_the_weights_is_no_loss(folder: Path) -> None:
    """It is counted as such."""
    broken = load(str(folder), PLAIN)
    broken.model.model.norm.weight.data[0] = float("nan")
    with pytest.raises(Unscorable, match="loss_is_not_finite"):
        LearnerScorer(broken, "nll", Range(None, None)).measured(TOOLS, TALK)


def test_tuning_lowers_the_loss_and_its_adapter_can_be_laid_over_the_learner(folder: Path, tmp_path: Path) -> None:
    """As ToolACE-R does from round to round."""
    seen: list[float] = []
    learner = load(str(folder), PLAIN)
    before = nll(learner.logprobs(learner.read(TOOLS, TALK)[0]))
    after = tuned(
        learner, learner.read(TOOLS, TALK) * 40, tmp_path / "adapter", epochs=1, seed=0, threads=1, observe=seen.append
    )
    lowered = nll(after.logprobs(after.read(TOOLS, TALK)[0]))
    assert len(seen) == 40
    assert lowered < before - 0.001
    again = load(str(folder), PLAIN.model_copy(update={"adapter": str(tmp_path / "adapter")}))
    assert nll(again.logprobs(again.read(TOOLS, TALK)[0])) == pytest.approx(lowered, abs=1e-4)
    assert again.name.endswith("+adapter, float32, tools in the system text")


def test_computing_layers_twice_for_long_sequences_changes_no_adapter(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the bit; only the memory differs."""
    made = []
    for longest in (0, 1 << 20):
        monkeypatch.setattr(tuning, "LONG", longest)
        learner, target = load(str(folder), PLAIN), tmp_path / str(longest)
        tuned(learner, learner.read(TOOLS, TALK) * 8, target, epochs=1, seed=0, threads=2, observe=lambda loss: None)
        made.append((target / "adapter_model.safetensors").read_bytes())
    assert made[0] == made[1]


def test_a_long_conversation_goes_through_in_parts(
    folder: Path, learner: HfLearner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever the parts end, in the tools or in an answer."""
    whole = naive(learner, folder, TALK)
    for part in (7, 64):
        monkeypatch.setattr(hf, "PART", part)
        scorer = LearnerScorer(load(str(folder), PLAIN), "nll", Range(None, None))
        assert scorer.measured(TOOLS, TALK) == pytest.approx(whole, abs=1e-4)


def test_a_loss_that_is_not_finite_ends_the_tuning(folder: Path, tmp_path: Path) -> None:
    """In one line, instead of an adapter of NaN."""
    broken = load(str(folder), PLAIN)
    broken.model.model.norm.weight.data[0] = float("nan")
    with pytest.raises(UserMistake, match=r"the loss became nan in sequence 1 of the fine-tune; try complexity\.dtype"):
        tuned(broken, broken.read(TOOLS, TALK), tmp_path / "a", epochs=1, seed=0, threads=1, observe=lambda loss: None)


def test_a_greedy_answer_is_the_same_whether_the_cache_was_hit_and_stops_where_it_is_lost(folder: Path) -> None:
    """Random weights begin no call, so a call's length is never reached."""
    (passage,) = load(str(folder), PLAIN).read(TOOLS, TALK)
    fresh, used = load(str(folder), PLAIN), load(str(folder), PLAIN)
    used.logprobs(passage)
    answer = greedy(used, passage, {"sum_up"})
    assert used._caches
    assert answer == greedy(fresh, passage, {"sum_up"})
    assert 0 < len(fresh.tokenizer(answer, add_special_tokens=False)["input_ids"]) <= 2 * PROSE


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ('<tool_call>{"name": "a", "arguments": {"b": {"c": 1}}}</tool_call>', [("a", {"b": {"c": 1}})]),
        ('[{"name": "a", "parameters": {}}, {"name": "b", "arguments": {}}]', [("a", {}), ("b", {})]),
        ('{"name": "a"} {broken {"arguments": {}}', []),
        ("I cannot do that.", []),
    ],
)
def test_calls_are_found_in_whatever_brackets(text: str, calls: Any) -> None:
    """Templates differ."""
    assert calls_in(text) == calls


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"learner": "hf:/nowhere/model.gguf"}, r"'/nowhere/model.gguf' does not exist"),
        ({"learner": "hf:/nowhere/folder"}, r"'/nowhere/folder' cannot be loaded"),
        ({"learner": "hf:FOLDER", "adapter": "/nowhere"}, r"'/nowhere' is no LoRA adapter folder"),
    ],
)
def test_a_missing_model_is_a_mistake_before_work_starts(settings: dict[str, str], message: str, folder: Path) -> None:
    """One line."""
    settings = {name: value.replace("FOLDER", str(folder)) for name, value in settings.items()}
    with pytest.raises(UserMistake, match=message):
        open_learner(ComplexitySection(**settings))  # type: ignore[arg-type]
