"""What is said when steering is on or off."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from toolace.complexity import learners
from toolace.configfile import load_config
from toolace.console import Console
from toolace.errors import UserMistake
from toolace.pipeline import complexity
from toolace.pipeline.complexity import score, scorer_for
from toolace.session import Session
from toolace.shards import Workspace


def opened(root: Path, remarks: list[str], **settings: Any) -> Session:
    """A session whose remarks are kept."""
    session = Session(load_config(None, settings), Workspace(root), Console())
    session.console.remark = remarks.append  # type: ignore[method-assign]
    return session


def test_without_the_extra_auto_says_in_one_line_how_to_turn_steering_on(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And goes on without."""
    monkeypatch.setattr(learners, "is_installed", lambda: False)
    remarks: list[str] = []
    assert scorer_for(opened(workspace, remarks)) is None
    assert remarks == ["steering is off: no learner here; pip install 'toolace[learner]' turns it on"]


def test_none_is_what_the_user_wants_and_needs_no_remark(workspace: Path) -> None:
    """Nothing is said."""
    remarks: list[str] = []
    assert scorer_for(opened(workspace, remarks, **{"complexity.learner": "none"})) is None
    assert remarks == []


def test_a_learner_that_needs_the_extra_is_a_mistake_without_it(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before work starts."""
    monkeypatch.setattr(learners, "is_installed", lambda: False)
    with pytest.raises(UserMistake, match=r"'smollm2' needs the learner extra: pip install 'toolace\[learner\]'"):
        scorer_for(opened(workspace, [], **{"complexity.learner": "smollm2"}))


def test_the_range_in_force_and_where_it_comes_from_are_said(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one shipped, for the embedded learner."""

    class Named:
        name, forks = "SmolLM2-135M-Instruct.Q4_1, float32, tools in the system text", True

    monkeypatch.setattr(complexity, "open_learner", lambda settings: Named())
    remarks: list[str] = []
    scorer = scorer_for(opened(workspace, remarks, **{"complexity.learner": "smollm2"}))
    assert scorer is not None
    lower, upper = scorer.range
    told = f"learner {Named.name}: nll_ratio in [{lower:g}, {upper:g}] (shipped for the embedded learner)"
    assert remarks == [told]


def test_scoring_needs_a_learner(workspace: Path) -> None:
    """And says how to get one."""
    folder = Workspace(workspace).stage("dialogs")
    folder.put("part-00000.jsonl", "")
    folder.put("_manifest.json", '{"stage": "gen-dialogs", "fingerprint": {}}')
    with pytest.raises(UserMistake, match="there is no learner to score with: pip install"):
        score(opened(workspace, [], **{"complexity.learner": "none"}))
