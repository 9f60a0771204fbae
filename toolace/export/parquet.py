"""A Parquet file beside a JSONL file, its varying columns JSON, marked so for the `datasets` library (4.7 and later).

Arrow's structs would give every object the keys of all others, filled with nulls, which corrupts tools and arguments
(trl#5118).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib import import_module
from itertools import islice
from typing import Any

from toolace.errors import UserMistake
from toolace.shards import StageFolder

_BATCH = 1_000
"""Rows held in memory at once; also the rows of one row group."""

_JSON = {"_type": "Json"}
_SCALARS = {type: {"dtype": name, "_type": "Value"} for type, name in ((str, "string"), (int, "int64"), (bool, "bool"))}


def check_pyarrow() -> None:
    """Raises UserMistake where pyarrow is not installed, or too old for JSON columns."""
    try:
        missing = not hasattr(import_module("pyarrow"), "json_")
    except ImportError:
        missing = True
    if missing:
        raise UserMistake("--parquet needs pyarrow 19 or later: `pip install -U pyarrow`, or leave --parquet out")


def write_parquet(folder: StageFolder, split: str, json_columns: Sequence[str]) -> None:
    """Writes `split.parquet` from `split.jsonl`, a batch at a time; an empty split gives an empty table."""
    lines = folder.lines_of(f"{split}.jsonl")
    first = _table(list(islice(lines, _BATCH)), json_columns, None)
    writer_of = import_module("pyarrow.parquet").ParquetWriter
    with folder.writing(f"{split}.parquet") as file, writer_of(file, first.schema) as writer:
        writer.write_table(first)
        while batch := list(islice(lines, _BATCH)):
            writer.write_table(_table(batch, json_columns, first.schema))


def _table(lines: list[bytes], json_columns: Sequence[str], schema: Any) -> Any:
    """An Arrow table of these rows; without a schema, the one they have."""
    arrow = import_module("pyarrow")
    rows = [json.loads(line) for line in lines]
    flat = [{**row, **{name: _json(row.get(name)) for name in json_columns}} for row in rows]
    table = arrow.Table.from_pylist(flat, schema=_plain(arrow, schema))
    return table.cast(schema or _marked(arrow, table.schema, rows, json_columns))


def _plain(arrow: Any, schema: Any) -> Any:
    """The schema with JSON columns as the text they are stored as."""
    if schema is None:
        return None
    kinds = [(field.name, getattr(field.type, "storage_type", field.type)) for field in schema]
    return arrow.schema(kinds)


def _marked(arrow: Any, schema: Any, rows: list[dict[str, Any]], json_columns: Sequence[str]) -> Any:
    """The schema with its JSON columns marked for Arrow, and for `datasets` in the metadata it writes itself."""
    fields = [arrow.field(one.name, arrow.json_() if one.name in json_columns else one.type) for one in schema]
    if not json_columns:
        return arrow.schema(fields)
    marks = {name: _SCALARS.get(type(value), _JSON) for row in rows for name, value in row.items()}
    return arrow.schema(fields, metadata={"huggingface": _json({"info": {"features": marks}})})


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
