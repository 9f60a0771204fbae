"""Turns HTML, Markdown and wrapped text into one paragraph of plain text, as descriptions in definitions are."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import Final

from toolace.synth_apis.documents.shape import text

LIMIT: Final = 600
"""Characters a description keeps at most."""
_READ: Final = 12 * LIMIT
"""Characters that are looked at: cleaning a 1 MB description for its first paragraph would be waste."""

_TAGS = (
    "a|abbr|b|big|blockquote|br|code|dd|div|dl|dt|em|font|h[1-6]|hr|i|img|kbd|li|ol|p|pre|s|small|span|strong|sub|sup"
)
_TAGS += "|table|tbody|td|th|thead|tr|tt|u|ul|var|fullname|important|note|function|problem|title|example|para|caution"
_TAG = re.compile(rf"</?(?:{_TAGS})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_BLOCK_END = re.compile(r"(?<=[^.!?:;,>\s])\s*</(?:p|li|h[1-6]|dd)>", re.IGNORECASE)
_IMAGE = re.compile(r"!\[[^\[\]]*\]\([^()\s]*[^()]*\)")
_LINK = re.compile(r"\[([^\[\]]+)\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\[\]]*\])")
_EMPHASIS = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_HEADING = re.compile(r"^[ \t]{0,3}#{1,6}[ \t]+", re.MULTILINE)
_FENCE = re.compile(r"^[ \t]*```.*$", re.MULTILINE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SENTENCE_END = re.compile(r"[.!?][\"')\]]?(?=\s)|[。！？]")


def one_paragraph(value: object, limit: int = LIMIT) -> str:
    """Plain text on one line, cut at the end of a sentence before `limit`; empty for what is no text."""
    raw = text(value)
    return _clean(raw[:_READ], limit) if raw else ""


@lru_cache(maxsize=8192)
def _clean(raw: str, limit: int) -> str:
    if "<" in raw:
        raw = _TAG.sub(" ", _BLOCK_END.sub(". ", _COMMENT.sub(" ", raw)))
    if "&" in raw:
        raw = html.unescape(raw)
    if "[" in raw:
        raw = _LINK.sub(r"\1", _IMAGE.sub("", raw))
    if "#" in raw or "```" in raw:
        raw = _FENCE.sub("", _HEADING.sub("", raw))
    if "**" in raw or "__" in raw:
        raw = _EMPHASIS.sub(r"\2", raw)
    line = " ".join(_CONTROL.sub(" ", raw).split())
    for before, after in ((" .", "."), (" ,", ","), (" )", ")"), ("( ", "(")):
        line = line.replace(before, after) if before in line else line
    return _cut(line, limit)


def _cut(line: str, limit: int) -> str:
    if len(line) <= limit:
        return line
    ends = [match.end() for match in _SENTENCE_END.finditer(line, limit // 4, limit + 1) if match.end() <= limit]
    if ends:
        return line[: ends[-1]]
    return line[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
