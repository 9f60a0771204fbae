"""`toolace review` with its keys piped in: decisions, edits, coming back, and what export makes of them."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.report.handmade import ACCEPTED, FINDINGS, REJECTED, fill
from toolace.cli import app
from toolace.records import Dialog
from toolace.review import DECISIONS, Decision, decisions
from toolace.review.decision import fingerprint
from toolace.shards import Workspace
from toolace.shell import run_app

ORDER = ["dialog-2", "dialog-0", "dialog-3", "dialog-1"]
"""The hand-made dialogs as seed 2 draws them: none accepted, single accepted, single rejected, then the second of each."""


class Sitting:
    """Runs the command on piped keys."""

    def __init__(self, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
        self.workspace, self._monkeypatch, self._capsys = workspace, monkeypatch, capsys
        self.out = ""

    def __call__(self, *lines: str, options: tuple[str, ...] = ()) -> int:
        self._monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        code = run_app(app, ["review", "-w", str(self.workspace.root), "--seed", "2", *options])
        self.out = self._capsys.readouterr().out
        return code

    @property
    def words(self) -> dict[str, str]:
        return {id: one.decision for id, one in decisions(self.workspace).items()}


@pytest.fixture
def sit(filled: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Sitting:
    return Sitting(filled, monkeypatch, capsys)


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets an editor that runs a Python line on the JSON as `it`."""

    def use(line: str) -> None:
        script = tmp_path / "editor.py"
        script.write_text(
            f"import json, sys\nit = json.load(open(sys.argv[1]))\n{line}\njson.dump(it, open(sys.argv[1], 'w'))\n"
        )
        monkeypatch.delenv("VISUAL", raising=False)
        monkeypatch.setenv("EDITOR", f"{sys.executable} {script}")

    return use


def test_accept_and_reject_are_stored_with_what_was_seen(sit: Sitting) -> None:
    """One decision a sample, in the order of the strata; the rejected dialog that people want travels with the decision."""
    assert sit("a", "w", "not asked for", "r", "a", "s") == 0
    assert decisions(sit.workspace) == {
        "dialog-2": Decision(dialog="dialog-2", decision="accept", accepted=True, seen=fingerprint(ACCEPTED[2])),
        "dialog-0": Decision(
            dialog="dialog-0", decision="reject", why="not asked for", accepted=True, seen=fingerprint(ACCEPTED[0])
        ),
        "dialog-3": Decision(
            dialog="dialog-3",
            decision="accept",
            accepted=False,
            findings=FINDINGS,
            seen=fingerprint(REJECTED.dialog),
            instead=REJECTED.dialog,
        ),
    }
    assert "review: 2 accept, 1 reject, 0 edit; 1 of 4 samples left" in sit.out


def test_a_rejection_asks_why(sit: Sitting) -> None:
    """The line after the key is the reason."""
    sit("r", "it should have asked back")
    assert decisions(sit.workspace)["dialog-2"].why == "it should have asked back"


def test_findings_are_shown_where_they_stand(sit: Sitting) -> None:
    """Below the message that they point at, and those without a place at the end."""
    sit("s", "s", "q")
    _, _, shown = sit.out.partition("3 of 4")
    lines = [line.strip() for line in shown.splitlines()]
    call = next(at for at, line in enumerate(lines) if 'search_hotels(city="Paris")' in line)
    assert "hallucination (error, assistant) /messages/1: 'Paris' was not said" in lines[call + 1]
    assert any("balance (warning) : odd" in line for line in lines[call + 2 :])


def test_what_is_decided_is_not_shown_again(sit: Sitting) -> None:
    """A second sitting goes on where the first one ended; keys that are none change nothing."""
    sit("a", "q")
    sit("x", "r", "")
    assert sit.words == {"dialog-2": "accept", "dialog-0": "reject"}
    assert "1 of 3" in sit.out
    sit("a", "a")
    assert list(sit.words) == ORDER
    assert sit("a") == 0
    assert "0 of 4 samples left" in sit.out


def test_back_lets_one_think_again(sit: Sitting) -> None:
    """The last word counts."""
    sit("a", "b", "r", "after all", "q")
    assert sit.words == {"dialog-2": "reject"}


def test_a_dialog_that_has_changed_is_shown_again(sit: Sitting) -> None:
    """A decision is about the dialog that was seen, not about its id."""
    sit("a", "a", "a", "a")
    sit.workspace.stage("verified").remove()
    changed = ACCEPTED[0].model_copy(update={"plan": {"steps": []}})
    fill(sit.workspace.stage("verified"), [changed, *ACCEPTED[1:]], [("hallucination", REJECTED)])
    sit("q")
    assert "1 of 1 · accepted · single · dialog-0" in sit.out
    assert decisions(sit.workspace)["dialog-0"].applied(changed) == changed


def test_an_edit_is_stored_with_its_kind_counted_anew(sit: Sitting, editor: Any) -> None:
    """Without its call the dialog is one without calls; provenance and complexity of the old words are gone."""
    editor("del it['messages'][1:3]; it['messages'][-1]['content'] = 'Which city?'")
    assert sit("s", "e") == 0
    instead = decisions(sit.workspace)["dialog-0"].instead
    assert instead is not None
    assert (instead.kind, [turn.kind for turn in instead.turns], len(instead.messages)) == ("none", ["none"], 2)
    assert (instead.provenance, instead.complexity, instead.id) == (None, None, "dialog-0")
    assert instead.messages[-1].content == "Which city?"


def test_the_rules_look_at_an_edit(sit: Sitting, editor: Any) -> None:
    """An edit that breaks a rule is kept only when the person insists."""
    editor("it['messages'][1]['tool_calls'][0]['function']['arguments'] = {}")
    sit("s", "e", "n", "q")
    assert "the rules object: required_arguments_are_given" in sit.out
    assert sit.words == {}
    sit("s", "e", "y", "q")
    assert sit.words == {"dialog-0": "edit"}


BAD_EDITS = {
    "nothing": ("pass", "nothing changed"),
    "no role": ("it['messages'][0]['role'] = 'nobody'", "nothing changed: messages/0/role: Input should be"),
    "no dialog": ("it = 3", "nothing changed: messages: Input should be a valid"),
    "unknown field": ("it['messages'][0]['x'] = 1", "nothing changed: messages/0/x: Extra inputs are not permitted"),
    "crash": ("sys.exit(3)", "ended with code 3"),
}


@pytest.mark.parametrize(("line", "said"), BAD_EDITS.values(), ids=BAD_EDITS)
def test_an_edit_that_comes_to_nothing_decides_nothing(sit: Sitting, editor: Any, line: str, said: str) -> None:
    """The sample stays open, and the reason is said."""
    editor(line)
    sit("e", "q")
    assert said in " ".join(sit.out.split())
    assert sit.words == {}


def test_an_editor_that_does_not_start_is_said(sit: Sitting, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to set."""
    monkeypatch.setenv("VISUAL", "/no/such/editor")
    sit("e", "q")
    assert "did not start" in sit.out
    assert "set EDITOR" in sit.out


def test_export_is_told_what_to_do_with_each_dialog(sit: Sitting, editor: Any) -> None:
    """Accepted as it is, rejected gone, edited replaced, a rejected one that is wanted beside them."""
    editor("it['messages'][-1]['content'] = 'Better.'")
    sit("a", "e", "a", "r", "no")
    found = decisions(sit.workspace)
    applied = {dialog.id: found[dialog.id].applied(dialog) for dialog in ACCEPTED}
    assert applied["dialog-2"] == ACCEPTED[2]
    assert applied["dialog-1"] is None
    assert isinstance(applied["dialog-0"], Dialog)
    assert applied["dialog-0"].messages[-1].content == "Better."
    assert [one.rescued for one in found.values() if one.rescued] == [REJECTED.dialog]


def test_number_and_seed_choose_the_sample(sit: Sitting) -> None:
    """Two of four; the whole is a continuation of them."""
    sit("a", "a", "a", "a", options=("--number", "2"))
    assert list(sit.words) == ORDER[:2]


def test_the_summary_is_json_where_that_is_asked(sit: Sitting) -> None:
    """Samples go to stderr then, and stdout holds one object."""
    sit("a", "q", options=("--json",))
    facts = json.loads(sit.out)
    assert {name: facts[name] for name in ("accept", "reject", "edit", "left")} == {
        "accept": 1,
        "reject": 0,
        "edit": 0,
        "left": 3,
    }


def test_text_cannot_steer_the_terminal(sit: Sitting) -> None:
    """Escape sequences, overrides of direction and markup in a dialog are shown, not obeyed."""
    from tests.report.handmade import dialog

    sit.workspace.stage("verified").remove()
    fill(sit.workspace.stage("verified"), [dialog("d", None, said="\x1b[2J[red]gone[/red]\u202e \x9b")])
    sit("q")
    assert "\\x1b[2J[red]gone[/red]\\u202e \\x9b" in sit.out
    assert "\x1b" not in sit.out


def test_a_broken_decision_is_named(sit: Sitting, capsys: pytest.CaptureFixture[str]) -> None:
    """File, line, and what is wrong."""
    sit("a", "q")
    file = sit.workspace.path("review", DECISIONS)
    file.write_text(file.read_text() + '{"v":1}\n')
    assert sit("a") == 2
    with pytest.raises(Exception, match=r"review/decisions.jsonl:2: dialog: Field required"):
        decisions(sit.workspace)


def test_without_verification_there_is_nothing_to_review(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line that says what to run."""
    assert run_app(app, ["review", "-w", str(workspace)]) == 2
    assert "verified/ is missing" in capsys.readouterr().err
