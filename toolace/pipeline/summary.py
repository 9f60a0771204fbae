"""What the commands share: the folder a stage needs, whether it is complete, and what is said when it is done."""

from __future__ import annotations

import re
import time
from collections import Counter
from typing import Any, Final

from toolace.backends.costs import cost_per_dialog
from toolace.errors import UserMistake
from toolace.records import Dialog
from toolace.runner import Counts
from toolace.session import Session
from toolace.shards import Manifest, StageFolder, parse_line

_KIND: Final = re.compile(rb'\{"v":1,"id":"[^"\\]*","kind":"([a-z]+)"')
ERRORS_NAMED = 5
"""Errors that a summary for people names."""


PAID_FOR = {"gen-dialogs": "dialog", "verify": "verified dialog"}
"""What a summary tells the cost of one of."""


def needed(session: Session, name: str, command: str) -> StageFolder:
    """The folder of an earlier stage. Raises UserMistake naming the command that makes it."""
    folder = session.workspace.stage(name)
    if folder.manifest() is None or not folder.parts():
        raise UserMistake(f"{name}/ is missing in {str(session.workspace.root)!r}; run `toolace {command}` first")
    return folder


def is_complete(folder: StageFolder, manifest: Manifest, wanted: int) -> bool:
    """Whether every part stands as its manifest says, nothing is owed, and there is as much as is wanted."""
    digests = folder.digests()
    intact = all(digests.get(part.name) == part.sha256 for part in manifest.parts)
    enough = manifest.counts["kept"] >= wanted or manifest.notes.get("wanted") == wanted
    return bool(manifest.parts) and intact and enough and not manifest.counts["errored"]


def kinds_in(folder: StageFolder) -> dict[str, int]:
    """Dialogs of a folder by kind. A line as this program writes it need not be parsed for that."""
    found: Counter[str] = Counter()
    for place, line in folder.lines():
        written = _KIND.match(line)
        found[written[1].decode() if written else parse_line(Dialog, line, place).kind] += 1
    return dict(sorted(found.items()))


def missing(counts: Counts) -> str:
    """Why there are fewer than wanted."""
    if counts.errored:
        return "some attempts errored; rerun to try them again"
    return "the budget of attempts is spent (attempts_per_api, attempts_per_dialog)"


def nothing_to_do(session: Session, stage: str, folder: StageFolder, manifest: Manifest) -> Counts:
    """Says that a stage is as it should be."""
    counts = manifest.counts
    facts = {
        "stage": stage,
        **counts,
        "reasons": manifest.rejected,
        "output": output_of(session, folder),
        "nothing_to_do": True,
    }
    session.console.summary(
        facts, f"{stage}: nothing to do, {output_of(session, folder)} holds {counts['kept']} records"
    )
    return Counts(
        kept=counts["kept"], rejected=counts["rejected"], errored=counts["errored"], reasons=dict(manifest.rejected)
    )


def output_of(session: Session, folder: StageFolder) -> str:
    """Where a stage's records are, as people know the place: in the store where the workspace is in one."""
    root, url = session.workspace.root, session.workspace.url
    return f"{url}/{folder.path.relative_to(root)}" if url and folder.path.is_relative_to(root) else str(folder.path)


def done(
    session: Session, stage: str, folder: StageFolder, counts: Counts, started: float, text: str, more: dict[str, Any]
) -> Counts:
    """Says what came out of a stage, and returns its counts."""
    seconds = time.monotonic() - started
    total = counts.kept + counts.rejected + counts.errored
    facts = {
        "stage": stage,
        "in": total,
        "kept": counts.kept,
        "rejected": counts.rejected,
        "errored": counts.errored,
        "reasons": dict(sorted(counts.reasons.items(), key=lambda item: -item[1])),
        "output": output_of(session, folder),
        "seconds": round(seconds, 2),
        **more,
    }
    usage = session.usage()
    if usage:
        facts["usage"] = usage
    numbers = f"{counts.kept} kept, {counts.rejected} rejected, {counts.errored} errored of {total}"
    lines = [f"{stage}: {numbers} in {seconds:.1f} s -> {output_of(session, folder)}"]
    if counts.reasons:
        lines.append("  " + ", ".join(f"{reason} {number}" for reason, number in list(facts["reasons"].items())[:6]))
    if counts.errors:
        facts["errors"] = counts.errors
        unnamed = counts.errored - ERRORS_NAMED
        lines += [f"  errored: {error}" for error in counts.errors[:ERRORS_NAMED]]
        lines += [f"  and {unnamed} errored more, see {folder.name}/_manifest.json"] if unnamed > 0 else []
    if text:
        lines.append(text)
    if usage:
        asked = f"{usage.get('requests', 0)} requests, {usage.get('replayed', 0)} from the log"
        asked += f", {usage['malformed']} malformed replies" if usage.get("malformed") else ""
        lines.append(f"  {asked}, cost so far {usage.get('cost', 0):.4f}")
    if usage.get("cost") and stage in PAID_FOR and counts.kept:
        facts["cost_per_dialog"] = each = cost_per_dialog(usage, counts.kept)
        lines += _priced(each, PAID_FOR[stage])
    session.console.summary(facts, "\n".join(lines))
    return counts


def _priced(each: dict[str, Any], what: str) -> list[str]:
    """The cost of one dialog by stage and role, dearest first."""
    lines = [f"  cost per {what} {each['cost']:.6f}"]
    for part in ("stage", "role"):
        ordered = sorted(each[f"by_{part}"].items(), key=lambda item: -item[1])
        lines.append(f"    by {part}: " + ", ".join(f"{name} {cost:.6f}" for name, cost in ordered))
    return lines
