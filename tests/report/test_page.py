"""The page: whatever models wrote stays text, and nothing is fetched from anywhere."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tests.report.handmade import ACCEPTED, APIS, dialog, fill
from toolace.cli import app
from toolace.records import Finding, Rejection
from toolace.report.page import embedded
from toolace.report.samples import BUDGET, CHARACTERS, Samples
from toolace.report.tree import SHOWN_LEAVES, tree_payload
from toolace.shards import Workspace
from toolace.shell import run_app

EVIL = "</script><script>alert(1)</script><!--\u2028\u2029 & \" '"


class Elements(HTMLParser):
    """The page as a browser's parser sees it."""

    def __init__(self, page: str):
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self._in_script = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "script":
            self._in_script = True
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        self._in_script &= tag != "script"

    def handle_data(self, data: str) -> None:
        if self._in_script:
            self.scripts[-1] += data


def page_of(workspace: Workspace) -> str:
    assert run_app(app, ["report", "-w", str(workspace.root)]) == 0
    return workspace.path("report", "index.html").read_text(encoding="utf-8")


@pytest.fixture
def evil(workspace: Path) -> Workspace:
    """A workspace whose every text tries to leave its place."""
    found = Workspace(workspace)
    bad = dialog("evil", {"city": EVIL}, said=EVIL)
    finding = Finding(check=EVIL, aspect="dialog", message=EVIL, where=EVIL)
    fill(found.stage("apis"), [APIS[0].model_copy(update={"domain": (EVIL,)})])
    fill(found.stage("verified"), [bad], [(EVIL, Rejection(dialog=bad, findings=(finding,)))])
    return found


def test_text_of_models_is_no_markup(evil: Workspace) -> None:
    """The page has its own three scripts and no other; what was said comes back unchanged out of the data."""
    page = page_of(evil)
    elements = Elements(page)
    assert [attributes.get("id") for tag, attributes in elements.tags if tag == "script"] == [
        "tree-data",
        "samples-data",
        None,
    ]
    assert "alert(1)" not in elements.scripts[2]
    assert "\u2028" not in elements.scripts[1]
    samples = json.loads(elements.scripts[1])
    assert [one["messages"][0]["content"] for one in samples] == [EVIL, EVIL]
    assert samples[1]["findings"][0]["check"] == EVIL
    assert json.loads(elements.scripts[0])["k"][0]["n"] == EVIL
    assert "<script>alert" not in page


def test_the_policy_names_the_one_script_that_may_run(evil: Workspace) -> None:
    """A script that got in all the same would not run: the policy holds the digest of the page's own."""
    import base64
    import hashlib

    elements = Elements(page_of(evil))
    policy = next(one["content"] for tag, one in elements.tags if tag == "meta" and "http-equiv" in one)
    digest = base64.b64encode(hashlib.sha256(elements.scripts[2].encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    )


def test_the_page_refers_to_nothing_outside(filled: Workspace) -> None:
    """Links are anchors of its own, the icon is empty data, styles and scripts load nothing."""
    page = page_of(filled)
    elements = Elements(page)
    references = [one[name] for _, one in elements.tags for name in ("src", "href", "action", "srcset") if name in one]
    assert {str(reference)[0] if str(reference).startswith("#") else reference for reference in references} == {
        "#",
        "data:,",
    }
    assert not re.search(r"@import|url\(|https?://|fetch\(|XMLHttpRequest|\bimport\b", page.split("</style>")[0])
    assert not re.search(r"https?://|fetch\(|XMLHttpRequest|import\(", elements.scripts[2])


def test_embedded_json_is_the_same_json() -> None:
    """Escaped where HTML or old scripts would stumble, and equal when read."""
    value = {"<&>": [EVIL, "ü 漢字 😀", 1.5, None]}
    text = embedded(value)
    assert json.loads(text) == value
    assert not set("<>&\u2028\u2029") & set(text)


def test_samples_are_bounded_however_many_dialogs() -> None:
    """Forty of a kind at most, long texts cut, and the budget of bytes kept."""
    samples = Samples()
    for number in range(500):
        samples.accept(dialog(f"dialog-{number}", None, said="x" * 50_000))
    payload = samples.payload()
    assert len(payload) == 40
    assert payload[0]["messages"][0]["content"] == "x" * CHARACTERS + " … (46,000 more characters)"
    assert len(json.dumps(payload)) < BUDGET


def test_every_check_has_its_samples() -> None:
    """Rejected dialogs are drawn by check, so that a rare one is seen too."""
    samples = Samples()
    for number in range(100):
        check = "rare" if number == 77 else "common"
        samples.reject(
            ACCEPTED[0].model_copy(update={"id": f"d{number}"}), (Finding(check=check, aspect="dialog", message=""),)
        )
    checks = [one["findings"][0]["check"] for one in samples.payload()]
    assert (checks.count("rare"), checks.count("common")) == (1, 6)


def test_the_tree_counts_what_the_pool_covers() -> None:
    """Functionalities and covered ones add up to the root; domains of imported tools are there too."""
    leaves = [(("a", "b"), "one", "a/b/one"), (("a", "b"), "two", "a/b/two"), (("a", "c"), "three", "a/c/three")]
    tree = tree_payload(leaves, {"a/b/two": 4}, {("a", "b"): 4, ("z",): 1})

    def node(name: str, t: int, c: int, a: int, k: list[Any], l: list[Any]) -> dict[str, Any]:  # noqa: E741
        return {"n": name, "t": t, "c": c, "a": a, "k": k, "l": l}

    assert tree == node("all domains", 3, 1, 5, [
        node("a", 3, 1, 4, [
            node("b", 2, 1, 4, [], [["one", 0], ["two", 4]]),
            node("c", 1, 0, 0, [], [["three", 0]]),
        ], []),
        node("z", 0, 0, 1, [], []),
    ], [])  # fmt: skip


def test_a_huge_tree_names_the_first_leaves_of_each_domain() -> None:
    """Counts stay whole; names are bounded."""
    leaves = ((("area", f"domain {number % 100}"), f"leaf {number}", f"{number}") for number in range(3 * SHOWN_LEAVES))
    area = tree_payload(leaves, {}, {})["k"][0]
    assert area["t"] == 3 * SHOWN_LEAVES
    assert {len(domain["l"]) for domain in area["k"]} == {SHOWN_LEAVES // 100}
