"""People's decisions are applied: rejected, edited, taken back; and never to a dialog they did not see."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from toolace.export.people import People
from toolace.records import Dialog
from toolace.review import Decision
from toolace.review.decision import fingerprint

Dialogs = Callable[[], Iterator[Dialog]]


def decided(dialog: Dialog, word: str, *, accepted: bool = True, instead: Dialog | None = None) -> Decision:
    """A decision on the dialog as it is."""
    return Decision.model_validate(
        {"dialog": dialog.id, "decision": word, "accepted": accepted, "seen": fingerprint(dialog), "instead": instead}
    )


def test_decisions_change_what_is_exported(dialogs: Dialogs) -> None:
    """One rejected, one edited, one rescued, the rest as they were."""
    whole = list(dialogs())
    edited = whole[2].model_copy(update={"kind": "none"})
    rescued = whole[5].model_copy(update={"id": "dialog-9999999"})
    words = [
        decided(whole[1], "reject"),
        decided(whole[2], "edit", instead=edited),
        decided(rescued, "accept", accepted=False, instead=rescued),
    ]
    people = People({word.dialog: word for word in words})
    choose = people.allowing(lambda dialog: "last" if dialog.id == whole[-1].id else "")
    stream = list(people.applied(dialogs)())
    assert [one for one in stream if choose(one)] == [whole[1], whole[-1]]
    assert [choose(whole[1]), choose(whole[-1]), choose(edited), choose(rescued)] == [
        "rejected_by_people",
        "last",
        "",
        "",
    ]
    assert stream == [*whole[:2], edited, *whole[3:], rescued]
    assert people.outdated == set()


def test_a_dialog_that_has_changed_since_is_left_as_it_is(dialogs: Dialogs) -> None:
    """The decision was on another one of the same id."""
    first = next(dialogs())
    old = first.model_copy(update={"kind": "none"})
    people = People({first.id: decided(old, "reject")})
    assert next(people.applied(dialogs)()) == first
    assert people.allowing(lambda dialog: "")(first) == ""
    assert people.outdated == {first.id}
