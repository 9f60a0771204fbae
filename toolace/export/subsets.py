"""The subsets of the paper's ablations (section 3.3): each is a reason against a dialog, or none."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping

from toolace.config import Export
from toolace.errors import UserMistake
from toolace.export.split import identities
from toolace.records import Api, Dialog

Choice = Callable[[Dialog], str]
"""Why a dialog is left out; empty for one that is taken."""

CLUSTERS = 30
TAKEN = {"low": 6, "medium": 14, "high": 30}
"""Clusters of each level of diversity (paper, section 3.3.3)."""


def selection(settings: Export, dialogs: Callable[[], Iterator[Dialog]], pool: Callable[[], Iterable[Api]]) -> Choice:
    """What these settings leave out. Raises UserMistake where the dialogs do not hold what a subset is made by."""
    choices: list[Choice] = []
    if settings.without_kind:
        choices.append(_without(settings.without_kind))
    if settings.complexity == "in-range":
        choices.append(lambda dialog: "" if dialog.complexity and dialog.complexity.in_range else "out_of_range")
    elif settings.complexity:
        choices.append(_third(settings.complexity, dialogs()))
    if settings.diversity:
        choices.append(_within_clusters(clusters(pool()), TAKEN[settings.diversity]))
    return lambda dialog: next((reason for choice in choices if (reason := choice(dialog))), "")


def rank(id: str) -> int:
    """A dialog's place when a part of them is drawn: 64 bits of its id's hash, the same in every export."""
    return int.from_bytes(hashlib.blake2b(id.encode(), digest_size=8, person=b"rows").digest())


def clusters(apis: Iterable[Api]) -> dict[str, int]:
    """Cluster (0 to 29) of each API, by id and by name: the context tree's branches in order, cut into 30 parts of like
    size.

    The paper does not say how it clusters; neighbours in the tree being alike is what the tree is for. The order of the
    numbers is by hash, so that the first six lie all over the tree.
    """
    ordered = sorted((api.domain, api.id, api.name) for api in apis)
    numbers = sorted(range(CLUSTERS), key=lambda number: rank(str(number)))
    found: dict[str, int] = {}
    for at, (_, id, name) in enumerate(ordered):
        found[id] = found[name] = numbers.index(at * CLUSTERS // len(ordered))
    return found


def _without(kind: str) -> Choice:
    return lambda dialog: f"kind_{kind}" if dialog.kind == kind else ""


def _third(wanted: str, dialogs: Iterator[Dialog]) -> Choice:
    """Thirds of equal size by the learner's loss. Memory: 8 bytes a dialog."""
    losses = array("d", (dialog.complexity.value for dialog in dialogs if dialog.complexity))
    if not losses:
        raise UserMistake("no dialog has a complexity; run `toolace score` first, or leave out --complexity")
    ordered = sorted(losses)
    easy, hard = ordered[(len(ordered) - 1) // 3], ordered[(2 * len(ordered) - 1) // 3]

    def outside(dialog: Dialog) -> str:
        if not dialog.complexity:
            return "without_complexity"
        value = dialog.complexity.value
        third = "easy" if value <= easy else "medium" if value <= hard else "hard"
        return "" if third == wanted else f"complexity_{third}"

    return outside


def _within_clusters(cluster_of: Mapping[str, int], taken: int) -> Choice:
    """Dialogs whose called tools lie in the first `taken` clusters; without calls, whose first candidate does."""

    def outside(dialog: Dialog) -> str:
        called = {call.function.name for message in dialog.messages for call in message.tool_calls or ()}
        tools = zip(identities(dialog), dialog.tools, strict=True)
        ids = [id for id, tool in tools if tool["function"]["name"] in called] or identities(dialog)[:1]
        numbers = [cluster_of.get(id, CLUSTERS) for id in ids]
        return "" if all(number < taken for number in numbers) else "outside_the_clusters"

    return outside
