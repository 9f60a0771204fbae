"""Voting over HTTP: how many dialogs carry a contradicted action, beside what chance allows.

    python scripts/bench/contradictions.py WORKSPACE [--dialogs 400] [--rate 0.1]

WORKSPACE holds apis/. A loopback server answers from the simulator; a share of the assistant's samples, drawn at random,
decides otherwise: another value in a call, a question instead of an answer, an answer instead of a question. It is the
worst case: the contradicting samples of one action agree with each other. Each sample that contradicts is marked, so
that a dialog shows where it carries one, and the server's book says how the samples of each vote were divided. A fault of
ours would be an action that goes against its vote.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import os
import shutil
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from toolace.backends.simulator import Simulator
from toolace.cli import app
from toolace.gen_dialogs.roles import ASSISTANT, AssistantReply
from toolace.gen_dialogs.voting import decision_of
from toolace.records import Dialog
from toolace.roles import C, Key, R, Role
from toolace.shards import Workspace
from toolace.shell import run_app
from toolace.testing import LoopbackServer

VOTES, RETRIES = 3, 2
THRESHOLDS = {"majority": 0.6, "unanimity": 1.0}
MARK = "CONTRADICTION"


class Contradicting(Simulator):
    """The simulator, but for a share of the assistant's samples. `book` has, by vote, which samples contradicted."""

    def __init__(self, rate: float):
        super().__init__(seed=0)
        self.rate = rate
        self.book: dict[tuple[int, int, int], dict[int, bool]] = defaultdict(dict)

    async def ask(self, role: Role[C, R], context: C, key: Key) -> R:
        """Answers one role."""
        reply = await super().ask(role, context, key)
        if role is not ASSISTANT:
            return reply
        drawn = int.from_bytes(hashlib.blake2b(repr(key).encode(), digest_size=8).digest()) / 2**64
        self.book[key.record, key.turn, key.attempt][key.sample] = drawn < self.rate
        if drawn >= self.rate:
            return reply
        assert isinstance(reply, AssistantReply)
        other = contradicted(reply)
        assert decision_of(other) != decision_of(reply)
        return role.reply.model_validate(other.model_dump())


def contradicted(reply: AssistantReply) -> AssistantReply:
    """The same action decided otherwise, always in the same way."""
    marked: dict[str, Any] = {"thought": reply.thought.model_copy(update={"asked": MARK})}
    for at, call in enumerate(reply.calls):
        for name, value in call.arguments.items():
            if isinstance(value, str | int | float) and not isinstance(value, bool):
                wrong = f"{value} x" if isinstance(value, str) else value + 1
                one = call.model_copy(update={"arguments": {**call.arguments, name: wrong}})
                marked["calls"] = (*reply.calls[:at], one, *reply.calls[at + 1 :])
                return reply.model_copy(update=marked)
    speaks = reply.action == "ask"
    said = {"action": "answer", "content": "That is all."} if speaks else {"action": "ask", "content": "Which one?"}
    return reply.model_copy(update={**marked, **said, "calls": ()})


def chance(threshold: str, rate: float) -> float:
    """Probability that an action that came through its vote is the contradicted one."""
    wrong = math.comb(3, 2) * rate**2 * (1 - rate) + rate**3 if threshold == "majority" else rate**3
    right = 1 - wrong if threshold == "majority" else (1 - rate) ** 3
    return wrong / (wrong + right)


def made(workspace: Path, share: float, count: int, rate: float) -> tuple[list[Dialog], Contradicting]:
    """Dialogs made over HTTP from this workspace's pool, and who answered."""
    backend = Contradicting(rate)
    with tempfile.TemporaryDirectory() as folder, LoopbackServer(backend) as server:
        shutil.copytree(workspace / "apis", Path(folder) / "apis")
        settings = {
            "backend.kind": "openai",
            "backend.base_url": server.url,
            "backend.send_context": "true",
            "complexity.learner": "none",
            "gen_dialogs.votes": VOTES,
            "gen_dialogs.retries": RETRIES,
            "gen_dialogs.agreement": share,
            "gen_dialogs.num_dialogs": count,
            "run.concurrency": 32,
        }
        options = [part for name, value in settings.items() for part in ("--set", f"{name}={value}")]
        assert run_app(app, ["gen-dialogs", "-w", folder, *options]) == 0
        return list(Workspace(Path(folder)).stage("dialogs").records(Dialog)), backend


def faults(dialog: Dialog, backend: Contradicting, needed: int) -> tuple[int, int]:
    """Contradicted actions that a dialog carries, and actions that go against their vote. An action's vote is its last."""
    carried = against = 0
    assert dialog.lineage is not None
    actions = [message for message in dialog.messages if message.role == "assistant"]
    for number, message in enumerate(actions, 1):
        record = dialog.lineage.attempt
        last = max(attempt for at, turn, attempt in backend.book if (at, turn) == (record, number))
        contradicting = sum(backend.book[record, number, last].values())
        is_marked = message.thought is not None and message.thought.asked == MARK
        carried += is_marked
        against += is_marked != (contradicting >= needed)
        against += not is_marked and VOTES - contradicting < needed
    return carried, against


def main() -> None:
    """Prints one line a threshold."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--dialogs", type=int, default=400)
    parser.add_argument("--rate", type=float, default=0.1)
    options = parser.parse_args()
    os.environ.setdefault("OPENAI_API_KEY", "loopback")
    for name, share in THRESHOLDS.items():
        dialogs, backend = made(options.workspace, share, options.dialogs, options.rate)
        needed = math.ceil(share * VOTES)
        found = [faults(dialog, backend, needed) for dialog in dialogs]
        sizes = [sum(message.role == "assistant" for message in dialog.messages) for dialog in dialogs]
        single = chance(name, options.rate)
        likely = [1 - (1 - single) ** size for size in sizes]
        spread = math.sqrt(sum(one * (1 - one) for one in likely)) / len(dialogs)
        samples = [one for vote in backend.book.values() for one in vote.values()]
        print(
            f"{name} of {VOTES}: {len(dialogs)} dialogs, {sum(sizes)} decisions from {len(backend.book)} votes, "
            f"{sum(samples) / len(samples):.1%} of {len(samples)} samples contradicted; "
            f"contradicted actions {sum(one for one, _ in found) / sum(sizes):.2%} (chance {single:.2%}); dialogs that "
            f"carry one {sum(one > 0 for one, _ in found) / len(dialogs):.2%} (chance {sum(likely) / len(dialogs):.2%} ± "
            f"{spread:.2%}); against their vote: {sum(against for _, against in found)}",
            flush=True,
        )


if __name__ == "__main__":
    main()
