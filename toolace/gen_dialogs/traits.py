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
_UNDOES_TEXT = (
    "cancel claim dispute contest freeze suspend pause transfer withdraw revoke return delete remove close end "
    "terminate stop move shift reschedule postpone change amend extend renew replace report break waive reject decline "
    "leave quit reattempt unsubscribe undo surrender release wipe lose archive escalate complete finish"
)
_UNDOES = frozenset(_UNDOES_TEXT.split())


def only_looks(api: Api) -> bool:
    """Whether a tool looks something up or computes it, so that calling it again does no harm."""
    return not _LOOKS.isdisjoint(_verbs(api))


def undoes(api: Api) -> bool:
    """Whether a tool ends, changes or complains about what was made before: nobody makes a thing to do that to it."""
    named, said = set(words(api.name).split()), _verbs(api)
    if "use" in said:  # "Use this to …" says nothing yet
        return not _UNDOES.isdisjoint(named)
    return not (_UNDOES - _LOOKS).isdisjoint(said) or not (_UNDOES & _LOOKS).isdisjoint(said & named)


def _verbs(api: Api) -> set[str]:
    """The words by which a tool says first what it does."""
    first = words(api.description).split()[:1]
    return {*words(api.name).split()[:1], *first, *(one.removesuffix("s") for one in first)}


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
