"""How much one (endpoint, model) can take, learnt from refusals and from throughput. No clock and no tasks of its own.

Refusals (429): a burst of them lowers the limit once, to what the endpoint held when it refused, by a twentieth at
least and by half at most. Growth is additive, one slot a round of requests, and goes on only while throughput grows
with it. Where latency is far above its least, or growth did not pay, the endpoint may be queueing: less is tried, and
kept if that does not cost throughput.
"""

from __future__ import annotations

from dataclasses import dataclass, field

GENTLE, HARD = 0.95, 0.5
"""Bounds of the decrease that one burst of refusals causes."""

STEP = 0.25
"""A grown limit is judged when it has grown by this share; suspicion lowers it by as much at least, by half at most."""

PAYS = 0.4
"""A change pays when throughput follows it by at least this share of it (growth), or by less than that (shrinking)."""

SLOW, SLACK = 1.5, 1.25
"""Mean latency, in units of the least, from which queueing is suspected, and the one that is then aimed at."""

ROUNDS, FEWEST = 2, 50
"""A measurement takes the successes of this many rounds of requests, and no fewer than this."""

PATIENCE = 32
"""Most measurements between two tries; the wait grows towards it with tries that fail."""


@dataclass
class Meter:
    """One measurement: the successes of requests that started within it."""

    successes: int = 0
    busy: int = 0
    latency: float = 0.0
    slowness: float = 0.0


@dataclass
class Limit:
    """The limit's value and what is known of it. Each request carries `epoch`; one of an older epoch is no evidence."""

    bound: int
    value: float = field(init=False)
    epoch: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.value = float(self.bound)
        self._meter = Meter()
        self._least: dict[str, float] = {}
        self._known: tuple[float, float] | None = None  # a limit and its throughput
        self._burst, self._before = 0, self.value
        self._growing = False
        self._grow_next = True
        self._wait, self._patience = 0, 1

    def succeeded(self, role: str, epoch: int, latency: float, *, busy: bool) -> None:
        """A request is answered; `busy` when all slots were taken. Latency is judged within a role."""
        least = self._least[role] = min(latency, self._least.get(role, latency))
        if self._growing:
            self.value = min(self.value + 1 / self.value, float(self.bound))
        if epoch != self.epoch:
            return
        meter = self._meter
        meter.successes += 1
        meter.busy += busy
        meter.latency += latency
        meter.slowness += latency / max(least, 1e-6)
        if epoch == 0 and meter.successes >= self.value:
            self._new_epoch()  # the first round met an idle endpoint, and says nothing of one at work
        elif meter.successes >= max(FEWEST, ROUNDS * self.value):
            self._learn(meter)

    def refused(self, epoch: int, held: int) -> None:
        """A request got a 429 that was sent while `held` others were in flight."""
        if epoch >= self._burst:
            self._new_epoch()
            self._burst, self._before = self.epoch, self.value
            self._put_off(2)
        lowest, highest = max(1.0, self._before * HARD), max(1.0, self._before * GENTLE)
        self.value = min(self.value, max(lowest, min(highest, float(held))))
        self._known, self._growing, self._grow_next = None, False, True

    def _learn(self, meter: Meter) -> None:
        """Judges the last change by what throughput made of it, then decides on the next."""
        self._new_epoch()
        if meter.busy * 2 < meter.successes:
            return  # too little demand to learn from
        throughput = self.value / (meter.latency / meter.successes)  # Little's law
        if self._known is None or self.value == self._known[0]:
            self._known = (self.value, throughput)
        elif self.value < self._known[0] or self.value >= min(self._known[0] * (1 + STEP) + 1, self.bound):
            self._judge(self._known, throughput)
        if self._growing:
            return
        if self._wait > 0:
            self._wait -= 1
            return
        self._try(meter.slowness / meter.successes)

    def _judge(self, known: tuple[float, float], throughput: float) -> None:
        """Keeps a changed limit that pays; else goes back and waits longer before the next try."""
        change, followed = self.value / known[0] - 1, throughput / known[1] - 1
        if followed >= PAYS * change:
            self._known, self._patience = (self.value, throughput), 1
            self._growing = self._growing and self.value < self.bound
        else:
            self._grow_next = change < 0
            self.value, self._growing = known[0], False
            self._put_off(4)

    def _try(self, slowness: float) -> None:
        """Climbs towards the best throughput a slot: grows until that does not pay, then shrinks until that does not.

        At the bound it shrinks on suspicion alone: an endpoint that takes all it is given is not disturbed.
        """
        if self._grow_next and self.value < self.bound:
            self._growing = True
        elif slowness > SLOW or self.value < self.bound:
            self._grow_next = False
            self.value = max(1.0, self.value * max(HARD, min(1 - STEP, SLACK / slowness)))

    def _put_off(self, factor: int) -> None:
        self._patience = min(self._patience * factor, PATIENCE)
        self._wait = self._patience

    def _new_epoch(self) -> None:
        self.epoch += 1
        self._meter = Meter()
