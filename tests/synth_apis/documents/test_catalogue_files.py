"""Catalogue files become documents whose domain is the area; a broken one is refused with the place."""

from __future__ import annotations

from typing import Any

import pytest

from toolace.synth_apis.documents import Document, Operation, Skipped
from toolace.synth_apis.documents.catalogue import functions

FUNCTION = {
    "does": "Find hotels in a city",
    "goals": ["find a hotel"],
    "questions": ["which hotels have rooms"],
    "takes": {"nights": "int 1..21 nights! | for {} | Number of nights"},
    "gives": {"count": "int 0..50 | Hotels found"},
    "tell": "{count} hotels have rooms.",
}
TRAVEL = {
    "area": "space_travel",
    "licence": "Apache-2.0",
    "domains": {"hotels": {"about": "Stays", "functions": {"search_hotels": FUNCTION}}},
}


def test_a_catalogue_file_is_one_document(read_one: Any) -> None:
    """The operations are those of the catalogue's reader, grouped by domain."""
    ((domain, name, description, parameters, returns),) = functions(TRAVEL, "file")
    assert read_one(TRAVEL) == Document(
        source="file",
        format="catalogue",
        title="space travel",
        description="hotels",
        licence="Apache-2.0",
        domain=("space_travel",),
        operations=(Operation(name, description, parameters, returns, (domain,)),),
    )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"area": None}, "'area' is a name"),
        ({"domains": ["hotels"]}, "'domains' is a mapping of domain names"),
        ({"values": "x"}, "'values' is a mapping of word lists"),
        ({"domains": {"hotels": None}}, "hotels: a domain is a mapping with 'about' and 'functions'"),
        ({"domains": {"a": {"values": [], "functions": {}}}}, "a: 'values' is a mapping of word lists"),
        ({"domains": {"a": {"functions": {"b_c": 5}}}}, "a/b_c: expected a mapping, got 5"),
        ({"domains": {}}, "catalogue without anything that can be called"),
    ],
)
def test_a_broken_catalogue_is_skipped_with_the_place(read_one: Any, change: Any, reason: str) -> None:
    """Its author can find the line."""
    assert read_one({**TRAVEL, **change}) == Skipped("file", reason)


TWICE = """\
area: space_travel
domains:
  hotels:
    about: Stays
    functions:
      search_hotels:
        does: Find hotels in a city
        tell: There are some.
        does: Find hotels on a moon
"""


def test_a_key_that_stands_twice_is_refused_with_its_line(read_one: Any) -> None:
    """YAML would keep the last of them without a word."""
    reason = "line 9: 'does' stands there twice, and the first would be lost"
    assert read_one(TWICE) == Skipped("file", reason)
