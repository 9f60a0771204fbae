"""A sample as a person reads it in the terminal: who said what, what was called, findings where they stand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from toolace.records import Dialog, Finding, Message, compact
from toolace.tables import visible

_COLOURS: Final = {"system": "dim", "user": "bold green", "assistant": "bold blue", "tool": "yellow"}
HELP: Final = "a accept · r reject · e edit · w why (a note) · t tools in full · s skip · b back · q quit"


def show(console: Console, dialog: Dialog, findings: tuple[Finding, ...], *, head: str, tools: bool = False) -> None:
    """Prints one sample. Text of models and documents cannot steer the terminal."""
    parts: list[RenderableType] = [Rule(Text(f"{head} · {dialog.kind} · {visible(dialog.id)}"))]
    situations = ", ".join(turn.situation for turn in dialog.turns)
    parts.append(Text(visible(f"turns: {situations}; {len(dialog.tools)} candidate tools"), style="dim"))
    for at, tool in enumerate(dialog.tools):
        function, here = tool["function"], _at(findings, f"/tools/{at}")
        if tools or here or function["name"] in _called(dialog):
            parts.append(
                _line("tool offered", f"{function['name']}: {function.get('description', '')}", "dim", bool(here))
            )
            parts += [Padding(_code(compact(function.get("parameters"))), (0, 0, 0, 14))] if tools else []
            parts += map(_finding, here)
    for at, message in enumerate(dialog.messages):
        parts += _message(message, _at(findings, f"/messages/{at}"), f"/messages/{at}")
    placed = ("/tools/", "/messages/")
    parts += [_finding(one) for one in findings if not one.where.startswith(placed)]
    console.print(Group(*parts))


def _message(message: Message, findings: list[Finding], place: str) -> Iterable[RenderableType]:
    style = _COLOURS[message.role]
    if message.content:
        is_found = any(one.where in (place, f"{place}/content") for one in findings)
        yield _line(message.role, message.content, style, is_found)
    for number, call in enumerate(message.tool_calls or ()):
        here = f"{place}/tool_calls/{number}"
        arguments = f"{here}/function/arguments"
        text = Text.assemble((f"{'call':>12}  ", "bold cyan"), visible(call.function.name), "(")
        for name, value in call.function.arguments.items():
            wrong = any(one.where.startswith(f"{arguments}/{name}") for one in findings)
            text.append(visible(f"{name}={compact(value)}"), style="bold red" if wrong else "cyan")
            text.append(", ")
        if call.function.arguments:
            text.right_crop(2)
        text.append(")")
        if any(one.where in (here, arguments, f"{here}/function", f"{here}/function/name") for one in findings):
            text.stylize("red")
        yield text
    yield from map(_finding, findings)


def _line(label: str, content: str, style: str, is_found: bool) -> Text:
    return Text.assemble((f"{label:>12}  ", style), (visible(content), "red" if is_found else ""))


def _finding(finding: Finding) -> Text:
    style = "bold red" if finding.severity == "error" else "bold yellow"
    blame = f", {finding.blame}" if finding.blame else ""
    text = f"{'▲':>12}  {finding.check} ({finding.severity}{blame}) {finding.where}: {finding.message}"
    return Text(visible(text), style=style)


def _code(text: str) -> Text:
    return Text(visible(text), style="dim")


def _at(findings: tuple[Finding, ...], place: str) -> list[Finding]:
    return [one for one in findings if one.where == place or one.where.startswith(place + "/")]


def _called(dialog: Dialog) -> set[str]:
    return {call.function.name for message in dialog.messages for call in message.tool_calls or ()}
