"""The subsets of the paper's ablations (section 3.3): each is a reason against a dialog, or none."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping

from toolace.config import Export
from toolace.errors import UserMistake
from toolace.export.split import identities
from toolace.records import Api, Complexity, Dialog

Scores = Callable[[Dialog], Complexity | None]
"""How hard a dialog is for the learner, where that was measured."""

Choice = Callable[[Dialog], str]
"""Why a dialog is left out; empty for one that is taken."""

CLUSTERS = 30
TAKEN = {"low": 6, "medium": 14, "high": 30}
"""Clusters of each level of diversity (paper, section 3.3.3)."""


def selection(
    settings: Export,
    dialogs: Callable[[], Iterator[Dialog]],
    pool: Callable[[], Iterable[Api]],
    scores: Callable[[], Scores] = lambda: lambda dialog: dialog.complexity,
) -> Choice:
    """What these settings leave out. Raises UserMistake where the dialogs do not hold what a subset is made by."""
    choices: list[Choice] = []
    if settings.without_kind:
        choices.append(_without(settings.without_kind))
    if settings.complexity:
        choices.append(_by_complexity(settings.complexity, dialogs(), scores()))
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


def _by_complexity(wanted: str, dialogs: Iterator[Dialog], scores: Scores) -> Choice:
    """Thirds of equal size by the learner's loss, or what lies in its range. Memory: 8 bytes a dialog."""
    losses, learners, judged = array("d"), set(), False
    for found in filter(None, map(scores, dialogs)):
        losses.append(found.value)
        learners.add(f"{found.measure} of {found.learner}")
        judged = judged or found.in_range is not None
    if not losses or (wanted == "in-range" and not judged):
        raise UserMistake("no dialog has a complexity; run `toolace score` first, or leave out --complexity")
    if len(learners) > 1:
        raise UserMistake(
            f"dialogs were scored in {len(learners)} ways ({'; '.join(sorted(learners))}), which cannot be compared; run "
            "`toolace score` first"
        )
    ordered = sorted(losses)
    easy, hard = ordered[(len(ordered) - 1) // 3], ordered[(2 * len(ordered) - 1) // 3]

    def outside(dialog: Dialog) -> str:
        found = scores(dialog)
        if not found:
            return "without_complexity"
        if wanted == "in-range":
            return "" if found.in_range else "out_of_range"
        third = "easy" if found.value <= easy else "medium" if found.value <= hard else "hard"
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
