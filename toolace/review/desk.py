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
from toolace.tables import visible

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
    """One sitting. `known` are earlier decisions, `save` stores them all, `check` is the rules on an edit."""

    def __init__(
        self,
        console: Console,
        keys: Keys,
        known: dict[str, Decision],
        save: Callable[[Iterable[Decision]], None],
        check: Callable[[Dialog], Iterable[Finding]],
    ):
        self._console, self._keys, self._save, self._check = console, keys, save, check
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
                    self._say(f"{key!r} is no key here")

    def _settle(self, sample: Sample, word: Word, why: str) -> bool:
        """Stores a decision; False when an edit came to nothing."""
        instead = sample.dialog if word == "accept" and not sample.accepted else None
        if word == "reject":
            why = why or self._ask("why (Enter for none)")
        elif word == "edit" and (instead := self._edited(sample.dialog)) is None:
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
        self._say(f"{word}: stored", "green" if word == "accept" else "magenta")
        return True

    def _edited(self, dialog: Dialog) -> Dialog | None:
        """What the person made of a dialog; None when nothing changed or the person gives in to the rules."""
        try:
            changed = edited(dialog)
        except NoEdit as error:
            self._say(f"nothing changed: {error}")
            return None
        if changed is None:
            self._say("nothing changed")
            return None
        errors = [one for one in self._check(changed) if one.severity == "error"]
        for one in errors:
            self._say(f"the rules object: {one.check} {one.where}: {one.message}", "red")
        return changed if not errors or self._ask("keep it anyway? (y)").lower() == "y" else None

    def _say(self, text: str, style: str = "yellow") -> None:
        self._console.print(visible(text), style=style, markup=False)

    def _ask(self, what: str) -> str:
        self._console.print(f"{what}: ", end="", style="bold", markup=False)
        return self._keys.line().strip()
