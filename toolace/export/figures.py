"""What is counted about exported rows for the dataset card: streaming, its memory bounded by the number of tools."""

from __future__ import annotations

from collections import Counter
from typing import Any

from toolace.records import Dialog


class Figures:
    """Counts over the dialogs of one split."""

    def __init__(self) -> None:
        self.dialogs = self.messages = self.calls = 0
        self.kinds: Counter[str] = Counter()
        self.situations: Counter[str] = Counter()
        self.turns: Counter[int] = Counter()
        self.candidates: Counter[int] = Counter()
        self.offered: set[str] = set()
        self.called: set[str] = set()
        self.backends: Counter[str] = Counter()
        self.models: set[str] = set()
        self.losses = 0
        self.loss = 0.0
        self.measures: set[str] = set()

    def add(self, dialog: Dialog) -> None:
        """Takes up one dialog."""
        self.dialogs += 1
        self.kinds[dialog.kind] += 1
        self.turns[len(dialog.turns)] += 1
        self.situations.update(turn.situation for turn in dialog.turns)
        self.candidates[len(dialog.tools)] += 1
        self.messages += len(dialog.messages)
        self.offered.update(tool["function"]["name"] for tool in dialog.tools)
        names = [call.function.name for message in dialog.messages for call in message.tool_calls or ()]
        self.calls += len(names)
        self.called.update(names)
        lineage = dialog.lineage
        self.backends[lineage.backend if lineage else "foreign"] += 1
        self.models.update((lineage.models or {}).values() if lineage else ())
        if dialog.complexity:
            self.losses += 1
            self.loss += dialog.complexity.value
            self.measures.add(f"{dialog.complexity.measure} of {dialog.complexity.learner}")

    def facts(self) -> dict[str, Any]:
        """The counts as JSON."""
        return {
            "dialogs": self.dialogs,
            "messages": self.messages,
            "calls": self.calls,
            "kinds": dict(sorted(self.kinds.items())),
            "turns": {str(number): count for number, count in sorted(self.turns.items())},
            "candidates": {str(number): count for number, count in sorted(self.candidates.items())},
            "situations": dict(sorted(self.situations.items())),
            "tools_offered": len(self.offered),
            "tools_called": len(self.called),
            "backends": dict(sorted(self.backends.items())),
            **(
                {"mean_complexity": round(self.loss / self.losses, 4), "measure": sorted(self.measures)}
                if self.losses
                else {}
            ),
        }
