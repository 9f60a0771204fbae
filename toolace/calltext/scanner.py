"""Reads literals out of a text: JSON's values in JSON's or Python's spelling, and nothing else."""

from __future__ import annotations

import math
import re
from typing import Any, NoReturn

from toolace.errors import ToolaceError

MAX_DEPTH = 100
"""Nesting of values; deeper text is refused before Python's own stack is in danger."""

_SPACE = re.compile(r"\s*")
_WORD = re.compile(r"[A-Za-z]+")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?(?![\w.])", re.ASCII)
_PLAIN = {'"': re.compile(r'[^"\\]*'), "'": re.compile(r"[^'\\]*")}
_HEX = {"x": re.compile(r"[0-9a-fA-F]{2}"), "u": re.compile(r"[0-9a-fA-F]{4}"), "U": re.compile(r"[0-9a-fA-F]{8}")}
_WORDS = {"True": True, "true": True, "False": False, "false": False, "None": None, "null": None}
_ESCAPES = {**dict(zip("bfnrt", "\b\f\n\r\t", strict=True)), **{char: char for char in "\"'\\/"}}


class CallTextError(ToolaceError):
    """Call text that does not follow its notation: at `offset` stands `what`, and `expected` should."""

    def __init__(self, text: str, offset: int, expected: str):
        self.offset, self.expected = offset, expected
        self.what = repr(text[offset : offset + 24]) if offset < len(text) else "the end"
        super().__init__(f"call text, offset {offset}: expected {expected}, found {self.what}")


class Scanner:
    """A text and how far it has been read."""

    def __init__(self, text: str, at: int = 0):
        self.text, self.at = text, at

    def fail(self, expected: str, at: int | None = None) -> NoReturn:
        """Raises CallTextError at this place, or at `at`."""
        raise CallTextError(self.text, self.at if at is None else at, expected)

    def skip(self) -> None:
        """Passes white space."""
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def take(self, token: str) -> bool:
        """Passes white space and then `token`; says whether it was there."""
        self.skip()
        if not self.text.startswith(token, self.at):
            return False
        self.at += len(token)
        return True

    def need(self, token: str, expected: str | None = None) -> None:
        """Passes `token` or fails."""
        if not self.take(token):
            self.fail(expected or repr(token))

    def end(self) -> None:
        """Fails unless nothing but white space is left."""
        self.skip()
        if self.at < len(self.text):
            self.fail("the end of the text")

    def value(self, depth: int = 0) -> Any:
        """One literal."""
        self.skip()
        if depth > MAX_DEPTH:
            self.fail(f"values nested at most {MAX_DEPTH} deep")
        char = self.text[self.at : self.at + 1]
        if char in ('"', "'") and char:
            return self.string()
        if char == "[":
            return self._list(depth)
        if char == "{":
            return self._object(depth)
        word = _WORD.match(self.text, self.at)
        if word and word[0] in _WORDS:
            self.at = word.end()
            return _WORDS[word[0]]
        return self._number()

    def string(self) -> str:
        """A text between single or double quotes; raw line ends inside are taken as they are."""
        start, quote = self.at, self.text[self.at]
        self.at += 1
        pieces: list[str] = []
        while True:
            match = _PLAIN[quote].match(self.text, self.at)
            pieces.append(match[0] if match else "")
            self.at = match.end() if match else self.at
            if self.at >= len(self.text):
                self.fail(f"the closing {quote} of the text that begins at {start}")
            if self.text[self.at] == quote:
                self.at += 1
                return "".join(pieces)
            pieces.append(self._escape())

    def _escape(self) -> str:
        start = self.at
        char = self.text[start + 1 : start + 2]
        if char in _ESCAPES:
            self.at += 2
            return _ESCAPES[char]
        code = self._code(char, start + 2)
        if 0xD800 <= code < 0xDC00 and self.text.startswith("\\u", self.at):
            low = self._code("u", self.at + 2)
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00) if 0xDC00 <= low < 0xE000 else code
        if 0xD800 <= code < 0xE000 or code > 0x10FFFF:
            self.fail("an escape that stands for a character", start)
        return chr(code)

    def _code(self, char: str, at: int) -> int:
        match = _HEX[char].match(self.text, at) if char in _HEX else None
        if not match:
            self.fail("an escape of JSON or Python", at - 2)
        self.at = match.end()
        return int(match[0], 16)

    def _number(self) -> int | float:
        match = _NUMBER.match(self.text, self.at)
        if not match:
            self.fail("a literal (text in quotes, number, true, false, null, list or object)")
        try:
            value = float(match[0]) if match[1] or match[2] else int(match[0])
        except ValueError:  # Python's own bound on the digits of an integer
            self.fail("a number of fewer digits")
        if isinstance(value, float) and math.isinf(value):
            self.fail("a number that a double can hold")
        self.at = match.end()
        return value

    def _list(self, depth: int) -> list[Any]:
        self.at += 1
        found: list[Any] = []
        while not self.take("]"):
            found.append(self.value(depth + 1))
            if not self.take(","):
                self.need("]", "',' or ']'")
                break
        return found

    def _object(self, depth: int) -> dict[str, Any]:
        self.at += 1
        found: dict[str, Any] = {}
        while not self.take("}"):
            self.skip()
            start = self.at
            if self.text[start : start + 1] not in ('"', "'") or start >= len(self.text):
                self.fail("a key in quotes or '}'")
            key = self.string()
            if key in found:
                self.fail(f"a key other than {key!r}, which is there already", start)
            self.need(":")
            found[key] = self.value(depth + 1)
            if not self.take(","):
                self.need("}", "',' or '}'")
                break
        return found
