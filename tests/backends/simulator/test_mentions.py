"""How parameters without phrases are spoken of, and which of them never are."""

from __future__ import annotations

import random
from typing import Any

import pytest

from toolace.backends.simulator.arguments import Arguments
from toolace.backends.simulator.mentions import switches, templates, unsaid
from toolace.backends.simulator.phrasing import Phrasing
from toolace.backends.simulator.verbs import infinitive, past_tense
from toolace.errors import Unanswerable
from toolace.gen_dialogs.roles import CallSpec
from toolace.records import Api, ApiLineage

TEXT = {"type": "string"}


@pytest.mark.parametrize(
    "name", ["pageToken", "NextToken", "etag", "updateMask", "alt", "prettyPrint", "requestId", "fields"]
)
def test_nobody_speaks_of_what_programs_set(name: str) -> None:
    """Paging tokens, tags, masks and output formats."""
    assert unsaid(name, TEXT)


@pytest.mark.parametrize(
    ("name", "schema", "is_unsaid"),
    [
        ("createdAt", {"type": "string", "description": "[Output Only] Creation time."}, True),
        ("title", {"type": "string", "description": "Title of the course."}, False),
        ("fields", {"type": "array", "x-toolace": {"say": ["with the fields {}"]}}, False),
    ],
)
def test_descriptions_and_phrases_decide_as_well(name: str, schema: dict[str, Any], is_unsaid: bool) -> None:
    """Output-only fields are never said, and what has phrases is."""
    assert unsaid(name, schema) is is_unsaid


@pytest.mark.parametrize(
    ("name", "schema", "value", "phrase"),
    [
        ("courseId", TEXT, "crs-1", "for course {}"),
        ("region", TEXT, "us-east1", "in region {}"),
        ("displayName", TEXT, "Choir", "called {}"),
        ("maxResults", {"type": "integer"}, 5, "at most {} of them"),
        ("query", TEXT, "maps", 'matching "{}"'),
        ("outputFormat", {"type": "string", "enum": ["csv", "json"]}, "csv", "in {} format"),
    ],
)
def test_a_parameter_is_mentioned_as_what_it_is(name: str, schema: dict[str, Any], value: Any, phrase: str) -> None:
    """No `where the course is …`, whatever the parameter."""
    found = templates(value, schema, name)
    assert phrase in found
    assert not [one for one in found if one.startswith("where ")]


def test_a_flag_is_mentioned_by_what_it_does() -> None:
    """From its description where that says so, else from its name."""
    sends = {"type": "boolean", "description": "Whether to send notifications about the event."}
    assert switches(True, sends, "notify") == ["and send notifications about the event"]
    assert switches(False, {"type": "boolean"}, "includeInactive") == ["without inactive ones"]


@pytest.mark.parametrize(
    ("description", "goal"),
    [
        ("Deletes the specified Snapshot resource.", "delete a snapshot"),
        ("Returns the specified NetworkAttachment resource in the given scope.", "get a network attachment"),
        ("Retrieves a list of resources, possibly filtered.", "get a list of resources"),
        ("Creates and uploads a key pair.", "create and upload a key pair"),
        ("Sends the specified, existing draft to the recipients.", "send a draft to the recipients"),
    ],
)
def test_a_reference_manual_is_put_in_plain_words(description: str, goal: str) -> None:
    """Nobody asks for `the specified Snapshot resource`."""
    assert infinitive("x", description) == goal


@pytest.mark.parametrize(
    ("goal", "done"),
    [("delete a file", "deleted a file"), ("send it", "sent it"), ("stop a job", "stopped a job"), ("help", "")],
)
def test_what_was_done_is_told_in_the_past(goal: str, done: str) -> None:
    """By rule, by list, or not at all."""
    assert past_tense(goal) == done


def tool(required: list[str], **parameters: Any) -> Api:
    """An imported tool."""
    return Api(
        id="api-0",
        name="courses.create",
        description="Creates a course.",
        parameters={"type": "object", "properties": parameters, "required": required},
        returns={"type": "object"},
        domain=(),
        lineage=ApiLineage(origin="imported"),
    )


def drawn(api: Api, seed: int = 0) -> Any:
    """A call's arguments and phrases."""
    rng = random.Random(seed)
    return Arguments(rng, "2024-05-13", Phrasing(rng, "2024-05-13")).call(CallSpec(tool=api.name), api)


def test_a_call_that_makes_something_says_something() -> None:
    """Where every parameter is optional, one that people speak of is given, and no token ever."""
    api = tool([], title={"type": "string"}, pageToken={"type": "string"}, etag={"type": "string"})
    calls = [drawn(api, seed) for seed in range(30)]
    assert {name for call in calls for name in call.arguments} == {"title"}
    assert sum(bool(call.arguments) for call in calls) > 15


def test_a_required_value_that_nobody_says_is_its_default_or_the_call_is_given_up() -> None:
    """`userId` is "me"; a change token is not for a person to make up."""
    default = {"type": "string", "description": "Opaque handle.", "default": "me"}
    assert (call := drawn(tool(["handle"], handle=default))).arguments == {"handle": "me"}
    assert call.phrases == {}
    with pytest.raises(Unanswerable):
        drawn(tool(["pageToken"], pageToken={"type": "string"}))
