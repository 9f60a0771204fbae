"""What a store has, brought into a folder that lacks it or has something else."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from toolace.storage.pieces import Pieces, is_segment, joined, lacking, segment_name, segments_in
from toolace.storage.store import Store
from toolace.wholefiles import digest_of_file, replace

INCOMING = ".incoming"
"""Where objects lie until they are whole."""


def take_over(
    store: Store,
    folder: Path,
    here: set[str],
    there: set[str],
    digests: dict[str, Any],
    renew: Callable[[], None],
) -> dict[str, list[Any]]:
    """Makes the folder what the store is, but for paid replies, of which those of both are kept.

    `here` are the folder's files, `there` the store's objects, `digests` what its index says of them; `renew` is called
    between transfers. Returns what the two have in common, as the mirror remembers it.
    """
    incoming = folder / INCOMING
    shutil.rmtree(incoming, ignore_errors=True)
    segments = segments_in(there)
    pieces = {name for parts in segments.values() for _, name in parts}
    files = there - pieces
    same = {name for name in files & here if digests.get(name) == digest_of_file(folder / name)}
    for _ in store.fetch(sorted(pieces | (files - same)), incoming):
        renew()
    common = _replies(folder, incoming, segments, here)
    for name in files - same:
        _moved(incoming / name, folder / name)
    for name in here - files:
        if not is_segment(name):
            (folder / name).unlink()
    shutil.rmtree(incoming, ignore_errors=True)
    return common | {name: [*_about(folder / name), digest_of_file(folder / name)] for name in files}


def _replies(folder: Path, incoming: Path, segments: dict[str, Pieces], here: set[str]) -> dict[str, list[Any]]:
    """The store's segments, and in new ones the replies that only this folder has."""
    common: dict[str, list[Any]] = {}
    whole, number = incoming / "segment", 0
    for name, pieces in segments.items():
        joined(incoming, pieces, whole)
        size, lines = whole.stat().st_size, b""
        if (folder / name).exists():
            lines = lacking(folder / name, whole)
            if (folder / name).stat().st_size == size + len(lines):  # ours goes on where theirs ends
                common[name] = [size, 0, size]
                continue
        _moved(whole, folder / name)
        common[name] = [*_about(folder / name), size]
        if lines:
            while (own := segment_name(number)) in here or own in segments or (folder / own).exists():
                number += 1
            replace(folder / own, [lines])
    return common


def _moved(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    os.replace(source, target)


def _about(path: Path) -> list[int]:
    about = path.stat()
    return [about.st_size, about.st_mtime_ns]
