"""What is found before the cluster is asked."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from toolace.configfile import load_config
from toolace.console import Console
from toolace.errors import UserMistake
from toolace.session import Session
from toolace.shards import Workspace

MODELS = {"backend.kind": "openai", "backend.base_url": "http://127.0.0.1:9/v1", "run.concurrency": 8}


def session(folder: Path, **settings: Any) -> Session:
    chosen = {name.replace("__", "."): value for name, value in settings.items()}
    return Session(load_config(None, {"run.executor": "ray", **MODELS, **chosen}), Workspace(folder), Console())


def test_what_goes_in_batches_is_asked_by_the_driver(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The batches are one machine's; the other stages go to the cluster."""
    assert session(tmp_path, backend__batch=True)._on_nodes("verify") is None
    assert capsys.readouterr().err == "verify: its questions go in batches, which this machine sends alone\n"


def test_ray_is_an_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line says which."""
    monkeypatch.setitem(sys.modules, "toolace.cluster.workers", None)
    with pytest.raises(UserMistake, match=r"pip install 'toolace\[ray\]'"):
        _ = session(tmp_path, backend__kind="simulator").cluster


@pytest.mark.parametrize(
    ("batch", "stage", "attempts"), [(True, "verify", 5000), (True, "gen-dialogs", 8), (False, "verify", 8)]
)
def test_as_many_attempts_run_as_make_a_batch(tmp_path: Path, batch: bool, stage: str, attempts: int) -> None:
    """In the stages whose roles are asked in batches; dialogs are played as before."""
    assert session(tmp_path, backend__batch=batch).at_once(stage) == attempts
