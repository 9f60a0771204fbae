"""Structured replies: what a chat completion says, read into a reply type; and how to ask again when it cannot be.

Text from a model is untrusted: it is parsed as strict JSON and validated, never evaluated.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, TypeVar

import orjson
from pydantic import BaseModel, ValidationError

from toolace.backends.prompts import Messages, reply_schema
from toolace.backends.replies import Reply
from toolace.records import compact

R = TypeVar("R", bound=BaseModel)

SHOWN = 2000
"""Characters of a malformed reply that are shown back to the model."""

_CANDIDATES = 20
"""JSON objects looked for in one reply; bounds the time that a hostile text can take."""

_FENCE = re.compile(r"\A```[a-zA-Z0-9_-]*\s*\n(.*?)\n?\s*```\s*\Z", re.DOTALL)


class Malformed(Exception):
    """A reply that is not of its type; the message says what is wrong, for the model and for the error record."""


def read_completion(body: str) -> tuple[Reply, int | None, int | None]:
    """The reply in the body of a chat completion, and its input and output tokens where the endpoint tells them.

    A body that is no chat completion gives a reply without text, which `parse` refuses.
    """
    try:
        completion = orjson.loads(body)
        choice = completion["choices"][0]
        message = choice["message"]
        content = message.get("content")
    except (ValueError, LookupError, TypeError, AttributeError):
        return Reply(None, "not a chat completion"), None, None
    if isinstance(content, list):  # some endpoints give parts
        content = "".join(
            part["text"] for part in content if isinstance(part, dict) and isinstance(part.get("text"), str)
        )
    usage = completion.get("usage")
    counts = [usage.get(name) if isinstance(usage, dict) else None for name in ("prompt_tokens", "completion_tokens")]
    tokens = [count if isinstance(count, int) and count >= 0 else None for count in counts]
    return (
        Reply(_text(content), _text(choice.get("finish_reason")), _text(message.get("refusal"))),
        tokens[0],
        tokens[1],
    )


def parse(reply: Reply, kind: type[R]) -> R:
    """The reply as its type. Raises Malformed."""
    if reply.finish == "not a chat completion":
        raise Malformed("the endpoint's answer is not a chat completion")
    if reply.refusal:
        raise Malformed("the model refused to answer")
    if reply.finish == "length":
        raise Malformed("the reply was cut off at max_tokens; be shorter")
    text = _spoken(reply.text or "")
    if not text:
        raise Malformed(
            "the reply is empty" if reply.finish != "content_filter" else "the content filter took the reply"
        )
    problem, longest = "there is no JSON object in the reply", 0
    for candidate in _objects(text):
        try:
            return kind.model_validate_json(candidate)
        except ValidationError as error:
            if len(candidate) > longest:
                problem, longest = _explain(error), len(candidate)
    raise Malformed(problem)


def ask_again(messages: Messages, reply: Reply, problem: str, kind: type[BaseModel]) -> Messages:
    """The question once more, with the malformed reply (cut) and what is wrong with it."""
    shown = (reply.text or "").strip()[:SHOWN] or "(nothing)"
    request = (
        f"Your last reply cannot be used: {problem}.\n"
        f"Answer again with nothing but one JSON object of this JSON Schema:\n{compact(reply_schema(kind))}"
    )
    return [*messages, {"role": "assistant", "content": shown}, {"role": "user", "content": request}]


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _spoken(text: str) -> str:
    """What follows the model's thinking. The opening tag may be missing: some chat templates put it into the prompt."""
    text = text.strip()
    while text.startswith("<think>"):
        text = text.partition("</think>")[2].strip()
    if not text.startswith(("{", "```")) and "</think>" in text:
        text = text.partition("</think>")[2].strip()
    return text


def _objects(text: str) -> Iterator[str]:
    """The JSON objects in a text, outermost ones only. Numbers that JSON does not know (NaN) make none."""
    if fenced := _FENCE.match(text):
        text = fenced[1]
    if _is_object(text):
        yield text
        return
    decoder = json.JSONDecoder()
    at = -1
    for _ in range(_CANDIDATES):
        if (at := text.find("{", at + 1)) < 0:
            return
        try:
            _, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            continue
        if _is_object(text[at:end]):
            yield text[at:end]
        at = end - 1


def _is_object(text: str) -> bool:
    try:
        return isinstance(orjson.loads(text), dict)
    except ValueError:
        return False


def _explain(error: ValidationError) -> str:
    """The first three errors on one line, without the values, which may be long and are not ours."""
    lines = [
        f"{'.'.join(map(str, one['loc'])) or 'the object'}: {one['msg']}" for one in error.errors(include_url=False)[:3]
    ]
    more = error.error_count() - len(lines)
    return " ".join("; ".join(lines).split()) + (f"; and {more} more" if more > 0 else "")
