"""Contamination: dialogs and tools that are in a benchmark do not belong into training data.

A request is taken from a benchmark when it equals one of its queries, shares a run of eight words with one, or holds a
shorter one whole; a tool when name and parameters are the same. (Eight words: no false hit on 2,806 unrelated texts; 13
words could never match a quarter of BFCL's short queries.)
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import orjson

from toolace.errors import UserMistake
from toolace.records import Dialog, Finding

RUN: Final = 8
"""Words in common from which a text is taken from another."""
SHORT: Final = 3
"""Queries of fewer words say too little to be recognised inside another text."""

_WORD: Final = re.compile(r"[^\W_]+")
_TEXTS: Final = ("question", "query", "instruction", "prompt", "messages", "conversations", "text", "user", "input")
_TOOLS: Final = ("function", "functions", "tools")
_USERS: Final = ("user", "human")


class Benchmark:
    """The queries and tools of one or more benchmarks, as hashes: about 100 bytes a word of them."""

    def __init__(self) -> None:
        self._queries: dict[int, str] = {}
        self._runs: dict[int, str] = {}
        self._short: dict[tuple[str, ...], str] = {}
        self._tools: dict[tuple[str, frozenset[str]], str] = {}

    def __len__(self) -> int:
        return len(self._queries)

    def add_query(self, text: str, place: str) -> None:
        """Takes up one request of the benchmark."""
        words = _words(text)
        if len(words) < SHORT:
            return
        self._queries[hash(tuple(words))] = place
        for run in _runs(words):
            self._runs.setdefault(hash(run), place)
        if len(words) < RUN:
            self._short[tuple(words)] = place

    def add_tool(self, function: dict[str, Any], place: str) -> None:
        """Takes up one tool of the benchmark; tools without parameters are too common to be recognised."""
        if identity := _identity(function):
            self._tools.setdefault(identity, place)

    def findings(self, dialog: Dialog) -> list[Finding]:
        """What of a dialog is in the benchmark."""
        found: list[Finding] = []
        for at, message in enumerate(dialog.messages):
            place = self._place_of(message.content or "") if message.role == "user" else None
            if place is not None:
                message_text = f"this request is in {place}"
                found.append(_finding("request_is_in_no_benchmark", f"/messages/{at}/content", message_text))
        for at, tool in enumerate(dialog.tools):
            function = tool.get("function")
            identity = _identity(function) if isinstance(function, dict) else None
            if identity is not None and identity in self._tools:
                message_text = f"the tool {identity[0]!r} with these parameters is in {self._tools[identity]}"
                found.append(_finding("tool_is_in_no_benchmark", f"/tools/{at}", message_text))
        return found

    def _place_of(self, text: str) -> str | None:
        words = _words(text)
        if place := self._queries.get(hash(tuple(words))):
            return place
        for run in _runs(words):
            if place := self._runs.get(hash(run)):
                return place
        for size in range(SHORT, min(RUN, len(words) + 1)) if self._short else ():
            for at in range(len(words) - size + 1):
                if place := self._short.get(tuple(words[at : at + size])):
                    return place
        return None


def load_benchmarks(names: Iterable[str]) -> Benchmark:
    """Reads benchmark files (JSON or JSONL rows); `bfcl` is the data of the installed bfcl-eval. Raises UserMistake."""
    benchmark = Benchmark()
    for name in names:
        for path in _bfcl_files() if name == "bfcl" else [Path(name)]:
            before = len(benchmark)
            for place, row in _rows(path):
                for text in _queries(row):
                    benchmark.add_query(text, place)
                for function in _functions(row):
                    benchmark.add_tool(function, place)
            if len(benchmark) == before and name != "bfcl":
                raise UserMistake(
                    f"--decontaminate {name!r} holds no request that could be recognised; give JSON or JSONL rows"
                )
    return benchmark


def _bfcl_files() -> list[Path]:
    spec = importlib.util.find_spec("bfcl_eval")
    if spec is None or not spec.submodule_search_locations:
        raise UserMistake(
            "--decontaminate bfcl needs its data; run `pip install --no-deps bfcl-eval`, or give its files"
        )
    folder = Path(spec.submodule_search_locations[0]) / "data"
    return sorted(path for path in folder.glob("BFCL_*.json") if "format_sensitivity" not in path.name)


def _rows(path: Path) -> Iterator[tuple[str, Any]]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UserMistake(f"--decontaminate {str(path)!r} cannot be read: {error.strerror}; correct the path") from None
    try:
        whole = orjson.loads(content)
        yield from (
            (f"{path.name} row {at}", row) for at, row in enumerate(whole if isinstance(whole, list) else [whole], 1)
        )
    except orjson.JSONDecodeError:
        for number, line in enumerate(content.splitlines(), 1):
            if line.strip():
                yield f"{path.name}:{number}", _parsed(line, path, number)


def _parsed(line: bytes, path: Path, number: int) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        raise UserMistake(f"--decontaminate {path.name}:{number} is not JSON; give JSON or JSONL rows") from None


def _queries(row: Any) -> Iterator[str]:
    """The user's texts of a row, wherever its format keeps them."""
    if isinstance(row, str):
        yield row
    elif isinstance(row, dict):
        for key in _TEXTS:
            yield from _said(row.get(key))


def _said(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        for one in node:
            yield from _said(one)
    elif isinstance(node, dict) and node.get("role", node.get("from", "user")) in _USERS:
        text = node.get("content", node.get("value"))
        if isinstance(text, str):
            yield text


def _functions(row: Any) -> Iterator[dict[str, Any]]:
    for key in _TOOLS if isinstance(row, dict) else ():
        tools = row.get(key)
        tools = orjson.loads(tools) if isinstance(tools, str) and tools[:1] == "[" else tools
        for tool in tools if isinstance(tools, list) else [tools]:
            if isinstance(tool, dict):
                function = tool.get("function", tool)
                yield function if isinstance(function, dict) else tool


def _identity(function: dict[str, Any]) -> tuple[str, frozenset[str]] | None:
    name, parameters = function.get("name"), function.get("parameters")
    properties = parameters.get("properties") if isinstance(parameters, dict) else None
    if not isinstance(name, str) or not isinstance(properties, dict) or not properties:
        return None
    return re.sub(r"\W+", "_", name).lower(), frozenset(map(str, properties))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _runs(words: list[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(words[at:] for at in range(RUN)), strict=False)


def _finding(check: str, where: str, message: str) -> Finding:
    return Finding(check=check, aspect="set", where=where, message=message)
