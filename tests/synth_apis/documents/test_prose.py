"""Descriptions become one paragraph of plain text; prose files keep their text and find their title."""

from __future__ import annotations

from typing import Any

import pytest

from toolace.synth_apis.documents import Document
from toolace.synth_apis.documents.prose import one_paragraph


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("plain", "plain"),
        (" two\n lines ", "two lines"),
        ("<p>One</p><p>Two.</p>", "One. Two."),
        ("<note> <p>See <a href='x'>this</a>.</p> </note>", "See this."),
        ("a &lt; b &amp; c", "a < b & c"),
        ("if x < 5 and <your-id> > 3", "if x < 5 and <your-id> > 3"),
        ("see [the docs](https://x.example/a_(b)) now", "see the docs now"),
        ("![logo](x.png) **Bold** and __more__", "Bold and more"),
        ("## Heading\n\ntext", "Heading text"),
        ("zero\x00byte", "zero byte"),
        (["a", "b"], "a b"),
        (2.5, "2.5"),
        (None, ""),
        ({"a": 1}, ""),
    ],
)
def test_markup_becomes_plain_text(raw: Any, plain: str) -> None:
    """Whatever the document wrote, and whatever its type."""
    assert one_paragraph(raw) == plain


def test_long_text_is_cut_at_the_end_of_a_sentence() -> None:
    """Or at a word, where no sentence ends."""
    sentence = "This sentence has forty characters in it. "
    assert one_paragraph(sentence * 40) == (sentence * 14).strip()
    assert one_paragraph("word " * 400) == "word " * 118 + "word…"
    assert len(one_paragraph("x" * 100_000)) == 600


@pytest.mark.parametrize(
    ("text", "kind", "title", "description", "licence"),
    [
        ("Hello there\n\nMore words", "text", "Hello there", "Hello there", None),
        ("intro\n\n# The *Title* #\n\nFirst\npart.\n\nSecond.", "markdown", "The *Title*", "First part.", None),
        ("Top\n===\n\nBody", "markdown", "Top", "Body", None),
        ("```sh\n# not a title\n```\n# Title\n", "markdown", "Title", "", None),
        ("---\ntitle: Front\nlicense: CC-BY-4.0\n---\nBody", "markdown", "Front", "Body", "CC-BY-4.0"),
    ],
)
def test_prose_files_are_kept_with_their_title(
    read_one: Any, text: str, kind: str, title: str, description: str, licence: str | None
) -> None:
    """The text stays as it is, code included."""
    assert read_one(text) == Document("file", kind, title, description, licence, text=text)


def test_prose_is_bounded(read_one: Any) -> None:
    """Two million characters are enough of any text."""
    assert len(read_one("words " * 500_000).text) == 2_000_000
