"""`-w s3://…` over a real S3 protocol: the bytes of a run on a disk, killed machines, and what a user can get wrong."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from toolace.assets import asset
from toolace.cli import app
from toolace.shell import run_app
from toolace.testing import Behaviour, LoopbackServer

COUNTS = {"synth_apis.num_apis": 12, "gen_dialogs.num_dialogs": 40, "run.shard_size": 16, "complexity.learner": "none"}


def arguments(command: str, workspace: str | Path, **settings: object) -> list[str]:
    document = str(asset("data/catalogue") / "banking.yaml")
    chosen = COUNTS | {"synth_apis.documents": [document]} | {k.replace("__", "."): v for k, v in settings.items()}
    return [command, "-w", str(workspace), *(f"--set={name}={json.dumps(value)}" for name, value in chosen.items())]


def files(folder: Path) -> dict[str, bytes]:
    """A workspace's files; a report tells when it was made."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in found
        if path.name not in (".lock", ".mirror.json") and path.parent.name not in ("report", "replies")
    }


def brought(url: str, folder: Path) -> Path:
    """The objects of a URL as files."""
    from s3fs import S3FileSystem

    store = S3FileSystem()
    store.invalidate_cache()
    store.get(f"{url}/", str(folder), recursive=True)
    return folder


def test_a_store_holds_what_a_disk_would(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """All stages; then a machine that has nothing finds nothing to do, reports, and exports elsewhere."""
    assert run_app(app, arguments("run", tmp_path / "disk")) == run_app(app, arguments("run", url)) == 0
    local = files(tmp_path / "disk")
    assert len(local) > 10
    stored = files(brought(url, tmp_path / "stored"))
    assert stored.pop("_store/index.json")
    assert stored == local
    monkeypatch.setenv("TOOLACE_CACHE", str(tmp_path / "other"))
    capsys.readouterr()
    assert run_app(app, arguments("run", url)) == 0
    assert capsys.readouterr().out.count("nothing to do") == 4
    assert run_app(app, ["report", "-w", url]) == 0
    assert run_app(app, [*arguments("export", url), "--format=trl", f"--out={url}-trl"]) == 0
    assert brought(f"{url}-trl", tmp_path / "trl").joinpath("train.jsonl").read_bytes()
    assert (brought(url, tmp_path / "again") / "report" / "index.html").is_file()


def test_a_killed_machine_is_gone_on_from_by_another(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """kill -9 between two pushes: the files are an undisturbed run's, and no reply that was carried is paid again."""
    with LoopbackServer(behaviour=Behaviour(latency=0.02)) as server:
        more = {"gen_dialogs__votes": 1, "gen_dialogs__num_dialogs": 24, "verify__experts": [], "run__shard_size": 8}
        more |= {"backend__kind": "openai", "backend__base_url": server.url, "backend__send_context": True}
        assert run_app(app, arguments("run", tmp_path / "disk", **more)) == 0
        whole = server.counters["requests"]
    with LoopbackServer(behaviour=Behaviour(latency=0.02)) as server:
        more["backend__base_url"] = server.url
        assert ended(arguments("run", url, **more), signal.SIGKILL) == -signal.SIGKILL
        paid = sum(1 for path in (brought(url, tmp_path / "seen") / "replies").iterdir() for _ in path.open())
        assert 0 < paid < whole
        before = server.counters["requests"]
        monkeypatch.setenv("TOOLACE_CACHE", str(tmp_path / "other"))
        assert run_app(app, arguments("run", url, **more)) == 0
        assert server.counters["requests"] - before == whole - paid
    stored = files(brought(url, tmp_path / "stored"))
    assert {name: stored[name] for name in files(tmp_path / "disk")} == files(tmp_path / "disk")


def test_ctrl_c_carries_what_is_finished(url: str, tmp_path: Path) -> None:
    """And exits as ever; the store is free for another machine."""
    more = {"gen_dialogs__num_dialogs": 4000, "gen_dialogs__attempts_per_dialog": 1}
    assert ended(arguments("run", url, **more), signal.SIGINT) == 130
    (working,) = (tmp_path / "here" / "workspaces").iterdir()
    stored = files(brought(url, tmp_path / "stored"))
    assert stored.pop("_store/index.json")
    assert stored == files(working)
    assert any(name.endswith(".partial") for name in stored)


def ended(command: list[str], by: signal.Signals) -> int:
    """Starts a command that carries what it has every 0.3 s, sends it a signal once dialogs are on their way, and returns its
    exit code."""
    from s3fs import S3FileSystem

    program = "import sys, toolace.storage.mirror as m; m.PUSH_SECONDS = 0.3; from toolace.cli import main; main()"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    process = subprocess.Popen([sys.executable, "-c", program, *command], env=environment)
    store = S3FileSystem()
    end = time.monotonic() + 60
    while time.monotonic() < end and not store.exists(f"{command[2]}/dialogs/_manifest.json"):
        store.invalidate_cache()
        time.sleep(0.05)
    assert process.poll() is None, "it is stopped in the middle"
    process.send_signal(by)
    return process.wait(60)


WRONG = [
    (
        "a bucket that is not there",
        "s3://nothing-here/run",
        {},
        "s3://nothing-here/run cannot be used (FileNotFoundError",
    ),
    ("a kind of storage that nobody knows", "xyz://a/b", {}, "Protocol not known"),
    ("a package that is missing", "gs://a/b", {}, "pip install 'toolace[storage]'"),
    (
        "nobody there",
        "s3://a/b",
        {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_MAX_ATTEMPTS": "1"},
        "check the address, the network",
    ),
    ("no credentials", "s3://a/b", {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}, "credentials"),
]


@pytest.mark.parametrize(("what", "place", "environment", "message"), WRONG, ids=[one[0] for one in WRONG])
def test_what_is_wrong_with_a_store_is_one_line(
    account: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    what: str,
    place: str,
    environment: dict[str, str | None],
    message: str,
) -> None:
    """Found before work starts, exit code 2."""
    for name, value in environment.items():
        monkeypatch.delenv(name) if value is None else monkeypatch.setenv(name, value)
    monkeypatch.setenv("HOME", "/nonexistent")
    assert run_app(app, ["verify", "-w", place]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert message in said


def test_fsspec_is_an_extra(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """One line says which."""
    monkeypatch.setitem(sys.modules, "fsspec", None)
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    assert run_app(app, ["verify", "-w", "s3://a/b"]) == 2
    assert "pip install 'toolace[storage]'" in capsys.readouterr().err


def test_a_store_that_goes_away_loses_nothing(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The working folder keeps what is finished, and the next command carries it."""
    from toolace.storage.store import Store

    send = Store.send

    def failing(self: Store, name: str, path: Path) -> None:
        with self._reaching():
            raise ConnectionError("gone")

    monkeypatch.setattr(Store, "send", failing)
    assert run_app(app, arguments("synth-apis", url)) == 2
    said = capsys.readouterr().err
    assert f"what is finished is kept in {tmp_path / 'here'}" in said
    monkeypatch.setattr(Store, "send", send)
    assert run_app(app, arguments("synth-apis", url)) == 0
    assert "nothing to do" in capsys.readouterr().out
    assert "apis/part-00000.jsonl" in files(brought(url, tmp_path / "stored"))


def test_a_plain_folder_needs_none_of_it(tmp_path: Path) -> None:
    """Neither fsspec nor the code for stores is imported."""
    program = (
        "import sys; from toolace.shards import Workspace; Workspace('x').stage('apis'); "
        "print([name for name in sys.modules if 'fsspec' in name or name.startswith('toolace.storage.')])"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment, cwd=tmp_path
    )
    assert done.stdout.strip() == "[]"
