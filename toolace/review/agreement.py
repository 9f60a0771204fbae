"""How far people agree with the rules and with the experts: Cohen's kappa, and check by check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from toolace.review.decision import Decision
from toolace.tables import Cell, Table, share


class Agreement(NamedTuple):
    """Dialogs by (people accept, verification accepts)."""

    both: int
    people_only: int
    verification_only: int
    neither: int

    @property
    def total(self) -> int:
        return sum(self)

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa: agreement beyond chance, from -1 to 1. None where one answer was always given by both."""
        if not self.total:
            return None
        people, verification = self.both + self.people_only, self.both + self.verification_only
        chance = people * verification + (self.total - people) * (self.total - verification)
        expected = chance / self.total**2
        return None if expected == 1 else ((self.both + self.neither) / self.total - expected) / (1 - expected)


def agreement(pairs: Iterable[tuple[bool, bool]]) -> Agreement:
    """Counts of (people accept, verification accepts)."""
    counts = Counter(pairs)
    return Agreement(counts[True, True], counts[True, False], counts[False, True], counts[False, False])


def agreement_tables(decisions: Iterable[Decision]) -> list[Table]:
    """Agreement with the rules, with the experts and with both together; and how often people confirm each check.

    An edit is no acceptance: the dialog was not good as it was. Experts saw only what the rules let through.
    """
    known = list(decisions)
    if not known:
        return []
    layers = {
        "rules": [(one.decision == "accept", not _errors(one, expert=False)) for one in known],
        "experts": [
            (one.decision == "accept", not _errors(one, expert=True)) for one in known if not _errors(one, expert=False)
        ],
        "both layers": [(one.decision == "accept", one.accepted) for one in known],
    }
    rows = tuple((name, *_cells(agreement(pairs))) for name, pairs in layers.items())
    columns = (
        "people against", "dialogs", "both accept", "only people", "only verification", "both reject", "agree", "κ",
    )  # fmt: skip
    note = (
        "κ is Cohen's, over the reviewed dialogs: a sample balanced over kinds and verdicts, not the whole. "
        "An edit is no acceptance."
    )
    return [Table("agreement", "People and verification", columns, rows, note), _confirmed(known)]


def _cells(counts: Agreement) -> tuple[Cell, ...]:
    kappa = counts.kappa
    agreed = share(counts.both + counts.neither, counts.total)
    return (counts.total, *counts, agreed, None if kappa is None else round(kappa, 3))


def _confirmed(decisions: list[Decision]) -> Table:
    found: Counter[str] = Counter()
    confirmed: Counter[str] = Counter()
    for one in decisions:
        checks = {finding.check for finding in one.findings if finding.severity == "error"}
        found.update(checks)
        if one.decision != "accept":
            confirmed.update(checks)
    rows = tuple(
        (check, number, confirmed[check], share(confirmed[check], number)) for check, number in found.most_common()
    )
    columns = ("check", "reviewed", "people agree", "share")
    return Table("confirmed", "Rejections that people confirm", columns, rows, bars=3)


def _errors(decision: Decision, *, expert: bool) -> bool:
    return any(one.severity == "error" and (one.aspect == "expert") == expert for one in decision.findings)
