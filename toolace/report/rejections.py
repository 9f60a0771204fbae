"""Where attempts ended: the funnel of the stages, rejections by check, by aspect and by who is to blame."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from toolace.records import Finding, Rejection
from toolace.shards import Manifest
from toolace.tables import Cell, Table, counted, share

STAGES = {"apis": "synth-apis", "dialogs": "gen-dialogs", "verified": "verify"}
EXAMPLE = 120
"""Characters of an example shown beside a check."""


class RejectionFigures:
    """Findings of the rejected dialogs, one by one. Memory holds counts, and one example a check."""

    def __init__(self) -> None:
        self.number = 0
        self.dialogs: Counter[tuple[str, str, str]] = Counter()
        self.alone: Counter[tuple[str, str, str]] = Counter()
        self.blame: Counter[str] = Counter()
        self.layers: Counter[str] = Counter()
        self.kinds: Counter[str] = Counter()
        self.examples: dict[tuple[str, str, str], str] = {}

    def add(self, rejection: Rejection) -> None:
        """Takes up one rejected dialog. The first error is the one that is blamed."""
        self.number += 1
        self.kinds[rejection.dialog.kind] += 1
        keys = {(one.severity, one.aspect, one.check): one for one in reversed(rejection.findings)}
        self.dialogs.update(keys.keys())
        errors = [key for key in keys if key[0] == "error"]
        if len(errors) == 1:
            self.alone[errors[0]] += 1
        for key, finding in keys.items():
            self.examples.setdefault(key, finding.message)
        if first := first_error(rejection.findings):
            self.blame[first.blame or "nobody"] += 1
            self.layers["experts" if first.aspect == "expert" else "rules"] += 1

    def tables(self) -> list[Table]:
        """By check, by blame, by layer."""
        ordered = sorted(self.dialogs.items(), key=lambda item: (item[0][0] != "error", -item[1], item[0]))
        rows = tuple(self._row(key, number) for key, number in ordered)
        columns = ("check", "aspect", "dialogs", "share", "only this error", "example")
        note = "A dialog counts for every check that found something in it. Warnings alone reject nothing."
        return [
            Table("checks", "Rejected dialogs by check", columns, rows, note, bars=3, has_example=True),
            counted("blame", "Rejected dialogs by blame", "to blame", dict(self.blame.most_common())),
            counted("layers", "Rejected dialogs by layer", "layer", dict(self.layers.most_common())),
        ]

    def _row(self, key: tuple[str, str, str], number: int) -> tuple[Cell, ...]:
        severity, aspect, check = key
        shown_aspect = aspect if severity == "error" else f"{aspect}, {severity}"
        return (check, shown_aspect, number, share(number, self.number), self.alone[key], _cut(self.examples[key]))


def funnel_tables(manifests: Mapping[str, Manifest]) -> list[Table]:
    """Attempts and what became of them by stage, and the reasons that the stages count."""
    rows: list[tuple[Cell, ...]] = []
    reasons: list[tuple[Cell, ...]] = []
    for name, manifest in manifests.items():
        counts, stage = manifest.counts, STAGES[name]
        numbers = (counts[key] for key in ("in", "kept", "rejected", "errored"))
        rows.append((stage, *numbers, share(counts["kept"], counts["in"])))
        listed = sorted(manifest.rejected.items(), key=lambda item: (-item[1], item[0]))
        reasons += [(stage, reason, number, share(number, counts["in"])) for reason, number in listed]
    columns = ("stage", "in", "kept", "rejected", "errored", "share kept")
    return [
        Table("funnel", "From attempts to verified dialogs", columns, tuple(rows), bars=5),
        Table("reasons", "Reasons by stage", ("stage", "reason", "number", "share of attempts"), tuple(reasons)),
    ]  # fmt: skip


def first_error(findings: tuple[Finding, ...]) -> Finding | None:
    """The finding that rejected."""
    return next((finding for finding in findings if finding.severity == "error"), None)


def _cut(text: str) -> str:
    return text if len(text) <= EXAMPLE else text[: EXAMPLE - 1] + "…"
