"""What an endpoint can take, found out: one that answers 429 above 20 in flight, and one that queues beyond 16.

    python scripts/bench/limits.py

For each second: the limit that was learnt, answers a second, and refusals so far. The first must be held at 18 to 20
within 10 s; the second must not be driven far past the 16 that it works on at once, where only waiting grows.
"""

from __future__ import annotations

import asyncio
import time
from typing import Annotated, Any

import typer
from calls import CONTEXT
from serving import counters, loopback

from toolace.assets import asset
from toolace.backends.openai import OpenAIBackend
from toolace.backends.prompts import Prompts
from toolace.backends.replies import ReplyLog
from toolace.configfile import load_config
from toolace.gen_dialogs.roles import USER, UserContext
from toolace.roles import Key

SERVERS = {"429 above 20": ("--max-in-flight", "20"), "queues beyond 16": ("--capacity", "16")}


def main(
    seconds: Annotated[int, typer.Option(help="how long each server is asked")] = 15,
    latency: Annotated[float, typer.Option(help="seconds that an answer takes")] = 0.1,
) -> None:
    """Prints one line a second."""
    for name, behaviour in SERVERS.items():
        with loopback(*behaviour, "--latency", str(latency), "--retry-after", "0.1") as url:
            print(name)
            asyncio.run(_watched(url, seconds))


async def _watched(url: str, seconds: int) -> None:
    settings = {"backend.kind": "openai", "backend.base_url": url, "backend.send_context": True}
    backend = OpenAIBackend(
        load_config(None, settings).backend, Prompts([asset("prompts")]), ReplyLog(), seed=0, concurrency=64
    )
    context, flow = UserContext.model_validate(CONTEXT), backend.flow(USER.name)
    end = time.monotonic() + seconds

    async def work(worker: int) -> None:
        number = 0
        while time.monotonic() < end:
            await backend.ask(USER, context, Key("user", worker, number))
            number += 1

    workers = [asyncio.create_task(work(worker)) for worker in range(64)]
    answered = 0
    for second in range(1, seconds + 1):
        await asyncio.sleep(1)
        now: dict[str, Any] = await asyncio.to_thread(counters, url)
        done = now.get("answered", 0) - answered
        answered += done
        print(f"{second:4} s  limit {flow.limit.value:5.1f}  {done:5} answers  {now.get('status.429', 0):5} refusals")
    await asyncio.gather(*workers)
    await backend.close()


if __name__ == "__main__":
    typer.run(main)
