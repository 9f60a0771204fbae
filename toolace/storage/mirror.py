"""A working folder on this machine and its copy in a store.

The folder is at every instant one that a killed run can be gone on from (toolace/shards.py), and what is carried keeps
that: paid replies first, then parts and journals, then what is to be deleted, then the manifests as they stood before all
that, so that none names a part which is not there. The index comes first, without what is about to change, and last. It holds a
token: where the store's token is one that this folder has written or read, nobody else has worked there, and the folder is
no older than the store. Else the store is right; only paid replies that it lacks are kept.
"""

from __future__ import annotations

import _thread
import contextlib
import hashlib
import logging
import os
import threading
import uuid
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

import orjson

from toolace.assets import cache_folder
from toolace.storage.arrival import INCOMING, take_over
from toolace.storage.lease import Lease
from toolace.storage.pieces import grown, is_segment, piece_name, segments_in
from toolace.storage.store import OWN, Store, Unreachable
from toolace.wholefiles import digest_of_file, replace

PUSH_SECONDS = 10.0
"""What has changed is carried to the store this often."""

INDEX = OWN + "index.json"

_STATE = ".mirror.json"
_OWN = {".lock", _STATE}

log = logging.getLogger(__name__)


class Mirror:
    """The working folder of one URL: in TOOLACE_CACHE, or ~/.cache/toolace."""

    def __init__(self, url: str):
        """Raises UserMistake where fsspec, or its package for this kind of storage, is missing."""
        self.url = url
        name = f"{url.rstrip('/').rpartition('/')[2]}-{hashlib.sha256(url.encode()).hexdigest()[:12]}"
        self.folder = cache_folder() / "workspaces" / name
        self._store = Store(url)
        self._lease = Lease(self._store)
        self.is_current = False
        """Whether the folder has been compared with the store by now."""
        self._is_indexed = True
        self._ending = threading.Event()
        self._failure: BaseException | None = None
        state = self._state()
        self._tokens: list[str] = state.get("tokens", [])
        self._files: dict[str, list[Any]] = state.get("files", {})
        """What the store has of the folder: size, time of change in ns, SHA-256. Of a segment: how much of it."""

    @property
    def shown(self) -> str:
        """The URL for people, without a password."""
        return self._store.shown

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Holds the store's lease; the folder has what the store has, and the store gets what changes. Raises UserMistake
        for a store that is in use or cannot be reached, and Stopped where another process has taken over."""
        self._lease.take()
        try:
            self.pull(self._lease.renew)
        except BaseException:
            with contextlib.suppress(Unreachable):
                self._lease.release()
            raise
        pushing = threading.Thread(target=self._keep_pushing, name="workspace-push", daemon=True)
        pushing.start()
        try:
            yield
        finally:
            self._ending.set()
            pushing.join()
            self._end()

    def pull(self, renew: Callable[[], None] = lambda: None) -> None:
        """Brings what the store has and the folder lacks, and takes away what the store has not; `renew` is called now
        and then."""
        self.is_current = True
        index = orjson.loads(self._store.read(INDEX) or b"null")
        if index is not None and index["token"] in self._tokens:
            return
        there = self._store.names() if index is not None or not self._tokens else set()
        if there:
            digests = (index or {}).get("files", {})
            self._files = take_over(self._store, self.folder, set(self._found()), there, digests, renew)
        else:  # nothing was carried there yet, or it was emptied: what is here is all
            self._files = {}
        self._tokens = [index["token"]] if index else [uuid.uuid4().hex]
        self._save()

    def push(self) -> None:
        """Carries what has changed since the last time. Raises Unreachable, and Stopped where the lease is lost."""
        self._lease.renew()
        found = self._found()
        changed = [name for name in found if self._files.get(name, [])[:2] != found[name]]
        gone = self._files.keys() - found.keys()
        if not changed and not gone and self._is_indexed:
            return
        self._tokens = [*self._tokens[-1:], uuid.uuid4().hex]
        self._save()
        self._index(without={*changed, *gone})
        manifests = {name: (self.folder / name).read_bytes() for name in changed if name.endswith("_manifest.json")}
        for name in sorted(set(changed) - manifests.keys(), key=lambda name: (not name.startswith("replies/"), name)):
            self._lease.renew()
            with contextlib.suppress(FileNotFoundError):  # gone since; the next push sees to it
                self._carry(name, found[name])
        self._forget(gone)
        for name, content in manifests.items():
            self._store.write(name, content)
            self._files[name] = [*found[name], hashlib.sha256(content).hexdigest()]
        self._save()
        self._index()
        self._is_indexed = True

    def send(self, path: Path) -> None:
        """One file, by a command that only looks and holds no lease."""
        self._store.send(str(path.relative_to(self.folder)), path)

    def _keep_pushing(self) -> None:
        is_told = False
        while not self._ending.wait(PUSH_SECONDS):
            try:
                self.push()
                is_told = False
            except Unreachable as error:
                if not is_told:
                    log.warning("%s; going on here, and trying again", error)
                is_told = True
            except BaseException as error:  # told by the main thread, which is to end its work
                self._failure = error
                _thread.interrupt_main()
                return

    def _end(self) -> None:
        """The last push. What it cannot carry stays in the folder."""
        if self._failure is not None:
            raise self._failure
        try:
            self.push()
            self._join_pieces()
        except Unreachable as error:
            kept = f"what is finished is kept in {self.folder}: run the same command again"
            raise Unreachable(f"{error}; {kept}") from error
        finally:
            with contextlib.suppress(Unreachable):
                self._lease.release()

    def _found(self) -> dict[str, list[int]]:
        """Size and time of change of every file that belongs to the workspace."""
        found: dict[str, list[int]] = {}
        for place, folders, files in os.walk(self.folder):
            folders[:] = sorted(one for one in folders if one != INCOMING)
            for file in files:
                name = os.path.relpath(os.path.join(place, file), self.folder)
                if name not in _OWN and not file.endswith(".tmp"):
                    with contextlib.suppress(FileNotFoundError):
                        about = os.stat(self.folder / name)
                        found[name] = [about.st_size, about.st_mtime_ns]
        return found

    def _carry(self, name: str, about: list[int]) -> None:
        path = self.folder / name
        if not is_segment(name):
            digest = digest_of_file(path)
            self._store.send(name, path)
            self._files[name] = [*about, digest]
            return
        offset = self._files.get(name, [0, 0, 0])[2]
        if more := grown(path, offset):
            self._store.write(piece_name(name, offset), more)
        self._files[name] = [*about, offset + len(more)]

    def _index(self, without: Collection[str] = ()) -> None:
        """Tells what the store has, but for what is about to change there."""
        self._is_indexed = False
        files = {name: digest for name, (_, _, digest) in self._files.items() if name not in without}
        self._store.write(INDEX, orjson.dumps({"token": self._tokens[-1], "files": files}))

    def _forget(self, gone: set[str]) -> None:
        self._store.delete(sorted(gone))
        for name in gone:
            del self._files[name]

    def _join_pieces(self) -> None:
        """Makes each segment one object, so that the store holds the workspace as a disk would."""
        if not any(is_segment(name) for name in self._files):
            return
        for name, pieces in segments_in(self._store.names()).items():
            if len(pieces) > 1 and (self.folder / name).exists():
                self._lease.renew()
                self._store.send(name, self.folder / name)
                self._store.delete(piece for offset, piece in pieces if offset)

    def _state(self) -> dict[str, Any]:
        """What this folder remembers of the store; empty where nothing was carried, or that is not readable."""
        try:
            found = orjson.loads((self.folder / _STATE).read_bytes())
        except (FileNotFoundError, orjson.JSONDecodeError):
            return {}
        return found if isinstance(found, dict) else {}

    def _save(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        replace(self.folder / _STATE, [orjson.dumps({"tokens": self._tokens, "files": self._files})])
