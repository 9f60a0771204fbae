"""The dataflow graph of a pool: which tool's result can feed which tool's argument. Dependent calls are drawn from
it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from toolace.meaning import kind_of, words
from toolace.records import Api

_TOO_COMMON = {
    "id",
    "name",
    "type",
    "status",
    "title",
    "date",
    "limit",
    "page",
    "language",
    "key",
    "value",
    "kind",
    "etag",
}


class Output(NamedTuple):
    """A place in a tool's result: `hotels.0.hotel_id`, and whether it stands in a list."""

    api: int
    path: str
    in_list: bool


class Input(NamedTuple):
    """A required parameter that an earlier result can fill."""

    api: int
    parameter: str


class Edge(NamedTuple):
    """A result of one tool that fits an argument of another."""

    output: Output
    input: Input


class Dataflow:
    """Edges between the tools of a pool, by index. Only required parameters are linked, and only within one area."""

    def __init__(self, apis: Sequence[Api]):
        outputs: dict[str, list[Output]] = defaultdict(list)
        self._inputs: dict[int, list[tuple[str, Input]]] = defaultdict(list)
        for index, api in enumerate(apis):
            for flow, path, in_list in _outputs(api.returns):
                outputs[_scoped(api, flow)].append(Output(index, path, in_list))
            properties = api.parameters.get("properties", {})
            for name in api.parameters.get("required", ()):
                if taken := _flow(name, properties.get(name, {})):
                    self._inputs[index].append((_scoped(api, taken), Input(index, name)))
        self._outputs = dict(outputs)
        self._apis = apis
        self.consumers = [index for index in sorted(self._inputs) if any(True for _ in self._edges_into(index))]
        self.home_consumers = [index for index in self.consumers if self._has_home(index)]
        self._takes = frozenset(self.consumers)
        self._gives = frozenset(edge.output.api for index in self.consumers for edge in self._edges_into(index))
        self._roles: dict[tuple[str, str], list[int]] = defaultdict(list)
        for index in range(len(apis)):
            if index in self._takes or index in self._gives:
                self._roles[self._role(index)].append(index)

    def _has_home(self, consumer: int) -> bool:
        """Whether a tool of the same domain feeds this one."""
        home = self._apis[consumer].domain
        return any(self._apis[edge.output.api].domain == home for edge in self._edges_into(consumer))

    def edges_into(self, consumer: int) -> list[Edge]:
        """All edges that end at a tool, nearest producers (same domain) first."""
        home = self._apis[consumer].domain
        return sorted(self._edges_into(consumer), key=lambda edge: self._apis[edge.output.api].domain != home)

    def of_the_role(self, api: int) -> list[int]:
        """Tools of the same area that take results as this one does, or else give them as it does; none for the others."""
        return self._roles.get(self._role(api), []) if api >= 0 else []

    def _role(self, api: int) -> tuple[str, str]:
        area = self._apis[api].domain[:1]
        role = "takes" if api in self._takes else "gives" if api in self._gives else ""
        return (area[0] if area else "", role)

    def _edges_into(self, consumer: int) -> Iterator[Edge]:
        for flow, place in self._inputs.get(consumer, ()):
            for output in self._outputs.get(flow, ()):
                if output.api != consumer and not self._needs(output.api, flow):
                    yield Edge(output, place)

    def _needs(self, producer: int, flow: str) -> bool:
        """A producer that itself needs what it gives is no source of it."""
        return any(known == flow for known, _ in self._inputs.get(producer, ()))


def _scoped(api: Api, flow: str) -> str:
    return f"{api.domain[0] if api.domain else ''}/{flow}"


def _flow(name: str, schema: dict[str, Any]) -> str | None:
    """What flows: an identifier of a thing, or a value that has the same telling name on both sides, of one type and form."""
    if not isinstance(schema, dict) or schema.get("type") not in ("string", "integer") or "enum" in schema:
        return None
    form = f"{schema['type']}/{schema.get('pattern', '')}"
    kind = kind_of(name, schema)
    if kind and kind.startswith("id("):
        return None if kind == "id(record)" else f"{kind}/{form}"
    said = words(name)
    return None if said in _TOO_COMMON or len(said.split()) < 2 else f"name:{said}/{form}"


def _outputs(
    schema: dict[str, Any], path: str = "", in_list: bool = False, depth: int = 0
) -> Iterator[tuple[str, str, bool]]:
    if depth > 3 or not isinstance(schema, dict):
        return
    if schema.get("type") == "array":
        yield from _outputs(schema.get("items", {}), f"{path}.0" if path else "0", True, depth + 1)
        return
    for name, one in schema.get("properties", {}).items() if isinstance(schema.get("properties"), dict) else ():
        place = f"{path}.{name}" if path else name
        if isinstance(one, dict) and one.get("type") in ("object", "array"):
            yield from _outputs(one, place, in_list, depth + 1)
        elif flow := _flow(name, one):
            yield flow, place, in_list
