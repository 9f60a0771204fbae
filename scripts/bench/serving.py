"""The loopback server as a process of its own, so that it takes no time from the program that is measured."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from typing import Any

from toolace.gen_dialogs.roles import USER
from toolace.testing import Behaviour, LoopbackServer, ScriptedBackend


@contextlib.contextmanager
def loopback(*options: str, scripted: bool = False) -> Iterator[str]:
    """Its URL. `scripted`: the role `user` alone, answered at once; else the simulator, with the given options."""
    command = [__file__, *options] if scripted else ["-m", "toolace.testing", *options]
    with subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.kill()


def counters(url: str) -> dict[str, Any]:
    """What the server has counted."""
    with urllib.request.urlopen(url.removesuffix("/v1") + "/counters") as response:
        found: dict[str, Any] = json.loads(response.read())
    return found


if __name__ == "__main__":
    answering = ScriptedBackend({USER.name: lambda context, key: {"text": f"Reply number {key.record}, please."}})
    behaviour = Behaviour(latency=float(sys.argv[1]) if len(sys.argv) > 1 else 0.0, plain="A reply.")
    with LoopbackServer(answering, {USER.name: USER}, behaviour) as server:
        print(server.url, flush=True)
        server.serve()
