"""The objects under one URL: read, written, listed and deleted through fsspec."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from toolace.errors import UserMistake

EXTRA = "pip install 'toolace[storage]'"

AT_ONCE = 64
"""Objects of one transfer."""

OWN = "_store/"
"""Objects that are no files of the workspace."""


class Unreachable(UserMistake):
    """The store does not do what it is asked to."""


class Store:
    """Objects by name, below a URL. Every failure is Unreachable."""

    def __init__(self, url: str):
        """Raises UserMistake where a package is missing or the kind of storage is unknown."""
        self.shown = re.sub(r"://[^/]*:[^/]*@", "://***@", url)
        try:
            from fsspec.core import url_to_fs

            self._fs, self._root = url_to_fs(url)
        except ImportError as error:
            raise UserMistake(
                f"workspace {self.shown!r}: {error}; {EXTRA} brings S3, others have packages of their own"
            ) from None
        except ValueError as error:
            raise UserMistake(f"workspace {self.shown!r}: {_first_line(error)}") from None
        if hasattr(self._fs, "auto_mkdir"):
            self._fs.auto_mkdir = True

    def read(self, name: str) -> bytes | None:
        """An object's content; None without one."""
        with self._reaching():
            try:
                found: bytes = self._fs.cat_file(self._at(name))
            except FileNotFoundError:
                return None
            return found

    def write(self, name: str, content: bytes) -> None:
        """Puts an object in place of what is there."""
        with self._reaching():
            self._fs.pipe_file(self._at(name), content)

    def send(self, name: str, path: Path) -> None:
        """Puts a file's content there. Raises FileNotFoundError where the file is gone by now."""
        if not path.exists():
            raise FileNotFoundError(path)
        with self._reaching():
            self._fs.put_file(str(path), self._at(name))

    def fetch(self, names: Iterable[str], folder: Path) -> Iterator[str]:
        """Brings objects into a folder, under their names; yields each that has come."""
        wanted = list(names)
        for at in range(0, len(wanted), AT_ONCE):
            some = wanted[at : at + AT_ONCE]
            places = [folder / name for name in some]
            for place in places:
                place.parent.mkdir(parents=True, exist_ok=True)
            with self._reaching():
                self._fs.get([self._at(name) for name in some], [str(place) for place in places])
            yield from some

    def names(self) -> set[str]:
        """Every object below the URL that is the workspace's."""
        with self._reaching():
            self._fs.invalidate_cache()
            found = self._fs.find(self._root)
        names = {path.removeprefix(self._root).lstrip("/") for path in found}
        return {name for name in names if not name.startswith(OWN)}

    def delete(self, names: Iterable[str]) -> None:
        """Takes objects away; one that is gone already is fine."""
        for name in names:
            with self._reaching(), contextlib.suppress(FileNotFoundError):
                self._fs.rm_file(self._at(name))

    def _at(self, name: str) -> str:
        return f"{self._root}/{name}"

    @contextlib.contextmanager
    def _reaching(self) -> Iterator[None]:
        """Each fsspec backend has errors of its own, of no common class."""
        try:
            yield
        except Exception as error:
            raise Unreachable(
                f"{self.shown} cannot be used ({type(error).__name__}: {_first_line(error)}); "
                "check the address, the network and the credentials in the environment"
            ) from error


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or ["no reason given"])[0][:200]
