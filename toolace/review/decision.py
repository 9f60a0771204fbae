"""One person's word on one dialog, as it stands in WORKSPACE/review/decisions.jsonl."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Final, Literal

from toolace.records import Dialog, Finding, Record
from toolace.shards import StageFolder, parse_line

DECISIONS: Final = "decisions.jsonl"
Word = Literal["accept", "reject", "edit"]


class Decision(Record):
    """What was decided, why, and what verification had said. `seen` is the SHA-256 of the dialog that the person saw.

    `instead` is the dialog to export where that is not the verified one: an edit, or a rejected one that people want.
    """

    dialog: str
    decision: Word
    why: str = ""
    accepted: bool
    findings: tuple[Finding, ...] = ()
    seen: str
    instead: Dialog | None = None

    def is_about(self, dialog: Dialog) -> bool:
        """Whether the dialog is still the one that was seen."""
        return self.seen == fingerprint(dialog)

    def applied(self, dialog: Dialog) -> Dialog | None:
        """The dialog after this decision: None when rejected, the edit, or itself (also when it has changed since)."""
        if not self.is_about(dialog):
            return dialog
        return None if self.decision == "reject" else self.instead or dialog

    @property
    def rescued(self) -> Dialog | None:
        """The dialog that verification rejected and people want."""
        return None if self.accepted else self.instead


def fingerprint(dialog: Dialog) -> str:
    """What tells one dialog from another under the same id."""
    return hashlib.sha256(dialog.line()).hexdigest()


def read_decisions(folder: StageFolder) -> Iterator[Decision]:
    """Every decision in order. Raises UserMistake that names a broken line."""
    for number, line in enumerate((folder.get(DECISIONS) or b"").splitlines(), 1):
        if line.strip():
            yield parse_line(Decision, line, f"{folder.name}/{DECISIONS}:{number}")


def write_decisions(folder: StageFolder, decisions: Iterable[Decision]) -> None:
    """All decisions, by rename: a kill loses none."""
    folder.put(DECISIONS, "".join(one.line().decode() + "\n" for one in decisions))
