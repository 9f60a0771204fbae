"""What nodes pay, without Ray: it lies in the driver's log, and a node gets what its stage may ask for again."""

from __future__ import annotations

from pathlib import Path

import pytest

from toolace.backends.costs import Bill
from toolace.backends.replies import Reply, ReplyLog
from toolace.cluster import ledger
from toolace.cluster.ledger import Ledger


def paid(folder: Path, *stages: str) -> list[bytes]:
    """A log with a reply for each of these stages, and its lines."""
    log = ReplyLog(folder, is_shared=True)
    for number, stage in enumerate(stages):
        log.put(bytes([number]) * 16, Reply(f"reply {number}"), Bill(stage, "role", "model", 1, 1, 0.5))
    log.forget([bytes([0]) * 16])
    log.close()
    return (folder / "segment-00000.jsonl").read_bytes().splitlines(keepends=True)


@pytest.mark.parametrize("size", [0, 1 << 20])
def test_a_stage_gets_what_it_may_ask_for_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """In messages of a bounded size: its own replies, those of no known stage, and what is to be forgotten."""
    monkeypatch.setattr(ledger, "CHUNK_BYTES", size)
    lines = paid(tmp_path, "synth-apis", "gen-dialogs", "verify", "mine")
    found, place = Ledger(tmp_path).earlier("gen-dialogs")
    while place is not None:
        more, place = Ledger(tmp_path).earlier("gen-dialogs", place)
        found += more
    assert found == lines[1] + lines[3] + lines[4]


def test_each_node_has_a_segment_of_its_own(tmp_path: Path) -> None:
    """The driver's log takes them up while they grow, and another node can have a lost one's."""
    (first, *_), (second, *_) = paid(tmp_path / "a", "verify"), paid(tmp_path / "b", "gen-dialogs")
    log = ReplyLog(tmp_path / "log", is_shared=True)
    log.load()
    book = Ledger(tmp_path / "log")
    book.take("one", first)
    log.catch_up()
    book.take("other", second)
    book.take("one", second)
    log.catch_up()
    assert (log.elsewhere, log.totals.cost) == (3, 1.5)
    assert [book.of("one"), book.of("other"), book.of("none")] == [first + second, second, b""]
    book.close()
    assert len(list((tmp_path / "log").iterdir())) == 2
