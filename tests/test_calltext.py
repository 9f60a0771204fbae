"""Call text: what is read, what is refused and where, and that every value comes back."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from toolace import calltext
from toolace.calltext import CallTextError, Function, Style

STYLES = get_args(Style)


def call(name: str, **arguments: Any) -> Function:
    """A call."""
    return Function(name=name, arguments=arguments)


READ: list[tuple[str, list[str], list[Function]]] = [
    ("[f()]", ["f"], [call("f")]),
    (" [ f ( a = 1 , ) , g(b='x') , ] ", ["f", "g"], [call("f", a=1), call("g", b="x")]),
    (
        '[Get Rate (v1.2)/day(a="x"), Get Rate(b=2)]',
        ["Get Rate", "Get Rate (v1.2)/day"],
        [call("Get Rate (v1.2)/day", a="x"), call("Get Rate", b=2)],
    ),
    (
        "[a.b.c(x=[1, {'k': None}], y=True, z=false)]",
        ["a.b.c"],
        [call("a.b.c", x=[1, {"k": None}], y=True, z=False)],
    ),
    ("[weather today(city='Oslo')]", [], [call("weather today", city="Oslo")]),
    (
        '[f("odd = key"=1, plain key=2, größe=3)]',
        ["f"],
        [Function(name="f", arguments={"odd = key": 1, "plain key": 2, "größe": 3})],
    ),
    (
        "[f(a='it\\'s', b=\"\\u00e9\\ud83d\\ude00\\x41\", c='raw\nline')]",
        ["f"],
        [call("f", a="it's", b="é😀A", c="raw\nline")],
    ),
    ("[f(a=-1.5e3, b=0, c=-0.0)]", ["f"], [call("f", a=-1500.0, b=0, c=-0.0)]),
    ('[{"name": "f", "arguments": {"a": 1}}]', [], [call("f", a=1)]),
    ("{'name': 'f', 'parameters': {'a': True}}", [], [call("f", a=True)]),
    ("[]", [], []),
    (
        '<tool_call>{"name": "f", "arguments": {}}</tool_call>\n'
        '<tool_call>\n{"name": "g", "arguments": {}}\n</tool_call>',
        [],
        [call("f"), call("g")],
    ),
]


@pytest.mark.parametrize(("text", "names", "calls"), READ)
def test_call_text_is_read(text: str, names: list[str], calls: list[Function]) -> None:
    """Text, declared names, calls."""
    assert list(calltext.parse(text, names)) == calls


PROSE = [
    "",
    "Hello.",
    "[1] See the note (below).",
    "[nothing]",
    "[see (a), (b)]",
    "Use [f(a=1)] for it.",
    '{"name": "Bob", "age": 5}',
    '[{"city": "Oslo"}]',
    "f(a=1)",
    "[]?",
]


@pytest.mark.parametrize("text", PROSE)
def test_prose_is_no_call(text: str) -> None:
    """Answers may hold brackets, JSON and parentheses."""
    assert calltext.style_of(text, ["f", "get_weather"]) is None


WRONG: list[tuple[str, int, str]] = [
    ("hello", 0, "a call"),
    ("[f(a=1)", 7, "',' or ']' after a call"),
    ("[f(a=1]", 6, "',' or ')' after an argument"),
    ("[f(a=1), ]x", 10, "the end of the text"),
    ("[f(a=1)] then", 9, "the end of the text"),
    ("[f(1)]", 3, "a parameter's name and '='"),
    ("[f(a=x)]", 5, "a literal (text in quotes, number, true, false, null, list or object)"),
    ("[f(a=__import__('os'))]", 5, "a literal (text in quotes, number, true, false, null, list or object)"),
    ("[f(a=1+1)]", 6, "',' or ')' after an argument"),
    ("[f(a=007)]", 5, "a literal (text in quotes, number, true, false, null, list or object)"),
    ("[f(a=NaN)]", 5, "a literal (text in quotes, number, true, false, null, list or object)"),
    ("[f(a=1e999)]", 5, "a number that a double can hold"),
    ("[f(a=" + "9" * 5000 + ")]", 5, "a number of fewer digits"),
    ("[f(a=1, a=2)]", 8, "a parameter other than 'a', which is given already"),
    ("[f(a='x)]", 9, "the closing ' of the text that begins at 5"),
    (r"[f(a='\q')]", 6, "an escape of JSON or Python"),
    (r"[f(a='\u12')]", 6, "an escape of JSON or Python"),
    (r"[f(a='\ud800')]", 6, "an escape that stands for a character"),
    ("[f(a={1: 2})]", 6, "a key in quotes or '}'"),
    ("[f(a={'k': 1, 'k': 2})]", 14, "a key other than 'k', which is there already"),
    ("[f(a=[1 2])]", 8, "',' or ']'"),
    ("[f(a=" + "[" * 200 + "]" * 200 + ")]", 106, "values nested at most 100 deep"),
    ('[{"name": "f", "arguments": "x"}]', 1, 'an object with "name", a text, and "arguments", an object'),
    ('{"name": "f", "arguments": {}', 29, "',' or '}'"),
    ('<tool_call>{"name": "f", "arguments": {}}', 41, "'</tool_call>'"),
    ("<tool_call>f()</tool_call>", 11, "a literal (text in quotes, number, true, false, null, list or object)"),
]


@pytest.mark.parametrize(("text", "offset", "expected"), WRONG)
def test_what_is_wrong_is_said_with_its_place(text: str, offset: int, expected: str) -> None:
    """Text, offset, what should stand there; nothing is ever evaluated."""
    with pytest.raises(CallTextError) as caught:
        calltext.parse(text, ["f"])
    assert (caught.value.offset, caught.value.expected) == (offset, expected)
    found = "the end" if offset >= len(text) else repr(text[offset : offset + 24])
    assert str(caught.value) == f"call text, offset {offset}: expected {expected}, found {found}"


def test_a_broken_call_has_a_style_and_is_never_an_answer() -> None:
    """A reader must not take it for prose."""
    assert calltext.style_of("[f(a=1", ["f"]) == "python"
    assert calltext.style_of('[{"name": "f", "arguments": {', ["f"]) == "json"
    assert calltext.style_of("<tool_call>", ["f"]) == "hermes"


def test_values_are_spelled_as_the_style_does() -> None:
    """Python's words in python style, JSON's in the others; no closing tag inside a value."""
    calls = [Function(name="f", arguments={"a": True, "b": None, "c d": [1.5, 'x"y'], "e=": {}})]
    assert calltext.write(calls) == '[f(a=True, b=None, c d=[1.5, "x\\"y"], "e="={})]'
    written = json.loads(calltext.write(calls, "json"))
    assert written == [{"name": "f", "arguments": {"a": True, "b": None, "c d": [1.5, 'x"y'], "e=": {}}}]
    tagged = calltext.write([call("f", a="</tool_call>")], "hermes")
    assert tagged == '<tool_call>\n{"arguments": {"a": "<\\/tool_call>"}, "name": "f"}\n</tool_call>'


@pytest.mark.parametrize("style", STYLES)
def test_what_has_no_spelling_is_refused(style: Style) -> None:
    """NaN everywhere; outer white space in a name where nothing marks its end."""
    with pytest.raises(ValueError, match="JSON compliant"):
        calltext.write([call("f", a=float("nan"))], style)
    if style == "python":
        with pytest.raises(ValueError, match="no spelling"):
            calltext.write([call(" f")], style)


TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=10)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
NAMES = st.text("ab ()/.-_,='\"[]{}é", min_size=1, max_size=6).filter(lambda name: name == name.strip())


def same(one: Any, other: Any) -> bool:
    """Equality that tells 1 from 1.0 and from true."""
    return json.dumps(one) == json.dumps(other)


@given(name=NAMES, arguments=st.dictionaries(TEXT, VALUES, max_size=3), style=st.sampled_from(STYLES))
@example(name="f", arguments={"": "", " ": -0.0, "a": 1e16, "b": [1, 1.0, True]}, style="python")
@settings(max_examples=150, deadline=None)
def test_every_json_value_comes_back(name: str, arguments: dict[str, Any], style: Style) -> None:
    """Whatever the name's and the parameters' characters."""
    calls = [Function(name=name, arguments=arguments)] * 2
    text = calltext.write(calls, style)
    assert calltext.style_of(text, [name]) == style
    assert same([one.model_dump() for one in calltext.parse(text, [name])], [one.model_dump() for one in calls])


@given(names=st.lists(NAMES, min_size=2, max_size=4, unique=True), values=st.lists(VALUES, min_size=4, max_size=4))
@settings(max_examples=150, deadline=None)
def test_names_that_begin_alike_are_told_apart(names: list[str], values: list[Any]) -> None:
    """The longest declared name wins, so `Get Rate` never takes the text of `Get Rate (daily)`."""
    assume(not any(other.startswith(f"{name}(") for name in names for other in names))
    calls = [Function(name=name, arguments={"a": value}) for name, value in zip(names, values, strict=False)]
    assert same(
        [one.model_dump() for one in calltext.parse(calltext.write(calls), names)], [one.model_dump() for one in calls]
    )


@given(
    text=st.text("[]{}()<>/\\\"'=,:. fabnu01truelse_tool_call\n", max_size=40),
    style=st.sampled_from([None, *STYLES]),
)
@settings(max_examples=300, deadline=None)
def test_any_text_is_calls_or_an_error_inside_it(text: str, style: Style | None) -> None:
    """No other exception, and an offset that lies in the text."""
    offset = 0
    try:
        calltext.parse(text, ["f", "a b"], style)
    except CallTextError as error:
        offset = error.offset
    assert 0 <= offset <= len(text)
