"""Folders are read in one order, once a file, newest versions only."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from toolace.errors import UserMistake
from toolace.synth_apis.documents import Document, Skipped, read_documents


def discovery(name: str, version: str, **more: Any) -> str:
    """A discovery document of one method."""
    methods = {"get": {"id": f"{name}.get.{version}"}}
    return json.dumps({"discoveryVersion": "v1", "name": name, "version": version, "methods": methods, **more})


def openapi(version: str, path: str = "/a", **info: Any) -> str:
    """An OpenAPI document of one path."""
    return json.dumps(
        {"openapi": "3.0.0", "info": {"title": "Shop", "version": version, **info}, "paths": {path: {"get": {}}}}
    )


def botocore(version: str) -> str:
    """A service model of one operation."""
    metadata = {"apiVersion": version, "serviceId": "Queue"}
    return json.dumps({"metadata": metadata, "operations": {f"Send{version}": {}}, "shapes": {}})


def outcome(folder: Path) -> dict[str, str]:
    """What became of each file: its format or the reason it was skipped."""
    found = read_documents([folder])
    return {one.source: one.format if isinstance(one, Document) else one.reason for one in found}


def write(folder: Path, files: dict[str, str]) -> None:
    """Writes files with their folders."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)


def test_a_folder_of_all_formats_is_read_in_order(tmp_path: Path) -> None:
    """Sorted by relative path, hidden files left out, each file announced."""
    files = {
        "b/notes.md": "# Notes\n\nSome words.",
        "b/.hidden.md": "# Hidden",
        ".git/config.txt": "words",
        "a.txt": "Plain words",
        "c.json": openapi("1"),
        "b.json": '[{"name": "f", "description": "d"}]',
        "empty": "",
    }
    write(tmp_path, files)
    announced: list[str] = []
    found = list(read_documents([tmp_path], on_file=announced.append))
    assert announced == [one.source for one in found] == ["a.txt", "b.json", "b/notes.md", "c.json", "empty"]
    assert outcome(tmp_path) == {
        "a.txt": "text",
        "b.json": "tools",
        "b/notes.md": "markdown",
        "c.json": "openapi",
        "empty": "empty file",
    }


def test_a_file_given_twice_is_read_once(tmp_path: Path) -> None:
    """By itself and with its folder."""
    write(tmp_path, {"a.txt": "words"})
    assert [one.source for one in read_documents([tmp_path / "a.txt", tmp_path])] == ["a.txt"]


def test_a_missing_path_is_the_users_mistake_before_anything_is_read(tmp_path: Path) -> None:
    """The call raises, not the first step of the iteration."""
    with pytest.raises(UserMistake, match=r"'.*x\.json' does not exist; give a file or a folder with --documents"):
        read_documents([tmp_path / "x.json"])


def test_odd_files_are_skipped(tmp_path: Path) -> None:
    """A pipe would block for ever, a dangling link leads nowhere."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "gone")
    assert outcome(tmp_path) == {"link": "cannot be read: No such file or directory", "pipe": "not a regular file"}


def test_names_that_are_no_unicode_are_written_so_that_records_can_hold_them(tmp_path: Path) -> None:
    """File systems hold bytes."""
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/n\xff.txt")).write_text("words")
    assert outcome(tmp_path) == {"n\ufffd.txt": "text"}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {"a.json": discovery("cal", "v1"), "b.json": discovery("cal", "v3beta"), "c.json": discovery("cal", "v3")},
            {
                "a.json": "older version of 'cal'; 'c.json' is read",
                "b.json": "older version of 'cal'; 'c.json' is read",
                "c.json": "discovery",
            },
        ),
        (
            {"a.json": discovery("admin", "reports_v1"), "b.json": discovery("admin", "directory_v2")},
            {"a.json": "discovery", "b.json": "discovery"},
        ),
        (
            {
                "a.json": discovery("cal", "v1", revision="20240101"),
                "b.json": discovery("cal", "v1", revision="20230101"),
            },
            {"a.json": "discovery", "b.json": "older version of 'cal'; 'a.json' is read"},
        ),
        (
            {
                "q/2012-11-05/service-2.json": botocore("2012-11-05"),
                "q/2009-02-01/service-2.json": botocore("2009-02-01"),
            },
            {
                "q/2009-02-01/service-2.json": "older version of 'Queue'; 'q/2012-11-05/service-2.json' is read",
                "q/2012-11-05/service-2.json": "botocore",
            },
        ),
        (
            {
                "a.yaml": "openapi: 3.0.0\ninfo:\n  title: shop\n  version: 1.9\npaths:\n  /a: {get: {}}\n",
                "b.json": openapi("1.10"),
            },
            {"a.yaml": "older version of 'shop'; 'b.json' is read", "b.json": "openapi"},
        ),
        ({"a.json": openapi("1", "/a"), "b.json": openapi("1", "/b")}, {"a.json": "openapi", "b.json": "openapi"}),
        (
            {"a.json": openapi("1"), "copy.json": openapi("1")},
            {"a.json": "openapi", "copy.json": "same content as 'a.json', which is read"},
        ),
        (
            {"a.json": openapi("1", **{"x-serviceName": "a"}), "b.json": openapi("2", **{"x-serviceName": "b"})},
            {"a.json": "openapi", "b.json": "openapi"},
        ),
    ],
)
def test_only_the_newest_version_of_an_api_is_read(tmp_path: Path, files: Any, expected: Any) -> None:
    """The others are named, with the one that is read; different APIs of one name all stay."""
    write(tmp_path, files)
    assert outcome(tmp_path) == expected


def test_two_folders_may_hold_files_of_one_name(tmp_path: Path) -> None:
    """Versions are told apart by file, not by name."""
    write(tmp_path, {"old/api.json": openapi("1"), "new/api.json": openapi("2", "/b")})
    found = list(read_documents([tmp_path / "old", tmp_path / "new"]))
    assert [type(one) for one in found] == [Document, Skipped]
