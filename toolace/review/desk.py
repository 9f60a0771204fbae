"""The review itself: samples one by one, a key for each decision, every decision stored before the next sample."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

from rich.console import Console

from toolace.records import Dialog, Finding, Rejection
from toolace.review.decision import Decision, Word, fingerprint
from toolace.review.editing import NoEdit, edited
from toolace.review.keys import Keys
from toolace.review.screen import HELP, show
from toolace.strata import Strata

EACH: Final = 25
"""Samples of each kind and verdict at most, unless more are asked for."""
_WORDS: Final[dict[str, Word]] = {"a": "accept", "r": "reject", "e": "edit"}


class Sample(NamedTuple):
    """A dialog with its verdict."""

    dialog: Dialog
    accepted: bool
    findings: tuple[Finding, ...] = ()


def samples(
    verified: Iterable[Dialog], rejected: Iterable[Rejection], *, seed: int, number: int | None
) -> list[Sample]:
    """A sample balanced over kind and verdict, repeatable by seed; a larger `number` continues a smaller one."""
    strata: Strata[Sample] = Strata(number or EACH, seed)
    for dialog in verified:
        strata.offer(f"{dialog.kind}/accepted", dialog.id, Sample(dialog, True))
    for one in rejected:
        strata.offer(f"{one.dialog.kind}/rejected", one.dialog.id, Sample(one.dialog, False, one.findings))
    return strata.drawn()[:number]


class Desk:
    """One sitting. `save` stores all decisions; `known` are those of earlier sittings."""

    def __init__(
        self, console: Console, keys: Keys, known: dict[str, Decision], save: Callable[[Iterable[Decision]], None]
    ):
        self._console, self._keys, self._save = console, keys, save
        self.decisions = dict(known)

    def owed(self, drawn: Sequence[Sample]) -> list[Sample]:
        """The samples on which there is no word yet, or only one on what the dialog used to be."""
        known = self.decisions
        return [one for one in drawn if (word := known.get(one.dialog.id)) is None or not word.is_about(one.dialog)]

    def sit(self, drawn: Sequence[Sample]) -> int:
        """Goes through what is owed until the end, `q`, or no more keys; returns how many are left."""
        owed, at = self.owed(drawn), 0
        while at < len(owed):
            step = self._decide(owed[at], f"{at + 1} of {len(owed)}")
            if step is None:
                break
            at = max(0, at + step)
        return len(self.owed(drawn))

    def _decide(self, sample: Sample, head: str) -> int | None:
        """One sample until it is left: 1 forward, -1 back, None to stop."""
        head += " · accepted" if sample.accepted else " · rejected"
        show(self._console, sample.dialog, sample.findings, head=head)
        why = ""
        while True:
            self._console.print(HELP, style="dim", markup=False)
            match self._keys.key():
                case "" | "q" | "Q":
                    return None
                case "\x03":
                    raise KeyboardInterrupt
                case "s" | " ":
                    return 1
                case "b":
                    return -1
                case "t":
                    show(self._console, sample.dialog, sample.findings, head=head, tools=True)
                case "w":
                    why = self._ask("why")
                case "a" | "r" | "e" as key:
                    if self._settle(sample, _WORDS[key], why):
                        return 1
                case key:
                    self._console.print(f"{key!r} is no key here", style="yellow", markup=False)

    def _settle(self, sample: Sample, word: Word, why: str) -> bool:
        """Stores a decision; False when an edit came to nothing."""
        instead = None if sample.accepted else sample.dialog
        if word == "reject":
            instead = None
            why = why or self._ask("why (Enter for none)")
        if word == "edit":
            try:
                instead = edited(sample.dialog)
            except NoEdit as error:
                self._console.print(f"nothing changed: {error}", style="yellow", markup=False)
                return False
            if instead is None:
                self._console.print("nothing changed", style="yellow")
                return False
        dialog = sample.dialog
        self.decisions[dialog.id] = Decision(
            dialog=dialog.id,
            decision=word,
            why=why,
            accepted=sample.accepted,
            findings=sample.findings,
            seen=fingerprint(dialog),
            instead=instead,
        )
        self._save(self.decisions.values())
        self._console.print(
            f"{word}ed" if word != "reject" else "rejected", style="green" if word == "accept" else "magenta"
        )
        return True

    def _ask(self, what: str) -> str:
        self._console.print(f"{what}: ", end="", style="bold", markup=False)
        return self._keys.line().strip()
