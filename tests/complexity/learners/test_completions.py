"""The learner behind an endpoint, over HTTP, against a server that computes the log-probabilities of a bigram model."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import ClassVar

import pytest

from tests.serving import JsonHandler, listening
from toolace.complexity.learners.completions import CompletionsLearner, chatml
from toolace.complexity.loss import nll
from toolace.complexity.steering import Unscorable
from toolace.errors import ReplyError, UserMistake
from toolace.records import Message

CORPUS = "the cat sat on the mat and the dog sat on the log"
PAIRS, FIRSTS = Counter(pairwise(CORPUS)), Counter(CORPUS)
TALK = [Message(role="user", content="where?"), Message(role="assistant", content="on the mat")]


def logprob(before: str, char: str) -> float:
    """Of one character after another, with add-one smoothing over 128 characters."""
    return math.log((PAIRS[before, char] + 1) / (FIRSTS[before] + 128))


class Bigram(JsonHandler):
    """Tokens are characters. `faults` are status codes to answer first; `renders` is whether it knows /tokenize, as vLLM does."""

    faults: ClassVar[list[int]] = []
    renders = True
    echoes = True

    def do_GET(self) -> None:
        self.reply(200, {"data": [{"id": "bigram", "max_model_len": 200}]})

    def do_POST(self) -> None:
        body = self.body()
        if self.faults:
            self.reply(self.faults.pop(0), {})
        elif self.path == "/tokenize" and self.renders:
            text = body.get("prompt") or chatml(body["messages"], body["add_generation_prompt"])
            self.reply(200, {"tokens": list(map(ord, text)), "token_strs": list(text.replace("\n", "Ċ"))})
        elif self.path == "/v1/completions":
            prompt = body["prompt"]
            text = (prompt if isinstance(prompt, str) else "".join(map(chr, prompt))) + "!"
            values = [None, *(logprob(*pair) for pair in pairwise(text))]
            echoed = {"token_logprobs": values, "text_offset": list(range(len(text))), "tokens": list(text)}
            self.reply(200, {"choices": [{"logprobs": echoed if self.echoes else None}]})
        else:
            self.reply(404, {})


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The server's address."""
    monkeypatch.setattr(Bigram, "faults", [])
    with listening(Bigram) as url:
        yield url


EXPECTED = [logprob(*pair) for pair in zip("\non the mat<|im_end|>", "on the mat<|im_end|>", strict=False)]
"""Of the answer by hand: it follows the line end of the assistant's head."""


def test_the_servers_own_template_and_tokens_are_used(served: str) -> None:
    """As with vLLM: positions count tokens."""
    learner = CompletionsLearner(served)
    (passage,) = learner.read([], TALK)
    assert learner.name == "bigram"
    assert learner.logprobs(passage) == [pytest.approx(EXPECTED)]


def test_a_server_that_does_not_render_is_given_chatml(served: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the learner's name says so; positions count characters."""
    monkeypatch.setattr(Bigram, "renders", False)
    learner = CompletionsLearner(served)
    (passage,) = learner.read([], TALK)
    assert learner.name == "bigram, ChatML, tools in the system text"
    assert nll(learner.logprobs(passage)) == pytest.approx(-sum(EXPECTED) / len(EXPECTED))


def test_what_is_longer_than_the_window_is_not_cut(served: str) -> None:
    """It has no number."""
    learner = CompletionsLearner(served)
    (passage,) = learner.read([], [Message(role="user", content="a" * 200), TALK[1]])
    with pytest.raises(Unscorable) as caught:
        learner.logprobs(passage)
    assert caught.value.reason == "longer_than_learner_window"


def test_a_busy_server_is_asked_again(served: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """And given up after a few times: the attempt is owed."""
    learner = CompletionsLearner(served)
    (passage,) = learner.read([], TALK)
    Bigram.faults += [503]
    assert learner.logprobs(passage) == [pytest.approx(EXPECTED)]
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    Bigram.faults += [503] * 4
    with pytest.raises(ReplyError, match="keeps failing: status 503"):
        learner.logprobs(passage)


def test_a_server_without_echo_is_a_mistake_before_work_starts(served: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As llama.cpp's."""
    monkeypatch.setattr(Bigram, "echoes", False)
    with pytest.raises(UserMistake, match="does not echo log-probabilities of prompts"):
        CompletionsLearner(served)


def test_no_server_is_a_mistake_before_work_starts() -> None:
    """With the address."""
    with pytest.raises(UserMistake, match=r"no model answers at 'http://127.0.0.1:9/v1'"):
        CompletionsLearner("http://127.0.0.1:9/v1")
