"""Parquet beside JSONL: the same rows, without Arrow's padding. Needs pyarrow."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from toolace.config import Config, Export
from toolace.errors import UserMistake
from toolace.export import beside, parquet
from toolace.export.card import Origins
from toolace.export.stage import ExportCounts
from toolace.shards import StageFolder


def test_without_pyarrow_the_mistake_names_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before any row is written."""

    def missing(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(parquet, "import_module", missing)
    with pytest.raises(UserMistake, match="pip install -U pyarrow"):
        beside.refuse_what_cannot_be(Export(parquet=True))


@pytest.mark.parametrize("format", ["trl", "openai", "toolace", "llamafactory", "bfcl"])
def test_rows_come_back_as_they_are_in_the_jsonl(
    format: str, exported: Callable[..., ExportCounts], folder: StageFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nested columns are JSON text, so that no key of another row is added with a null; several batches, one schema."""
    tables = pytest.importorskip("pyarrow.parquet")
    monkeypatch.setattr(parquet, "_BATCH", 50)
    settings = Export.model_validate({"format": format, "parquet": True})
    counts = exported(format=format)
    beside.put_beside(folder, counts, Config(export=settings), Origins())
    assert folder.stands(counts.files)
    assert "train.parquet" in counts.files
    rows = tables.read_table(folder.path / "train.parquet").to_pylist()
    written = [json.loads(line) for line in folder.lines_of("train.jsonl")]
    nested = beside.FORMATS[format].json_columns
    assert [
        {key: json.loads(value) if key in nested else value for key, value in row.items()} for row in rows
    ] == written


def test_no_rows_are_an_empty_table(exported: Callable[..., ExportCounts], folder: StageFolder) -> None:
    """Not a crash."""
    tables = pytest.importorskip("pyarrow.parquet")
    exported(lambda dialog: "unwanted")
    parquet.write_parquet(folder, "train", ("messages", "tools"))
    assert tables.read_table(folder.path / "train.parquet").num_rows == 0
