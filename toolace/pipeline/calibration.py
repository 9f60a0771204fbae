"""`calibrate` as the command runs it: a prior set, the learner before and after a short fine-tune, a range by every measure."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, cast

from toolace.complexity.calibration import Sample, calibrated, picture
from toolace.complexity.factors import dissimilarity, number_of_calls
from toolace.complexity.learners import EXTRA, chosen, open_learner
from toolace.complexity.loss import MEASURES
from toolace.complexity.predictor import features, trained
from toolace.complexity.prior import OVERDRAWN, stratified
from toolace.complexity.scoring import LearnerScorer
from toolace.complexity.steering import Range, Unscorable
from toolace.config import GenDialogs
from toolace.errors import UserMistake
from toolace.pipeline.summary import needed
from toolace.records import Api, Dialog
from toolace.session import Session
from toolace.shards import Workspace

if TYPE_CHECKING:
    from toolace.complexity.learners.hf import HfLearner

SIZE = 100
"""Exchanges of the prior set."""

EPOCHS = 2


def calibrate(session: Session, size: int = SIZE, epochs: int = EPOCHS) -> dict[str, Any]:
    """The learner's range by every measure, from a prior set before and after a short fine-tune: WORKSPACE/calibration."""
    from toolace.complexity.tuning import tuned

    started = time.monotonic()
    learner = _tunable(session)
    pool = needed(session, "apis", "synth-apis")
    dialogs = _prior_set(session, list(pool.records(Api)), size)
    tell, cores = _Telling(session), session.config.run.processes or len(os.sched_getaffinity(0))
    before = _measured(learner, dialogs, cores, tell, "before tuning")
    kept = [at for at, found in enumerate(before) if found]
    if not kept:
        raise UserMistake(
            f"none of {len(dialogs)} exchanges can be scored by {learner.name}; use a learner with a longer window"
        )
    passages = [one for at in kept for one in learner.read(dialogs[at].tools, dialogs[at].messages)]
    losses: list[float] = []

    def observe(loss: float) -> None:
        losses.append(loss)
        tell(f"tuning: {len(losses)} of {epochs * len(passages)} sequences, loss {loss:.2f}")

    folder = session.workspace.path("calibration")
    seed = session.config.seed
    trained = tuned(learner, passages, folder / "adapter", epochs=epochs, seed=seed, threads=cores, observe=observe)
    after = _measured(trained, [dialogs[at] for at in kept], cores, tell, "after tuning")
    pairs = [(dialogs[at], early, late) for at, late in zip(kept, after, strict=True) if (early := before[at]) and late]
    if not pairs:
        raise UserMistake(f"after tuning no exchange can be scored by {learner.name}; try complexity.dtype: float32")
    made = [_calibrated(pairs, learner.name, measure) for measure in MEASURES]
    found = {
        "learner": learner.name,
        "command": f"toolace calibrate --size {size} --epochs {epochs} --seed {seed}",
        "unscorable": len(dialogs) - len(pairs),
        "epochs": epochs,
        "tuning_losses": [round(loss, 4) for loss in losses],
        "calibrations": made,
    }
    used = next(one for one in made if one["measure"] == session.config.complexity.measure)
    (folder / "calibration.json").write_text(json.dumps(found, indent=1) + "\n")
    (folder / "calibration.svg").write_text(picture(used))
    text = f"calibrate: {_told(used)} in {time.monotonic() - started:.0f} s -> {folder}"
    facts = {name: value for name, value in used.items() if name not in ("curve", "predictor")}
    session.console.summary(facts, f"{text}\n  {used['note']}\n  {_accuracy_told(used)}")
    return found


_Outcome = tuple[dict[str, float], bool | None]
"""The exchange by every measure, and whether the learner's own first action calls what the dialog's does."""


def _measured(
    learner: HfLearner, dialogs: list[Dialog], cores: int, tell: Callable[[str], None], when: str
) -> list[_Outcome | None]:
    """Scores and answers of the learner, one exchange a core; None where there is no score."""
    scorer = LearnerScorer(learner, "nll", Range(None, None))

    def one(dialog: Dialog) -> _Outcome | None:
        try:
            return scorer.every_measure(dialog.tools, dialog.messages), _is_right(learner, dialog)
        except Unscorable:
            return None

    found: list[_Outcome | None] = []
    with ThreadPoolExecutor(cores) as threads:
        for outcome in threads.map(one, dialogs):
            found.append(outcome)
            tell(f"{when}: {len(found)} of {len(dialogs)} exchanges")
    return found


def _calibrated(pairs: list[tuple[Dialog, _Outcome, _Outcome]], learner: str, measure: str) -> dict[str, Any]:
    """A calibration by one measure, and the predictor that its exchanges train if they are enough."""
    samples: list[Sample] = []
    rows: list[tuple[float, ...]] = []
    for dialog, early, late in pairs:
        rows.append(features(dialog.tools, dialog.messages))
        sample = Sample(
            kind=dialog.kind,
            candidates=len(dialog.tools),
            calls=number_of_calls(dialog.messages),
            dissimilarity=round(dissimilarity(dialog.tools, dialog.messages), 4),
            before=round(early[0][measure], 6),
            after=round(late[0][measure], 6),
            correct=early[1],
            correct_after=late[1],
        )
        samples.append(sample)
    found = calibrated(samples, learner, measure)
    with contextlib.suppress(ValueError):
        found["predictor"] = asdict(trained(rows, [sample.before for sample in samples]))
    return found


def _told(used: dict[str, Any]) -> str:
    return f"{used['measure']} between {used['lower']} and {used['upper']} from {used['samples']} exchanges"


def _accuracy_told(used: dict[str, Any]) -> str:
    bands = ", ".join(f"{one['from']:.2f}-{one['to']:.2f}: {one['accuracy']:.0%}" for one in used["bands"])
    before, after = (used["accuracy"][when] for when in ("before", "after"))
    if before is None:
        return "no exchange calls a tool, so none can be right or wrong"
    return f"right before tuning {before:.1%}, after {after:.1%}; before, by loss {bands}"


class _Telling:
    """Says on stderr how far a long computation is, now and then."""

    def __init__(self, session: Session):
        self._remark, self._last = session.console.remark, time.monotonic()

    def __call__(self, text: str) -> None:
        if time.monotonic() - self._last > 10:
            self._last = time.monotonic()
            self._remark(f"calibrate: {text}")


def _prior_set(session: Session, apis: list[Api], size: int) -> list[Dialog]:
    """First exchanges that span complexities: more are made than wanted, and taken evenly from strata."""
    from toolace.gen_dialogs.candidates import Candidates
    from toolace.gen_dialogs.dialog import DialogStage
    from toolace.gen_dialogs.plan import Planner

    if not apis:
        raise UserMistake("apis/ holds no API; rerun synth-apis with other documents")
    even: dict[str, Any] = {
        "mix": {"single": 0.2, "parallel": 0.35, "dependent": 0.3, "none": 0.15},
        "candidates": {1: 0.15, 2: 0.15, 3: 0.15, 5: 0.15, 8: 0.15, 12: 0.15, 20: 0.1},
        "situations": {"plain": 1.0},
        "turns": {1: 1.0},
    }
    settings = GenDialogs(**{**session.config.gen_dialogs.model_dump(), **even})
    planner = Planner(Candidates(apis), settings, session.config.seed)
    drawn = size * (OVERDRAWN if session.backend.name == "simulator" else 1)
    stage = DialogStage(planner, settings, target=drawn, language=session.config.language, backend=session.backend.name)
    folder = Workspace(session.workspace.path("calibration")).stage("dialogs")
    fingerprint = {**session.fingerprint("gen_dialogs"), "prior_set": even}
    session.settle(stage, folder, fingerprint=fingerprint, upstream={}, total=drawn)
    return stratified(folder.records(Dialog), size)


def _is_right(learner: HfLearner, dialog: Dialog) -> bool | None:
    """Whether the learner's own first action calls what the dialog's does; None where the dialog calls nothing."""
    from toolace.complexity.tuning import calls_in, greedy
    from toolace.gen_dialogs.voting import normalised_call

    first = next((message for message in dialog.messages if message.role == "assistant"), None)
    if first is None or not first.tool_calls:
        return None
    names = {call.function.name for call in first.tool_calls}
    text = greedy(learner, learner.read(dialog.tools, dialog.messages)[0], names)
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
