"""A bounded sample of dialogs for the page's browser: every kind, and every check that rejected something."""

from __future__ import annotations

import json
from typing import Any, Final

from toolace.formats.rows import thinking_text
from toolace.records import Dialog, Finding, Message
from toolace.report.rejections import first_error
from toolace.strata import Strata

EACH_KIND: Final = 40
EACH_CHECK: Final = 6
CHARACTERS: Final = 4_000
"""Longer texts are cut on the page, and say so."""
BUDGET: Final = 3_000_000
"""Bytes of all samples together; what does not fit is left out, the last drawn first."""

Sample = tuple[Dialog, tuple[Finding, ...]]


class Samples:
    """The sample, offered dialog by dialog. Memory holds what is drawn."""

    def __init__(self) -> None:
        self._accepted: Strata[Sample] = Strata(EACH_KIND)
        self._rejected: Strata[Sample] = Strata(EACH_CHECK)

    def accept(self, dialog: Dialog) -> None:
        """Offers a dialog of the set."""
        self._accepted.offer(dialog.kind, dialog.id, (dialog, ()))

    def reject(self, dialog: Dialog, findings: tuple[Finding, ...]) -> None:
        """Offers a rejected one."""
        error = first_error(findings)
        self._rejected.offer(error.check if error else "", dialog.id, (dialog, findings))

    def payload(self) -> list[dict[str, Any]]:
        """The sample as JSON, within the budget."""
        kept: list[dict[str, Any]] = []
        spent = 0
        for strata, is_accepted in ((self._accepted, True), (self._rejected, False)):
            end = BUDGET * 2 // 3 if is_accepted else BUDGET
            for dialog, findings in strata.drawn():
                entry = _entry(dialog, findings, is_accepted)
                size = len(json.dumps(entry))
                if spent + size <= end:
                    kept.append(entry)
                    spent += size
        return kept


def _entry(dialog: Dialog, findings: tuple[Finding, ...], is_accepted: bool) -> dict[str, Any]:
    return {
        "id": dialog.id,
        "kind": dialog.kind,
        "accepted": is_accepted,
        "situations": sorted({turn.situation for turn in dialog.turns}),
        "complexity": dialog.complexity and round(dialog.complexity.value, 4),
        "findings": [one.model_dump(exclude_none=True) for one in findings],
        "messages": [_message(message) for message in dialog.messages],
        "tools": [_tool(tool["function"]) for tool in dialog.tools],
    }


def _message(message: Message) -> dict[str, Any]:
    calls = [{"name": call.function.name, "arguments": call.function.arguments} for call in message.tool_calls or ()]
    fields = {
        "role": message.role,
        "name": message.name,
        "content": message.content and _cut(message.content),
        "calls": [
            call if len(json.dumps(call)) <= CHARACTERS else {**call, "arguments": "(too long)"} for call in calls
        ],
        "thought": message.thought and _cut(thinking_text(message.thought)),
    }
    return {name: value for name, value in fields.items() if value}


def _tool(function: dict[str, Any]) -> dict[str, Any]:
    parameters = function.get("parameters")
    is_long = len(json.dumps(parameters)) > CHARACTERS
    description = _cut(str(function.get("description", "")))
    return {"name": function["name"], "description": description, "parameters": "(too long)" if is_long else parameters}


def _cut(text: str) -> str:
    left = len(text) - CHARACTERS
    return text if left <= 0 else f"{text[:CHARACTERS]} … ({left:,} more characters)"
