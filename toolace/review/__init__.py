"""People look at samples and decide; what they decide is kept beside the data and applied by export."""

from __future__ import annotations

from toolace.review.decision import DECISIONS, Decision, read_decisions
from toolace.shards import Workspace


def decisions(workspace: Workspace) -> dict[str, Decision]:
    """What people decided, by dialog id; the last word on each. Memory grows with decisions, not with dialogs.

    For export: where there is a decision on a dialog that would be a row, `decision.applied(dialog)` takes its place;
    None leaves it out (`rejected_by_people`). Each `decision.rescued` that is not None is a dialog that verification
    rejected and people want: it becomes a row too. A decision on a dialog that has changed since (`is_about` is false)
    changes nothing; count it and say so.
    """
    return {one.dialog: one for one in read_decisions(workspace.stage("review"))}


__all__ = ["DECISIONS", "Decision", "decisions"]
