"""Rows of the `trl` export as examples of the learner: tokens, and labels for what the assistant says."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from toolace.complexity.chat import Passage
from toolace.errors import UserMistake
from toolace.formats import RowError, read_line
from toolace.records import Message

IGNORED = -100
"""Label of a token that is not learned."""

Read = Callable[[Sequence[dict[str, Any]], Sequence[Message]], list[Passage]]
"""Renders a conversation as the learner's chat template does."""

Tokenised = Callable[[Passage], tuple[list[int], list[tuple[int, int]], int]]
"""Tokens of a passage, and its answers as ranges of them."""


class Examples(NamedTuple):
    """What is trained on. A row is one example, or several where the chat template rewrites earlier turns."""

    tokens: list[dict[str, list[int]]]
    rows: int
    too_long: int
    """Rows left out because an example of theirs is longer than the limit: cutting one off would teach half a call."""


def read_lines(path: Path, rows: int | None, seed: int) -> list[bytes]:
    """The file's lines, or that many of them drawn by the seed. Raises UserMistake."""
    try:
        lines = [line for line in path.read_bytes().splitlines() if line.strip()]
    except OSError as error:
        raise UserMistake(f"{str(path)!r}: {error.strerror}; write it with `toolace export --format trl`") from None
    if not lines:
        raise UserMistake(f"{str(path)!r} holds no rows")
    if rows is None:
        return lines
    if rows > len(lines):
        raise UserMistake(f"{str(path)!r} holds {len(lines)} rows, --rows asks for {rows}; generate more, or ask for fewer")
    return random.Random(seed).sample(lines, rows)


def examples_of(lines: Iterable[bytes], read: Read, tokenised: Tokenised, longest: int) -> Examples:
    """The examples of these rows. Raises UserMistake, with the row's number, for a line that is no row of the format."""
    examples: list[dict[str, list[int]]] = []
    rows = too_long = 0
    for number, line in enumerate(lines, 1):
        try:
            dialog = read_line("trl", line, number)
        except RowError as error:
            raise UserMistake(f"row {number}: {error}; write the file with `toolace export --format trl`") from None
        made = [labelled(*tokenised(passage)[:2]) for passage in read(dialog.tools, dialog.messages)]
        if any(len(example["input_ids"]) > longest for example in made):
            too_long += 1
            continue
        rows += 1
        examples += made
    return Examples(examples, rows, too_long)


def labelled(tokens: list[int], answers: Iterable[tuple[int, int]]) -> dict[str, list[int]]:
    """Tokens and labels: a token inside an answer is its own label, the others are ignored."""
    labels = [IGNORED] * len(tokens)
    for start, end in answers:
        labels[start:end] = tokens[start:end]
    return {"input_ids": tokens, "labels": labels}
