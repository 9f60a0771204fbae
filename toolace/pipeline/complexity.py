"""`score` as the command runs it, and the scorer that steers `gen-dialogs`; `calibrate` has a file of its own."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from toolace.complexity.bounds import bounds_for, predictor_for
from toolace.complexity.learners import EXTRA, chosen, open_learner
from toolace.complexity.predictor import PredictingScorer
from toolace.complexity.scoring import LearnerScorer
from toolace.complexity.steering import Range, Scorer
from toolace.errors import UserMistake
from toolace.pipeline.calibration import calibrate
from toolace.pipeline.summary import done, kinds_in, needed
from toolace.records import Dialog
from toolace.runner import Counts
from toolace.session import Session

__all__ = ["calibrate", "facts_of", "score", "scorer_for"]


def scorer_for(session: Session) -> Scorer | None:
    """The scorer of this session's configuration, its learner loaded; None where steering is off. Says which in one line."""
    settings = session.config.complexity
    if settings.learner == "auto" and chosen(settings) == "none":
        session.console.remark(f"steering is off: no learner here; {EXTRA} turns it on")
        return None
    learner = open_learner(settings)
    if learner is None:
        return None
    calibration = session.workspace.path("calibration", "calibration.json")
    bounds, source = bounds_for(settings, learner.name, calibration)
    session.console.remark(f"learner {learner.name}: {settings.measure} in {_shown(bounds)} ({source})")
    scorer = LearnerScorer(learner, settings.measure, bounds)
    if settings.predictor:
        return PredictingScorer(scorer, predictor_for(settings, learner.name, calibration))
    return scorer


def facts_of(scorer: Scorer | None) -> dict[str, Any]:
    """What a stage's output depends on, for its fingerprint."""
    if scorer is None:
        return {"learner": None}
    return {"learner": scorer.learner, "measure": scorer.measure, "range": list(scorer.range)}


def score(session: Session, file: str | None = None, format: str = "openai") -> Counts:
    """Verified dialogs (or those of a file) go to WORKSPACE/scored with their complexity for the configured learner."""
    from toolace.complexity.rescoring import ScoreStage
    from toolace.pipeline.inputs import Dialogs, Rows

    started = time.monotonic()
    config = session.config
    name = "verified" if session.workspace.stage("verified").manifest() else "dialogs"
    source = (
        Rows(Path(file), format, session.limit)
        if file
        else Dialogs(needed(session, name, "gen-dialogs"), session.limit)
    )
    scorer = scorer_for(session)
    if scorer is None:
        raise UserMistake(f"there is no learner to score with: {EXTRA}, or give one with --set complexity.learner=…")
    folder = session.workspace.stage("scored")
    fingerprint = {"input": source.identity if file else f"{name}/", "complexity": facts_of(scorer)}
    manifest = folder.manifest()
    if manifest and manifest.fingerprint != fingerprint:
        session.console.remark("scored/ was made with another learner, measure, range or input; scoring anew")
        folder.remove()
    parts = source.parts(config.run.shard_size)
    stage = ScoreStage(source.lines(), source.total, source.parse, scorer)
    counts = session.settle(
        stage,
        folder,
        fingerprint=fingerprint,
        upstream={source.name: parts[-1] if parts else ""},
        total=source.total,
        forks=scorer.forks,
        by_input=True,
        upstream_parts=parts,
    )
    inside = sum(dialog.complexity.in_range or False for dialog in folder.records(Dialog) if dialog.complexity)
    text = f"  {inside} of {counts.kept} in range {_shown(scorer.range)}"
    return done(session, "score", folder, counts, started, text, {"kinds": kinds_in(folder), "in_range": inside})


def _shown(bounds: Range) -> str:
    lower, upper = ("open" if bound is None else f"{bound:g}" for bound in bounds)
    return f"[{lower}, {upper}]"
