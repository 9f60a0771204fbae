"""Stage 4 as the command runs it: verified dialogs become rows, with what a trainer needs beside them."""

from __future__ import annotations

import time

from toolace.export import beside, source
from toolace.export.people import People
from toolace.export.stage import export as write_rows
from toolace.export.subsets import selection
from toolace.pipeline.summary import done, needed, nothing_to_do
from toolace.records import Api
from toolace.review import DECISIONS, decisions
from toolace.runner import Counts
from toolace.session import Session
from toolace.shards import digest_of


def export(session: Session) -> Counts:
    """Stage 4: verified dialogs, as people left them, become the rows of WORKSPACE/export/FORMAT, or of --out."""
    started = time.monotonic()
    config, settings, workspace = session.config, session.config.export, session.workspace
    beside.refuse_what_cannot_be(settings)
    sources = source.folders_of(settings.verification)
    folders = {name: needed(session, name, command) for name, command in sources.items()}
    folder, pool, review = (
        workspace.export(settings.format, settings.out),
        workspace.stage("apis"),
        workspace.stage("review"),
    )
    fingerprint = beside.fingerprint_of(config, session.limit)
    upstream = {name: digest_of(one.digests()) for name, one in folders.items()}
    if settings.verification == "both" and review.holds(DECISIONS):
        upstream["review"] = review.digest(DECISIONS)
    scored = workspace.stage("scored")
    if settings.complexity and scored.parts():
        upstream["scored"] = digest_of(scored.digests())
    if manifest := beside.is_done(folder, fingerprint, upstream):
        return nothing_to_do(session, "export", folder, manifest)
    people = People(decisions(workspace) if "review" in upstream else {})
    dialogs = people.applied(source.dialogs_of(folders, settings.verification, session.limit))
    choose = people.allowing(selection(settings, dialogs, lambda: pool.records(Api), lambda: source.scores_of(scored)))
    rows = write_rows(dialogs, settings, folder, choose)
    stages = {name: workspace.stage(name) for name in ("apis", "dialogs", "verified")}
    beside.put_beside(folder, rows, config, source.origins_of(pool.records(Api), stages))
    beside.record(folder, rows, fingerprint, upstream)
    if people.outdated:
        session.console.remark(
            f"{len(people.outdated)} decisions are on dialogs that have changed since; review them again"
        )
    reasons = beside.reasons_of(rows)
    counts = Counts(kept=sum(rows.rows.values()), rejected=sum(reasons.values()), reasons=reasons)
    text, facts = beside.summary_of(rows, settings), beside.facts_of(rows, settings)
    return done(session, "export", folder, counts, started, text, facts)
