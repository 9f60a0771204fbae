"""Stage 4: streams dialogs into rows, one pass over them (a pass more for thirds, and for a number of rows)."""

from __future__ import annotations

import contextlib
import heapq
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import orjson

from toolace.config import Export
from toolace.export.figures import Figures
from toolace.export.split import placed
from toolace.export.subsets import Choice, rank
from toolace.formats import FORMATS, NotCarried, Options, Row, carried
from toolace.records import Dialog
from toolace.shards import StageFolder
from toolace.wholefiles import LinesFile

Dialogs = Callable[[], Iterator[Dialog]]
"""Gives the dialogs from the start, each time it is called."""

TRAIN, EVAL = "train", "eval"

_JSON = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


@dataclass
class ExportCounts:
    """What became of the dialogs: `read` is what rows, `left_out` and `not_carried` add up to.

    `shortened` counts rows that end before tools offered later, `turns_left_out` what they lack.
    """

    read: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    not_carried: Counter[str] = field(default_factory=Counter)
    shortened: int = 0
    turns_left_out: int = 0
    figures: dict[str, Figures] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    """SHA-256 of each data file by name."""

    @property
    def rows(self) -> dict[str, int]:
        """Rows by split."""
        return {split: figures.dialogs for split, figures in self.figures.items()}


@dataclass(frozen=True, slots=True)
class _Carried:
    """A dialog that becomes rows of a split."""

    split: str
    rows: tuple[bytes, ...]
    dialog: Dialog
    turns_left_out: int


def export(dialogs: Dialogs, settings: Export, folder: StageFolder, choose: Choice) -> ExportCounts:
    """Writes the rows of every dialog that `choose` gives no reason against; all files appear together, at the end."""
    if settings.rows is not None:
        choose = _with_the_first(settings.rows, dialogs, settings, choose)
    counts = ExportCounts(figures={split: Figures() for split in splits_of(settings)})
    format = FORMATS[settings.format]
    names = {split: [file.format(split=split) for file in format.files] for split in counts.figures}
    with contextlib.ExitStack() as cleaning:
        files: dict[str, list[LinesFile]] = {split: [folder.file(name) for name in names[split]] for split in names}
        for file in (file for group in files.values() for file in group):
            cleaning.callback(file.discard)
        for one in _carried(dialogs(), settings, choose, counts):
            for file, row in zip(files[one.split], one.rows, strict=True):
                file.append(row)
            counts.figures[one.split].add(one.dialog)
            counts.shortened += one.turns_left_out > 0
            counts.turns_left_out += one.turns_left_out
        for split, group in files.items():
            counts.files |= {name: file.finish() for name, file in zip(names[split], group, strict=True)}
    return counts


def splits_of(settings: Export) -> list[str]:
    """The splits that these settings write."""
    return [TRAIN, EVAL] if settings.split else [TRAIN]


def _carried(dialogs: Iterator[Dialog], settings: Export, choose: Choice, counts: ExportCounts) -> Iterator[_Carried]:
    """The dialogs that become rows; the others are counted."""
    format = FORMATS[settings.format]
    options = Options(settings.with_thinking, settings.call_text, settings.system_prompt)
    numbers = dict.fromkeys(counts.figures, 0)
    for dialog in dialogs:
        counts.read += 1
        if reason := choose(dialog):
            counts.left_out[reason] += 1
            continue
        split, placed_dialog = placed(dialog, settings.split)
        if split is None:
            counts.left_out["tools_on_both_sides_of_the_split"] += 1
            continue
        try:
            rows, whole, turns = carried(format, placed_dialog, options, numbers[split])
            lines = tuple(map(_line, rows))
        except NotCarried as refusal:
            counts.not_carried[str(refusal)] += 1
            continue
        numbers[split] += 1
        yield _Carried(split, lines, whole, turns)


def _with_the_first(wanted: int, dialogs: Dialogs, settings: Export, choose: Choice) -> Choice:
    """`choose`, and among the training rows it leaves those `wanted` whose ids rank first. Memory: `wanted` numbers."""
    counts = ExportCounts(figures={split: Figures() for split in splits_of(settings)})
    training = (one for one in _carried(dialogs(), settings, choose, counts) if one.split == TRAIN)
    first = heapq.nsmallest(wanted, (rank(one.dialog.id) for one in training))
    last = first[-1] if first else -1

    def within(dialog: Dialog) -> str:
        if reason := choose(dialog):
            return reason
        beyond = rank(dialog.id) > last and placed(dialog, settings.split)[0] == TRAIN
        return "beyond_the_rows_wanted" if beyond else ""

    return within


def _line(row: Row) -> bytes:
    """A row as it is written: compact JSON.

    orjson is six times faster than the standard library, but it writes NaN as null and has no integers over 64 bits; so it has
    the word where neither can be.
    """
    with contextlib.suppress(TypeError):
        line = orjson.dumps(row)
        if b"null" not in line:
            return line
    try:
        return _JSON.encode(row).encode()
    except ValueError:  # NaN, an infinity, or half a surrogate pair
        raise NotCarried("value_outside_json") from None
