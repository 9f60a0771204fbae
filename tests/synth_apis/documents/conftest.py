"""Writes a small document and reads it back, as the tests of all formats do."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from toolace.synth_apis.documents import Document, Skipped, read_documents

ReadOne = Callable[..., Any]


@pytest.fixture
def read_one(tmp_path: Path) -> ReadOne:
    """Reads one file of the given content (bytes, text, or anything that JSON can write)."""

    def read(content: Any, name: str = "file") -> Document | Skipped:
        path = tmp_path / name
        if not isinstance(content, str | bytes):
            content = json.dumps(content)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        (result,) = read_documents([path])
        return result

    return read
