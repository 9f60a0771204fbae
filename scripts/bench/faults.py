"""Faults of every sort in a share of the answers: does the run complete, and is the accepted set the same in the end?

    python scripts/bench/faults.py --dialogs 200 --share 0.3

The set is that of a run without faults, by the same server. What bounded re-asking could not mend is errored; the same
command is run again until nothing is.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated

import orjson
import typer
from serving import counters, loopback

from toolace.testing import FAULTS

LEFT_OUT = ("contradiction",)
"""Another answer, and a good one: it changes the records and is no fault of the transport."""


def main(
    dialogs: Annotated[int, typer.Option(help="size of the run")] = 200,
    share: Annotated[float, typer.Option(help="of the answers that are faulty")] = 0.3,
    at_once: Annotated[int, typer.Option(help="attempts in flight")] = 32,
) -> None:
    """Prints what became of each run."""
    sorts = [name for name in FAULTS if name not in LEFT_OUT]
    faults = ",".join(f"{name}={share / len(sorts)}" for name in sorts)
    with tempfile.TemporaryDirectory() as root:
        sound, faulty = Path(root, "sound"), Path(root, "faulty")
        with loopback() as url:
            assert run(sound, url, dialogs, at_once) == 0, "a run without faults ends well"
            print(f"without faults: {counters(url)['requests']} requests, {len(accepted(sound))} verified", flush=True)
        with loopback("--faults", faults, "--retry-after", "0.1") as url:
            for number in range(1, 11):
                started = time.monotonic()
                code = run(faulty, url, dialogs, at_once)
                manifests = [orjson.loads(path.read_bytes()) for path in faulty.glob("*/_manifest.json")]
                owed = sum(manifest.get("counts", {}).get("errored", 0) for manifest in manifests)
                print(
                    f"run {number} with {share:.0%} faults: exit code {code}, {owed} owed, "
                    f"{counters(url)['requests']} requests so far, {time.monotonic() - started:.0f} s",
                    flush=True,
                )
                if code == 0:
                    break
            found = counters(url)
        print("faults met: " + ", ".join(f"{name} {found.get(name, 0)}" for name in sorts))
        print("the verified dialogs are", "equal" if accepted(faulty) == accepted(sound) else "NOT EQUAL")


def run(workspace: Path, url: str, dialogs: int, at_once: int) -> int:
    """All stages against the server."""
    settings = ["backend.kind=openai", f"backend.base_url={url}", "backend.send_context=true", "backend.timeout=2"]
    options = [f"--num-dialogs={dialogs}", "--num-apis=100", f"--concurrency={at_once}", f"--workspace={workspace}"]
    options += [f"--set={one}" for one in (*settings, "complexity.learner=none")]
    quiet = subprocess.DEVNULL
    return subprocess.run([sys.executable, "-m", "toolace", "run", *options], stdout=quiet, stderr=quiet).returncode


def accepted(workspace: Path) -> list[bytes]:
    """The verified dialogs."""
    return [line for part in sorted((workspace / "verified").glob("part-*.jsonl")) for line in part.open("rb")]


if __name__ == "__main__":
    typer.run(main)
