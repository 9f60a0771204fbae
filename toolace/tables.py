"""Figures as tables: the report's page, its terminal output and `--json` show the same ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


class Share(float):
    """A part of 1, shown in per cent."""


Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns. `bars` is the column that the page draws as bars; `note` says what is counted.

    `has_example`: the last column is an illustration, shown on the page only.
    """

    id: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    bars: int | None = None
    has_example: bool = False

    def facts(self) -> list[dict[str, Cell]]:
        """The rows as JSON objects."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def share(part: float, whole: float) -> Share | None:
    """`part` of `whole`; None of nothing."""
    return Share(part / whole) if whole else None


def mean(total: float, number: int) -> float | None:
    """The mean, to a thousandth; None of nothing."""
    return round(total / number, 3) if number else None


def shown(cell: Cell) -> str:
    """A cell as people read it: `1,234`, `12.3 %`, `0.125`, `–` where there is nothing."""
    match cell:
        case None:
            return "–"
        case str():
            return cell
        case Share():
            return f"{cell * 100:.1f} %".replace("100.0", "100")
        case int():
            return f"{cell:,}"
    if abs(cell) >= 100:
        return f"{cell:,.0f}"
    return f"{cell:.3g}" if abs(cell) < 1 else f"{cell:.2f}".rstrip("0").rstrip(".")


def counted(
    id: str, title: str, what: str, counts: Mapping[Any, int], *, note: str = "", whole: int | None = None
) -> Table:
    """Counts and shares, in the mapping's order. `whole` is what the shares are of; left out, the sum of the counts."""
    total = sum(counts.values()) if whole is None else whole
    rows = tuple((str(name), number, share(number, total)) for name, number in counts.items())
    return Table(id, title, (what, "number", "share"), rows, note, bars=2)


def printed(tables: Iterable[Table], *, width: int | None = None, colour: bool = False) -> str:
    """The tables as terminal text. Empty ones are left out."""
    import io

    from rich import box
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=colour, highlight=False)
    for table in tables:
        if not table.rows:
            continue
        drawn = RichTable(box=box.SIMPLE_HEAD, pad_edge=False)
        columns = table.columns[: len(table.columns) - table.has_example]
        for at, column in enumerate(columns):
            is_number = all(not isinstance(row[at], str) for row in table.rows)
            drawn.add_column(Text(column), justify="right" if is_number else "left", overflow="fold", no_wrap=not at)
        for row in table.rows:
            drawn.add_row(*(Text(visible(shown(cell))) for cell in row[: len(columns)]))
        console.print(Text(table.title, style="bold"), drawn, sep="\n")
        console.print(Text(table.note and f"{table.note}\n", style="dim"))
    return out.getvalue().rstrip("\n")


def visible(text: str) -> str:
    """Text made safe for a terminal: control characters and overrides of direction are spelled out."""
    return text if text.isprintable() else "".join(map(_spelled, text))


def _spelled(character: str) -> str:
    if character in "\n\t" or character.isprintable() or character == "\u00a0":
        return character
    return f"\\x{ord(character):02x}" if ord(character) < 0x100 else f"\\u{ord(character):04x}"
