"""What a tool lends itself to in a plan: a second call, an empty result, a change of mind."""

from __future__ import annotations

from typing import Any

from toolace.meaning import words
from toolace.records import Api

_LOOKS_TEXT = (
    "see find get look check search list show compare calculate compute estimate tell read review test identify "
    "predict forecast convert work browse locate track view translate count measure analyse analyze determine "
    "suggest learn know watch query fetch retrieve explain describe recommend evaluate rank what how give verify "
    "validate preview quote price follow figure return"
)
_LOOKS = frozenset(_LOOKS_TEXT.split())


def only_looks(api: Api) -> bool:
    """Whether a tool looks something up or computes it, so that calling it again does no harm."""
    first = words(api.description).split()[:1]
    return any(
        word in _LOOKS for word in [*words(api.name).split()[:1], *first, *(one.removesuffix("s") for one in first)]
    )


def finds_lists(api: Api) -> bool:
    """Whether the result holds a list that may come back empty."""
    fields = api.returns.get("properties", {})
    return any(_is_free_list(one) for one in (fields.values() if isinstance(fields, dict) else ()))


def can_vary(api: Api) -> bool:
    """Whether two calls can differ in a text or a number that every call has."""
    properties = api.parameters.get("properties", {})
    return any(_is_varied(properties.get(name, {})) for name in api.parameters.get("required", ()))


def _is_free_list(schema: Any) -> bool:
    return isinstance(schema, dict) and schema.get("type") == "array" and not schema.get("minItems")


def _is_varied(schema: Any) -> bool:
    if not isinstance(schema, dict) or schema.get("type") not in ("string", "integer", "number"):
        return False
    return "const" not in schema and len(schema.get("enum", "..")) > 1
