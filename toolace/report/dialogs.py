"""Figures of dialogs: kinds, situations, turns, candidates, calls, and the defects that published rows have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from toolace.records import RICHNESS, Dialog, ToolCall
from toolace.tables import Table, counted, mean

SHOWN_SOURCES = ("user", "system", "assistant", "result", "default", "constant", "unknown")


class DialogFigures:
    """Figures of a set of dialogs, one by one. Memory holds counts only."""

    def __init__(self) -> None:
        self.number = self.messages = self.calls = self.calling = self.unanswered = 0
        self.tools = self.odd_names = self.full_calls = self.undeclared = self.empty = self.characters = 0
        self.kinds: Counter[str] = Counter()
        self.turn_kinds: Counter[str] = Counter()
        self.situations: Counter[str] = Counter()
        self.turns: Counter[int] = Counter()
        self.candidates: Counter[int] = Counter()
        self.calls_each: Counter[int] = Counter()
        self.sources: Counter[str] = Counter()

    def add(self, dialog: Dialog) -> None:
        """Takes up one dialog."""
        self.number += 1
        self.kinds[dialog.kind] += 1
        self.turns[len(dialog.turns)] += 1
        self.candidates[len(dialog.tools)] += 1
        self.turn_kinds.update(turn.kind for turn in dialog.turns)
        self.situations.update(turn.situation for turn in dialog.turns)
        self.sources.update(source.source for source in dialog.provenance or ())
        functions = {tool["function"]["name"]: tool["function"] for tool in dialog.tools}
        self.tools += len(functions)
        self.odd_names += sum(not name.isidentifier() for name in functions)
        self._add_messages(dialog, functions)

    def _add_messages(self, dialog: Dialog, functions: Mapping[str, dict[str, Any]]) -> None:
        answered = {message.tool_call_id for message in dialog.messages if message.role == "tool"}
        number = 0
        is_undeclared = False
        for message in dialog.messages:
            self.messages += 1
            self.characters += len(message.content or "")
            calls = message.tool_calls or ()
            self.empty += message.role == "assistant" and not calls and not (message.content or "").strip()
            self.calling += bool(calls)
            self.unanswered += any(call.id not in answered for call in calls)
            self.full_calls += sum(_is_full(call, functions) for call in calls)
            is_undeclared |= any(call.function.name not in functions for call in calls)
            number += len(calls)
        self.undeclared += is_undeclared
        self.calls += number
        self.calls_each[number] += 1

    def tables(self) -> list[Table]:
        """The dialogs' tables; none where there is no dialog."""
        if not self.number:
            return []
        kinds = {kind: self.kinds[kind] for kind in reversed(RICHNESS)}
        turn_kinds = {kind: self.turn_kinds[kind] for kind in reversed(RICHNESS)}
        length = mean(self.characters, self.number) or 0
        note = f"{self.messages:,} messages, {self.calls:,} calls, {length:,.0f} characters a dialog."
        sources = {name: self.sources[name] for name in SHOWN_SOURCES if self.sources[name]}
        return [
            counted("kinds", "Kinds of dialogs", "kind", kinds, note=note),
            counted("turn_kinds", "Kinds of turns", "kind", turn_kinds, note="A dialog's kind is its richest turn's."),
            counted("situations", "Situations of turns", "situation", dict(self.situations.most_common())),
            counted("turns", "User turns a dialog", "turns", _by_number(self.turns)),
            counted("candidates", "Candidate tools a dialog", "tools", _by_number(self.candidates)),
            counted("calls", "Calls a dialog", "calls", _by_number(self.calls_each)),
            counted("sources", "Where arguments come from", "source", sources, note="By the dialogs' provenance."),
        ]


def _is_full(call: ToolCall, functions: Mapping[str, dict[str, Any]]) -> bool:
    """Whether every declared parameter is filled; calls of undeclared tools and of tools without parameters are not."""
    parameters = functions.get(call.function.name, {}).get("parameters")
    declared = parameters.get("properties") if isinstance(parameters, dict) else None
    return bool(declared) and isinstance(declared, dict) and set(declared) <= set(call.function.arguments)


def _by_number(counts: Counter[int]) -> dict[int, int]:
    """In order of the number."""
    return {number: counts[number] for number in sorted(counts)}
