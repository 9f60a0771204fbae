"""Options that every evaluation has."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Out = Annotated[Path | None, typer.Option("--out", help="Folder of answers.jsonl and scores.json.")]
Model = Annotated[str, typer.Option(help="smollm2, hf:MODEL, or a served model's name with --base-url.")]
Adapter = Annotated[Path | None, typer.Option(help="LoRA adapter folder laid over a local model.")]
BaseUrl = Annotated[str | None, typer.Option(help="OpenAI-compatible endpoint; key in OPENAI_API_KEY.")]
Limit = Annotated[int | None, typer.Option(min=1, help="Items a category, in the order of the file.")]
Skip = Annotated[
    int, typer.Option(min=0, help="Items a category passed over first: those that a recipe was chosen on.")
]
Batch = Annotated[int, typer.Option(min=1, help="Questions answered at a time.")]
MaxTokens = Annotated[int, typer.Option(min=1, help="Longest answer.")]
Dtype = Annotated[str, typer.Option(help="auto, float32 or bfloat16.")]
Gold = Annotated[bool, typer.Option("--gold", help="Score the accepted answers themselves: the ceiling.")]
AsJson = Annotated[bool, typer.Option("--json", help="The scores as JSON on stdout.")]
