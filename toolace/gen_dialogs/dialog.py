"""Stage 2 for the runner: one dialog an attempt, planned, played, scored, and kept unless its request was there
before."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from toolace.complexity.steering import BANDS, ROUNDS, Scorer, Unscorable
from toolace.config import GenDialogs
from toolace.errors import Unanswerable
from toolace.gen_dialogs.complication import Change, change_for, leaned
from toolace.gen_dialogs.masking import masked
from toolace.gen_dialogs.orders import Order
from toolace.gen_dialogs.plan import Blueprint, Planner
from toolace.gen_dialogs.plan_check import problem_of
from toolace.gen_dialogs.play import Dropped, Play
from toolace.gen_dialogs.references import laid
from toolace.gen_dialogs.roles import PLAN, DialogPlan, PlanContext
from toolace.provenance import trace
from toolace.records import Complexity, Dialog, DialogLineage, plain, richest
from toolace.roles import Ask, Key
from toolace.seen import Seen
from toolace.shards import Settled

PLANS = 3
"""Plans asked for until one has the shape that was asked for."""


@dataclass(frozen=True, slots=True)
class Made:
    """Result of an attempt: the dialog's line and its request's hash, or why there is none."""

    line: bytes = b""
    request: bytes = b""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Exchange:
    """A first exchange: how far out of range it is, on which side, and what it came from."""

    distance: float
    side: int
    play: Play
    blueprint: Blueprint
    plan: DialogPlan
    complexity: Complexity | None


class DialogStage:
    """Makes dialogs until `target` are kept or the budget of attempts is spent; with `attempts`, just so many are made.

    `orders` say what single attempts are to make; the others follow the mix. Set-wide memory: a 64-bit hash of each
    first request, about 60 MB per million dialogs.
    """

    name = "gen-dialogs"

    def __init__(
        self,
        planner: Planner,
        settings: GenDialogs,
        *,
        target: int,
        language: str,
        backend: str,
        rounds: int = 0,
        scorer: Scorer | None = None,
        drops: bool = False,
        orders: Iterable[Order] = (),
        attempts: int | None = None,
    ):
        self._orders, self._attempts = {order.index: order for order in orders}, attempts
        self._planner, self._settings = planner, settings
        self._target, self._language, self._backend = target, language, backend
        self._scorer, self._rounds, self._drops = scorer, rounds, drops
        self._requests = Seen()

    def order(self, index: int) -> Order:
        """What an attempt is to make: as it was ordered, else a dialog of the kind whose turn it is in the mix."""
        return self._orders.get(index) or Order(index=index, kind=self._planner.kind(index))

    def job(self, index: int) -> int:
        """Nothing but the index: a dialog depends on no other."""
        return index

    def horizon(self, settled: int) -> int | None:
        """Dialogs advance independently."""
        return None

    async def attempt(self, index: int, job: int, ask: Ask) -> Made:
        """Plans and plays until a dialog comes out or the tries are used up. Raises ReplyError."""
        reason = ""
        order = self.order(index)
        for attempt in range(self._settings.tries):
            try:
                dialog = await self._steered(order, attempt, ask)
            except Dropped as dropped:
                reason = str(dropped)
                continue
            except Unanswerable:
                reason = "unplannable"
                continue
            return Made(dialog.line(), _request_hash(dialog))
        return Made(reason=reason)

    def settle(self, index: int, job: int, result: Made) -> Settled:
        """Keeps a dialog unless its first request is one of an earlier dialog that it does not replace."""
        if result.reason:
            return Settled(index, "rejected", result.reason)
        if result.request in self._requests and not self.order(index).keeps_request:
            return Settled(index, "rejected", "same_request")
        self._requests.add(result.request)
        return Settled(index, "kept", line=result.line)

    def restore(self, settled: Settled) -> None:
        """Remembers the request of a dialog of an earlier run."""
        if settled.outcome == "kept":
            self._requests.add(_request_hash(Dialog.read(settled.line)))

    @property
    def index_bytes(self) -> int:
        """Memory that grows with the number of accepted dialogs."""
        return self._requests.nbytes

    def wanted(self, kept: int, settled: int) -> int:
        """Dialogs missing from the target, within the budget of attempts."""
        if self._attempts is not None:
            return self._attempts - settled
        return max(0, min(self._target - kept, self._target * self._settings.attempts_per_dialog - settled))

    async def _steered(self, order: Order, attempt: int, ask: Ask) -> Dialog:
        """Plays the first exchange, has it scored, and complicates or simplifies it until it is in range or the rounds
        are used up; the best one is played on to its end. Raises Dropped."""
        best: _Exchange | None = None
        lean, change = 0, Change()
        for round_ in range(self._rounds + 1 if self._scorer else 1):
            try:
                found = await self._exchange(order, attempt, round_, lean, change, ask)
            except (Dropped, Unanswerable):
                if best is None:
                    raise
                continue
            if best is None or found.distance < best.distance:
                best = found
            if found.side == 0:
                break
            lean -= found.side
            change = change_for(found.side, found.complexity, found.blueprint)
        assert best is not None
        if best.side and self._drops:
            raise Dropped("too_easy" if best.side < 0 else "too_hard")
        for number in range(1, len(best.plan.turns)):
            await best.play.turn(number)
        return self._dialog(order.index, best.play, best.blueprint, best.plan, best.complexity)

    async def _exchange(
        self, order: Order, attempt: int, round_: int, lean: int, change: Change, ask: Ask
    ) -> _Exchange:
        """One first exchange, planned, played and scored."""
        index = order.index if order.repeats is None else order.repeats
        blueprint = leaned(self._planner, index, attempt, round_, lean, order.kind)
        blueprint = masked(blueprint, index) if blueprint.masked else blueprint
        plan = await self._plan(blueprint, order, attempt, round_, change.plan, ask)
        number = attempt * ROUNDS + round_
        play = Play(blueprint, plan, self._settings, order, number, self._language, ask, change.user)
        await play.turn(0)
        complexity, distance, side = await self._scored(play, round_)
        return _Exchange(distance, side, play, blueprint, plan, complexity)

    async def _plan(
        self, blueprint: Blueprint, order: Order, attempt: int, round_: int, change: str, ask: Ask
    ) -> DialogPlan:
        """A plan of the shape that was asked for; a planner that missed it is told what was wrong, a few times."""
        faults = order.faults("plan")
        for number in range(PLANS):
            context = PlanContext(
                language=self._language,
                today=blueprint.today,
                persona=blueprint.persona,
                turns=blueprint.turns,
                apis=blueprint.apis,
                system=blueprint.system,
                seeds=blueprint.seeds,
                instruction=change,
                faults=faults,
            )
            plan = await ask(PLAN, context, Key("plan", order.record("plan"), round_, number, attempt))
            problem = problem_of(plan, blueprint)
            if problem is None:
                return laid(plan, blueprint.turns, blueprint.apis)
            faults = (*order.faults("plan"), problem)
        raise Dropped("plan_of_another_shape")

    async def _scored(self, play: Play, round_: int) -> tuple[Complexity | None, float, int]:
        if self._scorer is None:
            return None, 0.0, 0
        try:
            value = await self._scorer.score(play.tools, play.messages)
        except Unscorable as error:
            raise Dropped(error.reason) from None
        side = self._scorer.range.side(value)
        complexity = Complexity(
            learner=self._scorer.learner,
            measure=self._scorer.measure,
            value=round(value, 6),
            rounds=round_,
            in_range=side == 0,
            band=BANDS[side],
        )
        return complexity, self._scorer.range.distance(value), side

    def _dialog(
        self, index: int, play: Play, blueprint: Blueprint, plan: DialogPlan, complexity: Complexity | None
    ) -> Dialog:
        schemas: dict[str, dict[str, Any]] = {api.name: api.parameters for api in blueprint.tools}
        return Dialog(
            id=f"dialog-{index:07d}",
            kind=richest([turn.kind for turn in play.turns]),
            turns=tuple(play.turns),
            tools=tuple(play.every_tool),
            returns={api.name: plain(api.returns) for api in blueprint.tools},
            messages=tuple(play.messages),
            plan=plan.model_dump(mode="json", exclude_none=True, exclude_defaults=True),
            provenance=trace(play.messages, schemas, blueprint.today if plan.system else None),
            complexity=complexity,
            lineage=DialogLineage(
                foreign=tuple(api.name for api in blueprint.tools if api.lineage.origin == "imported") or None,
                backend=self._backend,
                attempt=index,
                apis=tuple(api.id for api in blueprint.tools),
            ),
        )


def _request_hash(dialog: Dialog) -> bytes:
    """64 bits of the first user message, without case, punctuation or white space."""
    text = next((message.content or "" for message in dialog.messages if message.role == "user"), "")
    folded = "".join(char for char in text.lower() if char.isalnum())
    return hashlib.blake2b(folded.encode(), digest_size=8).digest()
