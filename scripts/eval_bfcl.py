"""BFCL's AST accuracy (Python, non-live) of a local model or an OpenAI-compatible endpoint, by BFCL's own checker.

    python scripts/eval_bfcl.py --out runs/eval/base --limit 40
    python scripts/eval_bfcl.py --out runs/eval/tuned --adapter runs/mine/tuned/adapter
    python scripts/eval_bfcl.py --out runs/eval/served --model gpt-4.1-mini --base-url https://api.openai.com/v1
    python scripts/eval_bfcl.py --gold                   # what the checker says of the accepted answers: the ceiling

OUT/answers.jsonl grows as answers come; the same command goes on where it was killed, and a larger --limit asks only
for more. OUT/scores.json is written at the end. Exit code 1: some questions stay unanswered, run it again.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from evaluation.bfcl import CATEGORIES, REQUIREMENT, Bfcl
from evaluation.evaluate import evaluate
from evaluation.models import ANSWER_TOKENS, Choice
from evaluation.options import Adapter, AsJson, BaseUrl, Batch, Dtype, Gold, Limit, MaxTokens, Model, Out, Skip

from toolace.shell import run_app

app = typer.Typer(add_completion=False)


@app.command()
def main(
    out: Out = None,
    model: Model = "smollm2",
    adapter: Adapter = None,
    base_url: BaseUrl = None,
    limit: Limit = None,
    skip: Skip = 0,
    batch: Batch = 8,
    max_tokens: MaxTokens = ANSWER_TOKENS,
    dtype: Dtype = "auto",
    bfcl: Annotated[
        Path | None, typer.Option(help="bfcl-eval's wheel or unpacked folder; else fetched once with pip.")
    ] = None,
    gold: Gold = False,
    as_json: AsJson = False,
) -> int:
    """Ask, check and print a table."""
    choice = None if gold else Choice(model, adapter, base_url, dtype, batch, max_tokens)
    return evaluate(
        Bfcl(bfcl, limit, skip), f"BFCL AST accuracy, {REQUIREMENT}", CATEGORIES, out, choice, as_json=as_json
    )


if __name__ == "__main__":
    sys.exit(run_app(app))
