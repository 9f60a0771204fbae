"""Which measure of complexity to trust: Spearman of each with what should make a function call hard, on BFCL.

    python scripts/bench/learner_measures.py BFCL_EVAL_WHEEL [--each 100] [--learner smollm2]

The wheel comes with `pip download --no-deps bfcl-eval==2026.3.23`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import time
import zipfile
from collections.abc import Iterator
from typing import Any

from toolace.complexity.learners import open_learner
from toolace.complexity.loss import MEASURES
from toolace.complexity.ranks import spearman
from toolace.complexity.scoring import LearnerScorer
from toolace.complexity.steering import Range
from toolace.config import ComplexitySection
from toolace.records import Function, Message, ToolCall

CATEGORIES = ("simple_python", "multiple", "parallel", "parallel_multiple")
TYPES = {"dict": "object", "float": "number", "tuple": "array"}


def items(wheel: str, each: int) -> Iterator[tuple[str, list[dict[str, Any]], list[Message]]]:
    """(category, tools, messages) with the first accepted answer of every item."""
    with zipfile.ZipFile(wheel) as archive:
        for category in CATEGORIES:
            name = f"BFCL_v4_{category}.json"
            questions = archive.read(f"bfcl_eval/data/{name}").splitlines()[:each]
            answers = archive.read(f"bfcl_eval/data/possible_answer/{name}").splitlines()[:each]
            for question, answer in zip(map(json.loads, questions), map(json.loads, answers), strict=True):
                tools = [{"type": "function", "function": schema(one)} for one in question["function"]]
                calls = tuple(
                    ToolCall(id=f"call_{at}", function=Function(name=tool, arguments=first_accepted(arguments)))
                    for at, one in enumerate(answer["ground_truth"])
                    for tool, arguments in one.items()
                )
                asked = [Message(role=turn["role"], content=turn["content"]) for turn in question["question"][0]]
                yield category, tools, [*asked, Message(role="assistant", tool_calls=calls)]


def schema(value: Any) -> Any:
    """BFCL's type names as JSON Schema's."""
    if isinstance(value, list):
        return [schema(one) for one in value]
    if isinstance(value, dict):
        return {
            key: TYPES.get(one, one) if key == "type" and isinstance(one, str) else schema(one)
            for key, one in value.items()
        }
    return value


def first_accepted(arguments: dict[str, list[Any]]) -> dict[str, Any]:
    """The first accepted value of each argument; one that may be left out is left out."""
    return {name: accepted[0] for name, accepted in arguments.items() if "" not in accepted}


def dissimilarity(tools: list[dict[str, Any]], messages: list[Message]) -> float:
    """Share of the called tools' description words that the request does not use."""
    called = {call.function.name for call in messages[-1].tool_calls or ()}
    said = set(re.findall(r"\w+", (messages[-2].content or "").lower()))
    described = " ".join(tool["function"]["description"] for tool in tools if tool["function"]["name"] in called)
    words = set(re.findall(r"\w{3,}", described.lower()))
    return 1 - len(words & said) / max(len(words), 1)


async def measured(scorer: LearnerScorer, every: list[Any]) -> list[dict[str, float]]:
    """All measures of every item, from the same two passes."""

    def one(tools: Any, messages: Any) -> dict[str, float]:
        asked, base = scorer.logprobs(tools, messages, blank=False), scorer.logprobs(tools, messages, blank=True)
        return {"tokens": sum(map(len, asked)), **{name: measure(asked, base) for name, measure in MEASURES.items()}}

    return await asyncio.gather(*(scorer.in_thread(one, tools, messages) for _, tools, messages in every))


def main() -> None:
    """Prints a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wheel")
    parser.add_argument("--each", type=int, default=100)
    parser.add_argument("--learner", default="smollm2")
    options = parser.parse_args()
    learner = open_learner(ComplexitySection(learner=options.learner))
    assert learner is not None
    every = list(items(options.wheel, options.each))
    started = time.monotonic()
    rows = asyncio.run(measured(LearnerScorer(learner, "nll", Range(None, None)), every))
    print(f"{len(every)} items, {learner.name}, {time.monotonic() - started:.0f} s")
    factors: dict[str, list[float]] = {
        "category": [CATEGORIES.index(category) for category, _, _ in every],
        "candidates": [len(tools) for _, tools, _ in every],
        "calls": [len(messages[-1].tool_calls or ()) for _, _, messages in every],
        "dissimilarity": [dissimilarity(tools, messages) for _, tools, messages in every],
        "answer tokens": [row["tokens"] for row in rows],
    }
    print(f"| measure | {' | '.join(factors)} | mean by category |\n|---{'|---' * len(factors)}|---|")
    for name in MEASURES:
        values = [row[name] for row in rows]
        means = (
            sum(value for value, (category, _, _) in zip(values, every, strict=True) if category == wanted)
            / options.each
            for wanted in CATEGORIES
        )
        cells = (f"{spearman(factor, values):+.2f}" for factor in factors.values())
        print(f"| {name} | {' | '.join(cells)} | {' < '.join(f'{mean:.2f}' for mean in means)} |")


if __name__ == "__main__":
    main()
