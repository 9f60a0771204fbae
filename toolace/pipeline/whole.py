"""`toolace run`: all four stages in order, in rounds where a number of verified dialogs is wanted."""

from __future__ import annotations

from toolace.pipeline.apis import synth_apis
from toolace.pipeline.dialogs import gen_dialogs
from toolace.pipeline.exporting import export
from toolace.pipeline.verification import verify
from toolace.runner import Counts
from toolace.session import Session


def run(session: Session, num_verified: int | None = None) -> int:
    """All four stages; returns how many records errored."""
    made = [synth_apis(session)]
    made += [gen_dialogs(session), verify(session)] if num_verified is None else [verified(session, num_verified)]
    made.append(export(session))
    return sum(counts.errored for counts in made)


def verified(session: Session, wanted: int) -> Counts:
    """Stages 2 and 3 in rounds until `wanted` dialogs are verified, or the budget of attempts per dialog is spent.

    Each round asks for as many dialogs more as are missing, so there are never more than `wanted`.
    """
    budget = wanted * session.config.gen_dialogs.attempts_per_dialog
    manifest = session.workspace.stage("dialogs").manifest()
    dialogs = max(wanted, manifest.counts["kept"] if manifest else 0)
    while True:
        session.with_settings({"gen_dialogs.num_dialogs": dialogs})
        made = gen_dialogs(session)
        counts = verify(session)
        missing = wanted - counts.kept
        if missing <= 0 or made.kept < dialogs or dialogs + missing > budget:
            break
        session.console.remark(f"{counts.kept} of {wanted} are verified; making {missing} dialogs more")
        dialogs += missing
    counts.errored += made.errored
    if missing > 0:
        session.console.remark(
            f"{missing} of {wanted} verified dialogs are missing: the budget of {budget} attempts is spent, or attempts errored"
        )
    return counts
