"""Real operations as functionalities: without brands and plumbing."""

from __future__ import annotations

import pytest

from toolace.synth_apis.distilling import brand_remover, distilled, one_sentence

CLEAN = brand_remover("Apigee API", "Google")


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Required. The Google Cloud project's name. Format: `projects/{id}`", "The Cloud project's name"),
        ("Creates a GTM Tag.", "Creates a Tag"),
        ("Output only. Optional. When it was made", "When it was made"),
        ("Deploys the Apigee proxy (see [docs](https://example.com)).", "Deploys the proxy"),
        ("", ""),
    ],
)
def test_a_description_is_one_sentence_without_labels_links_and_brands(text: str, clean: str) -> None:
    assert one_sentence(text, CLEAN) == clean


def test_words_people_use_are_no_brands() -> None:
    assert brand_remover("Calendar API", "Google")("Finds a calendar of Google") == "Finds a calendar of"


def test_plumbing_goes_and_what_is_required_stays() -> None:
    properties = {
        "project": {"type": "string"},
        "pageToken": {"type": "string"},
        "etag": {"type": "string"},
        "size": {"type": "integer"},
    }
    inputs, _ = distilled({"properties": properties, "required": ["project"]}, {"type": "object"}, CLEAN)
    assert inputs == {
        "type": "object",
        "properties": {
            "project": {"type": "string", "description": "Project"},
            "size": {"type": "integer", "description": "Size"},
        },
        "required": ["project"],
    }


def test_a_long_running_operation_is_told_as_one() -> None:
    names = ("done", "error", "metadata", "name", "response")
    _, outputs = distilled({}, {"type": "object", "properties": {name: {} for name in names}}, CLEAN)
    assert list(outputs["properties"]) == ["operation", "done"]
