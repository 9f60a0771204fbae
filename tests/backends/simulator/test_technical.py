"""Optional parameters for programs, of which no person speaks."""

from __future__ import annotations

import random

import pytest

from toolace.backends.simulator.mentions import unsaid
from toolace.backends.simulator.technical import technical_parameters

COMMON = {"trace_id", "request_id", "on_behalf_of"}
SENDING = {"idempotency_key", "client_token"}


def offered(verb: str, *, reads: bool) -> set[str]:
    """Names of all parameters that a verb is ever offered."""
    draws = (technical_parameters(verb, reads=reads, rng=random.Random(seed)) for seed in range(60))
    return {name for bundles in draws for bundle in bundles for name in bundle}


@pytest.mark.parametrize(
    ("verb", "reads", "names"),
    [
        ("search", True, {*COMMON, "if_none_match", "no_cache", "fields"}),
        ("calculate", True, {*COMMON, "fields"}),
        ("book", False, {*COMMON, *SENDING, "dry_run", "callback"}),
        ("cancel", False, {*COMMON, *SENDING, "etag", "if_match", "dry_run"}),
        ("choose", False, COMMON),
    ],
)
def test_each_verb_is_offered_what_suits_it(verb: str, reads: bool, names: set[str]) -> None:
    """A key against doubled requests where something is made, a version where something is changed."""
    assert offered(verb, reads=reads) == names


def test_no_person_speaks_of_any_of_them() -> None:
    """Requests leave them out, whatever the verb."""
    for verb, reads in (("search", True), ("book", False), ("cancel", False)):
        for bundle in technical_parameters(verb, reads=reads, rng=random.Random(0)):
            assert all(unsaid(name, schema) for name, schema in bundle.items())
