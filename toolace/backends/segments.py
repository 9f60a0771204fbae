"""The files of the reply log: appended to line by line, synced by a thread, read up to the last whole line."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

SYNC_SECONDS = 0.1
"""Lines of at most this long share one fsync."""


class Segment:
    """The file being written, and the thread that syncs it."""

    def __init__(self, folder: Path, number: int, *, is_new: bool):
        """Raises FileExistsError where `is_new` and it is there."""
        self.number = number
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | (os.O_EXCL if is_new else 0)
        self._file = os.open(segment_path(folder, number), flags, 0o644)
        self.size = os.fstat(self._file).st_size
        self._wanted = threading.Event()
        self._closing = threading.Event()
        self._failure: OSError | None = None
        self._thread = threading.Thread(target=self._sync, name="replies-sync", daemon=True)
        self._thread.start()

    def append(self, line: bytes) -> int:
        """Writes one line; returns its offset. A line that does not fit leaves nothing behind."""
        if self._failure is not None:
            raise self._failure
        offset = self.size
        written = 0
        try:
            while written < len(line):
                written += os.write(self._file, line[written:])
        except OSError:
            os.ftruncate(self._file, offset)
            raise
        self.size += written
        self._wanted.set()
        return offset

    def close(self) -> None:
        """Syncs and closes."""
        self._closing.set()
        self._wanted.set()
        self._thread.join()
        os.fsync(self._file)
        os.close(self._file)

    def _sync(self) -> None:
        while not self._closing.is_set():
            self._wanted.wait()
            self._closing.wait(SYNC_SECONDS)
            self._wanted.clear()
            try:
                os.fsync(self._file)
            except OSError as error:
                self._failure = error  # told to the next append


def whole_lines(path: Path, *, repair: bool, start: int = 0) -> Iterator[tuple[int, bytes]]:
    """(offset, line) of the whole lines from a byte on; with `repair`, what follows the last of them is cut off."""
    offset = start
    with path.open("r+b" if repair else "rb") as file:
        file.seek(offset)
        for line in file:
            if not line.endswith(b"\n"):
                break
            yield offset, line
            offset += len(line)
        if repair:
            file.truncate(offset)


def segment_path(folder: Path, number: int) -> Path:
    """Where a segment lies."""
    return folder / f"segment-{number:05d}.jsonl"
