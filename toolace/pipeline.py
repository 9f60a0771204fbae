"""The four stages as the commands run them: find what is there, build the stage, run it, say what came out."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from typing import Any

from toolace.errors import GivenUp, ReplyError, Stopped, UserMistake
from toolace.records import Api, Dialog
from toolace.roles import Ask
from toolace.runner import Counts, check_fingerprint
from toolace.session import Session
from toolace.shards import Manifest, StageFolder, digest_of, parse_line
from toolace.synth_apis.reading import Sources, find_sources
from toolace.workers import tried


ERRORS_NAMED = 5
"""Errors that a summary for people names."""


def synth_apis(session: Session) -> Counts:
    """Stage 1: documents and imports become WORKSPACE/apis and its context tree."""
    started = time.monotonic()
    settings = session.config.synth_apis
    folder = session.workspace.stage("apis")
    sources = find_sources(settings.documents, settings.imports, session.limit)
    fingerprint = session.fingerprint("synth_apis")
    upstream = {"documents": sources.digest}
    manifest = check_fingerprint(folder, fingerprint)
    if manifest and manifest.upstream != upstream:
        raise UserMistake(
            "apis/ was made from other documents; use the same ones, another workspace, or delete apis/ and what follows it"
        )
    if manifest and _is_complete(folder, manifest, settings.num_apis):
        return nothing_to_do(session, "synth-apis", folder, manifest)
    imports, tree = _speciated(session, sources, folder)
    from toolace.synth_apis.pool import PoolStage

    stage = PoolStage(
        imports,
        tree,
        settings,
        target=settings.num_apis,
        seed=session.config.seed,
        language=session.config.language,
        backend=session.backend.name,
    )
    total = max(settings.num_apis, len(imports)) if len(tree) else len(imports)
    counts = session.settle(stage, folder, fingerprint=fingerprint, upstream=upstream, total=total)
    manifest = folder.manifest()
    assert manifest is not None
    manifest.notes = {
        **sources.notes(),
        "wanted": settings.num_apis,
        "functionalities": len(tree),
        "domains": len(tree.domains()),
    }
    manifest.notes |= stage.notes()
    folder.save(manifest)
    missing = (
        f"\n  {total - counts.kept} of {total} are missing: {_missing(counts)}"
        if counts.kept < total and len(tree)
        else ""
    )
    text = f"  tree: {len(tree)} functionalities in {len(tree.domains())} domains, {manifest.notes['uncovered']} not covered{missing}"
    return done(session, "synth-apis", folder, counts, started, text, {"tree": manifest.notes})


def gen_dialogs(session: Session) -> Counts:
    """Stage 2: the pool becomes WORKSPACE/dialogs."""
    from toolace.gen_dialogs.candidates import Candidates
    from toolace.gen_dialogs.dialog import DialogStage
    from toolace.gen_dialogs.plan import Planner

    started = time.monotonic()
    config = session.config
    pool = needed(session, "apis", "synth-apis")
    folder = session.workspace.stage("dialogs")
    fingerprint = session.fingerprint("gen_dialogs", "complexity")
    upstream = {"apis": digest_of(pool.digests())}
    manifest = check_fingerprint(folder, fingerprint)
    if manifest and manifest.upstream != upstream:
        session.console.remark("dialogs/ is stale: apis/ has changed since it was made; new dialogs use the new pool")
    if manifest and _is_complete(folder, manifest, config.gen_dialogs.num_dialogs):
        return nothing_to_do(session, "gen-dialogs", folder, manifest)
    apis = list(pool.records(Api))[: session.limit]
    if not apis:
        raise UserMistake("apis/ holds no API; rerun synth-apis with other documents")
    if config.complexity.learner == "auto":
        session.console.remark(
            "steering is off: no learner here; the complexity section of the configuration turns it on"
        )
    planner = Planner(Candidates(apis), config.gen_dialogs, config.seed)
    stage = DialogStage(
        planner,
        config.gen_dialogs,
        target=config.gen_dialogs.num_dialogs,
        language=config.language,
        backend=session.backend.name,
        rounds=config.complexity.rounds,
    )
    total = config.gen_dialogs.num_dialogs
    counts = session.settle(stage, folder, fingerprint=fingerprint, upstream=upstream, total=total)
    text = f"  {total - counts.kept} of {total} are missing: {_missing(counts)}" if counts.kept < total else ""
    return done(session, "gen-dialogs", folder, counts, started, text, {"kinds": kinds_in(folder)})


def _missing(counts: Counts) -> str:
    if counts.errored:
        return "some attempts errored; rerun to try them again"
    return "the budget of attempts is spent (attempts_per_api, attempts_per_dialog)"


def kinds_in(folder: StageFolder) -> dict[str, int]:
    """Dialogs of a folder by kind."""
    found: Counter[str] = Counter()
    for place, line in folder.lines():
        found[parse_line(Dialog, line, place).kind] += 1
    return dict(sorted(found.items()))


def _speciated(session: Session, sources: Sources, folder: StageFolder) -> tuple[list[Any], Any]:
    """Imports, and the context tree of the documents: from tree.json where it is there, else grown and saved."""
    import orjson

    from toolace.synth_apis.tree import ContextTree

    settings = session.config.synth_apis
    saved = folder.get("tree.json")
    known = orjson.loads(saved) if saved else None
    session.console.remark(f"reading {sources.described}")
    imports = sources.read_imports()
    if known and known.get("documents") == sources.digest:
        sources.recall(known["notes"])
        tree = ContextTree.from_json(known)
    else:
        tree = session.run(_grown(session, session.backend.ask, sources))
        payload = {"documents": sources.digest, "notes": sources.notes(), **tree.to_json()}
        folder.put("tree.json", orjson.dumps(payload, option=orjson.OPT_INDENT_2).decode() + "\n")
    if sources.skipped:
        folder.put("skipped.txt", "".join(f"{one.source}: {one.reason}\n" for one in sources.skipped))
        session.console.remark(sources.skips())
    if not imports and not len(tree):
        raise UserMistake(
            f"no API can be made from {sources.described}: nothing usable was read; give other files with --documents"
        )
    return imports, tree.scoped(settings.include, settings.exclude)


async def _grown(session: Session, ask: Ask, sources: Sources) -> Any:
    """Asks for the speciation of every document, in order, several at a time."""
    from toolace.synth_apis.speciation import speciate
    from toolace.synth_apis.tree import ContextTree

    tree = ContextTree()
    slots = asyncio.Semaphore(session.config.run.concurrency)

    async def one(number: int, document: Any) -> list[Any]:
        async with slots:
            return await tried(lambda: speciate(document, number, session.config.language, ask))

    waiting: list[asyncio.Task[list[Any]]] = []

    async def take(task: asyncio.Task[list[Any]], source: str) -> None:
        try:
            for functionality in await task:
                tree.add(functionality)
        except GivenUp as error:
            raise Stopped(f"{source}: {error}; run the same command again once the endpoint works") from None
        except ReplyError as error:
            sources.fail(source, str(error))

    names: list[str] = []
    try:
        for number, document in enumerate(sources.read_documents()):
            waiting.append(asyncio.create_task(one(number, document)))
            names.append(document.source)
            if len(waiting) >= 4 * session.config.run.concurrency:
                await take(waiting.pop(0), names.pop(0))
        while waiting:
            await take(waiting.pop(0), names.pop(0))
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
    return tree


def needed(session: Session, name: str, command: str) -> StageFolder:
    folder = session.workspace.stage(name)
    if folder.manifest() is None or not folder.parts():
        raise UserMistake(f"{name}/ is missing in {str(session.workspace.root)!r}; run `toolace {command}` first")
    return folder


def _is_complete(folder: StageFolder, manifest: Manifest, wanted: int) -> bool:
    """Whether every part stands as its manifest says, nothing is owed, and there is as much as is wanted."""
    digests = folder.digests()
    intact = all(digests.get(part.name) == part.sha256 for part in manifest.parts)
    enough = manifest.counts["kept"] >= wanted or manifest.notes.get("wanted") == wanted
    return bool(manifest.parts) and intact and enough and not manifest.counts["errored"]


def nothing_to_do(session: Session, stage: str, folder: StageFolder, manifest: Manifest) -> Counts:
    counts = manifest.counts
    facts = {"stage": stage, **counts, "reasons": manifest.rejected, "output": str(folder.path), "nothing_to_do": True}
    session.console.summary(facts, f"{stage}: nothing to do, {folder.path} holds {counts['kept']} records")
    return Counts(
        kept=counts["kept"], rejected=counts["rejected"], errored=counts["errored"], reasons=dict(manifest.rejected)
    )


def done(
    session: Session, stage: str, folder: StageFolder, counts: Counts, started: float, text: str, more: dict[str, Any]
) -> Counts:
    seconds = time.monotonic() - started
    total = counts.kept + counts.rejected + counts.errored
    facts = {
        "stage": stage,
        "in": total,
        "kept": counts.kept,
        "rejected": counts.rejected,
        "errored": counts.errored,
        "reasons": dict(sorted(counts.reasons.items(), key=lambda item: -item[1])),
        "output": str(folder.path),
        "seconds": round(seconds, 2),
        **more,
    }
    usage = session.usage()
    if usage:
        facts["usage"] = usage
    lines = [
        f"{stage}: {counts.kept} kept, {counts.rejected} rejected, {counts.errored} errored of {total} in {seconds:.1f} s -> {folder.path}"
    ]
    if counts.reasons:
        lines.append("  " + ", ".join(f"{reason} {number}" for reason, number in list(facts["reasons"].items())[:6]))
    if counts.errors:
        facts["errors"] = counts.errors
        more = counts.errored - ERRORS_NAMED
        lines += [f"  errored: {error}" for error in counts.errors[:ERRORS_NAMED]]
        lines += [f"  and {more} errored more, see {folder.name}/_manifest.json"] if more > 0 else []
    if text:
        lines.append(text)
    if usage:
        lines.append(
            f"  {usage.get('requests', 0)} requests, {usage.get('replayed', 0)} from the log, cost so far {usage.get('cost', 0):.4f}"
        )
    session.console.summary(facts, "\n".join(lines))
    return counts


def check(session: Session) -> None:
    """Validates what a run needs without spending: prompts render, the endpoint answers, the sources exist."""
    config = session.config
    sources = find_sources(config.synth_apis.documents, config.synth_apis.imports, session.limit)
    facts: dict[str, Any] = {"configuration": "ok", "sources": sources.described, "backend": session.backend.name}
    if config.backend.kind == "openai":
        facts["models"] = {name: session.backend.model(name) for name in _role_names()}  # type: ignore[attr-defined]
    text = "\n".join(f"{name}: {value}" for name, value in facts.items())
    session.console.summary(facts, text)


def _role_names() -> list[str]:
    from toolace.gen_dialogs import roles
    from toolace.verify.roles import EXPERTS

    return [roles.PLAN.name, roles.USER.name, roles.ASSISTANT.name, roles.TOOL.name, *EXPERTS]


def shown_tree(session: Session) -> str:
    """The context tree of the workspace, or of the given documents, as indented text."""
    import orjson

    from toolace.synth_apis.tree import ContextTree

    folder = session.workspace.stage("apis")
    saved = folder.get("tree.json")
    if saved is None:
        raise UserMistake(f"no context tree in {str(session.workspace.root)!r}; run `toolace synth-apis` first")
    lines: list[str] = []
    for domain, leaves in sorted(ContextTree.from_json(orjson.loads(saved)).domains().items()):
        lines.append(" / ".join(domain))
        lines += [f"    {leaf.name}: {leaf.summary}" for leaf in leaves]
    return "\n".join(lines)


def export(session: Session) -> Counts:
    """Stage 4: verified dialogs become the rows of WORKSPACE/export/FORMAT, or of --out."""
    from toolace.export import beside, source
    from toolace.export.stage import export as write_rows
    from toolace.export.subsets import selection

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
    facts = {"format": settings.format, "rows": rows.rows, "left_out": rows.left_out, "not_carried": rows.not_carried, "shortened": rows.shortened}
    return done(session, "export", folder, counts, started, text, facts)


def verify(session: Session, file: str | None = None, format: str = "openai", *, overwrite: bool = False) -> Counts:
    """Stage 3: see toolace.pipeline_verify."""
    from toolace.pipeline_verify import verify as run

    return run(session, file, format, overwrite=overwrite)


STAGES = (synth_apis, gen_dialogs, verify, export)


def run(session: Session, num_verified: int | None = None) -> int:
    """All four stages, in rounds where a number of verified dialogs is wanted; returns how many records errored."""
    if num_verified is None:
        return sum(stage(session).errored for stage in STAGES)
    from toolace.pipeline_verify import verified

    return sum(counts.errored for counts in (synth_apis(session), verified(session, num_verified), export(session)))
