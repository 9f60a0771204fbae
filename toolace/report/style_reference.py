"""The style of real APIs, measured once with `StyleFigures`."""

from __future__ import annotations

from typing import Final

from toolace.tables import Cell

REAL: Final[dict[str, dict[str, Cell]]] = {}
