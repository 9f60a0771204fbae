"""Contamination: what is in a benchmark is recognised, what only resembles it is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.rules.handmade import SEARCH, clean, dialog
from toolace.errors import UserMistake
from toolace.verify.contamination import load_benchmarks

LONG = "Find a hotel in Porto for tomorrow for two guests and book it for Ana Lima."


def found(tmp_path: Path, *rows: object, request: str = LONG) -> list[tuple[str, str]]:
    """(check, where) of what a dialog with this request has from a benchmark with these rows."""
    file = tmp_path / "bench.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows))
    made = clean()
    made["messages"][1]["content"] = request
    return [(finding.check, finding.where) for finding in load_benchmarks([str(file)]).findings(dialog(made))]


@pytest.mark.parametrize(
    "row",
    [
        {"question": [[{"role": "user", "content": LONG.upper()}]]},
        {"query": "Please find a hotel in Porto for tomorrow for two of us."},
        {"messages": [{"role": "user", "content": "find a hotel, in Porto, for tomorrow, for two persons"}]},
        {"conversations": [{"from": "human", "value": f"Hello. {LONG}"}]},
        LONG,
    ],
    ids=["equal but for case", "a run of eight words", "openai row", "sharegpt row", "bare text"],
)
def test_a_request_of_the_benchmark_is_recognised(tmp_path: Path, row: object) -> None:
    """Whatever format the file has."""
    assert found(tmp_path, row) == [("request_is_in_no_benchmark", "/messages/1/content")]


def test_a_short_query_is_recognised_inside_a_request(tmp_path: Path) -> None:
    """Whole, and only whole."""
    assert found(tmp_path, {"query": "hotel in Porto"}) == [("request_is_in_no_benchmark", "/messages/1/content")]
    assert found(tmp_path, {"query": "hotel in Lisbon"}) == []


def test_seven_words_in_common_are_no_contamination(tmp_path: Path) -> None:
    """People ask alike."""
    assert found(tmp_path, {"query": "I must find a hotel in Porto for tomorrow, and a bus there."}) == []


def test_what_the_assistant_of_a_benchmark_says_is_not_looked_at(tmp_path: Path) -> None:
    """Only requests are."""
    row = {
        "messages": [
            {"role": "user", "content": "Another thing entirely, please"},
            {"role": "assistant", "content": LONG},
        ]
    }
    assert found(tmp_path, row) == []


def test_a_tool_with_name_and_parameters_of_the_benchmark_is_recognised(tmp_path: Path) -> None:
    """In either order of the parameters; the name alone is not enough."""
    function = SEARCH["function"]
    same = {"question": "What is the time over there?", "function": [function]}
    other = {**function, "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}
    assert found(tmp_path, same) == [("tool_is_in_no_benchmark", "/tools/0")]
    assert found(tmp_path, {**same, "function": [other]}) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "cannot be read"), ("{broken", "is not JSON"), ("[]", "holds no request")],
)
def test_a_file_that_is_no_benchmark_is_the_users_mistake(tmp_path: Path, content: str | None, message: str) -> None:
    """One line that names the file."""
    file = tmp_path / "bench.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(UserMistake, match=message):
        load_benchmarks([str(file)])


def test_bfcl_by_name_needs_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """And says how to get it."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(UserMistake, match="pip install"):
        load_benchmarks(["bfcl"])
