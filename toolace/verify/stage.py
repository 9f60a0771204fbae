"""Stage 3 for the runner: rules, then experts, then what only the whole set can tell; one verdict a dialog (section 2.3)."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rensa import RMinHash

from toolace.config import Verify
from toolace.duplicates import NearDuplicates, shingles, sketch
from toolace.records import Dialog, Finding, Kind, Rejection, Severity
from toolace.roles import Ask
from toolace.rules import Limits, check_dialog
from toolace.rules.schemas import canonical
from toolace.seen import Seen
from toolace.shards import Settled
from toolace.verify.contamination import Benchmark
from toolace.verify.experts import examine

Parse = Callable[[int, bytes], Dialog]


@dataclass(frozen=True, slots=True)
class Examined:
    """Result of an attempt: what was found, what set-level checks need, and the line where it is not the job's own."""

    id: str
    kind: Kind
    line: bytes | None
    findings: tuple[Finding, ...]
    conversation: bytes
    request: RMinHash


class VerifyStage:
    """Goes through input lines in order. `parse` makes a Dialog of a line; ReplyError from it makes the line errored.

    Own lines are kept byte for byte; foreign rows become Dialog records. Duplicates among foreign rows are warnings.
    What grows with the set is `index_bytes`, 320 to 380 a dialog: 10 to 20 for the checksum of its conversation, 280 to 340
    for the sketch of its requests and its bands, and its name.
    """

    name = "verify"

    def __init__(
        self,
        lines: Iterator[bytes],
        total: int,
        parse: Parse,
        settings: Verify,
        *,
        language: str,
        foreign: bool = False,
        benchmark: Benchmark | None = None,
    ):
        self._lines, self._total, self._parse, self._settings = lines, total, parse, settings
        self._language, self._foreign, self._benchmark = language, foreign, benchmark
        self._limits = Limits(settings.max_messages, settings.max_characters)
        self._next = 0
        self._conversations = Seen()
        self._similar = NearDuplicates(settings.near_duplicate)
        self.kinds: Counter[Kind] = Counter()
        """Accepted dialogs by kind, those of earlier runs included."""
        self.warnings: Counter[str] = Counter()
        """Warnings of this run's accepted dialogs, by check; the dialogs themselves are kept as they are."""

    def job(self, index: int) -> bytes | None:
        """The index-th input line."""
        line = b""
        while self._next <= index:
            found = next(self._lines, None)
            if found is None:
                return None
            line = found
            self._next += 1
        return line

    def horizon(self, settled: int) -> int | None:
        """Dialogs are examined independently."""
        return None

    async def attempt(self, index: int, job: bytes, ask: Ask) -> Examined:
        """Cheap before dear: rules, benchmarks, experts, each only where nothing before it rejects. Raises ReplyError."""
        dialog = self._parse(index, job)
        findings = check_dialog(dialog, foreign=self._foreign, limits=self._limits, language=self._language)
        if self._benchmark is not None and not _errors(findings):
            findings += self._benchmark.findings(dialog)
        if not _errors(findings):
            settings = self._settings
            findings += await examine(dialog, settings.experts, settings.votes, self._language, index, ask)
        line = dialog.line() if self._foreign else None
        return Examined(dialog.id, dialog.kind, line, tuple(findings), _conversation(dialog), _requests(dialog))

    def settle(self, index: int, job: bytes, result: Examined) -> Settled:
        """Accepts unless there is an error, of the dialog's own or against an earlier accepted one."""
        findings = list(result.findings)
        line = job if result.line is None else result.line
        if not _errors(findings):
            findings += self._set_findings(result)
        errors = _errors(findings)
        if not errors:
            self.kinds[result.kind] += 1
            self.warnings.update(finding.check for finding in findings)
            return Settled(index, "kept", line=line)
        ordered = (*errors, *(finding for finding in findings if finding.severity != "error"))
        rejection = Rejection(dialog=Dialog.read(line), findings=ordered)
        return Settled(index, "rejected", errors[0].check, rejection.line())

    def restore(self, settled: Settled) -> None:
        """Remembers a dialog accepted in an earlier run."""
        if settled.outcome == "kept":
            dialog = Dialog.read(settled.line)
            self.kinds[dialog.kind] += 1
            self._conversations.add(_conversation(dialog))
            self._similar.add(dialog.id, _requests(dialog))

    @property
    def index_bytes(self) -> int:
        """Memory that grows with the number of accepted dialogs."""
        return self._conversations.nbytes + self._similar.nbytes

    def wanted(self, kept: int, settled: int) -> int:
        """Lines that are left."""
        return self._total - settled

    def _set_findings(self, result: Examined) -> list[Finding]:
        """What an accepted dialog before this one makes of it; the first of two is the one that stays."""
        severity: Severity = "warning" if self._foreign else "error"
        if result.conversation in self._conversations:
            message = "the same conversation was accepted before"
            return [Finding(check="conversation_is_unique", aspect="set", severity=severity, message=message)]
        like = self._similar.add(result.id, result.request)
        if like is None or self._foreign:
            self._conversations.add(result.conversation)
        if like is None:
            return []
        message = f"the user's words are, but for little, those of {like!r}, which was accepted before"
        check = "requests_are_not_near_duplicates"
        return [Finding(check=check, aspect="set", severity=severity, message=message, blame="user")]


def _errors(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity == "error"]


def _conversation(dialog: Dialog) -> bytes:
    """Checksum of all that is said and called; the ids of calls make no difference."""
    said = [
        (
            message.role,
            message.content,
            [(call.function.name, call.function.arguments) for call in message.tool_calls or ()],
        )
        for message in dialog.messages
    ]
    return hashlib.blake2b(canonical(said), digest_size=16).digest()


def _requests(dialog: Dialog) -> RMinHash:
    """Sketch of the user's words."""
    said = " ".join(message.content or "" for message in dialog.messages if message.role == "user")
    return sketch(shingles(said, 2))
