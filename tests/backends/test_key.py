"""The API key appears in no file, log, error or representation, whatever the server says."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from toolace.errors import UserMistake

KEY = "sk-very-secret-0123456789"

Serve = Callable[..., Any]
Connect = Callable[..., Any]


@pytest.mark.parametrize(
    "behaviour",
    [
        {"api_key": KEY},
        {"api_key": "sk-another-key-is-wanted"},
        {"faults": {"bad_request": 1.0}},
        {"faults": {"status_500": 0.5, "drop": 0.5}},
        {"faults": {"wrong_schema": 1.0}},
    ],
)
def test_the_key_shows_nowhere(
    behaviour: dict[str, Any],
    serve: Serve,
    connect: Connect,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """The server echoes it in errors; everything is logged, all files are searched."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    caplog.set_level(logging.DEBUG)
    ask = connect(serve(**behaviour), replies=tmp_path / "replies", retries=1)
    outcomes = ask(3)
    shown = [repr(ask.backend), repr(vars(ask.backend)), caplog.text, str(ask.backend.usage()), *capfd.readouterr()]
    for outcome in outcomes:
        shown.append(repr(outcome))
        if isinstance(outcome, Exception):
            shown += traceback.format_exception(outcome)
    shown += [file.read_text(errors="replace") for file in tmp_path.rglob("*") if file.is_file()]
    assert not [text for text in shown if KEY in text]


def test_a_key_in_a_reply_is_not_logged(
    serve: Serve, connect: Connect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reply may hold it too: here the key is a word of the riddle."""
    monkeypatch.setenv("OPENAI_API_KEY", "riddle 0")
    (outcome,) = connect(serve(), replies=tmp_path / "replies")()
    assert outcome.answer == "[key]/0/0"
    assert "riddle 0" not in (tmp_path / "replies" / "segment-00000.jsonl").read_text()


def test_the_right_key_is_sent_and_a_wrong_one_is_named(
    serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its variable, not by its value."""
    server = serve(api_key=KEY)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    asyncio.run(connect(server).backend.check())
    assert connect(server)()[0].number == 0
    monkeypatch.setenv("OPENAI_API_KEY", "sk-wrong-wrong")
    (outcome,) = connect(server)()
    assert isinstance(outcome, UserMistake)
    assert str(outcome) == f"{server.url} refuses the key (401); set OPENAI_API_KEY"


def test_a_password_in_the_url_is_not_shown(connect: Connect) -> None:
    """It is not taken either: the key is in the header."""
    with pytest.raises(UserMistake) as caught:
        connect("http://user:pass-word@127.0.0.1:1/v1")
    assert "holds a user or a password; set OPENAI_API_KEY instead" in str(caught.value)
    assert "pass-word" not in str(caught.value)
