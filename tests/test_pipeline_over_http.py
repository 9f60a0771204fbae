"""The whole pipeline against models: all that is asked goes over real HTTP to a server that the simulator answers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from toolace.assets import asset
from toolace.cli import app
from toolace.shell import run_app
from toolace.testing import Behaviour, Faults, LoopbackServer

MENDED = (
    "status_429",
    "status_500",
    "status_503",
    "drop",
    "broken_body",
    "truncated",
    "wrong_schema",
    "empty",
    "length",
)
HARMLESS = ("think", "fenced", "no_usage")
FOLDERS = ("apis", "dialogs", "verified", "rejected")

Run = Callable[..., int]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """run(workspace, server, key=value, …) is `toolace run` over one small document; without a server, offline."""
    monkeypatch.setattr("toolace.backends.openai._backoff", lambda state: 0.01)

    def started(workspace: str, server: LoopbackServer | None = None, command: str = "run", **settings: Any) -> int:
        document = asset("data/catalogue") / "banking.yaml"
        counts = {"synth_apis.num_apis": 12, "gen_dialogs.num_dialogs": 6, "run.processes": 1, "run.shard_size": 4}
        settings = (
            counts
            | {"synth_apis.documents": [str(document)]}
            | {name.replace("__", "."): value for name, value in settings.items()}
        )
        if server is not None:
            settings |= {"backend.kind": "openai", "backend.base_url": server.url, "backend.send_context": True}
            settings |= {"backend.prices": {"gpt-4.1-mini": {"input": 1.0, "output": 4.0}}}
        options = [f"--set={name}={json.dumps(value)}" for name, value in settings.items()]
        return run_app(app, [command, "-w", str(tmp_path / workspace), *options])

    return started


def serve(*, every: float = 0.0, of: tuple[str, ...] = MENDED + HARMLESS, **behaviour: Any) -> LoopbackServer:
    """A server with faults of these sorts in a share of its answers."""
    faults = Faults(dict.fromkeys(of, every / len(of)), seed=1)
    return LoopbackServer(behaviour=Behaviour(faults=faults, retry_after=0.01, **behaviour))


def records(workspace: Path) -> dict[str, str]:
    """Every part file's text, but for who answered."""
    return {
        f"{name}/{file.name}": re.sub(r'"backend":"\w+"', "", file.read_text())
        for name in FOLDERS
        for file in sorted((workspace / name).glob("part-*.jsonl"))
    }


def test_a_server_gives_the_same_records_as_the_simulator(run: Run, tmp_path: Path) -> None:
    """Prompts are rendered, replies parsed, and no record is another."""
    assert run("offline") == 0
    with serve() as server:
        assert run("online", server) == 0
    assert server.counters["role.assistant"] > server.counters["role.user"] > 5
    assert len(records(tmp_path / "online")) > 4
    assert records(tmp_path / "online") == records(tmp_path / "offline")


def test_faults_change_no_record(run: Run, tmp_path: Path) -> None:
    """A third of the answers are bad, in twelve ways; at any concurrency, the records are those without faults."""
    assert run("offline") == 0
    with serve(every=0.33) as server:
        assert run("one", server, backend__re_asks=8, backend__retries=8, run__concurrency=3) == 0
        assert run("many", server, backend__re_asks=8, backend__retries=8, run__concurrency=32) == 0
    assert server.counters["truncated"] > 0
    assert records(tmp_path / "one") == records(tmp_path / "many") == records(tmp_path / "offline")


def test_what_could_not_be_mended_is_owed_and_made_up_for(run: Run, tmp_path: Path) -> None:
    """Without re-asking, attempts are errored (exit code 1); reruns mend these, until the records are right."""
    for stage in ("synth-apis", "gen-dialogs"):
        assert run("offline", command=stage) == 0
    codes = []
    with serve(every=0.15, of=("truncated", "empty")) as server:
        for stage in ("synth-apis", "gen-dialogs"):
            for _ in range(40):
                codes.append(run("online", server, stage, backend__re_asks=0))
                if codes[-1] == 0:
                    break
    assert codes.count(1) > 1
    assert codes.count(0) == 2
    assert records(tmp_path / "online") == records(tmp_path / "offline")


def test_a_finished_run_asks_nothing_again(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A rerun does nothing, and making a lost folder again is paid from the log."""
    with serve() as server:
        run("online", server)
        asked, before = server.counters["requests"], records(tmp_path / "online")
        assert run("online", server) == 0
        for file in (tmp_path / "online" / "dialogs").iterdir():
            file.unlink()
        assert run("online", server, "gen-dialogs") == 0
        assert server.counters["requests"] == asked
    assert records(tmp_path / "online") == before
    assert "from the log" in capsys.readouterr().out


def test_the_budget_stops_the_run_and_a_higher_one_goes_on(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 1, one line, no record errored; all is paid once in the end."""
    assert run("offline") == 0
    with serve() as server:
        assert run("online", server, run__max_cost=0.02) == 1
        said = capsys.readouterr().err.splitlines()[-1]
        assert re.fullmatch(r"stopped: 0\.0\d+ is spent of --max-cost 0\.02; rerun .*", said)
        assert run("online", server, run__max_cost=1000) == 0
    assert server.counters["answered_twice"] == 0
    assert records(tmp_path / "online") == records(tmp_path / "offline")


def test_batches_give_the_same_records_at_less_cost(run: Run, tmp_path: Path) -> None:
    """The roles that one question serves go through the batch API, a tenth of their lines failing at first."""
    batch = {"roles": ["speciation", "evolution", "mutation", "hallucination", "tool_response", "consistency"]}
    assert run("offline") == 0
    with serve(every=0.1, of=("status_500", "drop", "truncated")) as server:
        assert run("batched", server, backend__batch=batch | {"gather": 0.05, "poll": 0.02}) == 0
    assert 3 <= server.counters["batches"] < server.counters["batch_lines"]
    assert records(tmp_path / "batched") == records(tmp_path / "offline")


def test_what_a_dialog_cost_is_told_by_stage_and_role_and_right_across_a_resume(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    """Per dialog and per verified one; a run that was stopped by its budget tells the same in the end."""

    def costs() -> list[str]:
        return re.findall(r"(?m)^  cost per .*|^    by .*", capsys.readouterr().out)

    with serve() as server:
        assert run("whole", server) == 0
        whole = costs()
        assert run("cut", server, run__max_cost=0.02) == 1
        assert run("cut", server, run__max_cost=1000) == 0
    assert costs()[-6:] == whole
    names = [re.findall(r"([a-z_-]+) \d", line) for line in whole]
    stages, roles = (
        ["gen-dialogs", "synth-apis"],
        ["assistant", "evolution", "mutation", "plan", "speciation", "tool", "user"],
    )
    assert [sorted(line) for line in names[:3]] == [["dialog"], stages, roles]
    assert [sorted(line)[:3] for line in names[3:5]] == [["dialog"], [*stages, "verify"]]


@pytest.mark.parametrize(
    ("done", "said"),
    [
        ("", r"stopped: banking\.yaml: speciation: the endpoint answers 503; gave up after 2 tries at http"),
        ("synth-apis", r"stopped: http\S+ is down: the endpoint answers 503; 10 requests were given up"),
    ],
)
def test_an_endpoint_that_fails_stops_the_run(
    run: Run, capsys: pytest.CaptureFixture[str], done: str, said: str
) -> None:
    """It does not go through all records in vain, nor leaves a document out: one line, and a rerun goes on."""
    with serve() as server:
        assert not done or run("online", server, done) == 0
    with serve(every=1.0, of=("status_503",)) as broken:
        assert run("online", broken, backend__retries=1) == 1
    assert re.match(said, capsys.readouterr().err.splitlines()[-1])
    with serve() as server:
        assert run("online", server) == 0
