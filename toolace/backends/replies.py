"""The log of paid replies: WORKSPACE/replies/segment-00000.jsonl …, append-only, keyed by the request's hash.

A reply is with the operating system before its ask returns, so a killed process loses none; a thread syncs to disk
several times a second, so a machine that loses power loses little. Memory holds only where each reply lies, about
200 MB per million replies. Costs are in the same lines, so totals are right across resumes.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from toolace.backends.costs import Bill, Totals
from toolace.backends.segments import Segment, segment_path, whole_lines
from toolace.errors import UserMistake

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
    """Paid replies by request hash. Without a folder they live in memory.

    One process at a time (Workspace.lock), or with `is_shared` several, each of which writes segments of its own.
    """

    def __init__(self, folder: Path | None = None, *, is_shared: bool = False):
        self.folder, self.is_shared = folder, is_shared
        self.totals = Totals()
        self.paid_here = 0.0
        """What this process paid."""
        self.elsewhere = 0
        """Replies that other processes wrote since this one loaded the log."""
        self._read_to: dict[int, int] = {}
        self._own: set[int] = set()
        self._places: dict[bytes, int] = {}
        self._memory: dict[bytes, Reply] = {}
        self._segment: Segment | None = None
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
        self.paid_here += bill.cost or 0.0

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
        self._loaded = True
        self._take_up()

    def catch_up(self) -> None:
        """Reads what other processes wrote meanwhile."""
        if not self._loaded:
            self.load()
        elif self.is_shared and self.folder is not None:
            self.elsewhere += self._take_up()

    def _take_up(self) -> int:
        """Reads what is new in segments that are not this process's own; how many replies."""
        assert self.folder is not None
        segments, found = sorted(self.folder.glob("segment-*.jsonl")), 0
        for path in segments:
            number = int(path.stem.removeprefix("segment-"))
            if number in self._own:
                continue
            is_last = path == segments[-1] and not self.is_shared
            for offset, line in whole_lines(path, repair=is_last, start=self._read_to.get(number, 0)):
                found += self._take(path, number << _OFFSET_BITS | offset, line)
                self._read_to[number] = offset + len(line)
        return found

    def close(self) -> None:
        """Syncs and closes; the log may be used again."""
        if self._segment is not None:
            self._segment.close()
            self._segment = None
        for descriptor in self._readers.values():
            os.close(descriptor)
        self._readers.clear()

    def _take(self, path: Path, place: int, line: bytes) -> bool:
        """Whether the line was a reply."""
        head, found, _ = line.partition(_REPLY)
        try:
            fields = orjson.loads(head + b"}" if found else line)
            if found:
                self._places[bytes.fromhex(fields.pop("key"))] = place
                self.totals.add(Bill(**fields))
            else:
                for key in fields["forget"]:
                    self._places.pop(bytes.fromhex(key), None)
            return bool(found)
        except (ValueError, KeyError, TypeError):
            raise UserMistake(
                f"replies/{path.name} at byte {place & _OFFSET_MASK}: not a paid reply; "
                "delete that line (it will be paid again)"
            ) from None

    def _append(self, line: bytes) -> int:
        assert self.folder is not None
        try:
            if self._segment is None:
                self._segment = self._begin(is_new=self.is_shared)
            elif self._segment.size > SEGMENT_BYTES:
                self._segment.close()
                self._segment = self._begin(is_new=True)
            return self._segment.number << _OFFSET_BITS | self._segment.append(line)
        except OSError as error:
            raise UserMistake(
                f"replies/ cannot be written: {error.strerror}; make room or give another workspace, then rerun"
            ) from None

    def _begin(self, *, is_new: bool) -> Segment:
        """The last segment to go on with, or the next one; of processes that want it at once, one gets it."""
        assert self.folder is not None
        self.folder.mkdir(parents=True, exist_ok=True)
        last = max((int(path.stem[8:]) for path in self.folder.glob("segment-*.jsonl")), default=-1)
        number = max(0, last + is_new)
        while True:
            try:
                segment = Segment(self.folder, number, is_new=is_new)
            except FileExistsError:
                number += 1
            else:
                self._own.add(number)
                return segment

    def _read(self, place: int) -> Reply:
        assert self.folder is not None
        segment, offset = place >> _OFFSET_BITS, place & _OFFSET_MASK
        if segment not in self._readers:
            self._readers[segment] = os.open(segment_path(self.folder, segment), os.O_RDONLY)
        descriptor, size = self._readers[segment], 1 << 13
        while b"\n" not in (line := os.pread(descriptor, size, offset)) and len(line) == size:
            size *= 4
        return Reply(**orjson.loads(line[: line.index(b"\n")])["reply"])


def read_totals(folder: Path) -> Totals:
    """What the replies of a log cost, without opening it for work: reads only, and its memory is flat."""
    totals = Totals()
    for path in sorted(folder.glob("segment-*.jsonl")):
        for _, line in whole_lines(path, repair=False):
            head, found, _ = line.partition(_REPLY)
            if found:
                fields = orjson.loads(head + b"}")
                del fields["key"]
                totals.add(Bill(**fields))
    return totals
