"""Shows what a run made: counts by stage, kinds, rejections by reason, one dialog of each kind, where the export is."""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from toolace.records import RICHNESS, Dialog, Kind, compact
from toolace.shards import Workspace

SHORT = 400


def main(root: Path) -> int:
    """Prints the run in `root`; 1 when it has no verified dialogs."""
    console = Console(highlight=False, width=110)
    workspace = Workspace(root)
    counts = Table("stage", "in", "kept", "rejected", "errored", "rejected because of", title="What came out")
    for name in ("apis", "dialogs", "verified"):
        manifest = workspace.stage(name).manifest()
        if manifest is not None:
            numbers = [str(manifest.counts[key]) for key in ("in", "kept", "rejected", "errored")]
            reasons = ", ".join(f"{reason} {number}" for reason, number in manifest.rejected.items())
            counts.add_row(name, *numbers, reasons)
    console.print(counts)

    first: dict[Kind, Dialog] = {}
    kinds = dict.fromkeys(RICHNESS, 0)
    for dialog in workspace.stage("verified").records(Dialog):
        kinds[dialog.kind] += 1
        first.setdefault(dialog.kind, dialog)
    table = Table(*(f"{kind}" for kind in kinds), title="Verified dialogs by kind")
    table.add_row(*(str(number) for number in kinds.values()))
    console.print(table)
    for kind, dialog in first.items():
        show(console, kind, dialog)
    for path in sorted(workspace.path("export").glob("*/train.jsonl")):
        console.print(f"\n[bold]The fine-tuning set:[/bold] {path}")
    return 0 if first else 1


def show(console: Console, kind: str, dialog: Dialog) -> None:
    """One dialog, readably."""
    console.rule(f"[bold]{kind}[/bold] · {dialog.id}")
    console.print("[dim]tools offered: " + ", ".join(tool["function"]["name"] for tool in dialog.tools) + "[/dim]")
    for message in dialog.messages:
        if message.content:
            text = message.content if len(message.content) < SHORT else message.content[:SHORT] + " …"
            console.print(f"[bold]{message.role:>9}[/bold]  {escape(text)}")
        for call in message.tool_calls or ():
            console.print(
                f"[bold cyan]     call[/bold cyan]  {call.function.name}({escape(compact(call.function.arguments))})"
            )


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
