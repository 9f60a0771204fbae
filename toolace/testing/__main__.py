"""`python -m toolace.testing`: the loopback server as a process. It prints its URL when it listens."""

from __future__ import annotations

from typing import Annotated

import typer

from toolace.backends.simulator import Simulator
from toolace.testing import FAULTS, Behaviour, Faults, LoopbackServer


def main(
    port: Annotated[int, typer.Option(help="0: any free one")] = 0,
    latency: Annotated[float, typer.Option(help="seconds an answer takes")] = 0.0,
    faults: Annotated[str, typer.Option(help=f"NAME=RATE,... of {', '.join(FAULTS)}")] = "",
    seed: Annotated[int, typer.Option(help="of the simulator and the faults")] = 0,
    max_in_flight: Annotated[int | None, typer.Option(help="more at once get 429")] = None,
    capacity: Annotated[int | None, typer.Option(help="more at once wait in line")] = None,
    retry_after: Annotated[float, typer.Option(help="seconds, sent with 429")] = 1.0,
    api_key: Annotated[str | None, typer.Option(help="required of clients")] = None,
) -> None:
    """Serves chat completions that the simulator answers; for clients with `backend.send_context: true`."""
    pairs = [pair.partition("=") for pair in faults.split(",") if pair]
    try:
        drawn = Faults({name.strip(): float(rate) for name, _, rate in pairs}, seed)
    except ValueError as error:
        raise typer.BadParameter(f"{error}", param_hint="--faults") from None
    behaviour = Behaviour(latency, drawn, max_in_flight, capacity, retry_after, api_key)
    with LoopbackServer(Simulator(seed), behaviour=behaviour, port=port) as server:
        print(server.url, flush=True)
        server.serve()


if __name__ == "__main__":
    typer.run(main)
