"""A folder's lock: it dies with its process, so that a stale one needs no cleaning."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from toolace.errors import UserMistake


class InUse(UserMistake):
    """Another process holds the workspace."""


@contextlib.contextmanager
def locked(root: Path) -> Iterator[None]:
    """Holds a folder, which is made when missing. Raises InUse, and UserMistake where it cannot be written."""
    try:
        root.mkdir(parents=True, exist_ok=True)
        file = (root / ".lock").open("a+b")
    except OSError as error:
        raise UserMistake(
            f"workspace {str(root)!r} cannot be written: {error.strerror}; give another with -w"
        ) from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                raise
            file.seek(0)
            holder = file.read(20).decode(errors="replace").strip() or "another one"
            raise InUse(
                f"workspace {str(root)!r} is in use by process {holder}; wait for it or give another with -w"
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()).encode())
        file.flush()
        yield
