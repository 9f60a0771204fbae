"""Where a person's keys come from: single keys on a terminal, lines where stdin is piped."""

from __future__ import annotations

import sys
from typing import Protocol


class Keys(Protocol):
    """One key at a time, and a line of text where one is asked for. An empty key means that there are no more."""

    def key(self) -> str: ...

    def line(self) -> str: ...


class TerminalKeys:
    """Keys as they are pressed."""

    def key(self) -> str:
        """The next key, without waiting for Enter."""
        import typer

        return str(typer.getchar(echo=False))

    def line(self) -> str:
        """A line, edited as terminals do."""
        try:
            return input()
        except EOFError:
            return ""


class PipedKeys:
    """Keys as the first letters of lines."""

    def key(self) -> str:
        """The next line's first letter; lines that are empty are passed over."""
        for line in sys.stdin:
            if text := line.strip():
                return text[0]
        return ""

    def line(self) -> str:
        """The next line."""
        return sys.stdin.readline()


def keys() -> Keys:
    """The right ones for this process."""
    return TerminalKeys() if sys.stdin.isatty() else PipedKeys()
