"""Replies as models give them, read into a type or refused."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from pydantic import BaseModel, ConfigDict

from toolace.backends.replies import Reply
from toolace.backends.structured import Malformed, parse, read_completion


class Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")

    word: str
    value: Any = None


GOOD = [
    '{"word": "yes"}',
    '  \n{"word": "yes"}\n',
    '```json\n{"word": "yes"}\n```',
    '```\n{"word": "yes"}\n```',
    'Sure! Here it is:\n```json\n{"word": "yes"}\n```\nAnything else?',
    'The answer is {"word": "yes"}.',
    '<think>Should it be {"word": "no"}?</think>{"word": "yes"}',
    '<think></think>\n<think>again</think>\n{"word": "yes"}',
    'thinking without an opening tag {"word": "no"}</think>\n{"word": "yes"}',
    'Not {"this": 1} but {"word": "yes"}',
    'An unfinished { and then {"word": "yes"}',
]


@pytest.mark.parametrize("text", GOOD)
def test_the_object_is_found(text: str) -> None:
    """Whatever stands around it."""
    assert parse(Reply(text, "stop"), Answer) == Answer(word="yes")


def test_tags_and_fences_inside_a_value_stay() -> None:
    """They belong to the reply."""
    text = '{"word": "a</think>b ```c``` {d}"}'
    assert parse(Reply(text), Answer).word == "a</think>b ```c``` {d}"


BAD = [
    (Reply(None), "the reply is empty"),
    (Reply("  \n"), "the reply is empty"),
    (Reply(None, "content_filter"), "the content filter took the reply"),
    (Reply(None, "stop", "I cannot"), "the model refused to answer"),
    (Reply('{"word": "y', "length"), "the reply was cut off at max_tokens"),
    (Reply('{"word": "y'), "there is no JSON object in the reply"),
    (Reply("yes"), "there is no JSON object in the reply"),
    (Reply('["yes"]'), "there is no JSON object in the reply"),
    (Reply('<think>never ends {"word": "yes"}'), "the reply is empty"),
    (Reply("{}"), "word: Field required"),
    (Reply('{"word": 1}'), "word: Input should be a valid string"),
    (Reply('{"word": "yes", "more": 1}'), "more: Extra inputs are not permitted"),
    (Reply('{"word": "yes", "value": NaN}'), "there is no JSON object in the reply"),
    (Reply('{"word": "\\ud800"}'), "there is no JSON object in the reply"),
    (Reply("{" * 5000), "there is no JSON object in the reply"),
    (Reply('{"word":' * 100_000), "there is no JSON object in the reply"),
    (Reply("__import__('os').system('true')"), "there is no JSON object in the reply"),
]


@pytest.mark.parametrize(("reply", "problem"), BAD)
def test_what_is_not_of_the_type_is_refused(reply: Reply, problem: str) -> None:
    """The problem is one line, for the model and for the error record."""
    with pytest.raises(Malformed) as caught:
        parse(reply, Answer)
    assert problem in str(caught.value)
    assert "\n" not in str(caught.value)


def completion(**choice: Any) -> dict[str, Any]:
    return {"choices": [{"finish_reason": "stop", "message": {"content": "hi"}} | choice]}


COMPLETIONS: list[tuple[Any, tuple[Any, ...]]] = [
    (completion() | {"usage": {"prompt_tokens": 3, "completion_tokens": 2}}, (Reply("hi", "stop"), 3, 2)),
    (completion(), (Reply("hi", "stop"), None, None)),
    (completion() | {"usage": None}, (Reply("hi", "stop"), None, None)),
    (completion() | {"usage": {"prompt_tokens": "many"}}, (Reply("hi", "stop"), None, None)),
    (completion(message={"content": None, "refusal": "no"}), (Reply(None, "stop", "no"), None, None)),
    (
        completion(message={"content": [{"type": "text", "text": "a"}, {"text": "b"}]}),
        (Reply("ab", "stop"), None, None),
    ),
    ({"choices": []}, (Reply(None, "not a chat completion"), None, None)),
    ({"error": {"message": "upstream"}}, (Reply(None, "not a chat completion"), None, None)),
    ([], (Reply(None, "not a chat completion"), None, None)),
]


@pytest.mark.parametrize(("body", "expected"), COMPLETIONS)
def test_completions_are_read_as_endpoints_write_them(body: Any, expected: tuple[Any, ...]) -> None:
    """With or without usage; what is none has no text."""
    assert read_completion(orjson.dumps(body).decode()) == expected


def test_a_body_that_is_no_json_is_no_completion() -> None:
    """A proxy's page, say."""
    reply, _, _ = read_completion("<html>sign in</html>")
    with pytest.raises(Malformed, match="not a chat completion"):
        parse(reply, Answer)
