"""What verify and score go through: the dialogs of the workspace, or a file of training rows."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import orjson

from toolace.errors import ReplyError, UserMistake, nearest
from toolace.formats import FORMATS, RowError, read_line
from toolace.records import Dialog
from toolace.shards import StageFolder, parse_line


class Dialogs:
    """The dialogs of the workspace as input."""

    name = "dialogs"
    identity = "dialogs/"

    def __init__(self, folder: StageFolder, limit: int | None):
        self._folder = folder
        manifest = folder.manifest()
        held = manifest.counts["kept"] if manifest else 0
        self.total = min(held, limit) if limit else held
        self._counts = [part.records for part in manifest.parts] if manifest else []

    def lines(self) -> Iterator[bytes]:
        return islice((line for _, line in self._folder.lines()), self.total)

    def parse(self, index: int, line: bytes) -> Dialog:
        return parse_line(Dialog, line, f"dialogs/ record {index + 1}")

    def parts(self, size: int) -> tuple[str, ...]:
        """A checksum of what each part of verified/ is made from."""
        whole = hashlib.sha256()
        found: list[str] = []
        for number, line in enumerate(self.lines(), 1):
            whole.update(line)
            if number % size == 0 or number == self.total:
                found.append(whole.hexdigest())
                whole = hashlib.sha256()
        return tuple(found)


class Rows(Dialogs):
    """A file of training rows as input: one JSON object a line, or one JSON list."""

    def __init__(self, path: Path, format: str, limit: int | None):
        readable = [name for name, entry in FORMATS.items() if entry.read]
        if format not in readable:
            raise UserMistake(
                f"--input-format {format!r} cannot be read{nearest(format, readable)}; one of {', '.join(readable)}"
            )
        if not path.is_file():
            raise UserMistake(f"--input {str(path)!r} is no file; give a file of {format} rows")
        self._path, self._format = path, format
        self.name = path.name
        self.identity = f"{path.name} ({format})"
        self._numbers = array("Q")
        total = sum(1 for _ in self._every(self._numbers))
        if not total:
            raise UserMistake(f"--input {str(path)!r} is empty; give a file of {format} rows")
        self.total = min(total, limit) if limit else total

    def lines(self) -> Iterator[bytes]:
        return islice(self._every(), self.total)

    def parse(self, index: int, line: bytes) -> Dialog:
        """The row as a dialog; a malformed one is errored, naming its place in the file."""
        try:
            return read_line(self._format, line, index)
        except RowError as error:
            raise ReplyError(f"{self._path.name}:{self._numbers[index]}: {error}") from None

    def _every(self, numbers: array[int] | None = None) -> Iterator[bytes]:
        """Every row as a line; `numbers` takes each one's line number (in a JSON list, its place)."""
        with self._path.open("rb") as file:
            head = file.read(64).lstrip()
            file.seek(0)
            if not head.startswith(b"["):
                for number, line in enumerate(file, 1):
                    if line.strip():
                        if numbers is not None:
                            numbers.append(number)
                        yield line.rstrip(b"\r\n")
                return
            try:
                rows = orjson.loads(file.read())
            except orjson.JSONDecodeError as error:
                raise UserMistake(
                    f"--input {str(self._path)!r} is no JSON list: {error}; mend it or give JSONL"
                ) from None
        for number, row in enumerate(rows, 1):
            if numbers is not None:
                numbers.append(number)
            yield orjson.dumps(row)
