"""The sources of stage 1: which files are given, what they hold, and what of them could not be read."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from toolace.assets import asset
from toolace.errors import UserMistake
from toolace.synth_apis.documents import Document, Skipped, read_documents, read_tools
from toolace.synth_apis.documents.files import find_files
from toolace.synth_apis.pool import Import

NAMED = 3
"""Skipped files named for each reason; all of them stand in apis/skipped.txt."""


class Sources:
    """Documents and imports of one run. Counts fill while they are read."""

    def __init__(self, documents: Sequence[Path], imports: Sequence[Path], limit: int | None):
        self._documents, self._imports, self._limit = documents, imports, limit
        self.skipped: list[Skipped] = []
        self._formats: Counter[str] = Counter()
        self._operations = 0
        self.digest = _digest([*documents, *imports], limit)

    @property
    def described(self) -> str:
        """What is read, for people."""
        names = [str(path) for path in (*self._documents, *self._imports)]
        return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")

    def read_documents(self) -> Iterator[Document]:
        """The documents, streamed; what is none is noted."""
        taken = 0
        for found in read_documents(self._documents):
            if isinstance(found, Skipped):
                self.skipped.append(found)
                continue
            self._note(found)
            yield found
            taken += 1
            if self._limit is not None and taken >= self._limit:
                return

    def read_imports(self) -> list[Import]:
        """Every operation of every import. Raises UserMistake for a file that holds no tools."""
        found: list[Import] = []
        for path in self._imports:
            documents = read_documents([path]) if path.is_dir() else iter([read_tools(path)])
            for document in documents:
                if isinstance(document, Skipped):
                    self.skipped.append(document)
                    continue
                self._note(document)
                bare = Document(
                    document.source, document.format, document.title, licence=document.licence, domain=document.domain
                )
                found += [Import(operation, bare) for operation in document.operations]
        return found

    def fail(self, source: str, reason: str) -> None:
        """Notes a document that was read but could not be understood."""
        self.skipped.append(Skipped(source, reason))

    def notes(self) -> dict[str, Any]:
        """Counts for the manifest."""
        reasons = Counter(_kind_of(one.reason) for one in self.skipped)
        return {
            "documents": dict(sorted(self._formats.items())),
            "operations": self._operations,
            "skipped": dict(sorted(reasons.items())),
        }

    def recall(self, notes: dict[str, Any]) -> None:
        """Takes up the counts of an earlier reading."""
        self._formats.update(notes["documents"])
        self._operations += notes["operations"]

    def skips(self) -> str:
        """What was skipped, by reason, with some names."""
        by_reason: dict[str, list[str]] = {}
        for one in self.skipped:
            by_reason.setdefault(_kind_of(one.reason), []).append(one.source)
        parts = []
        for reason, names in by_reason.items():
            more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
            parts.append(f"{len(names)} {reason} ({', '.join(names[:NAMED])}{more})")
        return f"skipped {len(self.skipped)}: {'; '.join(parts)}; all are named in apis/skipped.txt"

    def _note(self, document: Document) -> None:
        self._formats[document.format] += 1
        self._operations += len(document.operations)
        self.skipped += [Skipped(f"{document.source}#{name}", reason) for name, reason in document.lost]


def find_sources(documents: Sequence[str], imports: Sequence[str], limit: int | None) -> Sources:
    """The given paths; the package's catalogue when there are none. Raises UserMistake for a path that does not
    exist."""
    for name in (*documents, *imports):
        if not Path(name).exists():
            raise UserMistake(f"{name!r} does not exist; give a file or a folder")
    if not documents and not imports:
        return Sources(sorted(asset("data/catalogue").glob("*.yaml")), [], limit)
    return Sources([Path(name) for name in documents], [Path(name) for name in imports], limit)


def _kind_of(reason: str) -> str:
    """A reason without its particulars: the words before the first quoted name."""
    return reason.split(" of '")[0].split("; ")[0].split(": ")[0]


def _digest(paths: Sequence[Path], limit: int | None) -> str:
    """Checksum of every file's relative name and content."""
    whole = hashlib.sha256(str(limit or "").encode())
    for file in find_files(paths):
        whole.update(file.source.encode(errors="replace") + b"\0")
        try:
            with file.path.open("rb") as content:
                whole.update(hashlib.file_digest(content, "sha256").digest())
        except OSError as error:
            whole.update(str(error.errno).encode())
    return whole.hexdigest()
