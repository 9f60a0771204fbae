"""Stage 1 as the command runs it: documents and imports become WORKSPACE/apis and its context tree."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import orjson

from toolace.errors import GivenUp, ReplyError, Stopped, UserMistake
from toolace.pipeline.summary import done, is_complete, missing, nothing_to_do
from toolace.roles import Ask
from toolace.runner import Counts, check_fingerprint
from toolace.session import Session
from toolace.shards import StageFolder
from toolace.synth_apis.reading import Sources, find_sources
from toolace.synth_apis.tree import ContextTree
from toolace.workers import tried


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
    if manifest and is_complete(folder, manifest, settings.num_apis):
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
        computes=session.config.backend.kind == "simulator" or session.config.backend.send_context,
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
    text = f"  tree: {len(tree)} functionalities in {len(tree.domains())} domains, {manifest.notes['uncovered']} not covered"
    if counts.kept < total and len(tree):
        text += f"\n  {total - counts.kept} of {total} are missing: {missing(counts)}"
    return done(session, "synth-apis", folder, counts, started, text, {"tree": manifest.notes})


def shown_tree(session: Session) -> str:
    """The context tree of the workspace, or of the given documents, as indented text."""
    folder = session.workspace.stage("apis")
    saved = folder.get("tree.json")
    if saved is None:
        raise UserMistake(f"no context tree in {str(session.workspace.root)!r}; run `toolace synth-apis` first")
    lines: list[str] = []
    for domain, leaves in sorted(ContextTree.from_json(orjson.loads(saved)).domains().items()):
        lines.append(" / ".join(domain))
        lines += [f"    {leaf.name}: {leaf.summary}" for leaf in leaves]
    return "\n".join(lines)


def _speciated(session: Session, sources: Sources, folder: StageFolder) -> tuple[list[Any], Any]:
    """Imports, and the context tree of the documents: from tree.json where it is there, else grown and saved."""
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

    tree, at_once = ContextTree(), session.at_once("synth-apis")
    slots = asyncio.Semaphore(at_once)

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
            if len(waiting) >= 4 * at_once:
                await take(waiting.pop(0), names.pop(0))
        while waiting:
            await take(waiting.pop(0), names.pop(0))
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
    return tree
