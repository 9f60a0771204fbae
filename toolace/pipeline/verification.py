"""Stage 3 as the command runs it: over WORKSPACE/dialogs, or over a file of training rows."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

from toolace.errors import UserMistake, nearest
from toolace.pipeline.inputs import Dialogs, Rows
from toolace.pipeline.summary import done, needed, nothing_to_do
from toolace.runner import Counts, check_fingerprint
from toolace.session import Session
from toolace.shards import StageFolder
from toolace.verify.contamination import load_benchmarks
from toolace.verify.stage import VerifyStage


def verify(session: Session, file: str | None = None, format: str = "openai", *, overwrite: bool = False) -> Counts:
    """Accepted dialogs go to WORKSPACE/verified, the others to WORKSPACE/rejected with what was found."""
    started = time.monotonic()
    config = session.config
    _check_experts(config.verify.experts)
    source = (
        Rows(Path(file), format, session.limit)
        if file
        else Dialogs(needed(session, "dialogs", "gen-dialogs"), session.limit)
    )
    folder = session.workspace.stage("verified")
    if overwrite:
        folder.remove()
    fingerprint = {**session.fingerprint("verify"), "input": source.identity}
    manifest = folder.manifest()
    if manifest and manifest.fingerprint.get("input") != source.identity:
        raise UserMistake(
            f"verified/ was made from {manifest.fingerprint.get('input')}, not from {source.identity}; "
            "give another -w, or --overwrite"
        )
    manifest = check_fingerprint(folder, fingerprint)
    parts = source.parts(config.run.shard_size)
    upstream = {source.name: hashlib.sha256("".join(parts).encode()).hexdigest()}
    if manifest and manifest.upstream == upstream and _is_whole(folder, source.total):
        return nothing_to_do(session, "verify", folder, manifest)
    if manifest and manifest.upstream != upstream:
        session.console.remark(
            f"verified/ is stale: {source.name} has changed since it was made; verifying what changed"
        )
    foreign = file is not None
    named = config.verify.decontaminate
    stage = VerifyStage(
        source.lines(),
        source.total,
        source.parse,
        config.verify,
        language=config.language,
        foreign=foreign,
        benchmark=load_benchmarks(named) if named else None,
    )
    counts = session.settle(
        stage,
        folder,
        fingerprint=fingerprint,
        upstream=upstream,
        total=source.total,
        by_input=True,
        upstream_parts=parts,
    )
    assert counts.kept + counts.rejected + counts.errored == source.total, "every line ends kept, rejected or errored"
    kinds = dict(sorted(stage.kinds.items()))
    assert sum(kinds.values()) == counts.kept, "every kept dialog is of one kind"
    text = "  verified: " + ", ".join(f"{kind} {number}" for kind, number in kinds.items())
    if stage.warnings:
        text += "\n  warnings: " + ", ".join(f"{check} {number}" for check, number in stage.warnings.most_common(5))
    more = {"kinds": kinds, "warnings": dict(stage.warnings), "index_bytes": stage.index_bytes}
    return done(session, "verify", folder, counts, started, text, more)


def listed_rules() -> str:
    """Every rule, by aspect, with what it holds."""
    from toolace.rules import describe

    lines: list[str] = []
    aspect = ""
    for group, name, about in describe():
        if group != aspect:
            aspect = group
            lines.append(group)
        lines.append(f"  {name}: {about}")
    return "\n".join(lines)


def _is_whole(folder: StageFolder, total: int) -> bool:
    manifest = folder.manifest()
    digests = folder.digests()
    return (
        manifest is not None
        and manifest.counts["in"] == total
        and not manifest.counts["errored"]
        and all(digests.get(part.name) == part.sha256 for part in manifest.parts)
    )


def _check_experts(names: tuple[str, ...]) -> None:
    from toolace.verify.roles import EXPERTS

    for name in names:
        if name not in EXPERTS:
            raise UserMistake(
                f"verify.experts: there is no expert {name!r}{nearest(name, EXPERTS)}; known are {', '.join(EXPERTS)}"
            )
