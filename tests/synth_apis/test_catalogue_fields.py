"""The catalogue's notation: what it means and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from toolace.semantics import ANNOTATION
from toolace.synth_apis.documents.catalogue import CatalogueError, functions
from toolace.synth_apis.documents.fields import FieldError, object_schema, parameter_schema, result_schema


def test_a_field_becomes_a_schema_with_its_meaning() -> None:
    schema, is_required = parameter_schema("int 5..90 minutes! = 30 | for {} / taking {} | Length of the visit", {})
    assert is_required
    assert schema == {
        "type": "integer",
        "description": "Length of the visit, in minutes",
        "minimum": 5,
        "maximum": 90,
        "default": 30,
        ANNOTATION: {"unit": "minutes", "say": ["for {}", "taking {}"]},
    }


@pytest.mark.parametrize(
    ("spec", "description"),
    [
        ("money 5..90 EUR | Price", "Price, in EUR"),
        ("int 1..9 adults | Number of adults", "Number of adults"),
        ("number 1..9 km | Way in km", "Way in km"),
        ("int 1..9 stars | Verdict", "Verdict"),
    ],
)
def test_a_unit_of_measurement_stands_in_the_description(spec: str, description: str) -> None:
    assert result_schema(spec, {})["description"] == description


def test_a_result_compares_only_with_a_field_beside_it() -> None:
    fields = {"start": "time | Begin", "end": "time after start | End"}
    assert result_schema(fields, {})["properties"]["end"][ANNOTATION]["relation"] == ["after", "start"]
    with pytest.raises(FieldError, match="end: 'after' names 'begin', which is no other field beside it"):
        result_schema({"end": "time after begin | End"}, {})


@pytest.mark.parametrize(("name", "kind"), [(True, "bool"), (2024, "int")])
def test_a_name_that_yaml_reads_as_something_else_is_refused(name: Any, kind: str) -> None:
    with pytest.raises(FieldError, match=f"YAML reads it as {kind}; quote it"):
        object_schema({name: "int 1..2 | {} | Number"}, {})


def test_a_domain_that_yaml_reads_as_something_else_is_refused() -> None:
    with pytest.raises(CatalogueError, match=r"area.yaml: False: a domain's name is text"):
        list(functions({"area": "area", "domains": {False: {"functions": {}}}}, "area.yaml"))
