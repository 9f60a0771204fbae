"""Requests and tokens a minute that an endpoint allows, as two leaky buckets. No clock and no tasks of its own.

A bucket holds a 61st of the cap and gets another each second: no 60 seconds, wherever they begin, see more requests than
the cap. Tokens are estimated beforehand and put right afterwards; an overdrawn bucket stays closed until it is filled.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from toolace.config import Cap

SECONDS = 61.0

FIRST = 300.0
"""Tokens that a role's first replies are taken to have."""

WEIGHT = 0.05
"""Of a reply in the running mean of its role's."""


@dataclass
class Bucket:
    """`rate` units a second; may be overdrawn, and is then closed until it is filled again."""

    rate: float
    most: float
    level: float = field(init=False)
    _at: float | None = None

    def __post_init__(self) -> None:
        self.level = self.most

    def wait(self, now: float, needed: float) -> float:
        """Seconds until there is as much as is needed."""
        if self._at is not None:
            self.level = min(self.most, self.level + self.rate * (now - self._at))
        self._at = now
        return max(0.0, (needed - self.level) / self.rate)


class Pace:
    """When the next request may start. Times in seconds of any one clock."""

    def __init__(self, cap: Cap):
        requests, tokens = cap.requests_per_minute, cap.tokens_per_minute
        self._requests = Bucket(requests / SECONDS, max(1.0, requests / SECONDS)) if requests else None
        self._tokens = Bucket(tokens / SECONDS, tokens / SECONDS) if tokens else None
        self._usual: dict[str, float] = {}

    def wait(self, now: float) -> float:
        """Seconds until a request may start; 0 when it may now."""
        requests = self._requests.wait(now, 1.0 - 1e-9) if self._requests else 0.0
        return max(requests, self._tokens.wait(now, 1e-9) if self._tokens else 0.0)

    def started(self, role: str, asked: int) -> float:
        """Takes the share of a request of `asked` tokens; what it is charged, a usual reply included."""
        charged = asked + self._usual.get(role, FIRST)
        if self._requests:
            self._requests.level -= 1.0
        if self._tokens:
            self._tokens.level -= charged
        return charged

    def ended(self, role: str, asked: int, charged: float, tokens: int) -> None:
        """Puts the charge right by what was taken in all; 0 tokens where there was no reply."""
        if self._tokens:
            self._tokens.level -= tokens - charged
        if answered := max(0, tokens - asked):
            usual = self._usual.setdefault(role, float(answered))
            self._usual[role] = usual + WEIGHT * (answered - usual)
