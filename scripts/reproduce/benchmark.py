"""What of BFCL must not be in the training data: all its rows, in one file for `verify.decontaminate`."""

from __future__ import annotations

import zipfile
from pathlib import Path

from evaluation.bfcl import fetched

from toolace.errors import UserMistake
from toolace.wholefiles import replace

BENCHMARK = "bfcl.jsonl"
"""The file in the work folder."""
_ROWS = "bfcl_eval/data/BFCL_v"


def write_rows(wheel: Path | None, folder: Path) -> None:
    """Writes BFCL's requests and tools of every category into the folder, once. Raises UserMistake."""
    path = folder / BENCHMARK
    if path.is_file():
        return
    wheel = wheel or fetched()
    if not zipfile.is_zipfile(wheel):
        raise UserMistake(f"--bfcl {str(wheel)!r} is no wheel; give bfcl-eval's, or leave the option out")
    with zipfile.ZipFile(wheel) as opened:
        names = sorted(name for name in opened.namelist() if name.startswith(_ROWS) and "format_sens" not in name)
        replace(path, [line + b"\n" for name in names for line in opened.read(name).splitlines() if line.strip()])
