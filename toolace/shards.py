"""The workspace on disk: JSONL shards, finished by rename, resumed from a journal, described by a manifest.

The only code that knows paths. A stage folder holds finished `part-00000.jsonl …`, `_manifest.json`, and while a part
grows its journal `part-00000.partial`: one line an attempt, in attempt order, rejected and errored ones included. A stage
that ends before its last part is full keeps that part's journal as `.open`, so that a larger N grows the part instead of
starting another.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Literal, TypeVar

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError

import toolace
from toolace.errors import UserMistake
from toolace.locks import InUse, locked
from toolace.records import Record
from toolace.storage import mirror_of
from toolace.wholefiles import LinesFile, digest_of_file, replace, writing

R = TypeVar("R", bound=Record)
Outcome = Literal["kept", "rejected", "errored"]


@dataclass(frozen=True, slots=True)
class Settled:
    """The final word on one attempt. `line` is the record's JSON (kept), or what goes to rejected/ (where a stage has one)."""

    index: int
    outcome: Outcome
    reason: str = ""
    line: bytes = b""


class PartInfo(BaseModel):
    """One finished part: the attempts it covers, and what became of them."""

    model_config = ConfigDict(extra="forbid")

    name: str
    sha256: str
    records: int
    first: int
    end: int
    rejected: dict[str, int] = {}
    errored: list[int] = []
    errors: dict[str, int] = {}
    upstream: str = ""
    open: bool = False


class Manifest(BaseModel):
    """`_manifest.json`: how the folder came to be, so that a rerun can tell what is owed. Holds no time and no concurrency."""

    model_config = ConfigDict(extra="forbid")

    stage: str
    fingerprint: dict[str, Any]
    upstream: dict[str, str] = {}
    versions: dict[str, str] = {"toolace": toolace.__version__}
    counts: dict[str, int] = {"in": 0, "kept": 0, "rejected": 0, "errored": 0}
    rejected: dict[str, int] = {}
    parts: list[PartInfo] = []
    notes: dict[str, Any] = {}

    def count(self) -> None:
        """Recomputes the totals from the parts; `in` is what the three others add up to."""
        self.rejected = dict(sorted(sum((Counter(part.rejected) for part in self.parts), Counter[str]()).items()))
        kept, rejected = sum(part.records for part in self.parts), sum(self.rejected.values())
        errored = sum(len(part.errored) for part in self.parts)
        self.counts = {"in": kept + rejected + errored, "kept": kept, "rejected": rejected, "errored": errored}


@dataclass
class Journal:
    """The attempts of one part, in order, as far as they are settled."""

    number: int
    first: int
    lines: list[Settled] = field(default_factory=list)

    @property
    def end(self) -> int:
        return self.first + len(self.lines)


class StageFolder:
    """One stage's folder inside a workspace. `beside` receives the lines of rejected records, part by part."""

    def __init__(self, path: Path, beside: StageFolder | None = None, carry: Callable[[Path], None] | None = None):
        """`carry` is given each file that is put, where nothing else brings it to the store."""
        self.path = path
        self.beside = beside
        self._carry = carry

    @property
    def name(self) -> str:
        return self.path.name

    def manifest(self) -> Manifest | None:
        """The manifest, or None before the first part; raises UserMistake when it is unreadable."""
        file = self.path / "_manifest.json"
        try:
            return Manifest.model_validate_json(file.read_bytes())
        except FileNotFoundError:
            return None
        except (ValidationError, OSError) as error:
            raise UserMistake(
                f"{self._shown(file)}: not a manifest ({_first_line(error)}); delete {self.name}/ and rerun"
            ) from None

    def save(self, manifest: Manifest) -> None:
        """Writes the manifest by rename; the folder is made when missing."""
        self.path.mkdir(parents=True, exist_ok=True)
        manifest.count()
        payload = orjson.dumps(manifest.model_dump(), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
        replace(self.path / "_manifest.json", [payload, b"\n"])

    def parts(self) -> list[Path]:
        """Finished part files in order."""
        return sorted(self.path.glob("part-*.jsonl"))

    def lines(self) -> Iterator[tuple[str, bytes]]:
        """(place, line) of every record in order; the place reads `dialogs/part-00000.jsonl:17`."""
        for part in self.parts():
            with part.open("rb") as file:
                for number, line in enumerate(file, 1):
                    yield f"{self.name}/{part.name}:{number}", line.rstrip(b"\n")

    def records(self, kind: type[R]) -> Iterator[R]:
        """Every record in order. Raises UserMistake at the first broken line, naming it."""
        for place, line in self.lines():
            yield parse_line(kind, line, place)

    def digests(self) -> dict[str, str]:
        """SHA-256 of each finished part, from the files themselves."""
        return {part.name: digest_of_file(part) for part in self.parts()}

    def put(self, name: str, text: str) -> None:
        """Writes a file beside the parts by rename."""
        self.path.mkdir(parents=True, exist_ok=True)
        replace(self.path / name, [text.encode()])
        if self._carry is not None:
            self._carry(self.path / name)

    def get(self, name: str) -> bytes | None:
        """A file beside the parts."""
        with contextlib.suppress(FileNotFoundError):
            return (self.path / name).read_bytes()
        return None

    def file(self, name: str) -> LinesFile:
        """A file of lines for readers outside this package; its folder is made when missing."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return LinesFile(path)

    @contextlib.contextmanager
    def writing(self, name: str) -> Iterator[BinaryIO]:
        """A binary file that appears whole when the block ends."""
        with writing(self.path / name) as file:
            yield file

    def lines_of(self, name: str) -> Iterator[bytes]:
        """The lines of a file beside the parts."""
        with (self.path / name).open("rb") as file:
            yield from file

    def stands(self, files: dict[str, str]) -> bool:
        """Whether each of these files is there with its SHA-256."""
        return all(self.holds(name) and self.digest(name) == digest for name, digest in files.items())

    def digest(self, name: str) -> str:
        """SHA-256 of a file beside the parts."""
        return digest_of_file(self.path / name)

    def holds(self, name: str) -> bool:
        """Whether there is a file of this name."""
        return (self.path / name).exists()

    def delete(self, name: str) -> None:
        """Deletes a file beside the parts; none there is fine."""
        (self.path / name).unlink(missing_ok=True)

    # Growing a part

    def load_journal(self, number: int, first: int) -> Journal:
        """The journal of part `number`, torn last line dropped; empty when there is none."""
        journal = Journal(number, first)
        for file in (self._partial(number), self.path / ".open"):
            if not file.exists():
                continue
            for raw in file.read_bytes().split(b"\n"):
                entry = _journal_entry(raw)
                if entry is None or entry.index != journal.end:
                    break
                journal.lines.append(entry)
            if journal.lines:
                break
        return journal

    def start_journal(self, journal: Journal) -> JournalWriter:
        """Rewrites the journal's settled prefix and opens it for appending."""
        self.path.mkdir(parents=True, exist_ok=True)
        file = self._partial(journal.number)
        replace(file, [_journal_line(settled) for settled in journal.lines])
        with contextlib.suppress(FileNotFoundError):
            (self.path / ".open").unlink()
        return JournalWriter(file)

    def finish_part(self, journal: Journal, manifest: Manifest, *, upstream: str = "", is_open: bool = False) -> None:
        """Turns a journal into a finished part: part file, rejected part file, manifest, journal away; in that order."""
        name = f"part-{journal.number:05d}.jsonl"
        kept = [settled.line for settled in journal.lines if settled.outcome == "kept"]
        rejected = [settled for settled in journal.lines if settled.outcome == "rejected"]
        errored = [settled for settled in journal.lines if settled.outcome == "errored"]
        if self.beside is not None:
            self.beside.path.mkdir(parents=True, exist_ok=True)
            replace(self.beside.path / name, [settled.line + b"\n" for settled in rejected])
        digest = replace(self.path / name, [line + b"\n" for line in kept])
        info = PartInfo(
            name=name,
            sha256=digest,
            records=len(kept),
            first=journal.first,
            end=journal.end,
            rejected=dict(sorted(Counter(settled.reason for settled in rejected).items())),
            errored=[settled.index for settled in errored],
            errors=dict(sorted(Counter(settled.reason for settled in errored).items())),
            upstream=upstream,
            open=is_open,
        )
        manifest.parts = [part for part in manifest.parts if part.name < name] + [info]
        self.save(manifest)
        partial = self._partial(journal.number)
        if is_open:
            os.replace(partial, self.path / ".open")
        else:
            partial.unlink(missing_ok=True)

    def finish_empty(self, journal: Journal) -> None:
        """Takes away the journal of a part that got no attempt."""
        self._partial(journal.number).unlink(missing_ok=True)

    def drop_from(self, number: int, manifest: Manifest) -> None:
        """Forgets the finished parts from `number` on; their attempts are owed again."""
        name = f"part-{number:05d}.jsonl"
        manifest.parts = [part for part in manifest.parts if part.name < name]
        if manifest.parts or self.manifest() is not None:
            self.save(manifest)
        for folder in (self, self.beside):
            for part in folder.parts() if folder else []:
                if part.name >= name:
                    part.unlink()

    def remove(self) -> None:
        """Deletes the folder."""
        shutil.rmtree(self.path, ignore_errors=True)

    def _partial(self, number: int) -> Path:
        return self.path / f"part-{number:05d}.partial"

    def _shown(self, file: Path) -> str:
        return f"{self.name}/{file.name}"


class JournalWriter:
    """Appends settled attempts to a part's journal."""

    def __init__(self, path: Path):
        self._file = path.open("ab", buffering=1 << 16)

    def append(self, settled: Settled) -> None:
        """One line; it survives a kill of this process once flushed."""
        self._file.write(_journal_line(settled))

    def flush(self) -> None:
        """Hands what was appended to the operating system."""
        self._file.flush()

    def close(self) -> None:
        """Flushes and closes."""
        self._file.close()


class Workspace:
    """A folder of stages. Opening it for work takes its lock; reading needs none.

    A URL (`s3://bucket/run`) has a working folder on this machine, and the store is kept up with it (toolace/storage).
    """

    def __init__(self, root: Path | str):
        """Raises UserMistake for a URL that cannot be opened here."""
        self._mirror = mirror_of(root)
        self.root = self._mirror.folder if self._mirror else Path(root)
        self._held: contextlib.ExitStack | None = None

    @property
    def url(self) -> str | None:
        """Where the workspace is kept, if that is no folder."""
        return self._mirror.shown if self._mirror else None

    def stage(self, name: str) -> StageFolder:
        """The folder of a stage; `verified` writes its rejections beside itself, into `rejected`."""
        root = self._current()
        beside = StageFolder(root / "rejected") if name == "verified" else None
        is_looking = self._mirror and self._held is None
        return StageFolder(root / name, beside, self._mirror.send if self._mirror and is_looking else None)

    def export(self, format: str, out: str | None) -> StageFolder:
        """The folder of an export: the workspace's own for this format, or the folder or URL that the user names."""
        mirror = mirror_of(out) if out else None
        if mirror is None:
            return StageFolder(Path(out) if out else self._current() / "export" / format)
        assert self._held is not None, "an export holds its workspace"
        self._held.enter_context(locked(mirror.folder))
        self._held.enter_context(mirror.held())
        return StageFolder(mirror.folder)

    def path(self, *names: str) -> Path:
        """A path inside the workspace."""
        return self._current().joinpath(*names)

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Holds the workspace. The lock dies with its process, so a stale one needs no cleaning. Raises UserMistake."""
        with contextlib.ExitStack() as held:
            held.enter_context(locked(self.root))
            if self._mirror:
                held.enter_context(self._mirror.held())
            self._held = held
            try:
                yield
            finally:
                self._held = None

    def _current(self) -> Path:
        """The folder, with what the store has; as it is where a process here works in it, which has the newest."""
        if self._mirror and self._held is None and not self._mirror.is_current:
            try:
                with locked(self.root):
                    self._mirror.pull()
            except InUse:
                self._mirror.is_current = True
        return self.root


def parse_line(kind: type[R], line: bytes, place: str) -> R:
    """One record from one line; raises UserMistake that names the place."""
    try:
        return kind.read(line)
    except ValidationError as error:
        stage = {"apis": "synth-apis", "dialogs": "gen-dialogs", "verified": "verify"}.get(
            place.partition("/")[0], "the stage"
        )
        raise UserMistake(f"{place}: {_first_line(error)}; fix the line or rerun {stage}") from None


def digest_of(values: dict[str, str]) -> str:
    """One checksum of many."""
    return hashlib.sha256(orjson.dumps(values, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _first_line(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False)[0]
        path = ".".join(map(str, first["loc"]))
        return f"{path}: {first['msg']}" if path else first["msg"]
    return str(error).splitlines()[0]


def _journal_line(settled: Settled) -> bytes:
    head = orjson.dumps({"i": settled.index, "outcome": settled.outcome, "reason": settled.reason})
    return head[:-1] + b',"line":' + (settled.line or b"null") + b"}\n"


def _journal_entry(raw: bytes) -> Settled | None:
    """A journal line back; None for the torn last one."""
    try:
        head = orjson.loads(raw)
        _, _, rest = raw.partition(b',"line":')
        line = b"" if head["line"] is None else rest[:-1]
        return Settled(head["i"], head["outcome"], head["reason"], line)
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None
