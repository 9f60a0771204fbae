"""The log of paid replies: WORKSPACE/replies/segment-00000.jsonl …, append-only, keyed by the request's hash.

A reply is with the operating system before its ask returns, so a killed process loses none; a thread syncs to disk
several times a second, so a machine that loses power loses little. Memory holds only where each reply lies, about
200 MB per million replies. Costs are in the same lines, so totals are right across resumes.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from toolace.backends.costs import Bill, Totals
from toolace.errors import UserMistake

SYNC_SECONDS = 0.1
"""Replies of at most this long share one fsync."""

SEGMENT_BYTES = 1 << 28
"""A new segment begins when the last one has grown beyond this."""

_OFFSET_BITS = 40
_OFFSET_MASK = (1 << _OFFSET_BITS) - 1
"""A reply's place is one number, `segment << 40 | offset`: a tuple would take three times the memory."""

_REPLY = b',"reply":'


@dataclass(frozen=True, slots=True)
class Reply:
    """What the endpoint gave back: the text as it came, and why it ended."""

    text: str | None
    finish: str | None = None
    refusal: str | None = None


class ReplyLog:
    """Paid replies by request hash. Without a folder they live in memory. One process at a time (Workspace.lock)."""

    def __init__(self, folder: Path | None = None):
        self.folder = folder
        self.totals = Totals()
        self._places: dict[bytes, int] = {}
        self._memory: dict[bytes, Reply] = {}
        self._segment: _Segment | None = None
        self._readers: dict[int, int] = {}
        self._loaded = folder is None

    def get(self, key: bytes) -> Reply | None:
        """The reply that was paid for this request; None when there is none."""
        self.load()
        if self.folder is None:
            return self._memory.get(key)
        place = self._places.get(key)
        return None if place is None else self._read(place)

    def put(self, key: bytes, reply: Reply, bill: Bill) -> None:
        """Hands a paid reply to the operating system. Raises UserMistake when the disk is full or refuses."""
        self.load()
        if self.folder is None:
            self._memory[key] = reply
        else:
            head = orjson.dumps({"key": key.hex(), **asdict(bill)})
            self._places[key] = self._append(head[:-1] + _REPLY + orjson.dumps(asdict(reply)) + b"}\n")
        self.totals.add(bill)

    def forget(self, keys: Iterable[bytes]) -> None:
        """Takes replies out of the index that together never became valid: a rerun asks anew. Their cost remains."""
        gone = [key for key in keys if key in self._places or key in self._memory]
        for key in gone:
            self._places.pop(key, None)
            self._memory.pop(key, None)
        if gone and self.folder is not None:
            self._append(orjson.dumps({"forget": [key.hex() for key in gone]}) + b"\n")

    def load(self) -> None:
        """Reads the index and the totals, once, and drops a torn last line. Call it before looking at `totals`."""
        if self._loaded:
            return
        assert self.folder is not None
        self._loaded = True
        segments = sorted(self.folder.glob("segment-*.jsonl"))
        for path in segments:
            number = int(path.stem.removeprefix("segment-"))
            for place, line in _lines(path, number, repair=path == segments[-1]):
                self._take(path, place, line)

    def close(self) -> None:
        """Syncs and closes; the log may be used again."""
        if self._segment is not None:
            self._segment.close()
            self._segment = None
        for descriptor in self._readers.values():
            os.close(descriptor)
        self._readers.clear()

    def _take(self, path: Path, place: int, line: bytes) -> None:
        head, found, _ = line.partition(_REPLY)
        try:
            fields = orjson.loads(head + b"}" if found else line)
            if found:
                self._places[bytes.fromhex(fields.pop("key"))] = place
                self.totals.add(Bill(**fields))
            else:
                for key in fields["forget"]:
                    self._places.pop(bytes.fromhex(key), None)
        except (ValueError, KeyError, TypeError):
            raise UserMistake(
                f"replies/{path.name} at byte {place & _OFFSET_MASK}: not a paid reply; "
                "delete that line (it will be paid again)"
            ) from None

    def _append(self, line: bytes) -> int:
        assert self.folder is not None
        try:
            if self._segment is None:
                self.folder.mkdir(parents=True, exist_ok=True)
                last = max((int(path.stem[8:]) for path in self.folder.glob("segment-*.jsonl")), default=0)
                self._segment = _Segment(self.folder, last)
            if self._segment.size > SEGMENT_BYTES:
                self._segment.close()
                self._segment = _Segment(self.folder, self._segment.number + 1)
            return self._segment.number << _OFFSET_BITS | self._segment.append(line)
        except OSError as error:
            raise UserMistake(
                f"replies/ cannot be written: {error.strerror}; make room or give another workspace, then rerun"
            ) from None

    def _read(self, place: int) -> Reply:
        assert self.folder is not None
        segment, offset = place >> _OFFSET_BITS, place & _OFFSET_MASK
        if segment not in self._readers:
            self._readers[segment] = os.open(_path(self.folder, segment), os.O_RDONLY)
        descriptor, size = self._readers[segment], 1 << 13
        while b"\n" not in (line := os.pread(descriptor, size, offset)) and len(line) == size:
            size *= 4
        return Reply(**orjson.loads(line[: line.index(b"\n")])["reply"])


def read_totals(folder: Path) -> Totals:
    """What the replies of a log cost, without opening it for work: reads only, and its memory is flat."""
    totals = Totals()
    for path in sorted(folder.glob("segment-*.jsonl")):
        for _, line in _lines(path, 0, repair=False):
            head, found, _ = line.partition(_REPLY)
            if found:
                fields = orjson.loads(head + b"}")
                del fields["key"]
                totals.add(Bill(**fields))
    return totals


class _Segment:
    """The file being written, and the thread that syncs it."""

    def __init__(self, folder: Path, number: int):
        self.number = number
        self._file = os.open(_path(folder, number), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
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


def _lines(path: Path, number: int, *, repair: bool) -> Iterator[tuple[int, bytes]]:
    """The whole lines of a segment; with `repair`, what follows the last of them is cut off."""
    offset = 0
    with path.open("r+b" if repair else "rb") as file:
        for line in file:
            if not line.endswith(b"\n"):
                break
            yield number << _OFFSET_BITS | offset, line
            offset += len(line)
        if repair:
            file.truncate(offset)


def _path(folder: Path, number: int) -> Path:
    return folder / f"segment-{number:05d}.jsonl"
