"""Figures as people read them."""

from __future__ import annotations

import pytest

from toolace.tables import Cell, Share, Table, counted, printed, share, shown, visible

CELLS: dict[Cell, str] = {
    None: "–",
    "text": "text",
    12345: "12,345",
    3075.979: "3,076",
    1.7790: "1.78",
    2.0: "2",
    0.000871: "0.000871",
    0.0: "0",
    Share(0.1234): "12.3 %",
    Share(1): "100 %",
    Share(0.9999): "100 %",
}


@pytest.mark.parametrize(("cell", "text"), [*CELLS.items()], ids=repr)
def test_a_cell_is_shown_by_its_type(cell: Cell, text: str) -> None:
    """Shares in per cent, large numbers grouped, small ones to three digits."""
    assert shown(cell) == text


def test_shares_of_nothing_are_nothing() -> None:
    """No division by zero."""
    assert (share(0, 0), share(1, 4)) == (None, 0.25)


def test_counts_become_rows_with_shares() -> None:
    """In the mapping's order."""
    assert counted("a", "A", "what", {"x": 3, "y": 1}).rows == (("x", 3, 0.75), ("y", 1, 0.25))


def test_an_example_column_stays_off_the_terminal() -> None:
    """It is for the page."""
    table = Table("a", "A table", ("what", "number", "example"), (("one", 1, "long"),), "A note.", has_example=True)
    text = printed([table, Table("b", "Empty", ("x",), ())], width=40)
    assert [line.rstrip() for line in text.splitlines() if line.strip()] == [
        "A table",
        " what   number",
        " ─────────────",
        " one         1",
        "A note.",
    ]


def test_control_characters_are_spelled_out() -> None:
    """Lines and tabs stay."""
    assert visible("a\tb\nü 漢\u00a0😀\x1b\x07\u202e\x85") == "a\tb\nü 漢\u00a0😀\\x1b\\x07\\u202e\\x85"
