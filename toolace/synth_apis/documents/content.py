"""Tells by its bytes what a file holds: JSON, JSON lines, YAML or prose. Names and endings say nothing here."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import orjson

from toolace.synth_apis.documents.shape import Unreadable
from toolace.synth_apis.documents.yaml_content import load_yaml


@dataclass(frozen=True, slots=True)
class Structured:
    """JSON or YAML content; JSON lines are a list, with the lines that were none in `lost`."""

    value: Any
    lost: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Prose:
    """Readable text that is not structured."""

    text: str


_MAGIC: Final = {b"%PDF": "a PDF file", b"PK\x03\x04": "a zip archive or office file", b"\x89PNG": "an image"}
_BOMS: Final = {
    b"\xef\xbb\xbf": "utf-8",
    b"\xff\xfe\x00\x00": "utf-32-le",
    b"\xff\xfe": "utf-16-le",
    b"\xfe\xff": "utf-16-be",
}
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_JSON_START = re.compile(rb"\s*(?:\{\s*[\"}]|\[\s*[{\"\]]|[{\[]\s*$)")
_MARKUP_START = re.compile(r"\s*<(?:!doctype|html|\?xml|svg)\b", re.IGNORECASE)
_YAML_LINE = re.compile(r"(?:- )?[\"']?[\w-]+[\"']?\s*:(?:\s|$)")
_SURELY_YAML = re.compile(r"^[\"']?(?:openapi|swagger)[\"']?\s*:\s*[\"']?\d", re.MULTILINE)
_PERHAPS_YAML = re.compile(r"^(?:[\"']?tools[\"']?\s*:|- [\"']?(?:name|type|function)[\"']?\s*:)", re.MULTILINE)
_CATALOGUE = (re.compile(r"^area\s*:", re.MULTILINE), re.compile(r"^domains\s*:", re.MULTILINE))


def parse(data: bytes, yaml_loader: Callable[[str], Any] = load_yaml) -> Structured | Prose:
    """The content of a file; raises Unreadable for what is empty, binary or broken."""
    data = _as_utf8(data)
    if not data.strip():
        raise Unreadable("empty file")
    if _JSON_START.match(data):
        return _json(data)
    text = _decoded(data)
    if _MARKUP_START.match(text):
        raise Unreadable("HTML or XML; save it as Markdown or text to have it read")
    if _starts_like_yaml(text):
        is_sure = _SURELY_YAML.search(text) or all(pattern.search(text) for pattern in _CATALOGUE)
        if is_sure:
            return Structured(yaml_loader(text))
        if _PERHAPS_YAML.search(text):
            try:
                return Structured(yaml_loader(text))
            except Unreadable:
                return Prose(text)  # text with a line such as `tools: hammer` in it
    return Prose(text)


def _as_utf8(data: bytes) -> bytes:
    """Strips a byte order mark; turns UTF-16 (also without a mark, as Windows tools write it) into UTF-8."""
    for mark, encoding in _BOMS.items():
        if data.startswith(mark):
            body = data[len(mark) :]
            return body if encoding == "utf-8" else _recoded(body, encoding)
    head = data[:64]
    if len(data) % 2 == 0 and b"\0" in head:
        for encoding, zeros, others in (("utf-16-le", head[1::2], head[::2]), ("utf-16-be", head[::2], head[1::2])):
            if not zeros.strip(b"\0") and b"\0" not in others:
                return _recoded(data, encoding)
    return data


def _recoded(data: bytes, encoding: str) -> bytes:
    try:
        return data.decode(encoding).encode()
    except UnicodeDecodeError as error:
        raise Unreadable(f"not valid {encoding.upper()} text: {error.reason}") from error


def _decoded(data: bytes) -> str:
    for magic, what in _MAGIC.items():
        if data.startswith(magic):
            raise Unreadable(f"{what}, not text")
    if _CONTROL.search(data):
        raise Unreadable("binary file, not text")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        if not (len(data) - error.start < 4 and error.reason == "unexpected end of data"):
            return _decoded_old(data)
        raise Unreadable("its text ends in the middle of a character") from error


def _decoded_old(data: bytes) -> str:
    """Text of the time before UTF-8, in Windows' western encoding."""
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise Unreadable("binary file, not text") from error


def _json(data: bytes) -> Structured:
    try:
        return Structured(orjson.loads(data))
    except orjson.JSONDecodeError as error:
        lines = [(number, line) for number, line in enumerate(data.split(b"\n"), 1) if line.strip()]
        first = _line(lines[0][1])
        if len(lines) < 2 or isinstance(first, str):
            raise Unreadable(f"not valid JSON: {error}") from error
    values, lost = [], []
    for number, line in lines:
        value = _line(line)
        if isinstance(value, str):
            lost.append((f"line {number}", value))
        else:
            values.append(value)
    return Structured(values, tuple(lost))


def _line(line: bytes) -> dict[str, Any] | list[Any] | str:
    """The value of one line of JSON lines, or the reason why it is none."""
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return f"not valid JSON: {error}"
    return value if isinstance(value, dict | list) else f"neither an object nor a list: {value!r:.40}"


def _starts_like_yaml(text: str) -> bool:
    lines = (line for line in text[:20_000].splitlines() if line.strip() and not line.startswith(("#", "---", "%")))
    return _YAML_LINE.match(next(lines, "")) is not None
