"""The pool over real HTTP, with a server that answers one request in five with something malformed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from toolace.assets import asset
from toolace.cli import app
from toolace.shell import run_app
from toolace.testing import Behaviour, Faults, LoopbackServer

MALFORMED = ("truncated", "wrong_schema", "empty", "broken_body")


def test_exactly_as_many_apis_as_wanted_whatever_share_of_the_replies_is_malformed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was malformed is asked for again, and told; once more where an attempt is repeated from the log."""
    monkeypatch.setattr("toolace.backends.openai._backoff", lambda state: 0.01)
    faults = Faults(dict.fromkeys(MALFORMED, 0.05), seed=2)
    with LoopbackServer(behaviour=Behaviour(faults=faults)) as server:
        backend = {"kind": "openai", "base_url": server.url, "send_context": True}
        settings = {f"backend.{name}": value for name, value in backend.items()}
        settings |= {"synth_apis.documents": [str(asset("data/catalogue") / "travel.yaml")]}
        options = [f"--set={name}={json.dumps(value)}" for name, value in settings.items()]
        assert run_app(app, ["synth-apis", "-w", str(tmp_path), "--num-apis", "40", *options]) == 0
    told = re.search(r"(\d+) requests, (\d+) from the log, (\d+) malformed replies", capsys.readouterr().out)
    spoilt = sum(server.counters[fault] for fault in MALFORMED)
    assert told is not None
    assert int(told[1]) == server.counters["requests"]
    assert 0.1 < spoilt / server.counters["requests"] < 0.3
    assert 0 < int(told[3]) <= spoilt + int(told[2])
    assert sum(len(part.read_text().splitlines()) for part in (tmp_path / "apis").glob("part-*.jsonl")) == 40
