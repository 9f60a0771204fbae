"""The results as an SVG: a panel a category, a dot and its interval a variant. Readable in light and dark."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from reproduce.cells import VARIANTS
from reproduce.results import CATEGORIES, Line

LABELS, PANEL, GAP, ROW, TOP = 190, 120, 30, 24, 34
STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#1f2328}.h{font-weight:600}.a{fill:#59636e;font-size:10px}"
    ".g{stroke:#d1d9e0}.i{stroke:#0969da;stroke-width:2}.d{fill:#0969da}"
    "@media(prefers-color-scheme:dark){text{fill:#f0f6fc}.a{fill:#9198a1}.g{stroke:#3d444d}.i{stroke:#4493f8}.d{fill:#4493f8}}"
)


def svg(lines: Sequence[Line]) -> str:
    """The whole picture."""
    width = LABELS + len(CATEGORIES) * (PANEL + GAP)
    height = TOP + len(lines) * ROW + 24
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img">',
        f"<title>BFCL accuracy by training data, with 95 % intervals</title><style>{STYLE}</style>",
    ]
    for at, line in enumerate(lines):
        parts.append(f'<text x="2" y="{_y(at) + 4}">{escape(VARIANTS[line.variant].title)}</text>')
    for number, category in enumerate(CATEGORIES):
        parts += _panel(LABELS + number * (PANEL + GAP), category, lines, height - 24)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _panel(left: int, category: str, lines: Sequence[Line], bottom: int) -> list[str]:
    parts = [f'<text class="h" x="{left}" y="14">{category.replace("_", " ")}</text>']
    for share in (0.0, 0.5, 1.0):
        x = left + share * PANEL
        parts.append(f'<line class="g" x1="{x}" y1="{TOP - 10}" x2="{x}" y2="{bottom}"/>')
        parts.append(f'<text class="a" x="{x}" y="{bottom + 14}" text-anchor="middle">{100 * share:.0f}</text>')
    for at, line in enumerate(lines):
        if (found := line.by_category.get(category)) is not None:
            low, mean, high = (left + share * PANEL for share in (found.low, found.mean, found.high))
            parts.append(f'<line class="i" x1="{low:.1f}" y1="{_y(at)}" x2="{high:.1f}" y2="{_y(at)}"/>')
            parts.append(f'<circle class="d" cx="{mean:.1f}" cy="{_y(at)}" r="4"/>')
    return parts


def _y(row: int) -> int:
    return TOP + row * ROW + ROW // 2 - 8
