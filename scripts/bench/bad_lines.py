"""Damaged training rows through `toolace verify --input`: no crash, no hang, and every line kept, rejected or errored.

    python scripts/bench/bad_lines.py WORKSPACE [--lines 100000] [--formats openai trl toolace llamafactory]

The dialogs of WORKSPACE are written as rows and damaged, one way a row: bits flipped, cut off, nested deeply, huge numbers,
NUL bytes, lone surrogates, values of another type, and now and then a text of ten million characters. Each format gets an
equal share of the lines; the command runs as a user runs it, rules and simulated experts included.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from toolace.formats import FORMATS, NotCarried, Options, carried
from toolace.records import Dialog
from toolace.shards import Workspace

Json = dict[str, Any]
Damage = Callable[[Json, random.Random], bytes]
STRANGE: tuple[Any, ...] = (
    None, True, -1, 1e308, "", "\x00", "😀" * 50, [], {}, [[[]]], "((((", {"$ref": "#"}, "2024-99-99", "9" * 400,
)  # fmt: skip
LONG_EVERY = 5000
"""Rows to one with a text of ten million characters."""
HANG = 1800
"""Seconds after which the command counts as hanging."""


def main() -> None:
    """Prints what became of the lines of each format; fails where one is missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--lines", type=int, default=100_000, help="damaged lines in all [100000]")
    parser.add_argument("--formats", nargs="+", default=["openai", "trl", "toolace", "llamafactory"])
    options = parser.parse_args()
    folder = Workspace(options.workspace).stage("dialogs")
    dialogs = [Dialog.model_validate_json(line) for _, line in islice(folder.lines(), 500)]
    print("| format | lines | kept | rejected | errored | exit | CPU seconds |\n|---|---:|---:|---:|---:|---:|---:|")
    for name in options.formats:
        with tempfile.TemporaryDirectory() as scratch:
            file = Path(scratch) / "rows.jsonl"
            written = write(file, rows_of(dialogs, name), options.lines // len(options.formats), random.Random(name))
            report(name, written, file, Path(scratch) / "workspace")


def rows_of(dialogs: list[Dialog], name: str) -> list[Json]:
    """The dialogs as rows of a format, but for those it has no place for."""
    rows: list[Json] = []
    for number, dialog in enumerate(dialogs):
        try:
            rows += carried(FORMATS[name], dialog, Options(), number)[0]
        except NotCarried:
            continue
    return rows


def write(file: Path, rows: list[Json], wanted: int, rng: random.Random) -> int:
    """Writes damaged rows; returns the lines that are not blank, as the command counts them."""
    lines = 0
    with file.open("wb") as out:
        for line in islice(damaged(rows, rng), wanted):
            out.write(line + b"\n")
            lines += bool(line.strip())
    return lines


def damaged(rows: list[Json], rng: random.Random) -> Iterator[bytes]:
    """Rows with one damage each, in turn; a line end inside one is taken out, so that it stays one line."""
    for number, damage in enumerate(cycle(DAMAGES), 1):
        row = json.loads(json.dumps(rng.choice(rows)))
        line = too_long(row, rng) if number % LONG_EVERY == 0 else damage(row, rng)
        yield line.replace(b"\n", b" ").replace(b"\r", b" ")


def flip_bits(row: Json, rng: random.Random) -> bytes:
    line = bytearray(json.dumps(row).encode())
    for _ in range(rng.choice((1, 1, 2, 20))):
        line[rng.randrange(len(line))] ^= 1 << rng.randrange(8)
    return bytes(line)


def cut_off(row: Json, rng: random.Random) -> bytes:
    line = json.dumps(row).encode()
    return line[: rng.randrange(len(line))]


def nest(row: Json, rng: random.Random) -> bytes:
    depth = rng.choice((50, 120, 300, 2000, 100_000))
    return replaced(row, rng, "@@").replace(b'"@@"', b'{"a":[' * depth + b"1" + b"]}" * depth)


def huge_number(row: Json, rng: random.Random) -> bytes:
    number = rng.choice((b"1" * 400, b"-" + b"9" * 30, b"1e400", b"1e-400", b"0." + b"3" * 500, b"NaN", b"Infinity"))
    return replaced(row, rng, "@@").replace(b'"@@"', number)


def nul(row: Json, rng: random.Random) -> bytes:
    line = json.dumps(row).encode()
    at = rng.randrange(len(line))
    return line[:at] + rng.choice((b"\x00", b"\\u0000")) + line[at:]


def lone_surrogate(row: Json, rng: random.Random) -> bytes:
    half = rng.choice((b'"\\ud83d"', b'"\\udc00 text"', b'"\xed\xa0\x80"'))
    return replaced(row, rng, "@@").replace(b'"@@"', half)


def other_value(row: Json, rng: random.Random) -> bytes:
    return replaced(row, rng, rng.choice(STRANGE))


def too_long(row: Json, rng: random.Random) -> bytes:
    return replaced(row, rng, "A room is booked. " * 555_555)


DAMAGES: tuple[Damage, ...] = (flip_bits, cut_off, nest, huge_number, nul, lone_surrogate, other_value)


def replaced(row: Json, rng: random.Random, value: Any) -> bytes:
    """The row with another value in a place drawn from all its places."""
    *outer, last = rng.choice([path for path in paths(row) if path])
    node: Any = row
    for step in outer:
        node = node[step]
    node[last] = value
    return json.dumps(row).encode()


def paths(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        yield from paths(value, (*path, key))


def report(name: str, lines: int, file: Path, workspace: Path) -> None:
    """Runs the command and prints its counts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "toolace", "verify", "--input", str(file), "--input-format", name, "--json"]
    done = subprocess.run(
        [*command, "-w", str(workspace)], capture_output=True, text=True, check=False, timeout=HANG, env=os.environ
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode in (0, 1), done.stderr[-2000:]
    found = json.loads(done.stdout)
    kept, rejected, errored = (found[key] for key in ("kept", "rejected", "errored"))
    assert kept + rejected + errored == lines, f"{lines} lines went in"
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"| {name} | {lines} | {kept} | {rejected} | {errored} | {done.returncode} | {seconds:.0f} |", flush=True)


if __name__ == "__main__":
    main()
