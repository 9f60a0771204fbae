"""A folder and its copy in a store: what is carried, what comes, and who is right where they differ."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from toolace.errors import Stopped, UserMistake
from toolace.storage import lease, mirror
from toolace.storage.mirror import Mirror

SEGMENT = "replies/segment-00000.jsonl"

Machine = Callable[[str], Mirror]


@pytest.fixture
def machine(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """machine(name): the mirror as a command on that machine opens it."""
    monkeypatch.setattr(lease, "SETTLE_SECONDS", 0.0)

    def opened(name: str) -> Mirror:
        monkeypatch.setenv("TOOLACE_CACHE", str(tmp_path / name))
        return Mirror(url)

    return opened


def write(found: Mirror, **files: str) -> None:
    """Files below `dialogs`, and with the name `replies` the first segment of the log."""
    for name, text in files.items():
        path = found.folder / (SEGMENT if name == "replies" else f"dialogs/{name}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def tree(folder: Path) -> dict[str, str]:
    """What the folder holds of a workspace."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != ".mirror.json")
    return {str(path.relative_to(folder)): path.read_text() for path in files}


def test_another_machine_has_what_this_one_carried(machine: Machine) -> None:
    """What was changed and what was taken away as well; temporary files stay where they are."""
    first = machine("first")
    with first.held():
        write(first, a="1", b="1", **{"c.tmp": "1"})
        first.push()
        write(first, a="2")
        (first.folder / "dialogs" / "b").unlink()
    second = machine("second")
    with second.held():
        assert tree(second.folder) == {"dialogs/a": "2"}


def test_the_log_is_carried_in_pieces_and_put_together_at_the_end(machine: Machine) -> None:
    """Each push carries the whole lines that came since the last one."""
    first = machine("first")
    with first.held():
        for text in ("one\n", "one\ntwo\nto", "one\ntwo\ntorn\n"):
            write(first, replies=text)
            first.push()
        found = sorted(name for name in first._store.names() if "segment" in name)
        assert found == [SEGMENT, f"{SEGMENT}.000000000004", f"{SEGMENT}.000000000008"]
        assert first._store.read(found[1]) == b"two\n"
        second = machine("second")
        second.pull()
        assert tree(second.folder) == {SEGMENT: "one\ntwo\ntorn\n"}
    assert first._store.names() == {SEGMENT}
    assert first._store.read(SEGMENT) == b"one\ntwo\ntorn\n"


def test_work_that_was_not_carried_goes_on_where_it_was_done(machine: Machine) -> None:
    """Nobody else has worked there meanwhile, so the folder is newer than the store."""
    first = machine("first")
    with first.held():
        write(first, a="1")
    write(first, a="2", b="2")
    again = machine("first")
    with again.held():
        assert tree(again.folder) == {"dialogs/a": "2", "dialogs/b": "2"}
    second = machine("second")
    second.pull()
    assert tree(second.folder) == {"dialogs/a": "2", "dialogs/b": "2"}


def test_where_another_machine_went_on_the_store_is_right(machine: Machine) -> None:
    """But no paid reply is lost: those that only this machine has get a segment of their own."""
    first = machine("first")
    with first.held():
        write(first, a="1", replies="common\n")
    write(first, a="lost", b="lost", replies="common\npaid here\n")
    second = machine("second")
    with second.held():
        write(second, a="2", replies="common\npaid there\n")
    again = machine("first")
    with again.held():
        assert tree(again.folder) == {
            "dialogs/a": "2",
            SEGMENT: "common\npaid there\n",
            "replies/segment-00001.jsonl": "paid here\n",
        }
    second.pull()
    assert "replies/segment-00001.jsonl" in tree(second.folder)


def test_a_push_that_was_cut_off_counts_for_another_machine(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it carried is taken over also by a folder that had all of the last whole push."""
    first, second = machine("first"), machine("second")
    with first.held():
        write(first, a="1", b="1")
    second.pull()
    first = machine("first")
    first.pull()
    write(first, a="2", b="2", replies="one\n")
    send = first._store.send

    def cut_off(name: str, path: Path) -> None:
        if name == "dialogs/b":
            raise KeyboardInterrupt
        send(name, path)

    monkeypatch.setattr(first._store, "send", cut_off)
    with pytest.raises(KeyboardInterrupt):
        first.push()
    second = machine("second")
    second.pull()
    assert tree(second.folder) == {"dialogs/a": "2", "dialogs/b": "1", SEGMENT: "one\n"}


def test_a_run_that_was_copied_there_by_hand_is_gone_on_from(machine: Machine) -> None:
    """Objects without an index."""
    first = machine("first")
    first._store.write("dialogs/a", b"1")
    first._store.write(SEGMENT, b"one\n")
    first.pull()
    assert tree(first.folder) == {"dialogs/a": "1", SEGMENT: "one\n"}


def test_manifests_are_carried_last_and_as_they_stood_before_the_parts(machine: Machine) -> None:
    """A manifest must not name a part that the store has not."""
    first = machine("first")
    sent: list[str] = []
    with first.held():
        write(first, **{"_manifest.json": "old", "part-00000.jsonl": "1"})
        send, put = first._store.send, first._store.write

        def slow_send(name: str, path: Path) -> None:
            send(name, path)
            sent.append(name)
            write(first, **{"_manifest.json": "new", "part-00001.jsonl": "1"})

        def noted(name: str, content: bytes) -> None:
            put(name, content)
            sent.append(f"{name}={content.decode()}" if "manifest" in name else name)

        first._store.send, first._store.write = slow_send, noted  # type: ignore[method-assign]
        first.push()
        assert sent == [mirror.INDEX, "dialogs/part-00000.jsonl", "dialogs/_manifest.json=old", mirror.INDEX]
        first._store.send, first._store.write = send, put  # type: ignore[method-assign]


def test_what_changes_is_carried_while_the_work_goes_on(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every few seconds, without being asked."""
    monkeypatch.setattr(mirror, "PUSH_SECONDS", 0.02)
    first = machine("first")
    with first.held():
        write(first, a="1")
        for _ in range(200):
            if "dialogs/a" in first._store.names():
                return
    pytest.fail("nothing was carried")


def test_a_store_that_is_in_use_is_refused(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says by whom, and is free again afterwards."""
    first, second = machine("first"), machine("second")
    with first.held():
        with pytest.raises(UserMistake, match=r"is in use by process \d+ on .*, seen 0 s ago"), second.held():
            pass
        write(first, a="1")
    with second.held():
        assert tree(second.folder) == {"dialogs/a": "1"}


DEAD = [
    ("of this machine that is gone", {"pid": 1 << 22 | 1}),
    ("of another one, long ago", {"machine": "x", "seen": 1.0}),
]


@pytest.mark.parametrize(("whose", "what"), DEAD)
def test_the_lease_of_a_dead_process_is_taken_over(machine: Machine, whose: str, what: dict[str, object]) -> None:
    """At once where it ran here, else when it has not renewed it for a minute."""
    first = machine("first")
    first._lease._write()
    held = orjson.loads(first._store.read(lease.NAME) or b"")
    first._store.write(lease.NAME, orjson.dumps(held | what))
    second = machine("second")
    with second.held():
        assert first._store.read(lease.NAME) is not None


def test_one_that_was_taken_over_carries_nothing_any_more(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """It stops and says who has taken over."""
    monkeypatch.setattr(lease, "RENEW_SECONDS", 0.0)
    first, second = machine("first"), machine("second")

    def overtaken() -> None:
        with first.held():
            second._lease._write()
            write(first, a="1")

    with pytest.raises(Stopped, match="was taken over by process"):
        overtaken()
    assert second._store.names() == set()
    assert second._lease._found() is not None
