"""`toolace run`: all four stages in order, in rounds where a number of verified dialogs is wanted."""

from __future__ import annotations

from collections import Counter

import orjson

from toolace.gen_dialogs.orders import Order, Rejected, Standing, ordered
from toolace.gen_dialogs.plan import schedule
from toolace.pipeline.apis import synth_apis
from toolace.pipeline.dialogs import ORDERS, gen_dialogs, orders_in
from toolace.pipeline.exporting import export
from toolace.pipeline.summary import kinds_in
from toolace.pipeline.verification import verify
from toolace.records import Kind, Rejection
from toolace.runner import Counts
from toolace.session import Session

WORST = 3
"""Reasons that are named where a kind falls short."""


def run(session: Session, num_verified: int | None = None) -> int:
    """All four stages; returns how many records errored."""
    made = [synth_apis(session)]
    made += [gen_dialogs(session), verify(session)] if num_verified is None else [verified(session, num_verified)]
    made.append(export(session))
    return sum(counts.errored for counts in made)


def verified(session: Session, wanted: int) -> Counts:
    """Stages 2 and 3 in rounds until `wanted` dialogs are verified, each kind by its share of the mix.

    The first round makes `wanted` attempts; each further one replaces what is missing, kind by kind, as the blame of
    the rejections says (toolace/gen_dialogs/orders.py). A kind's budget is `attempts_per_dialog` for each dialog wanted
    of it; where it is spent, fewer come out, and why is said.
    """
    folder = session.workspace.stage("dialogs")
    manifest = folder.manifest()
    attempts = max(wanted, manifest.counts["in"] if manifest else 0, *(one.index + 1 for one in orders_in(folder)), 0)
    while True:
        made = gen_dialogs(session, attempts)
        counts = verify(session)
        if counts.kept >= wanted or made.errored or counts.errored:
            break
        orders = orders_in(folder)
        standing, planned = _standing(session, wanted, attempts, orders)
        rejections = _rejections(session)
        more, spent = ordered(standing, planned, orders, rejections)
        if not more:
            for kind, missing in spent.items():
                session.console.remark(_shortfall(kind, missing, standing, planned, rejections))
            break
        folder.put(ORDERS, _as_json([*orders, *more]))
        session.console.remark(_announced(counts.kept, wanted, more))
        attempts = more[-1].index + 1
    counts.errored += made.errored
    if counts.errored:
        session.console.remark(f"{counts.kept} of {wanted} are verified, but some attempts errored; rerun to go on")
    return counts


def _standing(session: Session, wanted: int, attempts: int, orders: list[Order]) -> tuple[Standing, list[Kind]]:
    """How far the run is, and the kind that each attempt was to be."""
    settings = session.config.gen_dialogs
    planned: list[Kind] = [schedule(settings.mix, index) for index in range(max(attempts, wanted))]
    shares = Counter(planned[:wanted])
    for order in orders:
        planned[order.index] = order.kind
    kinds: dict[Kind, int] = {kind: shares[kind] for kind in settings.mix}
    budget = {kind: count * settings.attempts_per_dialog for kind, count in kinds.items()}
    found = kinds_in(session.workspace.stage("verified"))
    return Standing(kinds, {kind: found.get(kind, 0) for kind in kinds}, budget, attempts), planned


def _rejections(session: Session) -> list[Rejected]:
    """What verification rejected, by attempt."""
    found = session.workspace.stage("rejected").records(Rejection)
    return [Rejected(attempt=one.dialog.lineage.attempt, findings=one.findings) for one in found if one.dialog.lineage]


def _as_json(orders: list[Order]) -> str:
    return orjson.dumps([one.model_dump(exclude_defaults=True) for one in orders], option=orjson.OPT_INDENT_2).decode()


def _announced(kept: int, wanted: int, orders: list[Order]) -> str:
    """One line on the next round."""
    redone = Counter(order.blame for order in orders if order.repeats is not None)
    how = [f"{number} for the {blame}'s fault" for blame, number in sorted(redone.items(), key=str)]
    kinds = [f"{kind} {number}" for kind, number in sorted(Counter(order.kind for order in orders).items())]
    text = f"{kept} of {wanted} are verified; making {len(orders)} more ({', '.join(kinds)})"
    return f"{text}; {', '.join(how)} done again" if how else text


def _shortfall(kind: Kind, missing: int, standing: Standing, planned: list[Kind], rejections: list[Rejected]) -> str:
    """Why a kind's budget was not enough, in one line."""
    tried = planned[: standing.attempts].count(kind)
    checks = Counter(one.findings[0].check for one in rejections if planned[one.attempt] == kind and one.findings)
    reasons = ", ".join(f"{check} {number}" for check, number in checks.most_common(WORST))
    dropped = tried - standing.verified[kind] - sum(checks.values())
    return (
        f"{kind}: {missing} of {standing.wanted[kind]} verified dialogs are missing, the budget of "
        f"{standing.budget[kind]} attempts is spent ({tried} made; rejected: {reasons or 'none'}; {max(0, dropped)} came "
        "to no dialog); raise gen_dialogs.attempts_per_dialog, or see rejected/"
    )
