"""Who works on a store: an object that its holder renews. A second process is refused; a dead one's lease is taken over.

It is dead when it has not renewed for STALE_SECONDS, or at once where it ran on this machine and is gone. Clocks of two
machines may differ by half of that. No store needs to know locks for it: who writes last holds the lease, the other one
sees that on looking again, before it starts or at its next renewal.
"""

from __future__ import annotations

import os
import platform
import time
import uuid
from pathlib import Path
from typing import Any

import orjson

from toolace.errors import Stopped, UserMistake
from toolace.storage.store import OWN, Store

NAME = OWN + "lease.json"

RENEW_SECONDS = 10.0
STALE_SECONDS = 60.0
SETTLE_SECONDS = 0.3
"""Between writing a lease and looking whether somebody else wrote one as well."""


class Lease:
    """One process's hold on a store."""

    def __init__(self, store: Store):
        self._store, self._token, self._renewed = store, uuid.uuid4().hex, 0.0

    def take(self) -> None:
        """Raises UserMistake while another process holds it."""
        found = self._found()
        if found and not _is_dead(found):
            self._refuse(found)
        self._write()
        time.sleep(SETTLE_SECONDS)
        found = self._found()
        if found and found["token"] != self._token:
            self._refuse(found)

    def renew(self) -> None:
        """To be called often. Raises Stopped where another process has taken over, for this one seemed dead."""
        if time.monotonic() - self._renewed < RENEW_SECONDS:
            return
        found = self._found()
        if found and found["token"] != self._token:
            raise Stopped(
                f"{self._store.shown} was taken over by {_shown(found)} while it could not be reached from here"
            )
        self._write()

    def release(self) -> None:
        """Gives it back, if it is still this process's."""
        found = self._found()
        if found and found["token"] == self._token:
            self._store.delete([NAME])

    def _write(self) -> None:
        about = {"token": self._token, "pid": os.getpid(), "host": platform.node(), "machine": _machine()}
        self._store.write(NAME, orjson.dumps({**about, "seen": time.time()}))
        self._renewed = time.monotonic()

    def _found(self) -> dict[str, Any] | None:
        try:
            found = orjson.loads(self._store.read(NAME) or b"null")
        except orjson.JSONDecodeError:  # a store without whole writes; it is written anew
            return None
        return found if isinstance(found, dict) else None

    def _refuse(self, found: dict[str, Any]) -> None:
        seconds = max(0.0, time.time() - found["seen"])
        raise UserMistake(
            f"workspace {self._store.shown!r} is in use by {_shown(found)}, seen {seconds:.0f} s ago; wait for it (a dead "
            f"one is forgotten {STALE_SECONDS:.0f} s after it was seen) or give another with -w"
        )


def _is_dead(found: dict[str, Any]) -> bool:
    if found["machine"] and found["machine"] == _machine():
        return not Path(f"/proc/{found['pid']}").exists()
    return bool(time.time() - found["seen"] > STALE_SECONDS)


def _shown(found: dict[str, Any]) -> str:
    return f"process {found['pid']} on {found['host']}"


def _machine() -> str:
    """This boot of this machine and the numbers its processes go by; empty where that is not told."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip() + os.readlink("/proc/self/ns/pid")
    except OSError:
        return ""
