"""Stage 3 as the command runs it: over WORKSPACE/dialogs, or over a file of training rows."""

from __future__ import annotations

import hashlib
import time
from array import array
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from toolace.errors import ReplyError, UserMistake, nearest
from toolace.pipeline import done, kinds_in, needed, nothing_to_do
from toolace.records import Dialog
from toolace.runner import Counts, check_fingerprint
from toolace.session import Session
from toolace.shards import StageFolder, parse_line


def verify(session: Session, file: str | None = None, format: str = "openai", *, overwrite: bool = False) -> Counts:
    """Accepted dialogs go to WORKSPACE/verified, the others to WORKSPACE/rejected with what was found."""
    from toolace.verify.stage import VerifyStage

    started = time.monotonic()
    config = session.config
    _check_experts(config.verify.experts)
    source = _Rows(Path(file), format, session.limit) if file else _Dialogs(needed(session, "dialogs", "gen-dialogs"), session.limit)
    folder = session.workspace.stage("verified")
    if overwrite:
        folder.remove()
    fingerprint = {**session.fingerprint("verify"), "input": source.identity}
    manifest = folder.manifest()
    if manifest and manifest.fingerprint.get("input") != source.identity:
        raise UserMistake(
            f"verified/ was made from {manifest.fingerprint.get('input')}, not from {source.identity}; give another -w, or --overwrite"
        )
    manifest = check_fingerprint(folder, fingerprint)
    parts = source.parts(config.run.shard_size)
    upstream = {source.name: hashlib.sha256("".join(parts).encode()).hexdigest()}
    if manifest and manifest.upstream == upstream and _is_whole(folder, source.total):
        return nothing_to_do(session, "verify", folder, manifest)
    if manifest and manifest.upstream != upstream:
        session.console.remark(f"verified/ is stale: {source.name} has changed since it was made; verifying what changed")
    foreign = file is not None
    stage = VerifyStage(source.lines(), source.total, source.parse, config.verify, language=config.language, foreign=foreign)
    counts = session.settle(stage, folder, fingerprint=fingerprint, upstream=upstream, total=source.total, by_input=True, upstream_parts=parts)
    assert counts.kept + counts.rejected + counts.errored == source.total, "every line ends kept, rejected or errored"
    kinds = kinds_in(folder)
    text = "  verified: " + ", ".join(f"{kind} {number}" for kind, number in kinds.items())
    return done(session, "verify", folder, counts, started, text, {"kinds": kinds})


def listed_rules() -> str:
    """Every rule, by aspect, with what it holds."""
    from toolace.rules import describe

    lines: list[str] = []
    aspect = ""
    for group, name, about in describe():
        if group != aspect:
            aspect = group
            lines.append(group)
        lines.append(f"  {name}: {about}")
    return "\n".join(lines)


class _Dialogs:
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


class _Rows(_Dialogs):
    """A file of training rows as input: one JSON object a line, or one JSON list."""

    def __init__(self, path: Path, format: str, limit: int | None):
        from toolace.formats import FORMATS

        readable = [name for name, entry in FORMATS.items() if entry.read]
        if format not in readable:
            raise UserMistake(f"--input-format {format!r} cannot be read{nearest(format, readable)}; one of {', '.join(readable)}")
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
        from toolace.formats import RowError, read_line

        try:
            return read_line(self._format, line, index)
        except RowError as error:
            raise ReplyError(f"{self._path.name}:{self._numbers[index]}: {error}") from None

    def _every(self, numbers: array[int] | None = None) -> Iterator[bytes]:
        """Every row as a line; `numbers` takes each one's line number (in a JSON list, its place)."""
        import orjson

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
                raise UserMistake(f"--input {str(self._path)!r} is no JSON list: {error}; mend it or give JSONL") from None
        for number, row in enumerate(rows, 1):
            if numbers is not None:
                numbers.append(number)
            yield orjson.dumps(row)


def _is_whole(folder: StageFolder, total: int) -> bool:
    manifest = folder.manifest()
    digests = folder.digests()
    return (
        manifest is not None
        and manifest.counts["in"] == total
        and not manifest.counts["errored"]
        and all(digests.get(part.name) == part.sha256 for part in manifest.parts)
    )


def _check_experts(names: tuple[str, ...]) -> None:
    from toolace.verify.roles import EXPERTS

    for name in names:
        if name not in EXPERTS:
            raise UserMistake(f"verify.experts: there is no expert {name!r}{nearest(name, EXPERTS)}; known are {', '.join(EXPERTS)}")



def verified(session: Session, wanted: int) -> Counts:
    """Stages 2 and 3 in rounds until `wanted` dialogs are verified, or the budget of attempts per dialog is spent.

    Each round asks for as many dialogs more as are missing, so there are never more than `wanted`.
    """
    from toolace.pipeline import gen_dialogs

    budget = wanted * session.config.gen_dialogs.attempts_per_dialog
    manifest = session.workspace.stage("dialogs").manifest()
    dialogs = max(wanted, manifest.counts["kept"] if manifest else 0)
    while True:
        session.with_settings({"gen_dialogs.num_dialogs": dialogs})
        made = gen_dialogs(session)
        counts = verify(session)
        missing = wanted - counts.kept
        if missing <= 0 or made.kept < dialogs or dialogs + missing > budget:
            break
        session.console.remark(f"{counts.kept} of {wanted} are verified; making {missing} dialogs more")
        dialogs += missing
    counts.errored += made.errored
    if missing > 0:
        session.console.remark(f"{missing} of {wanted} verified dialogs are missing: the budget of {budget} attempts is spent, or attempts errored")
    return counts
