"""`toolace run --num-verified`: exactly N, the mix kept, whatever verification rejects; and why not, where not."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from toolace.assets import asset
from toolace.cli import app
from toolace.config import GenDialogs
from toolace.gen_dialogs.plan import schedule
from toolace.records import Dialog, Finding
from toolace.shards import Workspace
from toolace.shell import run_app
from toolace.testing import LoopbackServer

N = 60
BLAMES = ("user", "assistant", "tool", None)
SMALL = ["--num-apis", "80", "--set", "run.shard_size=25", "--set", "run.processes=1", "--set", "verify.experts=[]"]

Picky = Callable[..., None]


@pytest.fixture
def picky(monkeypatch: pytest.MonkeyPatch) -> Picky:
    """picky(rejects): the rules find a fault with the dialogs for which `rejects` holds, blamed on each of `blames` in
    turn."""
    import toolace.verify.stage as stage

    checked = stage.check_dialog

    def install(rejects: Callable[[Dialog], bool], blames: tuple[str | None, ...] = BLAMES) -> None:
        def check(dialog: Dialog, **settings: Any) -> list[Finding]:
            findings = checked(dialog, **settings)
            if not rejects(dialog):
                return findings
            assert dialog.lineage is not None
            blame = blames[dialog.lineage.attempt % len(blames)]
            fault = Finding.model_validate({"check": "picky", "aspect": "sample", "message": "no", "blame": blame})
            return [fault, *findings]

        monkeypatch.setattr(stage, "check_dialog", check)

    return install


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that has a pool and nothing else."""
    root = tmp_path_factory.mktemp("pool")
    assert run_app(app, ["synth-apis", "-w", str(root), *SMALL[:6]]) == 0
    return root


@pytest.fixture
def workspace(pool: Path, tmp_path: Path) -> Path:
    """A workspace with that pool."""
    shutil.copytree(pool, tmp_path / "ws")
    return tmp_path / "ws"


def run(workspace: Path, wanted: int, *more: str) -> int:
    """`toolace run --num-verified`."""
    return run_app(app, ["run", "-w", str(workspace), "--num-verified", str(wanted), *SMALL, *more])


def a_third(dialog: Dialog) -> bool:
    """A third of the dialogs, by their calls and words, so that what is made anew may pass."""
    text = "".join(message.model_dump_json() for message in dialog.messages)
    return hashlib.sha256(text.encode()).digest()[0] % 3 == 0


def kinds(workspace: Path) -> Counter[str]:
    """Verified dialogs by kind."""
    return Counter(dialog.kind for dialog in Workspace(workspace).stage("verified").records(Dialog))


def shares(count: int) -> Counter[str]:
    """As many of each kind as the mix has among the first dialogs."""
    return Counter(schedule(GenDialogs().mix, index) for index in range(count))


def orders(workspace: Path) -> list[dict[str, Any]]:
    """What was ordered beyond the first attempts."""
    found: list[dict[str, Any]] = json.loads((workspace / "dialogs" / "orders.json").read_text())
    return found


def digests(workspace: Path) -> dict[str, str]:
    """Checksums of what came out."""
    files = sorted([*workspace.glob("*/part-*.jsonl"), workspace / "dialogs" / "orders.json"])
    return {str(file.relative_to(workspace)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def test_exactly_n_with_the_mix_though_a_third_is_rejected(picky: Picky, workspace: Path) -> None:
    """Every kind has just its number; the blame of each rejection decided what was repeated."""
    picky(a_third)
    assert run(workspace, N) == 0
    assert kinds(workspace) == shares(N)
    given = orders(workspace)
    assert [order["index"] for order in given] == list(range(N, N + len(given)))
    for order in given:
        if "repeats" in order:
            assert order["blame"] == BLAMES[order["repeats"] % len(BLAMES)]
            assert order["reasons"] == ["no"]
    assert {order.get("blame") for order in given} == set(BLAMES)


def test_a_run_in_pieces_comes_to_the_same(
    picky: Picky, workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Interrupted after each round, and started again: the same orders, the same files."""
    import toolace.pipeline.whole as whole

    picky(a_third)
    other = tmp_path / "other"
    shutil.copytree(workspace, other)
    assert run(workspace, N) == 0
    verify = whole.verify

    def stopped(session: Any) -> Any:
        verify(session)
        raise KeyboardInterrupt

    for _ in range(3):
        monkeypatch.setattr(whole, "verify", stopped)
        assert run(other, N) == 130
        monkeypatch.setattr(whole, "verify", verify)
    assert run(other, N, "--concurrency", "3") == 0
    assert digests(other) == digests(workspace)


def test_a_second_run_makes_nothing_and_a_larger_n_goes_on(picky: Picky, workspace: Path) -> None:
    """What is verified stays; the larger set has its mix too."""
    picky(a_third)
    assert run(workspace, N) == 0
    before = digests(workspace)
    assert run(workspace, N) == 0
    assert digests(workspace) == before
    assert run(workspace, N + 40) == 0
    assert kinds(workspace) == shares(N + 40)


def test_who_is_not_to_blame_is_not_paid_again(picky: Picky, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over HTTP: where the tool agent is to blame, the plan, the request and the first decision come from the log."""
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    calling = [index for index in range(8) if schedule(GenDialogs().mix, index) == "single"]
    picky(lambda dialog: dialog.lineage is not None and dialog.lineage.attempt in calling, ("tool",))
    document = str(asset("data/catalogue") / "banking.yaml")
    with LoopbackServer() as server:
        settings = {
            "backend.kind": "openai",
            "backend.base_url": server.url,
            "backend.send_context": True,
            "synth_apis.documents": [document],
            "synth_apis.num_apis": 12,
            "gen_dialogs.turns": {1: 1.0},
            "verify.experts": [],
        }
        options = [f"--set={name}={json.dumps(value)}" for name, value in settings.items()]
        assert run_app(app, ["run", "-w", str(tmp_path), "--num-verified", "8", *options]) == 0
    dialogs = {one.lineage.attempt: one for one in Workspace(tmp_path).stage("dialogs").records(Dialog) if one.lineage}
    assert [order["repeats"] for order in orders(tmp_path)] == calling
    for order in orders(tmp_path):
        assert requests(dialogs[order["index"]]) == requests(dialogs[order["repeats"]])
    assert server.counters["role.user"] == sum(len(requests(dialogs[attempt])) for attempt in range(8))


def requests(dialog: Dialog) -> list[str | None]:
    """What the user said."""
    return [message.content for message in dialog.messages if message.role == "user"]


def test_a_kind_that_never_passes_says_why(picky: Picky, workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The others are complete; the budget of that kind is spent, and one line says on what."""
    picky(lambda dialog: dialog.kind == "parallel")
    assert run(workspace, 20, "--set", "gen_dialogs.attempts_per_dialog=3") == 0
    expected = shares(20)
    missing = expected.pop("parallel")
    assert kinds(workspace) == expected
    said = capsys.readouterr().err
    assert (
        f"parallel: {missing} of {missing} verified dialogs are missing, the budget of {3 * missing} attempts is"
        in said
    )
    assert "rejected: picky" in said
