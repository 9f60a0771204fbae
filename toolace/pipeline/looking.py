"""Looking at what is there: the report over a workspace, and people's review of samples."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

import orjson

from toolace.errors import UserMistake
from toolace.records import Api, Dialog, Finding, Rejection
from toolace.session import Session
from toolace.shards import Manifest, StageFolder

if TYPE_CHECKING:
    from toolace.report.tree import Leaf

PAGE = "index.html"


def report(session: Session) -> dict[str, Any]:
    """Counts the workspace in one pass and writes WORKSPACE/report/index.html; the same tables go to the terminal."""
    from toolace.backends.replies import read_totals
    from toolace.report.page import rendered
    from toolace.report.statistics import Statistics
    from toolace.report.tree import tree_payload
    from toolace.review import decisions
    from toolace.review.agreement import agreement_tables
    from toolace.tables import printed

    started = time.monotonic()
    workspace = session.workspace
    manifests = _manifests(session)
    statistics = Statistics()
    stands = workspace.stage("verified" if "verified" in manifests else "dialogs")
    rejected = workspace.stage("rejected").records(Rejection) if "verified" in manifests else ()
    apis = workspace.stage("apis").records(Api)
    statistics.read(apis, islice(stands.records(Dialog), session.limit), islice(rejected, session.limit))
    totals = read_totals(workspace.path("replies"))
    people = agreement_tables(decisions(workspace).values())
    sections = statistics.sections(manifests, totals, {"people": people})
    headline = statistics.headline(manifests, totals)
    tree = tree_payload(_leaves(workspace.stage("apis")), statistics.pool.covered, statistics.pool.domains)
    title = workspace.root.resolve().name
    folder = workspace.stage("report")
    folder.put(PAGE, rendered(title, headline, sections, tree, statistics.samples.payload()))
    page = workspace.path("report", PAGE)
    tables = [table for section in sections for table in section.tables]
    facts = {
        "page": str(page),
        "bytes": page.stat().st_size,
        "seconds": round(time.monotonic() - started, 2),
        **headline,
        "tables": {table.id: table.facts() for table in tables},
    }
    text = printed(tables, colour=sys.stdout.isatty())
    session.console.summary(facts, f"{text}\n\nreport: {page} ({facts['bytes']:,} bytes, {facts['seconds']:.1f} s)")
    return facts


def review(session: Session, number: int | None) -> int:
    """Shows samples and takes decisions until there are no more samples or keys; how many are left."""
    from rich.console import Console

    from toolace.review import decisions
    from toolace.review.agreement import agreement_tables
    from toolace.review.decision import Decision, write_decisions
    from toolace.review.desk import Desk, samples
    from toolace.review.keys import keys
    from toolace.rules import check_dialog
    from toolace.tables import printed

    workspace = session.workspace
    manifest = workspace.stage("verified").manifest()
    if manifest is None:
        raise UserMistake(f"verified/ is missing in {str(workspace.root)!r}; run `toolace verify` first")
    verified = islice(workspace.stage("verified").records(Dialog), session.limit)
    rejected = islice(workspace.stage("rejected").records(Rejection), session.limit)
    drawn = samples(verified, rejected, seed=session.config.seed, number=number)

    def save(given: Iterable[Decision]) -> None:
        write_decisions(workspace.stage("review"), given)

    def check(dialog: Dialog) -> list[Finding]:
        is_foreign = manifest.fingerprint.get("input") != "dialogs/"
        return check_dialog(dialog, foreign=is_foreign, language=session.config.language)

    screen = Console(stderr=session.console.as_json, highlight=False)
    desk = Desk(screen, keys(), decisions(workspace), save, check)
    left = desk.sit(drawn)
    words = [one.decision for one in desk.decisions.values()]
    tables = agreement_tables(desk.decisions.values())
    counts = {word: words.count(word) for word in ("accept", "reject", "edit")}
    facts = {**counts, "left": left, "tables": {table.id: table.facts() for table in tables}}
    said = ", ".join(f"{count} {word}" for word, count in counts.items())
    text = f"{printed(tables, colour=sys.stdout.isatty())}\n\nreview: {said}; {left} of {len(drawn)} samples left"
    session.console.summary(facts, text.strip())
    return left


def _manifests(session: Session) -> dict[str, Manifest]:
    """The stages that are there. Raises UserMistake when there is none."""
    names = ("apis", "dialogs", "verified")
    found = {name: manifest for name in names if (manifest := session.workspace.stage(name).manifest())}
    if not found:
        raise UserMistake(f"nothing to look at in {str(session.workspace.root)!r}; run `toolace run` first")
    return found


def _leaves(folder: StageFolder) -> Iterator[Leaf]:
    """The functionalities of the saved context tree; none without one."""
    from toolace.synth_apis.tree import ContextTree

    if saved := folder.get("tree.json"):
        for leaf in ContextTree.from_json(orjson.loads(saved)):
            yield leaf.domain, leaf.name, leaf.id
