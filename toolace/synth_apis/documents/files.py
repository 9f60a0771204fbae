"""Finds the files of the paths a user gives, in an order that is the same everywhere, and reads their bytes."""

from __future__ import annotations

import gzip
import os
import stat
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from toolace.errors import UserMistake
from toolace.synth_apis.documents.shape import Unreadable

MAX_BYTES: Final = 512 * 2**20
"""Largest file that is read, unpacked: it stands in memory as a whole."""
_GZIP: Final = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file to read: its name in records, and where it lies."""

    source: str
    path: Path
    problem: str = ""
    """Why it cannot even be looked at (a folder without permission)."""


def find_files(paths: Iterable[Path]) -> list[SourceFile]:
    """All files of files and folders, sorted by relative path, each once, hidden ones left out."""
    found: dict[Path, SourceFile] = {}
    for path in paths:
        if not path.exists():
            raise UserMistake(f"{str(path)!r} does not exist; give a file or a folder with --documents")
        for one in _walk(path) if path.is_dir() else [SourceFile(_printable(path.name), path)]:
            found.setdefault(one.path.absolute(), one)
    return sorted(found.values(), key=lambda one: (one.source, str(one.path)))


def read_bytes(path: Path) -> bytes:
    """The content, unpacked if it is gzip; raises Unreadable with the reason."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise Unreadable("not a regular file")
        with path.open("rb") as file:
            is_gzip = file.read(2) == _GZIP
            file.seek(0)
            if is_gzip:
                with gzip.open(file) as unpacked:
                    data = unpacked.read(MAX_BYTES + 1)
            else:
                data = file.read(MAX_BYTES + 1)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise Unreadable(f"broken gzip file: {error}") from error
    except OSError as error:
        raise Unreadable(f"cannot be read: {error.strerror or error}") from error
    if len(data) > MAX_BYTES:
        raise Unreadable(f"larger than {MAX_BYTES // 2**20} MB")
    return data


def _walk(root: Path) -> Iterator[SourceFile]:
    closed: list[OSError] = []
    for folder, folders, names in os.walk(root, onerror=closed.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if not name.startswith("."):
                path = Path(folder, name)
                yield SourceFile(_printable(path.relative_to(root).as_posix()), path)
    for error in closed:
        path = Path(os.fsdecode(error.filename))
        yield SourceFile(_printable(path.relative_to(root).as_posix()), path, f"cannot be read: {error.strerror}")


def _printable(name: str) -> str:
    """The name as valid Unicode: file systems hold bytes, records hold text."""
    return os.fsencode(name).decode("utf-8", "replace")
