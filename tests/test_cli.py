"""The command line: one clear line for each mistake, the exit codes of the contract, a light start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from toolace.cli import app
from toolace.shell import run_app

USAGE = {
    "unknown command": (["frobnicate"], "No such command 'frobnicate'"),
    "unknown option": (["gen-dialogs", "--num-dialog", "3"], "No such option: --num-dialog"),
    "not a number": (["synth-apis", "--num-apis", "many"], "'--num-apis'"),
    "zero": (["synth-apis", "--num-apis", "0"], "greater than or equal to 1"),
    "unknown setting": (
        ["run", "--set", "gen_dialogs.vote=3"],
        "unknown key 'gen_dialogs.vote'; did you mean 'votes'?",
    ),
    "broken setting": (["run", "--set", "votes"], "expected section.key=value"),
    "missing config": (["run", "-c", "none.yaml"], "'none.yaml' does not exist"),
    "missing documents": (["synth-apis", "--documents", "none"], "'none' does not exist"),
    "missing import": (["synth-apis", "--import", "none.json"], "'none.json' does not exist"),
    "no apis yet": (["gen-dialogs"], "apis/ is missing in 'runs/quickstart'; run `toolace synth-apis` first"),
    "no dialogs yet": (["verify"], "dialogs/ is missing in 'runs/quickstart'; run `toolace gen-dialogs` first"),
    "nothing verified yet": (["export"], "verified/ is missing in 'runs/quickstart'; run `toolace verify` first"),
    "unknown format": (["export", "--format", "csv"], "export.format: Input should be 'openai'"),
    "no tree yet": (["synth-apis", "--show-tree"], "no context tree in 'runs/quickstart'"),
    "unwritable log": (["synth-apis", "--log-file", "none/x.log"], "--log-file 'none/x.log' cannot be written"),
}


@pytest.fixture
def somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("arguments", "message"), USAGE.values(), ids=USAGE)
def test_a_users_mistake_is_one_line_and_exit_code_2(
    somewhere: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    """Nothing on stdout, one line on stderr, that says what and where."""
    assert run_app(app, arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err
    assert err.count("\n") == 1


IMPORTS = {
    "empty": (b"", "empty"),
    "binary": (bytes(range(256)) * 8, "holds no tools"),
    "half-written": (b'[{"name": "get_weather", "parameters": {"type": "ob', "holds no tools"),
    "prose": (b"Just some words about weather.", "plain text, no tool list"),
    "other JSON": (b'{"a": 1}', "holds no tools"),
    "a list of numbers": (b"[1, 2, 3]", "holds no tools"),
}


@pytest.mark.parametrize(("content", "message"), IMPORTS.values(), ids=IMPORTS)
def test_an_import_that_holds_no_tools_is_refused(
    somewhere: Path, capsys: pytest.CaptureFixture[str], content: bytes, message: str
) -> None:
    """The file is named, with what is wrong with it; no pool is made."""
    (somewhere / "tools.json").write_bytes(content)
    assert run_app(app, ["synth-apis", "--import", "tools.json", "-w", "ws"]) == 2
    err = capsys.readouterr().err.splitlines()[-1]
    assert "tools.json" in err
    assert message in err
    assert not list((somewhere / "ws").glob("apis/part-*"))


def test_documents_that_hold_nothing_are_counted_and_named(somewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder of rubbish is the user's mistake; every file of it is named with its reason."""
    folder = somewhere / "docs"
    folder.mkdir()
    (folder / "a.json").write_bytes(b"{")
    (folder / "b.bin").write_bytes(b"\x00\x01\x02" * 50)
    (folder / "c.json").write_text('{"hello": "world"}')
    assert run_app(app, ["synth-apis", "--documents", "docs", "-w", "ws"]) == 2
    err = capsys.readouterr().err
    for name in ("a.json", "b.bin", "c.json"):
        assert name in err


def test_a_written_configuration_is_a_valid_one(somewhere: Path) -> None:
    """`init` writes a file that the other commands take; it does not overwrite one."""
    assert run_app(app, ["init", "my.yaml"]) == 0
    assert run_app(app, ["check", "-c", "my.yaml", "-w", "ws"]) == 0
    assert run_app(app, ["init", "my.yaml"]) == 2


HEAVY = ("torch", "openai", "jinja2", "transformers", "numpy", "faker", "pydantic", "yaml")


def test_the_start_is_light() -> None:
    """`import toolace` and the command line's help import nothing heavy."""
    code = f"import sys, toolace, toolace.cli; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
