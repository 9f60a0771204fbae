"""The command line. Bare commands run the embedded default in ./runs/quickstart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from toolace.shell import command, run_app

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
Open = Callable[[dict[str, Any]], Any]

Documents = Annotated[
    list[str] | None, typer.Option("--documents", metavar="PATH", help="File or folder the context tree grows from.")
]
Imports = Annotated[
    list[str] | None, typer.Option("--import", metavar="PATH", help="File or folder of tools, taken over unchanged.")
]
NumApis = Annotated[int | None, typer.Option("--num-apis", min=1, help="Size of the pool when done, imports included.")]
NumDialogs = Annotated[int | None, typer.Option("--num-dialogs", min=1, help="Dialogs wanted.")]
Format = Annotated[
    str | None, typer.Option("--format", help="openai, trl, llamafactory, swift, hermes, xlam, toolace, bfcl.")
]


@app.callback()
def toolace() -> None:
    """Verified function-calling training data from your own documents and tools.

    synth-apis -> gen-dialogs -> verify -> export; `run` does all four.
    """


@app.command("synth-apis")
@command
def synth_apis(
    open_session: Open,
    documents: Documents = None,
    imports: Imports = None,
    num_apis: NumApis = None,
    show_tree: Annotated[bool, typer.Option("--show-tree", help="Print the context tree and stop.")] = False,
) -> int:
    """Grow the API pool from documents, or import your own tools.

    \b
    toolace synth-apis --documents specs/ --num-apis 1000
    toolace synth-apis --import my_tools.json -w runs/mine
    """
    from toolace.pipeline import apis

    session = open_session(_sources(documents, imports, num_apis))
    if show_tree:
        print(apis.shown_tree(session))
        return 0
    with session.working():
        counts = apis.synth_apis(session)
    session.console.close()
    return 1 if counts.errored else 0


@app.command("gen-dialogs")
@command
def gen_dialogs(open_session: Open, num_dialogs: NumDialogs = None) -> int:
    """Make dialogs over the pool.

    \b
    toolace gen-dialogs --num-dialogs 5000 -w runs/mine
    """
    from toolace.pipeline import dialogs

    session = open_session({"gen_dialogs.num_dialogs": num_dialogs})
    with session.working():
        counts = dialogs.gen_dialogs(session)
    session.console.close()
    return 1 if counts.errored else 0


@app.command()
@command
def verify(
    open_session: Open,
    input: Annotated[
        str | None,
        typer.Option("--input", metavar="FILE", help="Verify this file of training rows instead of dialogs/."),
    ] = None,
    input_format: Annotated[str, typer.Option("--input-format", help="openai, trl, toolace, llamafactory.")] = "openai",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace what verified/ holds.")] = False,
    decontaminate: Annotated[
        list[str] | None, typer.Option("--decontaminate", help="Benchmark file, or bfcl: reject what it holds.")
    ] = None,
    list_rules: Annotated[bool, typer.Option("--list-rules", help="Print every rule and stop.")] = False,
) -> int:
    """Check dialogs by rules, then by model experts.

    \b
    toolace verify -w runs/mine
    toolace verify --input rows.jsonl --input-format trl -w runs/checked
    """
    from toolace.pipeline import verification

    if list_rules:
        print(verification.listed_rules())
        return 0
    session = open_session({"verify.decontaminate": decontaminate})
    with session.working():
        counts = verification.verify(session, input, input_format, overwrite=overwrite)
    session.console.close()
    return 1 if counts.errored else 0


@app.command()
@command
def export(
    open_session: Open,
    format: Format = None,
    out: Annotated[
        str | None, typer.Option("--out", help="Folder to write into. [default: WORKSPACE/export/FORMAT]")
    ] = None,
    with_thinking: Annotated[bool | None, typer.Option("--with-thinking", help="Keep the structured thinking.")] = None,
    complexity: Annotated[str | None, typer.Option("--complexity", help="easy, medium, hard or in-range.")] = None,
    without_kind: Annotated[
        str | None, typer.Option("--without-kind", help="Leave out single, parallel, dependent or none.")
    ] = None,
    diversity: Annotated[
        str | None, typer.Option("--diversity", help="low, medium or high: 6, 14 or 30 of 30 clusters.")
    ] = None,
    verification: Annotated[str | None, typer.Option("--verification", help="none, rules or both.")] = None,
    rows: Annotated[int | None, typer.Option("--rows", min=1, help="This many rows at most.")] = None,
    split: Annotated[float | None, typer.Option("--split", help="Share of the tools held out for eval.jsonl.")] = None,
    parquet: Annotated[bool | None, typer.Option("--parquet", help="Write Parquet files too.")] = None,
) -> int:
    """Write rows that a trainer loads, with a dataset card.

    \b
    toolace export --format trl -w runs/mine
    toolace export --format openai --without-kind none --rows 1000 --out ablation/
    """
    from toolace.pipeline import exporting

    overrides = {
        "format": format,
        "out": out,
        "with_thinking": with_thinking,
        "split": split,
        "parquet": parquet,
        "rows": rows,
    }
    overrides |= {
        "complexity": complexity,
        "without_kind": without_kind,
        "diversity": diversity,
        "verification": verification,
    }
    session = open_session({f"export.{name}": value for name, value in overrides.items()})
    with session.working():
        counts = exporting.export(session)
    session.console.close()
    return 1 if counts.errored else 0


@app.command()
@command
def run(
    open_session: Open,
    documents: Documents = None,
    imports: Imports = None,
    num_apis: NumApis = None,
    num_dialogs: NumDialogs = None,
    num_verified: Annotated[
        int | None, typer.Option("--num-verified", min=1, help="Go on until this many are verified.")
    ] = None,
    format: Format = None,
) -> int:
    """All four stages in order.

    \b
    toolace run --num-apis 500 --num-dialogs 1000 -w runs/mine
    """
    from toolace.pipeline import whole

    overrides = {
        **_sources(documents, imports, num_apis),
        "gen_dialogs.num_dialogs": num_dialogs,
        "export.format": format,
    }
    session = open_session(overrides)
    with session.working():
        errored = whole.run(session, num_verified)
    session.console.close()
    return 1 if errored else 0


@app.command()
@command
def report(open_session: Open) -> int:
    """Count what a workspace holds: tables here, and one HTML page in report/.

    \b
    toolace report -w runs/mine
    """
    from toolace.pipeline import looking

    session = open_session({})
    looking.report(session)
    session.console.close()
    return 0


@app.command()
@command
def review(
    open_session: Open,
    number: Annotated[
        int | None, typer.Option("--number", min=1, help="Samples in all. [default: 25 a kind and verdict]")
    ] = None,
) -> int:
    """Look at samples one by one and accept, reject or edit them; export applies what you decide.

    \b
    toolace review --number 40 -w runs/mine
    """
    from toolace.pipeline import looking

    session = open_session({})
    with session.working():
        looking.review(session, number)
    session.console.close()
    return 0


@app.command()
@command
def check(open_session: Open) -> int:
    """Validate configuration, prompts and endpoint before anything is spent.

    \b
    toolace check -c configs/openai.yaml
    """
    from toolace.pipeline import checking

    session = open_session({})
    with session.working():
        checking.check(session)
    session.console.close()
    return 0


@app.command()
@command
def calibrate(
    open_session: Open,
    size: Annotated[int, typer.Option("--size", min=8, help="Exchanges of the prior set.")] = 100,
    epochs: Annotated[int, typer.Option("--epochs", min=1, help="Epochs of the short fine-tune.")] = 2,
) -> int:
    """Measure the range of losses worth training the learner on.

    \b
    toolace calibrate -w runs/mine --set complexity.learner=smollm2
    """
    from toolace.pipeline import complexity

    session = open_session({})
    with session.working():
        complexity.calibrate(session, size, epochs)
    session.console.close()
    return 0


@app.command()
@command
def score(
    open_session: Open,
    input: Annotated[
        str | None, typer.Option("--input", metavar="FILE", help="Score this file of training rows.")
    ] = None,
    input_format: Annotated[str, typer.Option("--input-format", help="openai, trl, toolace, llamafactory.")] = "openai",
) -> int:
    """Score dialogs again under another learner, such as a newly tuned one.

    \b
    toolace score -w runs/mine --set complexity.learner=hf:my/tuned-model
    """
    from toolace.pipeline import complexity

    session = open_session({})
    with session.working():
        counts = complexity.score(session, input, input_format)
    session.console.close()
    return 1 if counts.errored else 0


@app.command()
def init(
    path: Annotated[Path, typer.Argument(help="File to write.")] = Path("toolace.yaml"),
) -> None:
    """Write a configuration with every key, its default and what it means.

    \b
    toolace init my.yaml
    """
    from toolace.errors import UserMistake
    from toolace.template import commented

    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(commented())
    except FileExistsError:
        raise UserMistake(f"{str(path)!r} exists; give another name or delete it") from None
    except OSError as error:
        raise UserMistake(f"{str(path)!r} cannot be written: {error.strerror}; give another name") from None
    print(f"wrote {path}; use it with -c {path}")


def _sources(documents: list[str] | None, imports: list[str] | None, num_apis: int | None) -> dict[str, Any]:
    return {"synth_apis.documents": documents, "synth_apis.imports": imports, "synth_apis.num_apis": num_apis}


def main() -> None:
    """Entry point of the `toolace` command."""
    raise SystemExit(run_app(app))
