"""People's decisions (`toolace review`) as export applies them: what they rejected, edited, and took back from the rejected."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from toolace.export.subsets import Choice
from toolace.records import Dialog
from toolace.review import Decision


class People:
    """The decisions on some dialogs. `outdated` gathers the ids of dialogs that have changed since; nothing is done to them."""

    def __init__(self, decisions: Mapping[str, Decision]):
        self._decisions = decisions
        self.outdated: set[str] = set()

    def applied(self, dialogs: Callable[[], Iterator[Dialog]]) -> Callable[[], Iterator[Dialog]]:
        """The dialogs as edited, and after them those that verification rejected and people want."""

        def stream() -> Iterator[Dialog]:
            for dialog in dialogs():
                word = self._decisions.get(dialog.id)
                if word and not word.is_about(dialog):
                    self.outdated.add(dialog.id)
                yield (word.applied(dialog) or dialog) if word else dialog
            yield from (word.rescued for word in self._decisions.values() if word.rescued)

        return stream

    def allowing(self, choose: Choice) -> Choice:
        """`choose`, and no dialog that people rejected."""

        def chosen(dialog: Dialog) -> str:
            word = self._decisions.get(dialog.id)
            return "rejected_by_people" if word and word.applied(dialog) is None else choose(dialog)

        return chosen
