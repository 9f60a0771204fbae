"""Row formats, one file a format. The registry says how each is written and read, and which files its rows go to.

`read` raises RowError for a row that does not follow its format; `write` raises NotCarried for a dialog it has no place
for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from pydantic_core import from_json

from toolace.formats import bfcl, hermes, llamafactory, openai, swift, toolace, trl, xlam
from toolace.formats.offering import offered_at_once
from toolace.formats.reading import RowError
from toolace.formats.rows import NotCarried, Options, Row
from toolace.records import Dialog

__all__ = ["FORMATS", "Format", "NotCarried", "Options", "Row", "RowError", "carried", "read_line"]


class Format(NamedTuple):
    """One format. `write` gives one row for each of `files`; `beside` gives further files by name, for these splits."""

    write: Callable[[Dialog, Options, int], Row | tuple[Row, ...]]
    read: Callable[[Row, int], Dialog] | None = None
    files: tuple[str, ...] = ("{split}.jsonl",)
    beside: Callable[[list[str]], dict[str, str]] | None = None
    thinks: bool = True
    """Whether the format has a place for thinking."""
    json_columns: tuple[str, ...] = ()
    """Columns whose shape differs from row to row: a column of structs would fill them up with nulls."""
    leaves_out: str = ""
    """What no row of this format holds, in words for the dataset card."""


_NESTED = ("messages", "tools")

FORMATS: dict[str, Format] = {
    "openai": Format(openai.write, openai.read, json_columns=_NESTED),
    "trl": Format(trl.write, trl.read, json_columns=_NESTED),
    "llamafactory": Format(llamafactory.write, llamafactory.read, beside=llamafactory.dataset_info),
    "swift": Format(swift.write, swift.read),
    "hermes": Format(hermes.write, hermes.read),
    "xlam": Format(
        xlam.write,
        xlam.read,
        thinks=False,
        leaves_out="tool results, answers, and system messages that no value comes from",
    ),
    "toolace": Format(toolace.write, toolace.read),
    "bfcl": Format(
        bfcl.write,
        files=("{split}.jsonl", "possible_answer/{split}.jsonl"),
        thinks=False,
        json_columns=("question", "function"),
        leaves_out="tool results and all that the assistant says",
    ),
}


def carried(format: Format, dialog: Dialog, options: Options, number: int) -> tuple[tuple[Row, ...], Dialog, int]:
    """(rows, the dialog as far as they carry it, turns left out); `number` is the row's place. Raises NotCarried."""
    whole, left_out = offered_at_once(dialog)
    rows = format.write(whole, options, number)
    return rows if isinstance(rows, tuple) else (rows,), whole, left_out


def read_line(name: str, line: bytes, index: int) -> Dialog:
    """The dialog of one line of a file of this format. Raises RowError, for a line that is no JSON object too."""
    read = FORMATS[name].read
    if read is None:
        raise RowError("", f"a format that can be read, which {name} is not", name)
    try:
        row = from_json(line, allow_inf_nan=False)
    except ValueError as error:
        raise RowError("", f"JSON ({error})", line[:80]) from None
    if not isinstance(row, dict):
        raise RowError("", "an object", row)
    return read(row, index)
