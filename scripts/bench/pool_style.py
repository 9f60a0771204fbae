"""Style of a pool beside that of real APIs: `python scripts/bench/pool_style.py WORKSPACE [DOCUMENTS]...`.

Prints one row a measure and one column a source: the synthesized APIs of WORKSPACE/apis, then the operations of each
document folder (Google discovery, botocore …), read as `--import` would."""

from __future__ import annotations

import re
import statistics
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from toolace.records import Api
from toolace.shards import StageFolder
from toolace.synth_apis.documents import Document, read_documents

Definition = tuple[str, str, dict[str, Any]]
"""Name, description, parameters."""

TYPES = ("string", "integer", "number", "boolean", "array", "object")


def main(arguments: list[str]) -> int:
    """Prints the table; 2 without a workspace."""
    if not arguments:
        print(__doc__)
        return 2
    workspace, *folders = arguments
    sources = {"pool": measured(_of_pool(Path(workspace)))}
    sources |= {Path(folder).resolve().name: measured(_of_documents(Path(folder))) for folder in folders}
    print(f"{'':<34}" + "".join(f"{name:>14.13}" for name in sources))
    for measure in next(iter(sources.values())):
        print(f"{measure:<34}" + "".join(f"{one[measure]:>14}" for one in sources.values()))
    return 0


def measured(definitions: Iterator[Definition]) -> dict[str, str]:
    """The measures of one source, as they are printed."""
    lengths: list[int] = []
    described: list[int] = []
    parameters: list[int] = []
    optional = required = nested = listed = 0
    depths: Counter[int] = Counter()
    types: Counter[str] = Counter()
    namings: Counter[str] = Counter()
    for name, description, schema in definitions:
        properties = schema.get("properties", {})
        lengths.append(len(description.split()))
        parameters.append(len(properties))
        required += len(schema.get("required", ()))
        optional += len(properties) - len(schema.get("required", ()))
        depth = _depth(schema)
        depths[min(depth, 4)] += 1
        nested += depth > 1
        listed += _has_lists_of_lists(schema)
        namings[_naming(name)] += 1
        for one in properties.values():
            types[str(one.get("type"))] += 1
            described.append(len(str(one.get("description", "")).split()))
    count = len(lengths) or 1
    table = {
        "definitions": f"{len(lengths):,}",
        "words of a description, median": f"{_median(lengths):.0f}",
        "words of a description, 90th": f"{_ninetieth(lengths):.0f}",
        "words of a parameter's, median": f"{_median(described):.0f}",
        "parameters, mean": f"{sum(parameters) / count:.1f}",
        "parameters, 90th": f"{_ninetieth(parameters):.0f}",
        "optional parameters": f"{optional / max(1, optional + required):.0%}",
        "nested (objects, lists of them)": f"{nested / count:.0%}",
        "with lists of lists": f"{listed / count:.2%}",
    }
    table |= {f"depth {depth}{'+' if depth == 4 else ''}": f"{depths[depth] / count:.0%}" for depth in range(5)}
    table |= {f"type {kind}": f"{types[kind] / max(1, types.total()):.0%}" for kind in TYPES}
    return table | {
        f"naming {kind}": f"{namings[kind] / count:.0%}"
        for kind in ("snake", "camel", "pascal", "kebab", "dotted", "other")
    }


def _of_pool(workspace: Path) -> Iterator[Definition]:
    for api in StageFolder(workspace / "apis").records(Api):
        if api.lineage.origin == "synthesized":
            yield api.name, api.description, api.parameters


def _of_documents(folder: Path) -> Iterator[Definition]:
    for document in read_documents([folder]):
        if isinstance(document, Document):
            for operation in document.operations:
                yield operation.name, operation.description, operation.parameters


def _depth(schema: dict[str, Any]) -> int:
    """Levels of named fields: 0 without parameters, 1 for flat ones, 2 where a parameter is an object or a list of
    objects."""
    properties = schema.get("properties") or {}
    inner = [one.get("items", one) if isinstance(one.get("items"), dict) else one for one in properties.values()]
    lists = [
        1 for one in properties.values() if isinstance(one.get("items"), dict) and one["items"].get("type") == "array"
    ]
    return (1 + max([0, *lists, *map(_depth, inner)])) if properties else 0


def _has_lists_of_lists(schema: dict[str, Any]) -> bool:
    items = schema.get("items")
    inner = [*(schema.get("properties") or {}).values(), *([items] if isinstance(items, dict) else [])]
    is_one = isinstance(items, dict) and items.get("type") == "array"
    return is_one or any(map(_has_lists_of_lists, inner))


def _naming(name: str) -> str:
    forms = {
        "dotted": r".*[./:].*",
        "kebab": r"[a-z0-9]+(-[a-z0-9]+)+",
        "snake": r"[a-z0-9]+(_+[a-z0-9]+)*",
        "camel": r"[a-z]+[a-z0-9]*([A-Z][a-zA-Z0-9]*)+",
        "pascal": r"[A-Z][a-zA-Z0-9]*",
    }
    return next((kind for kind, form in forms.items() if re.fullmatch(form, name)), "other")


def _median(values: list[int]) -> float:
    return statistics.median(values) if values else 0


def _ninetieth(values: list[int]) -> float:
    return sorted(values)[int(len(values) * 0.9)] if values else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
