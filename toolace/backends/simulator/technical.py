"""Optional parameters that APIs have for the programs that call them and no person speaks of: keys against doubled
requests, field masks, trace identifiers. They carry no annotation, so requests leave them out."""

from __future__ import annotations

import random
from typing import Any

from toolace.synth_apis.companions import FINDING

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_COMMON: dict[str, Schema] = {
    "trace_id": {"description": "Identifier under which the request is traced across services", "maxLength": 32},
    "request_id": {
        "description": "Identifier that the caller gives the request, repeated in the logs",
        "maxLength": 64,
    },
    "on_behalf_of": {"description": "Account for which the request is made, where it is not the caller's own"},
}
_SENDING: dict[str, Schema] = {
    "idempotency_key": {"description": "Key that makes a repeated request count only once", "maxLength": 64},
    "client_token": {"description": "Token of the caller's choice by which a retry is recognised", "maxLength": 64},
}
_TRIED: dict[str, Schema] = {
    "dry_run": {"type": "boolean", "description": "Checks the request without carrying it out, for debugging"}
}
_FOLLOWED: dict[str, Schema] = {
    "callback": {"format": "uri", "description": "Address that is called as soon as the state of the entry changes"}
}
_CHANGING: dict[str, Schema] = {
    "etag": {"description": "Version of the entry that the caller has seen; the request fails if it is outdated"},
    "if_match": {"description": "Only carried out while the entry still has this version"},
}
_FETCHING: dict[str, Schema] = {
    "if_none_match": {"description": "Version that the caller has already; nothing is returned while it is current"},
    "no_cache": {"type": "boolean", "description": "Bypasses stored answers, for debugging"},
}
_FIELDS: Schema = {
    "type": "array",
    "description": "Names of the fields to return; all of them when left out",
    "items": {"type": "string"},
    "minItems": 1,
    "uniqueItems": True,
}
_MAKING = frozenset(
    "add apply book buy create enroll enrol file hire issue open order pay place post publish register rent report "
    "request reserve schedule send start submit transfer upload".split()
)
_LASTING = frozenset("apply book create file order register rent request reserve schedule submit upload".split())
_VERSIONED = frozenset("update modify change edit reschedule cancel delete close rename move".split())


def technical_parameters(verb: str, *, reads: bool, rng: random.Random) -> list[dict[str, Schema]]:
    """Two or three such parameters that suit what the verb does."""
    offered = dict(_COMMON)
    for verbs, parameters in (
        (_MAKING, _SENDING | _TRIED),
        (_LASTING, _FOLLOWED),
        (_VERSIONED, _SENDING | _CHANGING | _TRIED),
        (FINDING - {"check"}, _FETCHING),
    ):
        offered |= parameters if verb in verbs else {}
    offered.pop(rng.choice(list(_SENDING)), None)
    found: list[dict[str, Schema]] = [{name: _TEXT | offered[name]} for name in rng.sample(list(offered), 2)]
    return [*found, {"fields": _FIELDS}] if reads else found
