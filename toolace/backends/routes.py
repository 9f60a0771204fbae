"""Where each role's questions go: endpoint, model, sampling parameters, price, and the gate before them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolace import config
from toolace.backends.abilities import Abilities
from toolace.backends.batches import Batches, Take
from toolace.backends.batchlog import BatchLog
from toolace.backends.endpoint import Endpoint
from toolace.backends.flow import Flow, Ungated
from toolace.errors import UserMistake, nearest

Gate = Callable[[str, config.Cap | None], Flow]
"""Makes the flow of an (endpoint, model)."""


@dataclass(frozen=True)
class Route:
    """Where the questions of a role go."""

    endpoint: Endpoint
    model: str
    abilities: Abilities
    flow: Flow
    parameters: dict[str, Any]
    price: config.Price | None
    batches: Batches | None
    """Where the role is asked in batches."""

    @property
    def place(self) -> str:
        """What the roles that share a gate have in common."""
        return f"{self.endpoint.shown} {self.model}"


class Routes:
    """The route of every role. Roles of one (endpoint, model) share its gate, what it accepts, and its batches."""

    def __init__(self, settings: config.Backend, roles: Iterable[str], gate: Gate, replies: Path | None, take: Take):
        """`replies` is the folder where batches are noted. Raises UserMistake for settings that cannot hold."""
        self._settings, self._gate, self._take = settings, gate, take
        self.endpoints: dict[str, Endpoint] = {}
        self.batches: dict[str, Batches] = {}
        self._batch_log = BatchLog(replies)
        self._shared: dict[str, tuple[Abilities, Flow]] = {}
        known = sorted(roles)
        for name in settings.roles:
            if name not in known:
                raise UserMistake(f"backend.roles: there is no role {name!r}{nearest(name, known)}")
        self._routes = {name: self._route(name) for name in known}
        self._refuse_settings()

    def __getitem__(self, role: str) -> Route:
        return self._routes[role]

    def refuse_without_prices(self) -> None:
        """Raises UserMistake when a limit on the cost could not be kept."""
        for route in self._routes.values():
            if route.price is None:
                raise UserMistake(f"--max-cost needs the price of {route.model!r}: set backend.prices")

    def _route(self, name: str) -> Route:
        settings, own = self._settings, self._settings.roles.get(name, config.Sampling())
        endpoint, model = self._endpoint(own.base_url or settings.base_url), own.model or settings.model
        place = f"{endpoint.shown} {model}"
        if place not in self._shared:
            cap = settings.caps.get(place) or settings.caps.get(model)
            self._shared[place] = (Abilities(settings.structured), self._gate(place, cap))
        abilities, flow = self._shared[place]
        batches = None
        if name in settings.batch.roles:
            made = Batches(endpoint, model, settings.batch, self._batch_log, self._take)
            batches, flow = self.batches.setdefault(place, made), Ungated()
        parameters = {
            "model": model,
            "temperature": settings.temperature if own.temperature is None else own.temperature,
            "max_tokens": own.max_tokens or settings.max_tokens,
            **settings.extra_body,
            **(own.extra_body or {}),
        }
        return Route(endpoint, model, abilities, flow, parameters, settings.price_of(name), batches)

    def _endpoint(self, url: str | None) -> Endpoint:
        endpoint = Endpoint(url, self._settings.timeout)
        return self.endpoints.setdefault(endpoint.shown, endpoint)

    def _refuse_settings(self) -> None:
        known = {name for route in self._routes.values() for name in (route.model, route.place)}
        for name in self._settings.caps:
            if name not in known:
                raise UserMistake(f"backend.caps: no role asks {name!r}{nearest(name, known)}")
        for name, route in self._routes.items():
            if self._settings.send_context and not route.endpoint.is_loopback:
                raise UserMistake(
                    f"backend.send_context is only for a test server on this machine, and {route.endpoint.shown} "
                    f"(role {name}) is none; leave it out"
                )
