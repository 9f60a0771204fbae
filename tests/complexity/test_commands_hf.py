# ruff: noqa: E402 (what follows the extra's imports needs the extra)
"""calibrate, score and steering end to end with a tiny random model: needs the [learner] extra."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

WHY = "the [learner] extra is not installed; `scripts/venv dev learner` installs it"
pytest.importorskip("torch", reason=WHY)
pytest.importorskip("peft", reason=WHY)

from toolace.complexity.learners import open_learner
from toolace.config import Config
from toolace.configfile import load_config
from toolace.console import Console
from toolace.errors import UserMistake
from toolace.gen_dialogs.candidates import Candidates
from toolace.gen_dialogs.dialog import DialogStage
from toolace.gen_dialogs.plan import Planner
from toolace.pipeline.apis import synth_apis
from toolace.pipeline.complexity import calibrate, facts_of, score, scorer_for
from toolace.pipeline.dialogs import gen_dialogs
from toolace.pipeline.exporting import export
from toolace.records import Api, Dialog
from toolace.session import Session
from toolace.shards import Workspace


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with forty tools and a few unscored dialogs."""
    root = tmp_path_factory.mktemp("made")
    settings = {
        "synth_apis.num_apis": 40,
        "gen_dialogs.num_dialogs": 8,
        "gen_dialogs.turns": {1: 1.0},
        "gen_dialogs.candidates": {1: 0.5, 3: 0.5},
        "complexity.learner": "none",
    }
    session = Session(load_config(None, settings), Workspace(root), Console())
    with session.working():
        synth_apis(session)
        gen_dialogs(session)
    return root


def opened(root: Path, model: Path, **settings: object) -> Session:
    """A session with the tiny model as learner, its window widened so that whole dialogs fit."""
    copy = root / "model"
    if not copy.exists():
        shutil.copytree(model, copy)
        shape = json.loads((copy / "config.json").read_text())
        (copy / "config.json").write_text(json.dumps({**shape, "max_position_embeddings": 1 << 15}))
    laid = {"complexity.learner": f"hf:{copy}", "complexity.dtype": "float32", "run.processes": 1, **settings}
    return Session(load_config(None, laid), Workspace(root), Console())


def test_calibration_gives_bounds_that_the_scorer_then_uses(made: Path, folder: Path, tmp_path: Path) -> None:
    """A random model gets nothing right, and the file says so."""
    root = tmp_path / "w"
    shutil.copytree(made, root)
    session = opened(root, folder)
    with session.working():
        found = calibrate(session, size=6, epochs=1)
        scorer = scorer_for(session)
    assert scorer is not None
    by_measure = {one["measure"]: one for one in found["calibrations"]}
    used, plain = by_measure["nll_ratio"], by_measure["nll"]
    assert list(scorer.range) == [used["lower"], used["upper"]]
    assert used["lower"] <= used["upper"], "what stands before an answer is all the same to a random model"
    assert plain["lower"] < plain["upper"]
    assert "too few for a bound" in used["note"]
    assert [one["samples"] for one in found["calibrations"]] == [6, 6, 6]
    assert json.loads((root / "calibration" / "calibration.json").read_text()) == found
    assert (root / "calibration" / "adapter" / "adapter_config.json").is_file()
    assert (root / "calibration" / "calibration.svg").is_file()


def test_scored_dialogs_are_the_dialogs_with_their_complexity(made: Path, folder: Path, tmp_path: Path) -> None:
    """Scored again they are the same, and another range scores them anew."""
    root = tmp_path / "w"
    shutil.copytree(made, root)
    dialogs = list(Workspace(root).stage("dialogs").records(Dialog))
    session = opened(root, folder)
    with session.working():
        counts = score(session)
    scored = list(Workspace(root).stage("scored").records(Dialog))
    assert (counts.kept, counts.rejected, counts.errored) == (8, 0, 0)
    assert [one.model_copy(update={"complexity": None}) for one in scored] == dialogs
    assert all(one.complexity and one.complexity.band == "medium" for one in scored)
    session = opened(root, folder, **{"complexity.upper": 0.1})
    with session.working():
        score(session)
    assert {one.complexity.band for one in Workspace(root).stage("scored").records(Dialog) if one.complexity} == {
        "hard"
    }


def test_dialogs_longer_than_the_window_are_counted_and_not_cut(made: Path, folder: Path, tmp_path: Path) -> None:
    """Each leaves its reason, and scoring goes on with the others."""
    root = tmp_path / "w"
    shutil.copytree(made, root)
    session = opened(root, folder)
    learner: Any = open_learner(session.config.complexity)
    passages = [learner.read(one.tools, one.messages)[0] for one in Workspace(root).stage("dialogs").records(Dialog)]
    lengths = sorted(len(learner.tokenised(one)[0]) for one in passages)
    shape = json.loads((root / "model" / "config.json").read_text())
    (root / "model" / "config.json").write_text(json.dumps({**shape, "max_position_embeddings": lengths[4]}))
    long = sum(length > lengths[4] for length in lengths)
    with session.working():
        counts = score(session)
    assert long
    assert (counts.kept, counts.rejected, counts.errored) == (8 - long, long, 0)
    assert counts.reasons == {"longer_than_learner_window": long}


def test_export_takes_thirds_of_what_was_scored(made: Path, folder: Path, tmp_path: Path) -> None:
    """Of eight dialogs without a complexity of their own the easiest three; scored anew, the export is stale."""
    root = tmp_path / "w"
    shutil.copytree(made, root)
    wanted = {"export.complexity": "easy", "export.verification": "none"}
    with (
        pytest.raises(UserMistake, match="run `toolace score` first"),
        (session := opened(root, folder, **wanted)).working(),
    ):
        export(session)
    kept = []
    for measure in ("nll", "nll", "total"):
        session = opened(root, folder, **wanted, **{"complexity.measure": measure})
        with session.working():
            score(session)
            kept.append(export(session).kept)
            scored = list(session.workspace.stage("scored").records(Dialog))
    assert kept == [3, 3, 3]
    easiest = sorted(scored, key=lambda one: one.complexity.value if one.complexity else 0)[:3]
    rows = (root / "export" / "openai" / "train.jsonl").read_text().splitlines()
    asked = [next(one["content"] for one in json.loads(row)["messages"] if one["role"] == "user") for row in rows]
    first = [next(one.content for one in dialog.messages if one.role == "user") for dialog in easiest]
    assert sorted(asked) == sorted(map(str, first))


def test_steering_is_the_same_whatever_the_concurrency(made: Path, folder: Path, tmp_path: Path) -> None:
    """Byte for byte, several rounds each."""
    root = tmp_path / "w"
    shutil.copytree(made, root)
    session = opened(root, folder, **{"complexity.lower": 5.69, "complexity.upper": 5.7})
    scorer = scorer_for(session)
    config = Config()
    planner = Planner(Candidates(list(session.workspace.stage("apis").records(Api))), config.gen_dialogs, 0)
    stage = DialogStage(
        planner, config.gen_dialogs, target=4, language="en", backend="simulator", rounds=1, scorer=scorer
    )

    ask = session.backend.ask

    async def lines(at_once: int) -> list[bytes]:
        slots = asyncio.Semaphore(at_once)

        async def one(index: int) -> bytes:
            async with slots:
                return (await stage.attempt(index, index, ask)).line

        return list(await asyncio.gather(*map(one, range(4))))

    assert session.run(lines(4)) == session.run(lines(1))
    assert facts_of(scorer)["range"] == [5.69, 5.7]
