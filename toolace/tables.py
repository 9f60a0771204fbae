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
    """Rows under columns. `bars` is the column that the page draws as bars; `note` says what is counted, and where it comes from."""

    id: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    bars: int | None = None

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
            return "100 %" if cell == 1 else f"{cell * 100:.1f} %"
        case int():
            return f"{cell:,}"
    return f"{cell:,.3f}".rstrip("0").rstrip(".")


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

    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=colour, highlight=False)
    for table in tables:
        if not table.rows:
            continue
        drawn = RichTable(title=Text(table.title, style="bold"), title_justify="left", caption_justify="left")
        drawn.caption = Text(table.note) if table.note else None
        numbers = [all(not isinstance(row[at], str) for row in table.rows) for at in range(len(table.columns))]
        for column, is_number in zip(table.columns, numbers, strict=True):
            drawn.add_column(Text(column), justify="right" if is_number else "left", overflow="fold")
        for row in table.rows:
            drawn.add_row(*(Text(visible(shown(cell))) for cell in row))
        console.print(drawn)
        console.print()
    return out.getvalue().rstrip("\n")


def visible(text: str) -> str:
    """Text of models and documents made safe for a terminal: control characters and overrides of direction are spelled out."""
    return text if text.isprintable() else "".join(map(_spelled, text))


def _spelled(character: str) -> str:
    if character in "\n\t" or character.isprintable() or character == "\u00a0":
        return character
    return f"\\x{ord(character):02x}" if ord(character) < 0x100 else f"\\u{ord(character):04x}"
