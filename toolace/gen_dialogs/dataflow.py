"""The dataflow graph of a pool: which tool's result can feed which tool's argument. Dependent calls are drawn from
it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from toolace.gen_dialogs.traits import only_looks, undoes
from toolace.meaning import kind_of, words
from toolace.records import Api

_TOO_COMMON = frozenset("id name type status title date limit page language key value kind etag".split())


class Output(NamedTuple):
    """A place in a tool's result: `hotels.0.hotel_id`, and whether it stands in a list."""

    api: int
    path: str
    in_list: bool


class Input(NamedTuple):
    """A required parameter that an earlier result can fill, or, where it takes `many`, one item of it."""

    api: int
    parameter: str
    many: bool = False


class Edge(NamedTuple):
    """A result of one tool that fits an argument of another."""

    output: Output
    input: Input


class Dataflow:
    """Edges between the tools of a pool, by index, within one area. Only required parameters are linked.

    An edge stands for something that one asks for in one breath: nobody books a room to cancel it, and what one line
    of business creates (a travel policy) is no case of another (home insurance).
    """

    def __init__(self, apis: Sequence[Api]):
        self._apis = apis
        self.looks = [only_looks(api) for api in apis]
        """Which tools only look something up."""
        self._undoes = [undoes(api) for api in apis]
        self._outputs: dict[str, list[Output]] = defaultdict(list)
        self._inputs: dict[int, list[tuple[str, Input]]] = defaultdict(list)
        self._takers: dict[str, list[Input]] = defaultdict(list)
        self._givers: dict[str, set[tuple[str, ...]]] = defaultdict(set)
        for index, api in enumerate(apis):
            for flow, path, in_list in _outputs(api.returns):
                self._outputs[_scoped(api, flow)].append(Output(index, path, in_list))
                self._givers[_scoped(api, flow)].add(api.domain)
            for flow, place in _inputs(index, api):
                self._inputs[index].append((_scoped(api, flow), place))
                self._takers[_scoped(api, flow)].append(place)
        self._sort()

    def _sort(self) -> None:
        """Which tools take results, from whom, and what shapes they allow."""
        self.consumers: list[int] = []
        self.home_consumers: list[int] = []
        self.joiners: list[int] = []
        """Tools one call of which can take from two earlier calls."""
        gives: set[int] = set()
        for index in sorted(self._inputs):
            every = list(self._every_edge_into(index))
            single = [edge for edge in every if not edge.input.many]
            gives |= {edge.output.api for edge in single}
            if single:
                self.consumers.append(index)
                if any(self._apis[edge.output.api].domain == self._apis[index].domain for edge in single):
                    self.home_consumers.append(index)
            if len({edge.input.parameter for edge in single}) > 1 or len(every) > len(single):
                self.joiners.append(index)
        self._takes, self._gives = frozenset(self.consumers), frozenset(gives)
        self.middles = [index for index in self.consumers if index in gives]
        """Tools that take a result and whose own result is taken: the middle of a chain of three."""
        self._roles: dict[tuple[str, str], list[int]] = defaultdict(list)
        for index in sorted(self._takes | self._gives):
            self._roles[self._role(index)].append(index)

    def edges_into(self, consumer: int) -> list[Edge]:
        """All edges that end at a parameter of one value, nearest producers (same domain) first."""
        home = self._apis[consumer].domain
        edges = [edge for edge in self._every_edge_into(consumer) if not edge.input.many]
        return sorted(edges, key=lambda edge: self._apis[edge.output.api].domain != home)

    def joins_into(self, consumer: int) -> dict[str, list[Edge]]:
        """Edges by parameter: two parameters, or one that takes many, are what a call joins two results with."""
        found: dict[str, list[Edge]] = defaultdict(list)
        for edge in self._every_edge_into(consumer):
            found[edge.input.parameter].append(edge)
        return found

    def edges_from(self, producer: int) -> list[Edge]:
        """All edges that begin at a tool and end at a parameter of one value."""
        flows = dict(_outputs_by_flow(self._apis[producer]))
        takers = {place.api for flow in flows for place in self._takers.get(flow, ())}
        return [edge for taker in sorted(takers) for edge in self.edges_into(taker) if edge.output.api == producer]

    def of_the_role(self, api: int) -> list[int]:
        """Tools of the same area that take results as this one does, or else give them as it does; none for the others."""
        return self._roles.get(self._role(api), []) if api >= 0 else []

    def begins_like(self, one: int, other: int) -> bool:
        """Whether a chain that begins with one tool could begin with the other: what they take, give and look up is alike."""
        return self._standing(one) == self._standing(other)

    def _standing(self, api: int) -> tuple[bool, bool, bool]:
        return api in self._takes, api in self._gives, self.looks[api]

    def _role(self, api: int) -> tuple[str, str]:
        area = self._apis[api].domain[:1]
        role = "takes" if api in self._takes else "gives" if api in self._gives else ""
        return (area[0] if area else "", role)

    def _every_edge_into(self, consumer: int) -> Iterator[Edge]:
        for flow, place in self._inputs.get(consumer, ()):
            for output in self._outputs.get(flow, ()):
                if output.api != consumer and not self._needs(output.api, flow) and self._joins(output, place, flow):
                    yield Edge(output, place)

    def _needs(self, producer: int, flow: str) -> bool:
        """A producer that itself needs what it gives is no source of it."""
        return any(known == flow for known, _ in self._inputs.get(producer, ()))

    def _joins(self, output: Output, place: Input, flow: str) -> bool:
        """Whether the two calls belong into one request."""
        if self.looks[output.api]:
            return True
        if self._undoes[place.api]:
            return False
        same = self._apis[output.api].domain == self._apis[place.api].domain
        return same or len(self._givers[flow]) == 1


def _scoped(api: Api, flow: str) -> str:
    return f"{api.domain[0] if api.domain else ''}/{flow}"


def _outputs_by_flow(api: Api) -> Iterator[tuple[str, str]]:
    for flow, path, _ in _outputs(api.returns):
        yield _scoped(api, flow), path


def _inputs(index: int, api: Api) -> Iterator[tuple[str, Input]]:
    """What the required parameters take, each alone or as items of a list that has room for two."""
    properties = api.parameters.get("properties", {})
    for name in api.parameters.get("required", ()):
        schema = properties.get(name, {})
        if flow := _flow(name, schema):
            yield flow, Input(index, name)
        elif isinstance(schema, dict) and schema.get("type") == "array" and isinstance(schema.get("items"), dict):
            room = schema.get("minItems", 0) <= 2 <= schema.get("maxItems", 2)
            if room and (flow := _flow(name, schema["items"])):
                yield flow, Input(index, name, many=True)


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
