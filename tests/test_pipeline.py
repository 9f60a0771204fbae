"""The four stages together, with the simulator: a set comes out, and the same one whatever happens on the way."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from toolace.cli import app
from toolace.records import Api, Dialog
from toolace.shards import Workspace
from toolace.shell import run_app

SMALL = ["--set", "run.shard_size=40", "--set", "run.processes=1"]


def toolace(*arguments: str) -> int:
    return run_app(app, [*arguments, *SMALL])


def digests(root: Path) -> dict[str, str]:
    """Checksums of every part and export file."""
    files = [*root.glob("*/part-*.jsonl"), *root.glob("export/*/*.jsonl")]
    return {str(file.relative_to(root)): hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(files)}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace after one undisturbed run."""
    root = tmp_path_factory.mktemp("run") / "ws"
    assert toolace("run", "--num-apis", "150", "--num-dialogs", "100", "-w", str(root), "--concurrency", "1") == 0
    return root


def test_all_four_kinds_are_verified_and_exported(made: Path) -> None:
    """Nearly all of the simulator's dialogs pass, every kind among them, and each becomes a row."""
    dialogs = list(Workspace(made).stage("verified").records(Dialog))
    kinds = Counter(dialog.kind for dialog in dialogs)
    assert set(kinds) == {"single", "parallel", "dependent", "none"}
    assert len(dialogs) >= 90
    rows = [json.loads(line) for line in (made / "export" / "openai" / "train.jsonl").open()]
    assert len(rows) == len(dialogs)


def test_no_two_apis_have_the_same_name(made: Path) -> None:
    """The pool holds what was asked for, each under its own name."""
    names = [api.name for api in Workspace(made).stage("apis").records(Api)]
    assert len(names) == len(set(names)) == 150


def test_the_counts_add_up_in_every_stage(made: Path) -> None:
    """in = kept + rejected + errored, and what verify takes in is what gen-dialogs kept."""
    counts = {}
    for name in ("apis", "dialogs", "verified"):
        manifest = Workspace(made).stage(name).manifest()
        assert manifest is not None
        counts[name] = manifest.counts
        assert manifest.counts["in"] == sum(manifest.counts[key] for key in ("kept", "rejected", "errored"))
    assert counts["verified"]["in"] == counts["dialogs"]["kept"]
    rejected = sum(1 for _ in Workspace(made).stage("rejected").lines())
    assert rejected == counts["verified"]["rejected"]


def test_the_bytes_do_not_depend_on_concurrency(made: Path, tmp_path: Path) -> None:
    """Sixteen attempts at once give what one at a time gives."""
    assert (
        toolace("run", "--num-apis", "150", "--num-dialogs", "100", "-w", str(tmp_path / "ws"), "--concurrency", "16")
        == 0
    )
    assert digests(tmp_path / "ws") == digests(made)


def test_worker_processes_give_the_same_bytes(made: Path, tmp_path: Path) -> None:
    """So do two worker processes."""
    arguments = ["run", "--num-apis", "150", "--num-dialogs", "100", "-w", str(tmp_path / "ws")]
    assert run_app(app, [*arguments, "--set", "run.shard_size=40", "--set", "run.processes=2"]) == 0
    assert digests(tmp_path / "ws") == digests(made)


def test_a_run_in_steps_gives_the_same_bytes(made: Path, tmp_path: Path) -> None:
    """A small run grown to the same size, stage by stage, ends with the same files."""
    root = str(tmp_path / "ws")
    assert toolace("synth-apis", "--num-apis", "60", "-w", root) == 0
    assert toolace("synth-apis", "--num-apis", "150", "-w", root) == 0
    for number in ("30", "100"):
        assert toolace("gen-dialogs", "--num-dialogs", number, "-w", root) == 0
        assert toolace("verify", "-w", root) == 0
        assert toolace("export", "-w", root) == 0
    assert digests(tmp_path / "ws") == digests(made)


def test_a_rerun_does_nothing_and_says_so(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No file changes; each stage says that there is nothing to do."""
    before = {file: file.stat().st_mtime_ns for file in made.rglob("*") if file.name != ".lock"}
    assert toolace("run", "--num-apis", "150", "--num-dialogs", "100", "-w", str(made)) == 0
    assert capsys.readouterr().out.count("nothing to do") == 4
    assert {file: file.stat().st_mtime_ns for file in made.rglob("*") if file.name != ".lock"} == before


def test_json_is_one_object_on_stdout(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With --json stdout holds the facts of every stage and nothing else."""
    assert toolace("run", "--num-apis", "150", "--num-dialogs", "100", "-w", str(made), "--json") == 0
    stages = json.loads(capsys.readouterr().out)["stages"]
    assert [stage["stage"] for stage in stages] == ["synth-apis", "gen-dialogs", "verify", "export"]


def test_another_seed_is_refused_by_name(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is there was made with another seed; the message says so and nothing is touched."""
    assert toolace("gen-dialogs", "--seed", "7", "--num-dialogs", "100", "-w", str(made)) == 2
    assert "seed: 0 there, 7 now" in capsys.readouterr().err


def test_a_broken_shard_is_named(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line of the pool that is no record stops gen-dialogs before it starts, naming file and line."""
    root = tmp_path / "ws"
    (root / "apis").mkdir(parents=True)
    lines = (made / "apis" / "part-00000.jsonl").read_text().splitlines(keepends=True)
    lines[2] = '{"v": 1, "id": 3}\n'
    (root / "apis" / "part-00000.jsonl").write_text("".join(lines))
    (root / "apis" / "_manifest.json").write_text((made / "apis" / "_manifest.json").read_text())
    assert toolace("gen-dialogs", "-w", str(root)) == 2
    assert "apis/part-00000.jsonl:3: " in capsys.readouterr().err


def test_what_a_benchmark_holds_is_rejected(made: Path, tmp_path: Path) -> None:
    """A dialog whose request stands in a given benchmark file does not pass; the others do."""
    dialog = next(one for one in Workspace(made).stage("verified").records(Dialog) if one.kind == "single")
    asked = next(message.content for message in dialog.messages if message.role == "user")
    (tmp_path / "bench.jsonl").write_text(json.dumps({"question": asked}) + "\n")
    root = tmp_path / "ws"
    rows = made / "export" / "openai" / "train.jsonl"
    arguments = ["verify", "--input", str(rows), "-w", str(root), "--decontaminate", str(tmp_path / "bench.jsonl")]
    assert toolace(*arguments) == 0
    manifest = Workspace(root).stage("verified").manifest()
    assert manifest is not None
    assert manifest.rejected.get("request_is_in_no_benchmark", 0) >= 1


def test_a_killed_run_goes_on_to_the_same_bytes(made: Path, tmp_path: Path) -> None:
    """SIGKILL in the middle of each stage, then the same command again: the files of an undisturbed run."""
    root = tmp_path / "ws"
    command = [
        sys.executable,
        "-m",
        "toolace",
        "run",
        "--num-apis",
        "150",
        "--num-dialogs",
        "100",
        "-w",
        str(root),
        *SMALL,
    ]
    for wait_for in ("apis/part-00001.jsonl", "dialogs/part-00000.jsonl"):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ)
        deadline = time.monotonic() + 60
        while not (root / wait_for).exists() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert (root / wait_for).exists()
    subprocess.run(command, check=True, capture_output=True)
    assert digests(root) == digests(made)


def test_your_own_tools_stay_as_they_are(tmp_path: Path) -> None:
    """`--import` alone: the pool is just those tools, byte for byte, and dialogs are made for them."""
    tools = [
        {
            "type": "function",
            "function": {
                "name": "get_weather",
                "description": "Get the weather in a city",
                "parameters": {
                    "type": "object",
                    "properties": {
                        "city": {"type": "string", "description": "Name of the city"},
                        "unit": {
                            "type": "string",
                            "enum": ["celsius", "fahrenheit"],
                            "description": "Unit of the temperature",
                        },
                    },
                    "required": ["city"],
                },
            },
        },
        {
            "name": "Flip a coin (fair)",
            "description": "Flips a coin and gives heads or tails.",
            "parameters": {"type": "object", "properties": {}},
        },
    ]
    (tmp_path / "tools.json").write_text(json.dumps(tools))
    root = str(tmp_path / "ws")
    assert toolace("synth-apis", "--import", str(tmp_path / "tools.json"), "-w", root) == 0
    apis = list(Workspace(Path(root)).stage("apis").records(Api))
    assert [api.tool()["function"] for api in apis] == [tools[0]["function"], tools[1]]
    assert toolace("gen-dialogs", "--num-dialogs", "12", "-w", root) == 0
    dialogs = Workspace(Path(root)).stage("dialogs").records(Dialog)
    messages = [message for dialog in dialogs for message in dialog.messages]
    called = {call.function.name for message in messages for call in message.tool_calls or ()}
    assert called == {"get_weather", "Flip a coin (fair)"}
