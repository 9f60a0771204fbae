"""Cohen's kappa against cases computed by hand."""

from __future__ import annotations

import pytest

from toolace.records import Aspect, Finding
from toolace.review.agreement import Agreement, agreement, agreement_tables
from toolace.review.decision import Decision, Word

KAPPA = {
    "the textbook's grants (20, 5, 10, 15)": (Agreement(20, 5, 10, 15), 0.4),
    "full agreement": (Agreement(7, 0, 0, 3), 1.0),
    "full disagreement, evenly": (Agreement(0, 5, 5, 0), -1.0),
    "what chance gives": (Agreement(1, 1, 1, 1), 0.0),
    "people say yes to all, verification not": (Agreement(6, 4, 0, 0), 0.0),
    "both say yes to all": (Agreement(9, 0, 0, 0), None),
    "nothing reviewed": (Agreement(0, 0, 0, 0), None),
}


@pytest.mark.parametrize(("counts", "kappa"), KAPPA.values(), ids=KAPPA)
def test_kappa_is_agreement_beyond_chance(counts: Agreement, kappa: float | None) -> None:
    """(observed - expected) / (1 - expected)."""
    assert counts.kappa == (None if kappa is None else pytest.approx(kappa))


def test_pairs_are_counted() -> None:
    """(people, verification), each way."""
    pairs = [(True, True), (True, True), (True, False), (False, True), (False, False)]
    assert agreement(pairs) == Agreement(both=2, people_only=1, verification_only=1, neither=1)


def decided(word: Word, *found: tuple[str, Aspect]) -> Decision:
    findings = tuple(Finding(check=check, aspect=aspect, message="") for check, aspect in found)
    return Decision(dialog="d", decision=word, accepted=not findings, findings=findings, seen="")


def test_rules_and_experts_are_told_apart() -> None:
    """Experts are judged on what the rules let through; an edit is no acceptance; checks are confirmed one by one."""
    known = [
        decided("accept"),
        decided("accept"),
        decided("edit"),
        decided("reject", ("roles_are_in_order", "dialog")),
        decided("accept", ("roles_are_in_order", "dialog")),
        decided("reject", ("hallucination", "expert")),
    ]
    layers, confirmed = agreement_tables(known)
    assert layers.rows == (
        ("rules", 6, 2, 1, 2, 1, 0.5, 0.0),
        ("experts", 4, 2, 0, 1, 1, 0.75, 0.5),
        ("both layers", 6, 2, 1, 1, 2, 4 / 6, 0.333),
    )
    assert confirmed.rows == (("roles_are_in_order", 2, 1, 0.5), ("hallucination", 1, 1, 1.0))


def test_without_decisions_there_is_no_table() -> None:
    """Nothing to agree on."""
    assert agreement_tables([]) == []
