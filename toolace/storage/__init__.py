"""A workspace on storage that is no disk: `-w s3://bucket/run`, or any other URL that fsspec knows.

A store has no rename, no append and no lock. So a command works in a folder of this machine as ever, and a mirror
(`mirror.Mirror`) takes a lease, brings what the store has, and carries back what has changed every few seconds and at the
end. A lost machine loses at most what it settled and paid in the last `mirror.PUSH_SECONDS` and one push; another one goes
on from the rest. fsspec is imported here alone, and only for a URL; keys come to it by the environment, as it wants them.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from toolace.storage.mirror import Mirror

_URL = re.compile(r"([a-z][a-z0-9+.-]+):/+")


def mirror_of(root: str | Path) -> Mirror | None:
    """The mirror of a URL; None for a folder. Raises UserMistake where the URL cannot be opened here."""
    url = url_of(root)
    if url is None:
        return None
    from toolace.storage.mirror import Mirror

    return Mirror(url)


def url_of(root: str | Path) -> str | None:
    """The URL that a workspace is named by; None for a folder. A `Path` has folded its slashes into one."""
    text = str(root)
    found = _URL.match(text)
    if not found:
        return None
    is_local = found[1] in ("file", "local")
    return text if is_local else f"{found[1]}://{text[found.end() :]}".rstrip("/")
