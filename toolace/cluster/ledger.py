"""What the nodes of a cluster pay, written down on the driver's machine: nodes need see no disk but their own."""

from __future__ import annotations

from pathlib import Path

from toolace.backends.segments import Segment, segment_path, whole_lines

CHUNK_BYTES = 1 << 25
"""Of paid replies, in one message."""

STAGES = frozenset((b"synth-apis", b"gen-dialogs", b"verify"))
"""Those of them that ask roles; a reply to one serves no other."""

Place = tuple[int, int]
"""A segment's rank and an offset in it."""


class Ledger:
    """The actor, on the driver's machine. A node's replies go into a segment of the log that is the node's own."""

    def __init__(self, replies: Path):
        """`replies` is the workspace's folder of that name."""
        self._folder = replies
        self._segments: dict[str, Segment] = {}

    def earlier(self, stage: str, start: Place = (0, 0)) -> tuple[bytes, Place | None]:
        """Lines of the log that a stage may ask for again, from a place on, and the place where the rest begins."""
        paths = sorted(self._folder.glob("segment-*.jsonl"))
        found: list[bytes] = []
        rank, offset = start
        size = 0
        for number, path in enumerate(paths[rank:], rank):
            for at, line in whole_lines(path, repair=False, start=offset):
                if size > CHUNK_BYTES:
                    return b"".join(found), (number, at)
                if _concerns(line, stage.encode()):
                    found.append(line)
                    size += len(line)
            offset = 0
        return b"".join(found), None

    def take(self, node: str, lines: bytes) -> None:
        """Writes down what a node has paid."""
        if node not in self._segments:
            self._segments[node] = self._begun()
        self._segments[node].append(lines)

    def of(self, node: str) -> bytes:
        """What came from a node."""
        segment = self._segments.get(node)
        return segment_path(self._folder, segment.number).read_bytes() if segment else b""

    def close(self) -> None:
        """Brings it all to the disk."""
        for segment in self._segments.values():
            segment.close()
        self._segments.clear()

    def _begun(self) -> Segment:
        self._folder.mkdir(parents=True, exist_ok=True)
        number = len(list(self._folder.glob("segment-*.jsonl")))
        while True:
            try:
                return Segment(self._folder, number, is_new=True)
            except FileExistsError:
                number += 1


def _concerns(line: bytes, stage: bytes) -> bool:
    """Whether it is a reply of this stage, or a word on any."""
    label = line[:200].partition(b'"stage":"')[2].partition(b'"')[0]
    return label == stage or label not in STAGES
