"""A Parquet file beside a JSONL file. Nested columns are stored as JSON text marked as `Json` for the `datasets`
library.

Arrow's structs would give every object the keys of all others, filled with nulls, which corrupts schemas and arguments
(trl#5118).
"""

from __future__ import annotations

from toolace.errors import UserMistake

_BATCH = 2_000


def check_pyarrow() -> None:
    """Raises UserMistake where pyarrow is not installed."""
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError:
        raise UserMistake(
            "--parquet needs pyarrow; install it with `pip install pyarrow`, or leave --parquet out"
        ) from None
