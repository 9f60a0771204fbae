"""Reads Markdown and plain text: kept as it is, with the title and description it begins with."""

from __future__ import annotations

import re
from typing import Final

from toolace.synth_apis.documents.document import Document
from toolace.synth_apis.documents.prose import one_paragraph
from toolace.synth_apis.documents.shape import Unreadable

MAX_CHARACTERS: Final = 2_000_000
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.+?)[ \t#]*$|^(\S[^\n]*)\n(?:={3,}|-{3,})[ \t]*$", re.MULTILINE)
_MARKDOWN = re.compile(r"^(?:#{1,6} \S|={3,}$|```|~~~|[*+-] \S|\|.+\|)|\[[^\[\]\n]+\]\([^()\n]+\)|\*\*\S", re.MULTILINE)
_FENCED = re.compile(r"^(```|~~~).*?(?:^\1[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\s*$", re.MULTILINE | re.DOTALL)
_STATED = re.compile(r"^(title|licen[cs]e)\s*:\s*[\"']?(.+?)[\"']?\s*$", re.MULTILINE | re.IGNORECASE)
_LONGEST_TITLE: Final = 120


def read_text(text: str, source: str) -> Document:
    """The document of a prose file; raises Unreadable when there is not a word in it."""
    if not re.search(r"[^\W\d_]", text):
        raise Unreadable("no words in it")
    text = text.replace("\r\n", "\n")[:MAX_CHARACTERS]
    stated: dict[str, str] = {}
    body = text
    if front := _FRONT_MATTER.match(text):
        stated = {key.lower()[0]: value for key, value in _STATED.findall(front[1])}
        body = text[front.end() :]
    prose = _FENCED.sub("", body)
    heading = _HEADING.search(prose)
    first_line = next((line for line in (*prose.splitlines(), *text.splitlines()) if line.strip()), source)
    title = stated.get("t") or (heading[1] or heading[2] if heading else first_line)
    return Document(
        source=source,
        format="markdown" if front or _MARKDOWN.search(text) else "text",
        title=one_paragraph(title, _LONGEST_TITLE) or source,
        description=_first_paragraph(prose[heading.end() :] if heading else prose),
        licence=stated.get("l"),
        text=text,
    )


def _first_paragraph(prose: str) -> str:
    paragraphs = (
        one_paragraph(part) for part in re.split(r"\n\s*\n", prose[:50_000]) if not _HEADING.match(part.strip())
    )
    return next((part for part in paragraphs if part), "")
