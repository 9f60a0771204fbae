"""Every rule catches what breaks it, and holds in the clean dialog and in what only looks like a defect."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.rules.cases import CASES, changed
from tests.rules.handmade import BOOK, clean, dialog
from toolace.records import Finding
from toolace.rules import REGISTRY, Limits, check_dialog, describe
from toolace.rules.definition import check_definition

BREAKS = [
    (name, at, case.breaks[at])
    for rules in CASES.values()
    for name, case in rules.items()
    for at in range(len(case.breaks))
]
HOLDS = [
    (name, at, case.holds[at])
    for rules in CASES.values()
    for name, case in rules.items()
    for at in range(len(case.holds))
]


def found(made: dict[str, Any], name: str, *, foreign: bool = False) -> list[Finding]:
    """What one rule finds."""
    return [finding for finding in check_dialog(dialog(made), foreign=foreign) if finding.check == name]


def test_every_rule_has_a_case_and_every_case_a_rule() -> None:
    """The tables of cases and the registry name the same rules in the same aspects."""
    assert {aspect: set(rules) for aspect, rules in REGISTRY.items()} == {
        aspect: set(rules) for aspect, rules in CASES.items()
    }


def test_nothing_is_found_in_the_clean_dialog() -> None:
    """It breaks no rule, own or foreign, not even by a warning."""
    assert check_dialog(dialog(clean())) == []
    assert check_dialog(dialog(clean()), foreign=True) == []


@pytest.mark.parametrize(("name", "at", "changes"), BREAKS, ids=[f"{name}-{at}" for name, at, _ in BREAKS])
def test_the_rule_catches_what_breaks_it(name: str, at: int, changes: Any) -> None:
    """At least one finding of that rule, with a pointer and a message."""
    findings = found(changed(changes), name)
    assert findings
    assert all(finding.where.startswith("/") and finding.message for finding in findings)


@pytest.mark.parametrize(("name", "at", "changes"), HOLDS, ids=[f"{name}-{at}" for name, at, _ in HOLDS])
def test_the_rule_holds_in_what_only_looks_like_a_defect(name: str, at: int, changes: Any) -> None:
    """No finding of that rule."""
    assert found(changed(changes), name) == []


def test_every_rule_says_in_one_sentence_what_holds() -> None:
    """`--list-rules` has something to print."""
    described = describe()
    assert [(aspect, name) for aspect, name, _ in described] == [(a, n) for a, rules in REGISTRY.items() for n in rules]
    assert all(about.endswith((".", ")")) and len(about) > 20 for _, _, about in described)


def test_what_is_odd_in_foreign_data_is_a_warning() -> None:
    """Names with dots, odd defaults and a missing description do not reject a foreign tool."""
    tool = copy.deepcopy(BOOK)
    tool["function"].update(name="hotels.book", description="")
    tool["function"]["parameters"]["properties"]["hotel_id"]["default"] = 4711
    findings = check_definition(tool, None, is_foreign=True)
    expected = {"tool_name_is_legal", "defaults_fit_their_schema", "description_is_present"}
    assert {(finding.check, finding.severity) for finding in findings} == {(name, "warning") for name in expected}
    own = check_definition(tool, None, is_foreign=False)
    assert {finding.severity for finding in own} == {"error"}


def test_a_foreign_row_may_end_with_its_calls() -> None:
    """Training rows often do; it is said, and accepted."""
    made = clean()
    del made["messages"][3:]
    made.update(kind="single", turns=[{"kind": "single", "first": 1}])
    for absent in ("plan", "provenance", "returns"):
        del made[absent]
    checks = {finding.check: finding.severity for finding in check_dialog(dialog(made), foreign=True)}
    assert checks == {"every_call_is_answered_once": "warning", "conversation_is_complete": "warning"}


def test_the_pointer_leads_to_the_defect() -> None:
    """Into the arguments, the tool or the result's schema, wherever it is."""
    made = clean()
    made["messages"][4]["tool_calls"][0]["function"]["arguments"]["guest"] = {}
    made["tools"][1]["function"]["description"] = ""
    made["returns"]["book_room"]["type"] = "dict"
    del made["plan"]
    assert [finding.where for finding in check_dialog(dialog(made))] == [
        "/returns/book_room/type",
        "/tools/1/function/description",
        "/messages/4/tool_calls/0/function/arguments/guest/name",
    ]


@pytest.mark.parametrize(("said", "blame"), [("from tomorrow to 11 May", "user"), ("from tomorrow on", "assistant")])
def test_a_range_runs_backward_through_who_says_both_days(said: str, blame: str) -> None:
    """The user's own words are no mistake of the assistant."""
    made = clean()
    made["messages"][1]["content"] = f"Find a hotel in Porto {said}, for two guests."
    made["messages"][2]["tool_calls"][0]["function"]["arguments"]["check_out"] = "2024-05-11"
    assert [finding.blame for finding in found(made, "date_ranges_run_forward")] == [blame]


def test_limits_are_the_configured_ones() -> None:
    """A dialog of nine messages is too long where eight are allowed."""
    findings = check_dialog(dialog(clean()), limits=Limits(messages=8, characters=100))
    assert [finding.check for finding in findings] == ["dialog_is_not_too_long"] * 2


def test_a_foreign_dialog_may_speak_any_one_language() -> None:
    """German all along holds in foreign data and not in ours."""
    made = clean()
    made["messages"] = [
        {"role": "user", "content": "Kannst du mir bitte die Geschichte der Stadt Porto in einem Satz erzählen?"},
        {"role": "assistant", "content": "Die Stadt ist sehr alt und wurde von den Römern an der Mündung gegründet."},
    ]
    made.update(kind="none", turns=[{"kind": "none", "first": 0}], plan=None, provenance=None)
    assert found(made, "one_language_is_spoken", foreign=True) == []
    assert len(found(made, "one_language_is_spoken")) == 2
