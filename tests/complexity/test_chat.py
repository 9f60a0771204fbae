"""Where answers stand in a rendered conversation, and how tools are given to a template that knows none."""

from __future__ import annotations

from typing import Any

from toolace.complexity.chat import Passage, as_chat, as_plain_chat, passages, signature, unasked
from toolace.complexity.learners.completions import chatml
from toolace.records import Function, Message, ToolCall

WEATHER = {
    "name": "get_weather",
    "description": "Weather of a city.",
    "parameters": {
        "type": "object",
        "properties": {
            "city": {"type": "string", "description": "Name"},
            "unit": {"enum": ["C", "F"], "default": "C"},
            "days": {"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": 7}},
            "at": {"type": "object", "properties": {"lat": {"type": "number"}, "alt": {}}, "required": ["lat"]},
        },
        "required": ["city"],
    },
}
CALL = ToolCall(id="call_1", function=Function(name="get_weather", arguments={"city": "Oslo"}))
TALK = [
    Message(role="system", content="Be brief."),
    Message(role="user", content="Weather in Oslo?"),
    Message(role="assistant", tool_calls=(CALL,)),
    Message(role="tool", tool_call_id="call_1", name="get_weather", content='{"t": 3}'),
    Message(role="assistant", content="3 C."),
]


def test_answers_are_what_the_assistant_adds_and_the_token_that_ends_its_turn() -> None:
    """Heads of messages, white space between turns, and everybody else's words are context."""
    (passage,) = passages(chatml, as_plain_chat([], TALK))
    assert isinstance(passage.content, str)
    assert [passage.content[start:end] for start, end in passage.answers] == [
        '<tool_call>{"name": "get_weather", "arguments": {"city": "Oslo"}}</tool_call><|im_end|>',
        "3 C.<|im_end|>",
    ]


def test_what_no_user_wrote_ends_where_the_user_begins() -> None:
    """It is what conversations over the same tools share."""
    (passage,) = passages(chatml, as_plain_chat([], TALK))
    assert passage.content[: passage.shared] == "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n"


def test_a_template_that_rewrites_earlier_turns_gives_a_passage_an_answer() -> None:
    """Such as one that takes thoughts out of all but the last answer."""

    def forgetful(chat: list[dict[str, Any]], speaks: bool) -> str:
        last = max((at for at, one in enumerate(chat) if one["role"] == "assistant"), default=-1)
        said = [f"{one['role']}:{'*' if at == last else ''}{one['content']};" for at, one in enumerate(chat)]
        return "".join(said) + ("assistant:" if speaks else "")

    chat = [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}, {"role": "user", "content": "c"}]
    chat.append({"role": "assistant", "content": "d"})
    found = passages(forgetful, chat)
    assert [[one.content[start:end] for start, end in one.answers] for one in found] == [["d;"], ["*b;"]]


def test_a_server_that_renders_to_tokens_gives_positions_in_tokens() -> None:
    """The same answers, counted in tokens."""

    def tokens(chat: list[dict[str, Any]], speaks: bool) -> tuple[int, ...]:
        return tuple(map(ord, chatml(chat, speaks)))

    (passage,) = passages(tokens, [{"role": "user", "content": "a"}, {"role": "assistant", "content": "bc"}])
    assert passage == Passage(passage.content, (passage.answers[0],), 0)
    start, end = passage.answers[0]
    assert "".join(map(chr, passage.content[start:end])) == "bc<|im_end|>\n"  # type: ignore[arg-type]


def test_a_plain_template_gets_tools_in_the_system_text_and_results_as_user_turns() -> None:
    """Results of one step go into one turn."""
    two = [*TALK[:4], TALK[3], TALK[4]]
    chat = as_plain_chat([{"type": "function", "function": WEATHER}], two)
    assert [message["role"] for message in chat] == ["system", "user", "assistant", "user", "assistant"]
    assert chat[0]["content"].startswith("Be brief.\n\nYou can call the tools listed here.")
    assert chat[0]["content"].endswith(signature(WEATHER))
    assert chat[3]["content"] == '<tool_response>{"t": 3}</tool_response>\n<tool_response>{"t": 3}</tool_response>'


def test_a_signature_says_types_choices_and_what_may_be_left_out() -> None:
    """One line a parameter."""
    assert signature(WEATHER) == (
        "get_weather: Weather of a city.\n"
        "- city (string): Name\n"
        '- unit ("C" | "F", optional, default "C")\n'
        "- days (list of integer 1..7, optional)\n"
        "- at ({lat: number, alt?: any}, optional)"
    )


def test_a_template_that_knows_tools_gets_calls_as_objects() -> None:
    """As chat templates expect them."""
    assert as_chat(TALK)[2] == {
        "role": "assistant",
        "content": "",
        "tool_calls": [{"type": "function", "function": {"name": "get_weather", "arguments": {"city": "Oslo"}}}],
    }


def test_without_the_users_words_everything_else_stays() -> None:
    """What H₀ is measured on."""
    assert unasked(TALK) == [TALK[0], Message(role="user", content=""), *TALK[2:]]
