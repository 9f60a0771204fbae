"""Figures of a workspace made by hand, whole tables at a time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.report.handmade import APIS, fill
from toolace.cli import app
from toolace.shards import Workspace
from toolace.shell import run_app


@pytest.fixture
def facts(filled: Workspace, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """What `toolace report --json` says of it."""
    assert run_app(app, ["report", "-w", str(filled.root), "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


TABLES = {
    "table1": [
        {"measure": "APIs", "here": 2, "paper": 26507},
        {"measure": "domains", "here": 1, "paper": 390},
        {"measure": "APIs with nested parameters", "here": 0.5, "paper": "yes"},
        {"measure": "dialogs with parallel calls", "here": 0.0, "paper": "yes"},
        {"measure": "dialogs with dependent calls", "here": 0.0, "paper": "yes"},
        {"measure": "dialogs without calls", "here": 1 / 3, "paper": "yes"},
    ],
    "published": [
        {"measure": "rows", "here": 3, "published rows": 11300},
        {"measure": "tool names that are no identifiers", "here": 0.0, "published rows": 0.8},
        {"measure": "calling messages without a tool's reply", "here": 0.0, "published rows": 36 / 181},
        {"measure": "calls that fill every parameter", "here": 0.5, "published rows": 0.79},
        {"measure": "the same, of tools with optional parameters", "here": 0.5, "published rows": None},
        {"measure": "rows that call a tool they do not declare", "here": 0.0, "published rows": 60 / 11300},
        {"measure": "empty assistant messages", "here": 0, "published rows": "reported"},
    ],
    "areas": [{"area": "travel", "domains": 1, "APIs": 2, "share": 1.0}],
    "types": [
        {"type": "string", "number": 2, "share": 0.5},
        {"type": "array of integer", "number": 1, "share": 0.25},
        {"type": "object", "number": 1, "share": 0.25},
    ],
    "depth": [{"levels": "1", "number": 1, "share": 0.5}, {"levels": "2", "number": 1, "share": 0.5}],
    "parameters": [{"parameters": "1", "number": 1, "share": 0.5}, {"parameters": "2", "number": 1, "share": 0.5}],
    "indicators": [{"indicator": "add_parameters", "number": 1, "share": 0.5}],
    "kinds": [
        {"kind": "dependent", "number": 0, "share": 0.0},
        {"kind": "parallel", "number": 0, "share": 0.0},
        {"kind": "single", "number": 2, "share": 2 / 3},
        {"kind": "none", "number": 1, "share": 1 / 3},
    ],
    "situations": [{"situation": "plain", "number": 3, "share": 1.0}],
    "turns": [{"turns": "1", "number": 3, "share": 1.0}],
    "candidates": [{"tools": "2", "number": 3, "share": 1.0}],
    "calls": [{"calls": "0", "number": 1, "share": 1 / 3}, {"calls": "1", "number": 2, "share": 2 / 3}],
    "sources": [{"source": "user", "number": 1, "share": 1.0}],
    "losses": [{"value": "1.50 to 1.75", "number": 1, "share": 1.0}],
    "complexity_tools": [{"tools called": "1", "dialogs": 1, "mean complexity": 1.5, "standard error": 0.0}],
    "funnel": [
        {"stage": "synth-apis", "in": 2, "kept": 2, "rejected": 0, "errored": 0, "share kept": 1.0},
        {"stage": "gen-dialogs", "in": 4, "kept": 4, "rejected": 0, "errored": 0, "share kept": 1.0},
        {"stage": "verify", "in": 4, "kept": 3, "rejected": 1, "errored": 0, "share kept": 0.75},
    ],
    "reasons": [{"stage": "verify", "reason": "hallucination", "number": 1, "share of attempts": 0.25}],
    "checks": [
        {
            "check": "hallucination",
            "aspect": "expert",
            "dialogs": 1,
            "share": 1.0,
            "only this error": 1,
            "example": "'Paris' was not said",
        },
        {
            "check": "balance",
            "aspect": "set, warning",
            "dialogs": 1,
            "share": 1.0,
            "only this error": 0,
            "example": "odd",
        },
    ],
    "blame": [{"to blame": "assistant", "number": 1, "share": 1.0}],
    "layers": [{"layer": "experts", "number": 1, "share": 1.0}],
    "cost": [
        {"what": "in all", "replies": 2, "input tokens": 200, "output tokens": 40, "cost": 0.75},
        {
            "what": "per accepted dialog, of 3",
            "replies": 0.666667,
            "input tokens": 66.666667,
            "output tokens": 13.333333,
            "cost": 0.25,
        },
    ],
    "cost_parts": [
        {
            "by": by,
            "name": name,
            "replies": number,
            "input tokens": 100 * number,
            "output tokens": 20 * number,
            "cost": cost,
            "cost per accepted dialog": each,
        }
        for by, name, number, cost, each in (
            ("stage", "gen-dialogs", 2, 0.75, 0.25),
            ("role", "assistant", 1, 0.5, 0.166667),
            ("role", "user", 1, 0.25, 0.083333),
            ("model", "gpt", 2, 0.75, 0.25),
        )
    ],
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_counts_what_is_there(facts: dict[str, Any], name: str) -> None:
    """Every row of it, as counted by hand."""
    assert facts["tables"][name] == TABLES[name]


def test_the_style_of_the_pool_is_measured(facts: dict[str, Any]) -> None:
    """Naming, voice and options of two definitions."""
    style = {row["measure"]: row["synthesized here"] for row in facts["tables"]["style"]}
    chosen = {
        "definitions": 2,
        "names: snake_case": 0.5,
        "names: camelCase": 0.5,
        "names that begin with a verb": 1.0,
        "description: imperative": 0.5,
        "description: third person": 0.5,
        "description, words (median)": 3,
        "parameters that are optional": 0.75,
        "parameters with constraints": 0.25,
        "definitions with nested parameters": 0.5,
    }
    assert {name: style[name] for name in chosen} == chosen


def test_the_headline_leads_with_what_stands(facts: dict[str, Any]) -> None:
    """Verified dialogs, their calls, what verification kept, and the cost."""
    names = ("APIs", "domains", "verified dialogs", "calls", "dialogs without calls", "kept by verification", "cost")
    assert [facts[name] for name in names] == [2, 1, 3, 2, 1 / 3, 0.75, 0.75]


def test_a_workspace_with_a_pool_alone_is_reported(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is not there has no table, and nothing divides by zero."""
    fill(Workspace(workspace).stage("apis"), APIS)
    assert run_app(app, ["report", "-w", str(workspace)]) == 0
    out = capsys.readouterr().out
    assert "Parameter types" in out
    assert "Complexity" not in out


def test_an_empty_workspace_is_a_users_mistake(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line that says what to run first."""
    assert run_app(app, ["report", "-w", str(workspace)]) == 2
    assert "nothing to look at" in capsys.readouterr().err


def test_the_terminal_shows_the_same_figures(filled: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    """Titles and numbers of the page's tables, at the width of a terminal."""
    assert run_app(app, ["report", "-w", str(filled.root)]) == 0
    out = capsys.readouterr().out
    for text in ("The pool beside the paper's", "26,507", "hallucination", "per accepted dialog, of 3", "0.25"):
        assert text in out
