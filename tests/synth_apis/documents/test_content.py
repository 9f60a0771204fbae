"""Bytes tell what a file is; what cannot be read is skipped with a precise reason and never crashes."""

from __future__ import annotations

import gzip
from itertools import pairwise
from typing import Any

import pytest

from toolace.synth_apis.documents import Document, Skipped

OPENAPI = 'openapi: 3.0.0\ninfo: {title: "Tée"}\npaths: {/a: {get: {}}}\n'
LEVELS = "abcdefghi"
BOMB = "openapi: 3.0.0\na: &a [x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n" for old, new in pairwise(LEVELS)
)
MERGE_BOMB = "openapi: 3.0.0\na: &a {x: 1}\n" + "".join(
    f"{new}: &{new} {{<<: [{', '.join([f'*{old}'] * 10)}]}}\n" for old, new in pairwise(LEVELS)
)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty file"),
        (b" \n\t", "empty file"),
        (b"\xef\xbb\xbf", "empty file"),
        (gzip.compress(b""), "empty file"),
        (b"a\x00b\x01", "binary file, not text"),
        (b"\x81\x8d\x8f", "binary file, not text"),
        (b"caf\xc3", "its text ends in the middle of a character"),
        (b"\xff\xfe{\x00\x00", "not valid UTF-16-LE text: truncated data"),
        (b"%PDF-1.7 ...", "a PDF file, not text"),
        (b"PK\x03\x04...", "a zip archive or office file, not text"),
        (b"\x1f\x8b\x08\x00abc", "broken gzip file: Compressed file ended before the end-of-stream marker was reached"),
        (b"<!DOCTYPE html><p>Hi", "HTML or XML; save it as Markdown or text to have it read"),
        (b"12 34 ...", "no words in it"),
        (b'{"a": 1', "not valid JSON: unexpected end of data: line 1 column 8 (char 7)"),
        (b'{"a": NaN}', "not valid JSON: unexpected character, expected a JSON value: line 1 column 7 (char 6)"),
        (b'{"a":' + b"[" * 99999, "not valid JSON: depth limit exceeded: line 1 column 1030 (char 1029)"),
        (b"openapi: 3.0.0\ninfo: {title: 'x\n", "not valid YAML: found unexpected end of stream in line 3"),
        (b"openapi: 3.0.0\n---\na: 1\n", "not valid YAML: but found another document in line 2"),
        (b"openapi: 3.0.0\na: &a [*a]\n", "not valid YAML: an alias stands inside its own anchor"),
        (b"openapi: 3.0.0\n? [a]\n: b\n", "not valid YAML: a key that is no text in line 2"),
        (b"openapi: 3.0.0\na: " + b"[" * 900 + b"]" * 900, "not valid YAML: nested too deep"),
        (BOMB.encode(), "its YAML aliases expand to more than 2,000,000 nodes"),
        (MERGE_BOMB.encode(), "its YAML aliases expand to more than 2,000,000 nodes"),
    ],
)
def test_unreadable_files_are_skipped_with_a_reason(read_one: Any, data: bytes, reason: str) -> None:
    """The reason is one line that says what is wrong."""
    assert read_one(data) == Skipped("file", reason)


@pytest.mark.parametrize(
    "data",
    [
        OPENAPI.encode(),
        b"\xef\xbb\xbf" + OPENAPI.encode(),
        OPENAPI.encode("utf-16"),
        OPENAPI.encode("utf-16-le"),
        b"\xfe\xff" + OPENAPI.encode("utf-16-be"),
        gzip.compress(OPENAPI.encode()),
        OPENAPI.encode("cp1252"),
        b"# generated\n---\n" + OPENAPI.encode(),
        OPENAPI.replace("\n", "\r\n").encode(),
        '{"openapi": "3.0.0", "info": {"title": "Tée"}, "paths": {"/a": {"get": {}}}}'.encode("utf-16"),
    ],
)
def test_encodings_and_packing_make_no_difference(read_one: Any, data: bytes) -> None:
    """Marks, UTF-16, Windows text and gzip are seen through."""
    document = read_one(data)
    assert (document.format, document.title, [one.name for one in document.operations]) == ("openapi", "Tée", ["get_a"])


def test_yaml_keeps_what_json_would_say(read_one: Any) -> None:
    """No dates, no `on` for true, keys as written, numbers too large for an integer as floats."""
    content = """
openapi: 3.0.0
info: {title: T, version: 2020-01-01}
paths:
  /a:
    get:
      parameters:
        - {name: on, in: query, schema: {enum: [on, no, 12:30, 0x10, 007]}}
        - {name: n, in: query, schema: {type: number, maximum: 99999999999999999999999}}
      responses: {200: {content: {application/json: {schema: {type: boolean}}}}}
"""
    document = read_one(content)
    (operation,) = document.operations
    assert document.version == "2020-01-01"
    assert operation.returns == {"type": "boolean"}
    assert operation.parameters["properties"] == {
        "on": {"type": "string", "enum": ["on", "no", "12:30", "0x10", "007"]},
        "n": {"type": "number", "maximum": 1e23},
    }


@pytest.mark.parametrize(
    "text",
    [
        "Shopping list\ntools: hammer, nails: many",
        "[a link](https://example.org) first",
        "{ not json at all",
        "# Guide\n\n```yaml\nopenapi: 3.0.0\n```\n",
    ],
)
def test_prose_that_resembles_data_is_prose(read_one: Any, text: str) -> None:
    """Only what is data throughout is read as data."""
    document = read_one(text)
    assert isinstance(document, Document)
    assert (document.format in ("markdown", "text"), document.text) == (True, text)
