"""What has to do with the learner as the commands run it: `calibrate`, `score`, and the scorer that steers `gen-dialogs`."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from toolace.complexity.bounds import bounds_for
from toolace.complexity.calibration import Sample, calibrated, picture
from toolace.complexity.learners import EXTRA, chosen, open_learner
from toolace.complexity.scoring import LearnerScorer
from toolace.complexity.steering import Range, Unscorable
from toolace.config import GenDialogs
from toolace.errors import UserMistake
from toolace.pipeline.summary import done, kinds_in, needed
from toolace.records import Api, Dialog
from toolace.runner import Counts, Plan, run_stage
from toolace.session import Session
from toolace.shards import Workspace

if TYPE_CHECKING:
    from toolace.complexity.learners.hf import HfLearner

SIZE = 100
"""Exchanges of the prior set."""

EPOCHS = 2


def scorer_for(session: Session) -> LearnerScorer | None:
    """The scorer of this session's configuration, its learner loaded; None where steering is off. Says which in one line."""
    settings = session.config.complexity
    if settings.learner == "auto" and chosen(settings) == "none":
        session.console.remark(f"steering is off: no learner here; {EXTRA} turns it on")
        return None
    learner = open_learner(settings)
    if learner is None:
        return None
    bounds, source = bounds_for(settings, learner.name, session.workspace.path("calibration", "calibration.json"))
    session.console.remark(f"learner {learner.name}: {settings.measure} in {_shown(bounds)} ({source})")
    return LearnerScorer(learner, settings.measure, bounds)


def facts_of(scorer: LearnerScorer | None) -> dict[str, Any]:
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
    plan = Plan(
        folder=folder,
        fingerprint=fingerprint,
        upstream={source.name: parts[-1] if parts else ""},
        shard_size=config.run.shard_size,
        concurrency=config.run.concurrency,
        by_input=True,
        upstream_parts=parts,
    )
    with session.console.progress(stage.name, source.total, session.usage) as observe:
        counts = session.run(run_stage(stage, session.backend, plan, observe))
    inside = sum(dialog.complexity.in_range or False for dialog in folder.records(Dialog) if dialog.complexity)
    text = f"  {inside} of {counts.kept} in range {_shown(scorer.range)}"
    return done(session, "score", folder, counts, started, text, {"kinds": kinds_in(folder), "in_range": inside})


def calibrate(session: Session, size: int = SIZE, epochs: int = EPOCHS) -> dict[str, Any]:
    """The range of the learner, from a prior set before and after a short fine-tune: WORKSPACE/calibration."""
    started = time.monotonic()
    learner = _tunable(session)
    measure = session.config.complexity.measure
    scorer = LearnerScorer(learner, measure, Range(None, None))
    pool = needed(session, "apis", "synth-apis")
    dialogs = _prior_set(session, list(pool.records(Api)), size)
    from toolace.complexity.tuning import greedy, tuned

    tell = _Telling(session, time.monotonic())
    measured: list[tuple[Dialog, float, bool | None]] = []
    for number, dialog in enumerate(dialogs, 1):
        tell(f"before tuning: {number} of {len(dialogs)} exchanges")
        try:
            value = scorer.measured(dialog.tools, dialog.messages)
        except Unscorable:
            continue
        measured.append((dialog, value, _is_right(learner, dialog, greedy)))
    if not measured:
        raise UserMistake(
            f"none of {len(dialogs)} exchanges can be scored by {learner.name}; use a learner with a longer window"
        )
    passages = [passage for dialog, _, _ in measured for passage in learner.read(dialog.tools, dialog.messages)]
    losses: list[float] = []

    def observe(loss: float) -> None:
        losses.append(loss)
        tell(f"tuning: {len(losses)} of {epochs * len(passages)} sequences, loss {loss:.2f}")

    folder = session.workspace.path("calibration")
    seed, threads = session.config.seed, session.config.run.processes or len(os.sched_getaffinity(0))
    after = tuned(learner, passages, folder / "adapter", epochs=epochs, seed=seed, threads=threads, observe=observe)
    judge = LearnerScorer(after, measure, scorer.range)
    samples: list[Sample] = []
    for number, (dialog, value, right) in enumerate(measured, 1):
        tell(f"after tuning: {number} of {len(measured)} exchanges")
        calls = sum(len(message.tool_calls or ()) for message in dialog.messages)
        later = judge.measured(dialog.tools, dialog.messages)
        after_right = _is_right(after, dialog, greedy) if right is not None else None
        samples.append(Sample(dialog.kind, len(dialog.tools), calls, value, later, right, after_right))
    found = {**calibrated(samples, learner.name, measure), "unscorable": len(dialogs) - len(measured), "epochs": epochs}
    found["tuning_losses"] = [round(loss, 4) for loss in losses]
    (folder / "calibration.json").write_text(json.dumps(found, indent=1) + "\n")
    (folder / "calibration.svg").write_text(picture(found))
    text = (
        f"calibrate: {found['measure']} between {found['lower']} and {found['upper']} from {len(samples)} exchanges in "
        f"{time.monotonic() - started:.0f} s -> {folder}\n  {found['note']}"
    )
    session.console.summary({key: value for key, value in found.items() if key != "curve"}, text)
    return found


class _Telling:
    """Says on stderr how far a long computation is, now and then."""

    def __init__(self, session: Session, last: float):
        self._remark, self._last = session.console.remark, last

    def __call__(self, text: str) -> None:
        if time.monotonic() - self._last > 10:
            self._last = time.monotonic()
            self._remark(f"calibrate: {text}")


def _prior_set(session: Session, apis: list[Api], size: int) -> list[Dialog]:
    """First exchanges that span complexities: every kind alike, 1 to 20 candidates alike, as many calls as plans have."""
    from toolace.gen_dialogs.candidates import Candidates
    from toolace.gen_dialogs.dialog import DialogStage
    from toolace.gen_dialogs.plan import Planner

    if not apis:
        raise UserMistake("apis/ holds no API; rerun synth-apis with other documents")
    even: dict[str, Any] = {
        "mix": {"single": 0.25, "parallel": 0.25, "dependent": 0.25, "none": 0.25},
        "candidates": dict.fromkeys(range(1, 21), 0.05),
        "situations": {"plain": 1.0},
        "turns": {1: 1.0},
        "num_dialogs": size,
    }
    settings = GenDialogs(**{**session.config.gen_dialogs.model_dump(), **even})
    planner = Planner(Candidates(apis), settings, session.config.seed)
    stage = DialogStage(planner, settings, target=size, language=session.config.language, backend=session.backend.name)
    folder = Workspace(session.workspace.path("calibration")).stage("dialogs")
    fingerprint = {**session.fingerprint("gen_dialogs"), "prior_set": True}
    session.settle(stage, folder, fingerprint=fingerprint, upstream={}, total=size)
    return list(folder.records(Dialog))[:size]


def _is_right(learner: HfLearner, dialog: Dialog, greedy: Callable[..., str]) -> bool | None:
    """Whether the learner's own first action calls what the dialog's does; None where the dialog calls nothing."""
    from toolace.complexity.tuning import calls_in
    from toolace.gen_dialogs.voting import normalised_call

    first = next((message for message in dialog.messages if message.role == "assistant"), None)
    if first is None or not first.tool_calls:
        return None
    text = greedy(learner, learner.read(dialog.tools, dialog.messages)[0])
    wanted = sorted(normalised_call(call.function.name, call.function.arguments) for call in first.tool_calls)
    return sorted(normalised_call(name, arguments) for name, arguments in calls_in(text)) == wanted


def _tunable(session: Session) -> HfLearner:
    """The configured learner, which must be in this process. Raises UserMistake."""
    settings = session.config.complexity
    if chosen(settings) == "none" or chosen(settings).startswith("vllm:"):
        raise UserMistake(
            f"calibrate fine-tunes the learner, so it must be in this process: {EXTRA}, and complexity.learner smollm2 "
            "or hf:MODEL"
        )
    learner: Any = open_learner(settings)
    return cast("HfLearner", learner)


def _shown(bounds: Range) -> str:
    lower, upper = ("open" if bound is None else f"{bound:g}" for bound in bounds)
    return f"[{lower}, {upper}]"
