"""Attempts beyond the first N: what replaces a dialog that verification rejected, and what is redone of it.

The blame of the rejection decides. The user's fault: the same tools, planned and asked for anew. The assistant's: the
same request, put to a new vote. The tool's: the same calls, with new results. Nobody's, the definition's, or a second
rejection: another dialog of the same kind. The agents before the one that is blamed answer as they did, since their
questions are the same (from the log of replies, at no cost); the one that is blamed reads the reasons.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from toolace.records import Blame, Finding, Kind

REASONS = 3
"""Reasons of a rejection that are passed on."""

_ANEW: dict[str, tuple[str, ...]] = {
    "user": ("plan", "user", "assistant", "tool"),
    "assistant": ("assistant", "tool"),
    "tool": ("tool",),
}
"""Who is asked anew, by who is blamed."""


class Order(BaseModel):
    """What one attempt is to make. `replaces` is the attempt whose dialog was rejected, `repeats` the one to redo."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    index: int
    kind: Kind
    replaces: int | None = None
    repeats: int | None = None
    blame: Blame | None = None
    reasons: tuple[str, ...] = ()

    def record(self, role: str) -> int:
        """The record that enters a role's keys: this attempt's own, or that of the attempt it repeats."""
        return self.index if self.repeats is None or role in _ANEW[str(self.blame)] else self.repeats

    def faults(self, role: str) -> tuple[str, ...]:
        """The reasons of the rejection, if this role is to blame; for the user's faults the plan is as well."""
        blamed = {"plan", "user"} if self.blame == "user" else {self.blame}
        return self.reasons if self.repeats is not None and role in blamed else ()

    @property
    def keeps_request(self) -> bool:
        """Whether the request is, on purpose, that of the rejected dialog."""
        return self.repeats is not None and self.blame != "user"


class Rejected(BaseModel):
    """A rejected dialog: its attempt, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    attempt: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a run towards N verified dialogs is. Everything by kind but `attempts`, the number of attempts made."""

    wanted: Mapping[Kind, int]
    verified: Mapping[Kind, int]
    budget: Mapping[Kind, int]
    attempts: int


def ordered(
    standing: Standing, planned: Sequence[Kind], orders: Iterable[Order], rejections: Iterable[Rejected]
) -> tuple[list[Order], dict[Kind, int]]:
    """The next orders, and how many dialogs of a kind are missing for which the budget has no attempt left.

    `planned` is the kind that each attempt so far was to be; `orders` are those given so far.
    """
    used = Counter(planned[: standing.attempts])
    earlier = {order.index: order for order in orders}
    answered = {order.replaces for order in earlier.values()}
    open_: dict[Kind, list[Rejected]] = {kind: [] for kind in standing.wanted}
    for rejected in sorted(rejections, key=lambda one: one.attempt):
        if rejected.attempt not in answered:
            open_.setdefault(planned[rejected.attempt], []).append(rejected)
    left = sum(standing.wanted.values()) - sum(standing.verified.values())
    found: list[Order] = []
    spent: dict[Kind, int] = {}
    for kind in sorted(standing.wanted, key=lambda one: standing.verified.get(one, 0) - standing.wanted[one]):
        missing = max(0, min(left, standing.wanted[kind] - standing.verified.get(kind, 0)))
        left -= missing
        count = max(0, min(missing, standing.budget[kind] - used[kind]))
        if count < missing:
            spent[kind] = missing - count
        for number in range(count):
            index = standing.attempts + len(found)
            source = open_[kind][number] if number < len(open_[kind]) else None
            found.append(_order(index, kind, source, earlier))
    return found, spent


def _order(index: int, kind: Kind, rejected: Rejected | None, earlier: Mapping[int, Order]) -> Order:
    """A replacement for a rejected dialog, or a dialog out of nothing for an attempt that came to none."""
    if rejected is None:
        return Order(index=index, kind=kind)
    errors = [finding for finding in rejected.findings if finding.severity == "error"]
    blame = next((finding.blame for finding in errors), None)
    before = earlier.get(rejected.attempt)
    if blame not in _ANEW or (before and before.repeats is not None):
        return Order(index=index, kind=kind, replaces=rejected.attempt)
    reasons = tuple(finding.message for finding in errors if finding.blame == blame)[:REASONS]
    return Order(
        index=index, kind=kind, replaces=rejected.attempt, repeats=rejected.attempt, blame=blame, reasons=reasons
    )
