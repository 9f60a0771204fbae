"""Who answers: a model in this process, with or without a LoRA adapter, or an OpenAI-compatible endpoint."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation.answers import Ask
from evaluation.questions import Answer, Question, answer_of_text
from toolace.config import ComplexitySection
from toolace.errors import UserMistake
from toolace.records import Function, Message
from toolace.wholefiles import digest_of_file

ANSWER_TOKENS = 320
"""Longest answer; the longest gold answer of BFCL's parallel categories has fewer tokens."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which model answers, and how. `model` is smollm2, hf:MODEL, or the name of a served one with `base_url`."""

    model: str = "smollm2"
    adapter: Path | None = None
    base_url: str | None = None
    dtype: str = "auto"
    batch: int = 8
    max_tokens: int = ANSWER_TOKENS

    def settings(self) -> dict[str, Any]:
        """What the answers depend on; an adapter is its weights, wherever they lie."""
        weights = self.adapter / "adapter_model.safetensors" if self.adapter else None
        if weights and not weights.is_file():
            raise UserMistake(f"--adapter {str(self.adapter)!r} is no LoRA adapter folder ({weights.name} is missing)")
        digest = digest_of_file(weights)[:16] if weights else None
        return {"model": self.model, "adapter": digest, "dtype": self.dtype, "max_tokens": self.max_tokens}

    def opened(self) -> Ask:
        """The model, ready to answer. Raises UserMistake."""
        if self.base_url is not None:
            if self.adapter:
                raise UserMistake("--adapter is for a local model; serve the tuned one, or leave out --base-url")
            return Endpoint(self)
        return LocalModel(self)


class LocalModel:
    """A transformers model that decodes greedily, several questions of like length at a time."""

    def __init__(self, choice: Choice):
        import torch

        from toolace.complexity.learners import open_learner

        if choice.model != "smollm2" and not choice.model.startswith("hf:"):
            raise UserMistake(
                f"--model {choice.model!r}: expected smollm2 or hf:MODEL, or a served model with --base-url"
            )
        adapter = str(choice.adapter) if choice.adapter else None
        section = ComplexitySection.model_validate({"learner": choice.model, "adapter": adapter, "dtype": choice.dtype})
        learner: Any = open_learner(section)
        self._learner = learner
        self._learner.model.set_attn_implementation("sdpa")  # toolace's own takes one sequence
        torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS") or os.cpu_count() or 1))
        self._tokenizer = self._learner.tokenizer
        self._tokenizer.pad_token = self._tokenizer.pad_token or self._tokenizer.eos_token
        self._choice = choice

    def __call__(self, questions: Sequence[Question]) -> Iterator[list[Answer]]:
        prompts = [(question, self._prompt(question)) for question in questions]
        prompts.sort(key=lambda pair: len(pair[1]))
        for at in range(0, len(prompts), self._choice.batch):
            yield self._answered(prompts[at : at + self._choice.batch])

    def _prompt(self, question: Question) -> list[int]:
        """The tokens up to where the assistant speaks: those before a made-up answer, as the learner reads it."""
        spoken = (*question.messages, Message(role="assistant", content="x"))
        tokens, answers, _ = self._learner.tokenised(self._learner.read(question.tools, spoken)[-1])
        return list(tokens[: answers[-1][0]])

    def _answered(self, prompts: Sequence[tuple[Question, list[int]]]) -> list[Answer]:
        import torch

        longest = max(len(tokens) for _, tokens in prompts)
        pad, device = self._tokenizer.pad_token_id, self._learner.model.device
        ids = torch.tensor([[pad] * (longest - len(tokens)) + tokens for _, tokens in prompts], device=device)
        mask = torch.tensor([[0] * (longest - len(tokens)) + [1] * len(tokens) for _, tokens in prompts], device=device)
        with torch.inference_mode():
            found = self._learner.model.generate(
                ids, attention_mask=mask, max_new_tokens=self._choice.max_tokens, do_sample=False, pad_token_id=pad
            )
        texts = self._tokenizer.batch_decode(found[:, longest:], skip_special_tokens=True)
        return [
            answer_of_text(question.id, text, names_of(question))
            for (question, _), text in zip(prompts, texts, strict=True)
        ]


class Endpoint:
    """An OpenAI-compatible endpoint, several requests at a time. The key comes from OPENAI_API_KEY."""

    def __init__(self, choice: Choice):
        from openai import OpenAI

        key = os.environ.get("OPENAI_API_KEY", "none")
        self._client = OpenAI(base_url=choice.base_url, api_key=key, max_retries=5, timeout=300)
        self._choice = choice

    def __call__(self, questions: Sequence[Question]) -> Iterator[list[Answer]]:
        with ThreadPoolExecutor(self._choice.batch) as pool:
            waiting = [pool.submit(self._answered, question) for question in questions]
            try:
                for done in as_completed(waiting):
                    answer = done.result()
                    yield [] if answer is None else [answer]
            finally:
                pool.shutdown(wait=False, cancel_futures=True)

    def _answered(self, question: Question) -> Answer | None:
        """None after several failures: the question stays owed."""
        from openai import OpenAIError

        body: dict[str, Any] = {
            "model": self._choice.model,
            "messages": [{"role": message.role, "content": message.content or ""} for message in question.messages],
            "tools": list(question.tools),
            "temperature": 0,
            "max_tokens": self._choice.max_tokens,
        }
        try:
            message = self._client.chat.completions.create(**body).choices[0].message
        except OpenAIError as error:
            print(f"eval: {question.id}: {error}", file=sys.stderr, flush=True)
            return None
        return answer_of_message(question, message.tool_calls or [], message.content or "")


def answer_of_message(question: Question, calls: Sequence[Any], text: str) -> Answer:
    """The answer of an endpoint: its tool calls, or what its text holds where the server does not read calls itself."""
    if not calls:
        return answer_of_text(question.id, text, names_of(question))
    read: list[Function] = []
    for call in calls:
        try:
            arguments = json.loads(call.function.arguments)
            read.append(Function(name=call.function.name, arguments=arguments))
        except ValueError as error:
            return Answer(question.id, text=text, broken=str(error).splitlines()[0])
    return Answer(question.id, tuple(read), text)


def names_of(question: Question) -> list[str]:
    """Names of the offered tools."""
    return [tool["function"]["name"] for tool in question.tools]
