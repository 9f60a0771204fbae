"""Segments of the reply log in a store: what was appended since the last push is an object of its own.

`replies/segment-00000.jsonl` is its beginning, `replies/segment-00000.jsonl.000000012345` goes on at that byte. At the
end of a command a segment is put together into one object.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from pathlib import Path

Pieces = list[tuple[int, str]]
"""(offset, object) of a segment's pieces, in order."""

_PIECE = re.compile(r"(replies/segment-\d+\.jsonl)(?:\.(\d{12}))?")


def is_segment(name: str) -> bool:
    """Whether a file of the workspace is one that only grows."""
    found = _PIECE.fullmatch(name)
    return bool(found and found[2] is None)


def segment_name(number: int) -> str:
    """The n-th segment's file."""
    return f"replies/segment-{number:05d}.jsonl"


def piece_name(name: str, offset: int) -> str:
    """The object that holds a segment from this byte on."""
    return f"{name}.{offset:012d}" if offset else name


def segments_in(names: Iterable[str]) -> dict[str, Pieces]:
    """The pieces by segment."""
    found: dict[str, Pieces] = {}
    for name in names:
        if piece := _PIECE.fullmatch(name):
            found.setdefault(piece[1], []).append((int(piece[2] or 0), name))
    return {name: sorted(pieces) for name, pieces in sorted(found.items())}


def joined(folder: Path, pieces: Pieces, target: Path) -> None:
    """Puts fetched pieces together. Where they overlap they are equal; what follows a gap is left out."""
    with target.open("wb") as whole:
        for offset, name in pieces:
            have = whole.tell()
            if offset > have:
                return
            with (folder / name).open("rb") as piece:
                piece.seek(have - offset)
                shutil.copyfileobj(piece, whole)


def grown(path: Path, offset: int) -> bytes:
    """The whole lines that a segment has from this byte on."""
    with path.open("rb") as file:
        file.seek(offset)
        content = file.read()
    return content[: content.rfind(b"\n") + 1]


def lacking(ours: Path, theirs: Path) -> bytes:
    """The whole lines of our segment that theirs has not, in order."""
    with theirs.open("rb") as other:
        known = set(other)
    with ours.open("rb") as own:
        return b"".join(line for line in own if line.endswith(b"\n") and line not in known)
