"""A sample as a person reads it in the terminal: who said what, what was called, findings where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich.console import Console
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from toolace.records import Dialog, Finding, Message, ToolCall, compact
from toolace.rules.found import escaped
from toolace.tables import visible

_COLOURS: Final = {"system": "dim", "user": "bold green", "assistant": "bold blue", "tool": "yellow"}
_FOUND: Final = "bold red"
HELP: Final = "a accept · r reject · e edit · w why (a note) · t tools in full · s skip · b back · q quit"

Row = tuple[Text, Text]


def show(console: Console, dialog: Dialog, findings: tuple[Finding, ...], *, head: str, tools: bool = False) -> None:
    """Prints one sample; with `tools`, all candidates in full. No text in it can steer the terminal."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(justify="right", min_width=10)
    grid.add_column(overflow="fold")
    for row in _rows(dialog, findings, tools):
        grid.add_row(*row)
    situations = ", ".join(turn.situation for turn in dialog.turns)
    console.print(Rule(Text(f"{head} · {dialog.kind} · {visible(dialog.id)}")))
    console.print(Text(visible(f"turns: {situations}; {len(dialog.tools)} candidate tools"), style="dim"))
    console.print(grid)


def _rows(dialog: Dialog, findings: tuple[Finding, ...], tools: bool) -> Iterator[Row]:
    called = {call.function.name for message in dialog.messages for call in message.tool_calls or ()}
    for at, tool in enumerate(dialog.tools):
        function, here = tool["function"], _under(findings, f"/tools/{at}")
        if tools or here or function["name"] in called:
            about = f"{function['name']}: {function.get('description', '')}"
            yield _row("offered", about, "dim", "red" if here else "dim")
        if tools:
            yield _row("", compact(function.get("parameters")), "", "dim")
        yield from map(_finding, here)
    for at, message in enumerate(dialog.messages):
        here = _under(findings, f"/messages/{at}")
        yield from _message(message, here, f"/messages/{at}")
        yield from map(_finding, here)
    yield from (_finding(one) for one in findings if not one.where.startswith(("/tools/", "/messages/")))


def _message(message: Message, findings: list[Finding], place: str) -> Iterator[Row]:
    if message.content:
        is_found = any(one.where in (place, f"{place}/content") for one in findings)
        yield _row(message.role, message.content, _COLOURS[message.role], _FOUND if is_found else "")
    for number, call in enumerate(message.tool_calls or ()):
        yield Text("call", style="bold cyan"), _call(call, findings, f"{place}/tool_calls/{number}")


def _call(call: ToolCall, findings: list[Finding], place: str) -> Text:
    """A call, the arguments that a finding points at in red; the whole of it where one points at the call."""
    inside = f"{place}/function/arguments"
    is_found = any(one.where in (place, f"{place}/function", f"{place}/function/name", inside) for one in findings)
    parts: list[Text] = []
    for name, value in call.function.arguments.items():
        wrong = bool(_under(findings, f"{inside}/{escaped(name)}"))
        parts.append(Text(visible(f"{name}={compact(value)}"), style=_FOUND if wrong else "cyan"))
    text = Text.assemble(visible(call.function.name), "(", Text(", ").join(parts), ")")
    if is_found:
        text.stylize(_FOUND)
    return text


def _finding(finding: Finding) -> Row:
    style = _FOUND if finding.severity == "error" else "bold yellow"
    blame = f", {finding.blame}" if finding.blame else ""
    text = f"{finding.check} ({finding.severity}{blame}) {finding.where}: {finding.message}"
    return _row("▲", text, style, style)


def _row(label: str, text: str, label_style: str, style: str) -> Row:
    return Text(label, style=label_style), Text(visible(text), style=style)


def _under(findings: tuple[Finding, ...] | list[Finding], place: str) -> list[Finding]:
    return [one for one in findings if one.where == place or one.where.startswith(place + "/")]
