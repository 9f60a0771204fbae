"""What surrounds a request: proxies, the many ways in which servers say what is wrong, and a light start."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import orjson
import pytest

from toolace.backends.endpoint import Endpoint, Fault, Limited, Refused, _proxy, _said
from toolace.errors import UserMistake

SAID: list[tuple[Any, tuple[str, str | None]]] = [
    ({"error": {"message": "no such\nmodel", "code": "model_not_found"}}, ("no such model", "model_not_found")),
    ({"error": "model not loaded"}, ("model not loaded", None)),
    ({"object": "error", "message": "max_tokens is too large", "code": 40001}, ("max_tokens is too large", None)),
    ({"detail": [{"loc": ["body"], "msg": "field required"}]}, ("[{'loc': ['body'], 'msg': 'field required'}]", None)),
    ("Bad Gateway", ("Bad Gateway", None)),
    ("", ("", None)),
]


@pytest.mark.parametrize(("body", "expected"), SAID)
def test_what_a_server_says_is_found(body: Any, expected: tuple[str, str | None]) -> None:
    """OpenAI, Ollama, vLLM, FastAPI, a proxy's plain text, nothing."""
    assert _said(body if isinstance(body, str) else orjson.dumps(body).decode()) == expected


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Refused),
        (401, UserMistake),
        (402, UserMistake),
        (404, Refused),
        (429, Limited),
        (500, Fault),
        (503, Fault),
    ],
)
def test_a_status_says_who_must_act(status: int, kind: type[Exception]) -> None:
    """The user, the gate, a retry, or nobody."""
    assert type(Endpoint("http://127.0.0.1:9/v1", 1.0).translated(status, {}, "{}")) is kind


def test_no_credit_is_not_a_reason_to_wait() -> None:
    """OpenAI says so with a 429."""
    body = '{"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}}'
    error = Endpoint("http://127.0.0.1:9/v1", 1.0).translated(429, {}, body)
    assert str(error) == "http://127.0.0.1:9/v1: the account has no credit left (429); top it up, then rerun"


def test_proxies_are_those_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """By scheme; none for the hosts of NO_PROXY."""
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", "127.0.0.1,.internal")
    monkeypatch.delenv("http_proxy", raising=False)
    urls = ("https://api.example/v1", "http://api.example/v1", "https://127.0.0.1:8000/v1", "https://llm.internal/v1")
    assert [_proxy(url) for url in urls] == ["http://proxy.example:3128", None, None, None]


def test_asking_models_does_not_load_the_openai_client() -> None:
    """Its import takes longer than all else; only batches need it."""
    code = "import sys, toolace.session, toolace.backends.openai; sys.exit('openai' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
