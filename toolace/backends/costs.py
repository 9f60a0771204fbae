"""What replies cost: tokens times the prices of the configuration, summed by stage, role and model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from toolace.config import Price
from toolace.roles import Key, Role

CHARACTERS_A_TOKEN = 4
"""To estimate tokens where the endpoint tells no usage."""

PARTS = ("stage", "role", "model")
"""What costs are told apart by."""


@dataclass(frozen=True, slots=True)
class Bill:
    """Who asked, and what the reply took. `estimated`: the endpoint told no usage. Without a price, `cost` is None."""

    stage: str
    role: str
    model: str
    input: int
    output: int
    cost: float | None
    estimated: bool = False


class Totals:
    """Sums of bills by (stage, role, model)."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str, str], Counter[str]] = {}
        self.cost = 0.0

    def add(self, bill: Bill) -> None:
        """Counts one paid reply."""
        row = self.rows.setdefault((bill.stage, bill.role, bill.model), Counter())
        row["replies"] += 1
        row["input_tokens"] += bill.input
        row["output_tokens"] += bill.output
        row["estimated"] += bill.estimated
        row["unpriced"] += bill.cost is None
        row["cost"] += bill.cost or 0.0  # type: ignore[assignment]  # a Counter adds floats as well
        self.cost += bill.cost or 0.0

    def summary(self) -> dict[str, Any]:
        """The sum over all, and by stage, role and model."""
        sums: dict[str, dict[str, Counter[str]]] = {name: {} for name in PARTS}
        for key, row in self.rows.items():
            for group, name in zip(sums.values(), key, strict=True):
                group.setdefault(name, Counter()).update(row)
        whole = sum(self.rows.values(), Counter[str]())
        return _shown(whole) | {
            f"by_{by}": {name: _shown(row) for name, row in sorted(group.items())} for by, group in sums.items()
        }


def stage_of(role: Role[Any, Any], key: Key) -> str:
    """The command whose stage asks this role: `gen-dialogs` for a role of toolace.gen_dialogs; else what the key says."""
    package, _, rest = role.context.__module__.partition(".")
    return rest.partition(".")[0].replace("_", "-") if package == "toolace" else key.stage


def cost_per_dialog(summary: Mapping[str, Any], dialogs: int) -> dict[str, Any]:
    """The cost of a summary for each of so many accepted dialogs, in all and by stage, role and model."""
    parts = {
        f"by_{part}": {name: round(row["cost"] / dialogs, 6) for name, row in summary[f"by_{part}"].items()}
        for part in PARTS
    }
    return {"dialogs": dialogs, "cost": round(summary["cost"] / dialogs, 6), **parts}


class Tokens(NamedTuple):
    """What one reply took."""

    input: int
    output: int
    estimated: bool

    @classmethod
    def counted_or_estimated(cls, given: int | None, taken: int | None, asked: int, answered: int) -> Tokens:
        """The endpoint's counts; where it tells none, an estimate from the characters asked and answered."""
        return cls(
            asked // CHARACTERS_A_TOKEN if given is None else given,
            answered // CHARACTERS_A_TOKEN if taken is None else taken,
            given is None or taken is None,
        )

    def bill(self, stage: str, role: str, model: str, price: Price | None) -> Bill:
        """The bill at a price per million tokens."""
        cost = None if price is None else (price.input * self.input + price.output * self.output) / 1e6
        return Bill(stage, role, model, self.input, self.output, cost, self.estimated)


def _shown(row: Counter[str]) -> dict[str, Any]:
    names = ("replies", "input_tokens", "output_tokens", "estimated", "unpriced")
    return {name: row[name] for name in names} | {"cost": round(row["cost"], 6)}
