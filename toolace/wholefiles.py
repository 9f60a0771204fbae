"""Files that appear whole: they grow beside their name, are synced, and take it by rename; a kill leaves no half."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO


def replace(path: Path, chunks: Iterable[bytes]) -> str:
    """Writes a file of these chunks; returns its SHA-256."""
    digest = hashlib.sha256()
    with writing(path) as file:
        for chunk in chunks:
            file.write(chunk)
            digest.update(chunk)
    return digest.hexdigest()


@contextlib.contextmanager
def writing(path: Path) -> Iterator[BinaryIO]:
    """A file to write into; it stands under its name once the block ends without an error."""
    temporary = _beside(path)
    try:
        with temporary.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    os.replace(temporary, path)


def digest_of_file(path: Path) -> str:
    """SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class LinesFile:
    """A file of lines that stays open while others grow; `finish` gives it its name, `discard` takes away what has
    none."""

    def __init__(self, path: Path):
        self.path = path
        self._digest = hashlib.sha256()
        self._file = _beside(path).open("wb", buffering=1 << 18)

    def append(self, line: bytes) -> None:
        """One line, without its end."""
        whole = line + b"\n"
        self._file.write(whole)
        self._digest.update(whole)

    def finish(self) -> str:
        """Syncs and renames; returns the file's SHA-256."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        os.replace(_beside(self.path), self.path)
        return self._digest.hexdigest()

    def discard(self) -> None:
        """Takes away what was not finished; nothing after `finish`."""
        if not self._file.closed:
            self._file.close()
            _beside(self.path).unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    return path.with_name(path.name + ".tmp")
