"""A node's own reply log: it begins with what was paid before, and what is added goes to the ledger."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from pathlib import Path
from typing import Any

from toolace.backends.segments import segment_path, whole_lines
from toolace.cluster.ledger import Place
from toolace.config import Config

SHIP_SECONDS = 0.05
"""How long a paid reply stays on the node alone: a lost one's are paid again for this long, and those on their way."""


class Carried:
    """A folder on a node: of a workspace it holds the replies, and the user's prompt files."""

    def __init__(self, name: str, ledger: Any):
        """`ledger` is the actor's handle, and `name` the node's there."""
        self._name, self._ledger = name, ledger
        self._place = tempfile.TemporaryDirectory(prefix="toolace-node-")
        self.root = Path(self._place.name)
        self._replies = self.root / "replies"
        self._replies.mkdir()
        self._brought: set[Path] = set()
        self._sent: dict[Path, int] = {}
        self._lost: set[str] = set()
        self._one_at_a_time = asyncio.Lock()
        self._shipping: asyncio.Task[None] | None = None

    async def begin(self, stage: str) -> None:
        """Brings what was paid for a stage before, and starts to send what is added."""
        place: Place | None = (0, 0)
        while place is not None:
            lines, place = await self._ledger.earlier.remote(stage, place)
            self._put(lines)
        self._shipping = asyncio.create_task(self._keep_shipping())

    def with_prompts(self, config: Config, prompts: dict[str, str]) -> Config:
        """The configuration with these prompt files, where there are any, in place of the driver's folder."""
        if not prompts:
            return config
        folder = self.root / "prompts"
        folder.mkdir()
        for name, text in prompts.items():
            (folder / name).write_text(text, "utf-8")
        return config.model_copy(update={"prompts_dir": str(folder)})

    async def inherit(self, lost: str) -> None:
        """Brings what a lost node has paid, once."""
        async with self._one_at_a_time:
            if lost not in self._lost:
                self._put(await self._ledger.of.remote(lost))
                self._lost.add(lost)

    async def close(self) -> None:
        """Sends the rest, and leaves nothing on this machine."""
        if self._shipping is not None:
            self._shipping.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._shipping
        await self._ship()
        self._place.cleanup()

    def _put(self, lines: bytes) -> None:
        if not lines:
            return
        number = len(list(self._replies.iterdir()))
        while (path := segment_path(self._replies, number)).exists():
            number += 1
        self._brought.add(path)
        path.write_bytes(lines)

    async def _keep_shipping(self) -> None:
        while True:
            await asyncio.sleep(SHIP_SECONDS)
            await self._ship()

    async def _ship(self) -> None:
        for path in sorted(self._replies.glob("segment-*.jsonl")):
            if path in self._brought:
                continue
            start = self._sent.get(path, 0)
            lines = b"".join(line for _, line in whole_lines(path, repair=False, start=start))
            if lines:
                self._sent[path] = start + len(lines)
                await self._ledger.take.remote(self._name, lines)
