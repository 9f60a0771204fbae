"""Calls as text, as models write them: python style, JSON, Hermes tags. One parser, one writer a style, nothing
evaluated.

python  [get_weather(city="Oslo"), Other Tool(n=3)]          the notation of ToolACE's published rows and of Llama 3.2
json    [{"name": "get_weather", "arguments": {"city": "Oslo"}}]
hermes  <tool_call>\\n{"arguments": {"city": "Oslo"}, "name": "get_weather"}\\n</tool_call>

Names are matched against the declared ones, longest first, never by `\\w+\\(`: 80 % of the published tool names hold
spaces, slashes or parentheses. Values are literals of JSON or Python; `eval` and `ast.literal_eval` are never asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from toolace.calltext import bracketed, objects, tagged
from toolace.calltext.scanner import CallTextError
from toolace.records import Function

__all__ = ["CallTextError", "Function", "Style", "parse", "style_of", "write"]

Style = Literal["python", "json", "hermes"]

_PARSERS = {"python": bracketed.parse, "json": objects.parse, "hermes": tagged.parse}
_WRITERS = {"python": bracketed.write, "json": objects.write, "hermes": tagged.write}


def style_of(text: str, names: Iterable[str] = ()) -> Style | None:
    """The style in which a text begins to call, or None for prose. `names` are the declared tools' names.

    A text that begins a call and does not end it still has a style, so that a broken call is an error and never an
    answer.
    """
    if tagged.begins(text):
        return "hermes"
    if bracketed.begins(text, names):
        return "python"
    return "json" if objects.begins(text) else None


def parse(text: str, names: Iterable[str] = (), style: Style | None = None) -> tuple[Function, ...]:
    """The calls of a text that holds nothing else. Raises CallTextError with the offset of what is wrong.

    Undeclared names are parsed too, as far as they hold no bracket, quote, comma or equals sign: that a called tool is
    not declared is the rules' finding, not a matter of notation.
    """
    known = list(names)
    found = style or style_of(text, known)
    if found is None:
        raise CallTextError(text, len(text) - len(text.lstrip()), "a call")
    return _PARSERS[found](text, known)


def write(calls: Iterable[Function], style: Style = "python") -> str:
    """The text of calls. Raises ValueError for what has no spelling: NaN, a name with outer white space."""
    return _WRITERS[style](calls)
