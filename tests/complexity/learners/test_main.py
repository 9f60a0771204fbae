"""Making the embedded learner ready ahead of a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from toolace.complexity.learners import __main__ as command
from toolace.complexity.learners import converted, smollm2
from toolace.errors import UserMistake


def test_it_says_where_the_learner_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Fetched, then converted."""
    monkeypatch.setattr(command, "is_installed", lambda: True)
    monkeypatch.setattr(smollm2, "gguf_path", lambda: tmp_path / "model.gguf")
    monkeypatch.setattr(converted, "converted", lambda gguf: gguf.with_suffix(""))
    assert command.main() == 0
    assert capsys.readouterr().out == f"the learner is in {tmp_path / 'model'}\n"


@pytest.mark.parametrize(("installed", "told"), [(False, "the learner extra is not installed"), (True, "no index")])
def test_what_is_missing_is_one_line(
    installed: bool, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And exit code 2."""

    def gone() -> Path:
        raise UserMistake("no index")

    monkeypatch.setattr(command, "is_installed", lambda: installed)
    monkeypatch.setattr(smollm2, "gguf_path", gone)
    assert command.main() == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"error: {told}")
