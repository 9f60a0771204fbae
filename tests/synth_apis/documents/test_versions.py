"""Versions sort as their authors mean them."""

from __future__ import annotations

import pytest

from toolace.synth_apis.documents.versions import version_key


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("v1", "v1.1"),
        ("v1.1", "v2beta"),
        ("v2beta", "v2"),
        ("v1alpha1", "v1beta1"),
        ("v1beta1", "v1beta2"),
        ("v1", "v1p1beta1"),
        ("alpha", "beta"),
        ("beta", "v1"),
        ("1.9", "1.10"),
        ("2019-12-31", "2020-01-01"),
        ("2020-01-01-preview", "2020-01-01"),
        ("directory_v1beta", "directory_v1"),
        ("", "v1"),
    ],
)
def test_an_older_version_sorts_first(older: str, newer: str) -> None:
    """Stable beats beta of the same number, numbers count as numbers."""
    assert version_key(older) < version_key(newer)


@pytest.mark.parametrize(("one", "other"), [("v1", "1.0.0"), ("V2", "v2")])
def test_the_same_version_may_be_written_in_two_ways(one: str, other: str) -> None:
    """Then neither is older."""
    assert version_key(one) == version_key(other)
