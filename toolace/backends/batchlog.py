"""WORKSPACE/replies/batches.jsonl: the batches that were sent to a provider, and which of them are collected.

A batch is written down before it is sent, by a tag that goes along in its metadata: a process killed between the two
finds it by the tag.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from toolace.errors import UserMistake


class Labels(NamedTuple):
    """What a question's bill needs: who asks, and how many characters."""

    stage: str
    role: str
    characters: int


class Sent(NamedTuple):
    """A batch: its tag, the provider's id once it is known, and what it asks by the request's hash."""

    tag: str
    id: str | None
    asked: dict[bytes, Labels]


class BatchLog:
    """Append-only. Without a folder it lives in memory. One process at a time (Workspace.lock)."""

    def __init__(self, folder: Path | None):
        self._file = folder and folder / "batches.jsonl"
        self._open: dict[str, tuple[str, Sent]] = {}
        if self._file is not None and self._file.exists():
            *lines, torn = self._file.read_bytes().split(b"\n")
            for line in lines:
                self._take(orjson.loads(line))
            if torn:  # it was never acted on
                os.truncate(self._file, self._file.stat().st_size - len(torn))

    def open(self, place: str) -> list[Sent]:
        """The batches at this place that are not collected."""
        return [sent for there, sent in self._open.values() if there == place]

    def intend(self, place: str, batch: Sent) -> None:
        """Before it is sent."""
        asked = {request.hex(): tuple(labels) for request, labels in batch.asked.items()}
        self._append({"intended": batch.tag, "place": place, "asked": asked})

    def sent(self, tag: str, identity: str) -> None:
        """The provider's id of it."""
        self._append({"sent": tag, "id": identity})

    def done(self, tag: str) -> None:
        """All its replies are in the reply log, or it has none."""
        self._append({"done": tag})

    def _append(self, entry: dict[str, Any]) -> None:
        if self._file is not None:
            try:
                self._file.parent.mkdir(parents=True, exist_ok=True)
                with self._file.open("ab") as file:
                    file.write(orjson.dumps(entry) + b"\n")
                    file.flush()
                    os.fsync(file.fileno())
            except OSError as error:
                raise UserMistake(f"replies/batches.jsonl cannot be written: {error.strerror}; make room") from None
        self._take(entry)

    def _take(self, entry: dict[str, Any]) -> None:
        if tag := entry.get("intended"):
            asked = {bytes.fromhex(request): Labels(*labels) for request, labels in entry["asked"].items()}
            self._open[tag] = (entry["place"], Sent(tag, None, asked))
        elif tag := entry.get("sent"):
            place, sent = self._open[tag]
            self._open[tag] = (place, sent._replace(id=entry["id"]))
        else:
            self._open.pop(entry["done"], None)
