"""Stage 2 as the command runs it: the pool becomes WORKSPACE/dialogs."""

from __future__ import annotations

import time

import orjson

from toolace.complexity.learners import chosen
from toolace.errors import UserMistake
from toolace.gen_dialogs.candidates import Candidates
from toolace.gen_dialogs.dialog import DialogStage
from toolace.gen_dialogs.orders import Order
from toolace.gen_dialogs.plan import Planner
from toolace.pipeline.complexity import scorer_for
from toolace.pipeline.summary import done, is_complete, kinds_in, missing, needed, nothing_to_do
from toolace.records import Api
from toolace.runner import Counts, check_fingerprint
from toolace.session import Session
from toolace.shards import Manifest, StageFolder, digest_of

ORDERS = "orders.json"
"""What replaces rejected dialogs: kept beside the dialogs, so that a run that was killed goes on with the same."""


def gen_dialogs(session: Session, attempts: int | None = None) -> Counts:
    """Stage 2: the pool becomes WORKSPACE/dialogs, as many as are configured; with `attempts`, just so many are made,
    whatever becomes of them."""
    started = time.monotonic()
    config = session.config
    pool = needed(session, "apis", "synth-apis")
    folder = session.workspace.stage("dialogs")
    fingerprint = {**session.fingerprint("gen_dialogs", "complexity"), "learner": chosen(config.complexity)}
    upstream = {"apis": digest_of(pool.digests())}
    manifest = check_fingerprint(folder, fingerprint)
    if manifest and manifest.upstream != upstream:
        session.console.remark("dialogs/ is stale: apis/ has changed since it was made; new dialogs use the new pool")
    if manifest and _is_done(folder, manifest, config.gen_dialogs.num_dialogs, attempts):
        return nothing_to_do(session, "gen-dialogs", folder, manifest)
    apis = list(pool.records(Api))[: session.limit]
    if not apis:
        raise UserMistake("apis/ holds no API; rerun synth-apis with other documents")
    planner = Planner(Candidates(apis), config.gen_dialogs, config.seed)
    scorer = scorer_for(session)
    stage = DialogStage(
        planner,
        config.gen_dialogs,
        target=config.gen_dialogs.num_dialogs,
        language=config.language,
        backend=session.backend.name,
        rounds=config.complexity.rounds,
        scorer=scorer,
        orders=orders_in(folder),
        attempts=attempts,
    )
    total = config.gen_dialogs.num_dialogs if attempts is None else attempts
    forks = scorer is None or scorer.forks
    counts = session.settle(stage, folder, fingerprint=fingerprint, upstream=upstream, total=total, forks=forks)
    short = counts.kept < total and attempts is None
    text = f"  {total - counts.kept} of {total} are missing: {missing(counts)}" if short else ""
    return done(
        session,
        "gen-dialogs",
        folder,
        counts,
        started,
        text,
        {"kinds": kinds_in(folder), "index_bytes": stage.index_bytes},
    )


def orders_in(folder: StageFolder) -> list[Order]:
    """The orders given so far, by attempt. Raises UserMistake for a broken file."""
    try:
        return [Order.model_validate(one) for one in orjson.loads(folder.get(ORDERS) or b"[]")]
    except ValueError as error:
        raise UserMistake(f"dialogs/{ORDERS} is broken ({error}); delete dialogs/ and rerun") from None


def _is_done(folder: StageFolder, manifest: Manifest, wanted: int, attempts: int | None) -> bool:
    if attempts is None:
        return is_complete(folder, manifest, wanted)
    return manifest.counts["in"] >= attempts and is_complete(folder, manifest, 0)
