"""Stage 4 as the command runs it: verified dialogs become rows, with what a trainer needs beside them."""

from __future__ import annotations

import time
from typing import Any

from toolace.export import beside, source
from toolace.export.stage import export as write_rows
from toolace.export.subsets import selection
from toolace.pipeline.summary import done, needed, nothing_to_do
from toolace.records import Api
from toolace.runner import Counts
from toolace.session import Session
from toolace.shards import digest_of


def export(session: Session) -> Counts:
    """Stage 4: verified dialogs become the rows of WORKSPACE/export/FORMAT, or of --out."""
    started = time.monotonic()
    config, settings = session.config, session.config.export
    beside.refuse_what_cannot_be(settings)
    commands = {"verified": "verify", "rejected": "verify", "dialogs": "gen-dialogs"}
    folders = {name: needed(session, name, commands[name]) for name in source.FOLDERS[settings.verification]}
    folder = session.workspace.export(settings.format, settings.out)
    fingerprint = beside.fingerprint_of(config, session.limit)
    upstream = {name: digest_of(one.digests()) for name, one in folders.items()}
    if manifest := beside.is_done(folder, fingerprint, upstream):
        return nothing_to_do(session, "export", folder, manifest)
    pool = session.workspace.stage("apis")
    dialogs = source.dialogs_of(folders, settings.verification, session.limit)
    rows = write_rows(dialogs, settings, folder, selection(settings, dialogs, lambda: pool.records(Api)))
    stages = {name: session.workspace.stage(name) for name in ("apis", "dialogs", "verified")}
    beside.put_beside(folder, rows, config, source.origins_of(pool.records(Api), stages))
    beside.record(folder, rows, fingerprint, upstream)
    reasons = beside.reasons_of(rows)
    counts = Counts(kept=sum(rows.rows.values()), rejected=sum(reasons.values()), reasons=reasons)
    shown = ", ".join(f"{name}.jsonl {number}" for name, number in rows.rows.items())
    text = f"  {settings.format} rows: {shown}; {rows.shortened} end before tools offered later"
    facts: dict[str, Any] = {"format": settings.format, "rows": rows.rows, "left_out": rows.left_out}
    facts |= {"not_carried": rows.not_carried, "shortened": rows.shortened}
    return done(session, "export", folder, counts, started, text, facts)
