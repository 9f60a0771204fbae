"""The four diversity indicators of evolution (paper, section 2.1): what each must change, and what it must keep.

An indicator is applied by whoever answers the `mutation` role; the checks here decide whether it really was. Each
takes the parameters and returns before and after, and gives None or what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Literal

from toolace.records import plain

Indicator = Literal["add_parameters", "add_constraints", "mutate_type", "change_returns"]
Schema = dict[str, Any]
Check = Callable[[Schema, Schema, Schema, Schema], str | None]

CONSTRAINTS: Final = frozenset(
    (
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "minLength",
        "maxLength",
        "pattern",
        "format",
        "enum",
        "const",
        "minItems",
        "maxItems",
        "uniqueItems",
        "minProperties",
        "maxProperties",
        "dependentRequired",
    )
)


def parameters_are_added(before: Schema, after: Schema, returns: Schema, new_returns: Schema) -> str | None:
    """Everything stays as it was, and there is more of it, beside or inside an object; what was optional is not made
    required."""
    old, new = _properties(before), _properties(after)
    if changed := [name for name in old if not _holds(new.get(name), old[name])]:
        return f"changed or lost {changed[0]!r}"
    if new == old:
        return "added no parameter"
    return _required_changed(before, after)


def constraints_are_added(before: Schema, after: Schema, returns: Schema, new_returns: Schema) -> str | None:
    """The same parameters of the same types, more tightly described."""
    old, new = _properties(before), _properties(after)
    if set(old) != set(new):
        return "added or removed parameters"
    if changed := [name for name in old if old[name].get("type") != new[name].get("type")]:
        return f"changed the type of {changed[0]!r}"
    if _constraints(new) <= _constraints(old):
        return "added no constraint"
    return _required_changed(before, after)


def one_type_is_mutated(before: Schema, after: Schema, returns: Schema, new_returns: Schema) -> str | None:
    """One parameter has another shape, perhaps under a name that suits it (`room` -> `rooms`); all others stay as
    they were."""
    old, new = _properties(before), _properties(after)
    gone = [name for name in old if new.get(name) != old[name]]
    come = [name for name in new if old.get(name) != new[name]]
    if len(gone) != 1 or len(come) != 1:
        return f"changed {max(len(gone), len(come))} parameters, not one"
    if _shape(old[gone[0]]) == _shape(new[come[0]]):
        return f"{gone[0]!r} has the same type as before"
    renamed = [come[0] if name == gone[0] else name for name in before.get("required", ())]
    return _required_changed({"required": renamed, "properties": after.get("properties", {})}, after)


def returns_are_changed(before: Schema, after: Schema, returns: Schema, new_returns: Schema) -> str | None:
    """Another result for the same parameters."""
    if plain(before) != plain(after):
        return "changed the parameters"
    return None if plain(returns) != plain(new_returns) else "left the result as it was"


INDICATORS: Final[dict[Indicator, Check]] = {
    "add_parameters": parameters_are_added,
    "add_constraints": constraints_are_added,
    "mutate_type": one_type_is_mutated,
    "change_returns": returns_are_changed,
}


def _properties(schema: Schema) -> dict[str, Any]:
    properties = plain(schema.get("properties", {}))
    return properties if isinstance(properties, dict) else {}


def _holds(new: Any, old: Schema) -> bool:
    """Whether a parameter is as it was, but for optional fields more in an object."""
    if new == old or not isinstance(new, dict) or old.get("type") != "object":
        return bool(new == old)
    inner, more = _properties(old), _properties(new)
    rest = {key: value for key, value in old.items() if key != "properties"}
    is_same = rest == {key: value for key, value in new.items() if key != "properties"}
    return is_same and all(_holds(more.get(name), inner[name]) for name in inner)


def _required_changed(before: Schema, after: Schema) -> str | None:
    old, new = set(before.get("required", ())), set(after.get("required", ()))
    if lost := old - new:
        return f"made {min(lost)!r} optional"
    if gained := (new - old) & set(_properties(before)):
        return f"made {min(gained)!r} required"
    return None


def _shape(schema: Schema) -> Any:
    """Types all the way down, without constraints: `[string]`, `{min: number, max: number}`, `enum`."""
    if schema.get("type") == "array":
        return [_shape(schema.get("items", {}))]
    if schema.get("type") == "object":
        return {name: _shape(one) for name, one in _properties(schema).items()}
    return (schema.get("type"), schema.get("format"), "enum" in schema)


def _constraints(node: Any) -> int:
    if isinstance(node, dict):
        return sum((key in CONSTRAINTS) + _constraints(value) for key, value in node.items())
    return sum(map(_constraints, node)) if isinstance(node, list) else 0
