"""Which of several files that describe one API in several versions is the newest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

Order = tuple[tuple[int, ...], int, tuple[int, ...]]

_STABLE: Final = 9
_STAGES: Final = {"dev": 0, "experimental": 0, "alpha": 1, "beta": 2, "preview": 3, "pre": 3, "rc": 4, "canary": 1}
_TOKEN = re.compile(r"\d+|[a-z]+")


@dataclass(frozen=True, slots=True)
class Identity:
    """Which API a file describes, and where its version stands among the others of that API."""

    key: tuple[str, ...]
    name: str
    """What it is called in messages."""
    order: tuple[Order, ...]


def version_key(version: str) -> Order:
    """Sorts v1 < v1.1 < v2beta < v2, v1p1beta1 after v1, dates by day; unknown words count as nothing."""
    numbers: list[int] = []
    after: list[int] = []
    stage = _STABLE
    for token in _TOKEN.findall(version.lower().rpartition("_")[2]):
        if token.isdigit():
            (numbers if stage == _STABLE else after).append(int(token[:18]))
        else:
            stage = min(stage, _STAGES.get(token, _STABLE))
    while numbers and numbers[-1] == 0:
        numbers.pop()  # 1.0 is 1
    return tuple(numbers), stage, tuple(after)


def superseded(identities: Sequence[Identity | None]) -> dict[int, tuple[str, int]]:
    """By its place, each file that another one of the same API outdates: the API's name and the newest's place."""
    known = [(place, found) for place, found in enumerate(identities) if found]
    newest: dict[tuple[str, ...], tuple[tuple[Order, ...], int]] = {}
    for place, found in known:
        if found.key not in newest or found.order > newest[found.key][0]:
            newest[found.key] = (found.order, place)
    return {place: (found.name, newest[found.key][1]) for place, found in known if found.order < newest[found.key][0]}
