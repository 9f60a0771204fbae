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


def shuffled_lines(path: Path, seed: int) -> list[bytes]:
    """The file's lines, in an order drawn by the seed. Raises UserMistake."""
    try:
        lines = [line for line in path.read_bytes().splitlines() if line.strip()]
    except OSError as error:
        raise UserMistake(f"{str(path)!r}: {error.strerror}; write it with `toolace export --format trl`") from None
    random.Random(seed).shuffle(lines)
    return lines


def examples_of(
    lines: Iterable[bytes], read: Read, tokenised: Tokenised, longest: int, rows: int | None = None
) -> Examples:
    """The examples of the first `rows` lines that are short enough. Raises UserMistake for a line that is no row."""
    examples: list[dict[str, list[int]]] = []
    taken = too_long = 0
    for number, line in enumerate(lines, 1):
        if taken == rows:
            break
        try:
            dialog = read_line("trl", line, number)
        except RowError as error:
            raise UserMistake(f"{error} in {line[:80]!r}; write the file with `toolace export --format trl`") from None
        made = [labelled(*tokenised(passage)[:2]) for passage in read(dialog.tools, dialog.messages)]
        if any(len(example["input_ids"]) > longest for example in made):
            too_long += 1
            continue
        taken += 1
        examples += made
    if taken < (rows or 1):
        raise UserMistake(
            f"{taken} rows of at most {longest} tokens, {rows or 1} wanted; generate more, or ask for fewer"
        )
    return Examples(examples, taken, too_long)


def labelled(tokens: list[int], answers: Iterable[tuple[int, int]]) -> dict[str, list[int]]:
    """Tokens and labels: a token inside an answer is its own label, the others are ignored."""
    labels = [IGNORED] * len(tokens)
    for start, end in answers:
        labels[start:end] = tokens[start:end]
    return {"input_ids": tokens, "labels": labels}
