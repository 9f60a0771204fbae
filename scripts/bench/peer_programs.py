"""The same single-call tasks written for other programs; run by peers.py, each in its program's own environment."""

from __future__ import annotations

import sys


def distilabel(url: str, count: int, at_once: int) -> None:
    """distilabel: a pipeline of one generation step; a batch is what is in flight."""
    from distilabel.models import OpenAILLM
    from distilabel.pipeline import Pipeline
    from distilabel.steps import LoadDataFromDicts
    from distilabel.steps.tasks import TextGeneration

    rows = [{"instruction": f"Question number {number}?"} for number in range(count)]
    with Pipeline(name="calls") as pipeline:
        load = LoadDataFromDicts(data=rows, batch_size=at_once)
        ask = TextGeneration(llm=OpenAILLM(model="m", base_url=url, api_key="none"), input_batch_size=at_once)
        load >> ask
    found = pipeline.run(use_cache=False)
    assert len(found["default"]["train"]) == count


def curator(url: str, count: int, at_once: int) -> None:
    """bespokelabs-curator: its online processor with a limit on the requests in flight. It fetches a tokenizer first."""
    from bespokelabs import curator as program

    limits = {"max_requests_per_minute": 10**6, "max_tokens_per_minute": 10**9, "max_concurrent_requests": at_once}
    model = program.LLM(model_name="m", backend="openai", backend_params={"base_url": url, "api_key": "none", **limits})
    found = model([f"Question number {number}?" for number in range(count)])
    assert len(found.dataset if hasattr(found, "dataset") else found) == count


if __name__ == "__main__":
    {"distilabel": distilabel, "curator": curator}[sys.argv[1]](sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
