"""API-Bank's call accuracy (levels 1 and 2) of a local model or an OpenAI-compatible endpoint.

    git clone https://github.com/AlibabaResearch/DAMO-ConvAI
    python scripts/eval_apibank.py DAMO-ConvAI/api-bank --out runs/eval/apibank --adapter runs/mine/tuned/adapter
    python scripts/eval_apibank.py DAMO-ConvAI/api-bank --gold

Resumes as eval_bfcl.py does. Calls are compared, not executed: see evaluation/apibank.py.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from evaluation.apibank import CATEGORIES, ApiBank
from evaluation.evaluate import evaluate
from evaluation.models import ANSWER_TOKENS, Choice
from evaluation.options import Adapter, AsJson, BaseUrl, Batch, Dtype, Gold, Limit, MaxTokens, Model, Out

from toolace.shell import run_app

app = typer.Typer(add_completion=False)


@app.command()
def main(
    folder: Annotated[Path, typer.Argument(help="A folder with level-1-api.json and level-2-api.json below it.")],
    out: Out = None,
    model: Model = "smollm2",
    adapter: Adapter = None,
    base_url: BaseUrl = None,
    limit: Limit = None,
    batch: Batch = 8,
    max_tokens: MaxTokens = ANSWER_TOKENS,
    dtype: Dtype = "auto",
    gold: Gold = False,
    as_json: AsJson = False,
) -> int:
    """Ask, compare and print a table."""
    choice = None if gold else Choice(model, adapter, base_url, dtype, batch, max_tokens)
    return evaluate(ApiBank(folder, limit), "API-Bank call accuracy", CATEGORIES, out, choice, as_json=as_json)


if __name__ == "__main__":
    sys.exit(run_app(app))
