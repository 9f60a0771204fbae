"""What all commands have in common: their shared options, how errors become one line and an exit code.

0 done · 1 finished with errored records, or stopped · 2 the user's mistake, found before work starts · 130 interrupted.
A bug is a traceback.
"""

from __future__ import annotations

import errno
import functools
import gc
import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from toolace.errors import ReplyError, Stopped, UserMistake

Config = Annotated[Path | None, typer.Option("-c", "--config", help="YAML configuration; `toolace init` writes one.")]
Workspace = Annotated[
    str | None,
    typer.Option(
        "-w", "--workspace", metavar="FOLDER", help="Folder of the run, or a URL of storage. [default: runs/quickstart]"
    ),
]
Seed = Annotated[int | None, typer.Option("--seed", help="Seed of everything that is drawn.")]
Concurrency = Annotated[int | None, typer.Option("--concurrency", min=1, help="Attempts that run at once.")]
Executor = Annotated[str | None, typer.Option("--executor", help="local or ray.")]
Limit = Annotated[int | None, typer.Option("--limit", min=1, help="Use at most this many input records.")]
MaxCost = Annotated[float | None, typer.Option("--max-cost", min=0, help="Stop cleanly once this much is spent.")]
Settings = Annotated[
    list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="section.key=value, laid over the configuration.")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON summary on stdout.")]
Verbose = Annotated[bool, typer.Option("--verbose", help="Say more on stderr, prompts and replies included.")]
LogFile = Annotated[Path | None, typer.Option("--log-file", help="One JSON line a record.")]

COMMON: dict[str, tuple[Any, Any]] = {
    "config": (Config, None),
    "workspace": (Workspace, None),
    "seed": (Seed, None),
    "concurrency": (Concurrency, None),
    "executor": (Executor, None),
    "limit": (Limit, None),
    "max_cost": (MaxCost, None),
    "settings": (Settings, None),
    "as_json": (AsJson, False),
    "verbose": (Verbose, False),
    "log_file": (LogFile, None),
}


def command(function: Callable[..., int]) -> Callable[..., None]:
    """Gives a command the common options; its first argument is a `Session` factory, its result the exit code."""
    own = list(inspect.signature(function, eval_str=True).parameters.values())[1:]
    keyword = inspect.Parameter.KEYWORD_ONLY
    shared = [
        inspect.Parameter(name, keyword, default=default, annotation=kind) for name, (kind, default) in COMMON.items()
    ]
    own = [parameter.replace(kind=keyword) for parameter in own]

    @functools.wraps(function)
    def wrapper(**options: Any) -> None:
        common = {name: options.pop(name) for name in COMMON}
        raise typer.Exit(function(functools.partial(open_session, common), **options))

    wrapper.__signature__ = inspect.Signature([*own, *shared])  # type: ignore[attr-defined]
    wrapper.__annotations__ = {parameter.name: parameter.annotation for parameter in (*own, *shared)}
    return wrapper


def open_session(common: dict[str, Any], overrides: dict[str, Any]) -> Any:
    """The session for these options; `overrides` are a command's own, as "section.key": value (None: not given)."""
    from toolace.configfile import load_config, parse_setting
    from toolace.console import Console
    from toolace.session import QUICKSTART, Session
    from toolace.shards import Workspace as Folder

    laid = dict(map(parse_setting, common["settings"] or ()))
    options = {
        "seed": common["seed"],
        "run.concurrency": common["concurrency"],
        "run.executor": common["executor"],
        "run.max_cost": common["max_cost"],
        **overrides,
    }
    laid |= {name: value for name, value in options.items() if value is not None}
    config = load_config(common["config"], laid)
    console = Console(as_json=common["as_json"], verbose=common["verbose"], log=_log_writer(common["log_file"]))
    if common["verbose"]:
        _speak_up()
    return Session(config, Folder(common["workspace"] or QUICKSTART), console, common["limit"])


def run_app(app: typer.Typer, arguments: list[str] | None = None) -> int:
    """Runs the command line (sys.argv, or `arguments`); every error a user can mend is one line on stderr."""
    gc.set_threshold(*GARBAGE)
    try:
        code = app(arguments, standalone_mode=False)
    except UserMistake as error:
        return _say(f"error: {error}", 2)
    except Stopped as error:
        return _say(f"stopped: {error}", 1)
    except ReplyError as error:
        return _say(f"error: {error}", 1)
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except OSError as error:
        if error.errno not in _MENDABLE:
            raise
        where = f" ({error.filename!r})" if error.filename else ""
        return _say(
            f"error: {error.strerror}{where}: what is finished is kept; mend that and run the same command again", 2
        )
    except Exception as error:
        if not hasattr(error, "format_message"):
            raise
        return _say(f"error: {' '.join(error.format_message().split())} (see --help)", 2)
    if code == INTERRUPTED:  # Typer gives this back for Ctrl-C
        return _say("interrupted: what is finished is kept; run the same command again to go on", code)
    return code if isinstance(code, int) else 0


GARBAGE = (20_000, 20, 50)
"""Thresholds of the garbage collector: 15 % less CPU a call than the default ones, which look for cycles too often."""

INTERRUPTED = 130

_MENDABLE = (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS, errno.EFBIG)


def _say(text: str, code: int) -> int:
    print(text, file=sys.stderr)
    return code


def _log_writer(path: Path | None) -> Callable[[dict[str, Any]], None] | None:
    if path is None:
        return None
    import json

    try:
        file = path.open("a", encoding="utf-8", buffering=1)
    except OSError as error:
        raise UserMistake(f"--log-file {str(path)!r} cannot be written: {error.strerror}") from None
    return lambda entry: print(json.dumps(entry, ensure_ascii=False), file=file)


def _speak_up() -> None:
    import logging

    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(message)s")
    logging.getLogger("toolace").setLevel(logging.DEBUG)
