"""The report as one HTML page that needs nothing else: styles, scripts and data inside, no request to anywhere."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from toolace.report.statistics import Section
from toolace.tables import Cell, Table, shown

if TYPE_CHECKING:
    from markupsafe import Markup

_FOLDER: Final = Path(__file__).with_name("template")
_SCRIPTS: Final = ("elements.js", "tree.js", "samples.js")
_HARMFUL: Final = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def rendered(
    title: str,
    headline: dict[str, Cell],
    sections: Sequence[Section],
    tree: dict[str, Any],
    samples: list[dict[str, Any]],
) -> str:
    """The page. Text of models is escaped: by Jinja in the tables, by `embedded` in the data; scripts only set text.

    The page's own policy lets no other script run and nothing be fetched.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"shown": shown, "width": width, "alignment": alignment, "breakable": breakable}
    script = "\n".join((_FOLDER / name).read_text(encoding="utf-8") for name in _SCRIPTS)
    return environment.get_template("page.html.jinja").render(
        title=title,
        headline=headline,
        sections=sections,
        style=(_FOLDER / "page.css").read_text(encoding="utf-8"),
        script=script,
        digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        tree=embedded(tree),
        samples=embedded(samples),
    )


def embedded(value: Any) -> str:
    """JSON that can stand inside a script element: nothing in it ends the element or a line of script."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_HARMFUL)


def breakable(text: str) -> Markup:
    """Escaped text that may break after an underscore."""
    from markupsafe import Markup, escape

    return escape(text).replace("_", Markup("_<wbr>"))


def alignment(table: Table, column: int) -> str:
    """The class of a column: bars, numbers (by its first row), or text."""
    if column == table.bars:
        return "bar"
    return "number" if column and not isinstance(table.rows[0][column], str) else "text"


def width(table: Table, row: int) -> float:
    """Length of a row's bar in per cent of the longest."""
    assert table.bars is not None
    cells = [one[table.bars] for one in table.rows]
    numbers = [float(cell) if isinstance(cell, int | float) else 0.0 for cell in cells]
    longest = max(map(abs, numbers), default=0.0)
    return round(100 * abs(numbers[row]) / longest, 1) if longest else 0.0
