"""Exports of dialogs as the pipeline makes them: every format, back again to the same bytes, and a rerun that does nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from toolace.cli import app
from toolace.formats import FORMATS, NotCarried, Options, carried, read_line
from toolace.records import Dialog
from toolace.shards import StageFolder, Workspace
from toolace.shell import run_app

CARRY_ALL = ["openai", "trl", "llamafactory", "swift", "hermes", "toolace"]


def toolace(workspace: Path, *arguments: str) -> int:
    """Runs a command in a workspace; the exit code."""
    return run_app(app, [*arguments, "-w", str(workspace), "--set", "run.processes=1"])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of some 80 verified dialogs."""
    root = tmp_path_factory.mktemp("simulated") / "ws"
    assert toolace(root, "run", "--num-apis", "120", "--num-dialogs", "80") == 0
    return root


def rows_of(folder: Path, name: str = "train.jsonl") -> list[dict[str, Any]]:
    """The rows of a file."""
    return [json.loads(line) for line in (folder / name).open(encoding="utf-8")]


@pytest.mark.parametrize("format", FORMATS)
def test_rows_and_refusals_add_up_in_every_format(format: str, made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Message formats carry every dialog; the others say what they do not."""
    verified = sum(1 for _ in Workspace(made).stage("verified").lines())
    capsys.readouterr()
    assert toolace(made, "export", "--format", format, "--json") == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["in"] == facts["kept"] + sum(facts["reasons"].values()) == verified
    assert len(rows_of(made / "export" / format)) == facts["kept"]
    assert facts["kept"] == verified or format not in CARRY_ALL
    assert facts["kept"] > 5


@pytest.mark.parametrize("format", CARRY_ALL)
@pytest.mark.parametrize("thinking", [False, True])
def test_every_simulated_dialog_comes_back_as_the_same_bytes(format: str, thinking: bool, made: Path) -> None:
    """Export, import, export; nothing of the kind is lost."""
    for dialog in Workspace(made).stage("verified").records(Dialog):
        rows, whole, _ = carried(FORMATS[format], dialog, Options(with_thinking=thinking), 0)
        line = json.dumps(rows[0]).encode()
        again = read_line(format, line, 0)
        assert again.kind == whole.kind
        assert [turn.kind for turn in again.turns] == [turn.kind for turn in whole.turns]
        assert json.dumps(carried(FORMATS[format], again, Options(), 0)[0][0]).encode() == line


def test_a_rerun_does_nothing_and_other_settings_do_it_again(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The manifest knows the dialogs and the settings."""
    folder = made / "export" / "trl"
    assert toolace(made, "export", "--format", "trl") == 0
    capsys.readouterr()
    assert toolace(made, "export", "--format", "trl") == 0
    assert capsys.readouterr().out.startswith("export: nothing to do, ")
    assert toolace(made, "export", "--format", "trl", "--rows", "7") == 0
    assert len(rows_of(folder)) == 7
    assert toolace(made, "export", "--format", "trl", "--split", "0.3") == 0
    assert (folder / "eval.jsonl").exists()
    assert toolace(made, "export", "--format", "trl") == 0
    assert not (folder / "eval.jsonl").exists()


def test_out_names_another_folder(made: Path, tmp_path: Path) -> None:
    """Card, recipe and rows go there; a file of the user's own is not overwritten."""
    assert toolace(made, "export", "--format", "trl", "--out", str(tmp_path / "mine")) == 0
    names = {"README.md", "_manifest.json", "train.jsonl", "trl_sft.yaml"}
    assert {path.name for path in (tmp_path / "mine").iterdir()} == names
    precious = StageFolder(tmp_path / "precious")
    precious.put("train.jsonl", "mine\n")
    assert toolace(made, "export", "--format", "trl", "--out", str(precious.path)) == 2
    assert precious.get("train.jsonl") == b"mine\n"


def test_the_tells_of_simulated_dialogs_are_small(made: Path) -> None:
    """A smoke test; scripts/bench/tells.py measures on thousands."""
    from toolace.tells import tells_of

    tells = tells_of(Workspace(made).stage("verified").records(Dialog))
    assert [tell for tell in tells.found() if abs(tell.z) > 5] == []
    filled, calls = tells.filled
    assert filled / calls < 0.5


def test_nothing_that_a_format_refuses_is_refused_without_a_reason(made: Path) -> None:
    """Reasons are words that the summary and the card can show."""
    for dialog in Workspace(made).stage("verified").records(Dialog):
        for format in ("xlam", "bfcl"):
            try:
                carried(FORMATS[format], dialog, Options(), 0)
            except NotCarried as refusal:
                reason = str(refusal)
                assert reason.isidentifier(), reason
