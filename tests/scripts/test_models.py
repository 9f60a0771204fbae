"""A served model is asked over real HTTP; nothing here needs torch."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from evaluation.models import Choice
from evaluation.questions import Answer, Question

from tests.serving import JsonHandler, listening
from toolace.errors import UserMistake
from toolace.records import Function, Message

TOOL = {"type": "function", "function": {"name": "get_weather", "parameters": {"type": "object", "properties": {}}}}
OSLO = Function(name="get_weather", arguments={"city": "Oslo"})
WRITTEN = '<tool_call>{"name": "get_weather", "arguments": {"city": "Oslo"}}</tool_call>'


def replied(name: str, arguments: str) -> dict[str, Any]:
    """An assistant message with one tool call."""
    function = {"name": name, "arguments": arguments}
    return {"role": "assistant", "content": None, "tool_calls": [{"id": "1", "type": "function", "function": function}]}


REPLIES = {
    "calls": replied("get_weather", '{"city": "Oslo"}'),
    "writes": {"role": "assistant", "content": WRITTEN},
    "talks": {"role": "assistant", "content": "I cannot."},
    "breaks": replied("get_weather", '{"city": '),
    "lists": replied("get_weather", '["Oslo"]'),
}


class Handler(JsonHandler):
    """Answers by the user's words; `fails` is refused."""

    def do_POST(self) -> None:
        message = REPLIES.get(self.body()["messages"][0]["content"])
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        body = {"id": "1", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]}
        self.reply(200 if message else 400, body)


@pytest.fixture
def url() -> Iterator[str]:
    """The address of a server on this machine."""
    with listening(Handler) as url:
        yield url


def test_a_served_model_calls_writes_talks_breaks_and_fails(url: str) -> None:
    """Calls come as calls or as text; a broken one is told apart; a question that failed is owed."""
    asked = [Question(said, "simple", (TOOL,), (Message(role="user", content=said),)) for said in (*REPLIES, "fails")]
    answers = {answer.id: answer for batch in Choice("m", base_url=url).opened()(asked) for answer in batch}
    assert sorted(answers) == sorted(REPLIES)
    assert answers["calls"] == Answer("calls", (OSLO,))
    assert answers["writes"] == Answer("writes", (OSLO,), WRITTEN)
    assert answers["talks"] == Answer("talks", text="I cannot.")
    assert [bool(answers[said].broken) for said in ("breaks", "lists")] == [True, True]
    assert answers["breaks"].calls == answers["lists"].calls == ()


def test_an_adapter_is_known_by_its_weights(tmp_path: Path) -> None:
    """The same weights elsewhere are the same model; other weights are not; none are the user's mistake."""
    for name, weights in (("a", b"x"), ("b", b"x"), ("c", b"y")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "adapter_model.safetensors").write_bytes(weights)
    found = [Choice(adapter=tmp_path / name).settings() for name in "abc"]
    assert found[0] == found[1] != found[2]
    with pytest.raises(UserMistake, match=r"adapter_model\.safetensors is missing"):
        Choice(adapter=tmp_path).settings()


def test_an_endpoint_takes_no_adapter(tmp_path: Path) -> None:
    """The tuned model has to be served."""
    with pytest.raises(UserMistake, match="for a local model"):
        Choice("m", adapter=tmp_path, base_url="http://127.0.0.1:1/v1").opened()
