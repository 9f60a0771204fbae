"""The dataset card: a README.md with the header that the Hugging Face hub reads, and everything counted below it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

import toolace
from toolace.config import Config
from toolace.export.stage import EVAL, ExportCounts
from toolace.formats import FORMATS
from toolace.shards import Manifest

_HUB_LICENCES = {
    "apache-2.0": "apache-2.0",
    "mit": "mit",
    "bsd-3-clause": "bsd-3-clause",
    "cc0-1.0": "cc0-1.0",
    "cc-by-4.0": "cc-by-4.0",
}
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_TRL_FEATURES = {
    "dataset_info": {
        "config_name": "default",
        "features": [{"name": name, "dtype": "json"} for name in FORMATS["trl"].json_columns],
    }
}
"""Tells `datasets` to take the columns as JSON instead of guessing structs, which nulls would fill."""

_PRIVATE = {"base_url", "extra_body", "shard_size"}
"""Settings that say nothing about the data, or something about its maker."""


@dataclass(frozen=True)
class Origins:
    """Where the data comes from: licences of the pool's documents, how its APIs came to be, earlier stages."""

    licences: Mapping[str, int] = field(default_factory=dict)
    apis: Mapping[str, int] = field(default_factory=dict)
    stages: Mapping[str, Manifest] = field(default_factory=dict)


def dataset_card(counts: ExportCounts, config: Config, origins: Origins) -> str:
    """The whole card as Markdown."""
    sections = [
        _header(counts, config, origins),
        f"# Function-calling dialogs ({config.export.format} rows)\n",
        _about(counts, origins),
        _rows(counts, FORMATS[config.export.format].leaves_out),
        _figures(counts),
        _lineage(counts, origins),
        _licence_note(origins),
        "## Settings\n\n```yaml\n"
        + yaml.safe_dump(made_with(config, origins), sort_keys=False, allow_unicode=True)
        + "```\n",
    ]
    return "\n".join(section for section in sections if section)


def made_with(config: Config, origins: Origins) -> dict[str, Any]:
    """The settings of every stage as its folder remembers them, and this export's own; no path, no endpoint."""
    found: dict[str, Any] = {name: _public(made.fingerprint) for name, made in origins.stages.items()}
    found["export"] = config.export.model_dump(mode="json", exclude={"out"})
    return found


def _public(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    return {key: _public(value) for key, value in node.items() if key not in _PRIVATE}


def _header(counts: ExportCounts, config: Config, origins: Origins) -> str:
    total = sum(counts.rows.values())
    ending = "parquet" if config.export.parquet else "jsonl"
    data = [{"split": "test" if split == EVAL else split, "path": f"{split}.{ending}"} for split in counts.rows]
    header = {
        **_hub_licence(origins),
        "language": [config.language],
        "pretty_name": f"ToolACE-style dialogs ({config.export.format})",
        "task_categories": ["text-generation"],
        "tags": ["function-calling", "tool-use", "synthetic", "toolace"],
        "size_categories": [next((name for bound, name in _SIZES if total < bound), "n>1M")],
        "configs": [{"config_name": "default", "data_files": data}],
        **(_TRL_FEATURES if config.export.format == "trl" else {}),
    }
    return f"---\n{yaml.safe_dump(header, sort_keys=False, allow_unicode=True)}---\n"


def _hub_licence(origins: Origins) -> dict[str, str]:
    """The header's licence: the one all documents share, where the hub has a name for it."""
    known = {_HUB_LICENCES.get(name.lower(), "other") for name in origins.licences}
    if len(known) == 1 and known != {"other"}:
        return {"license": known.pop()}
    return {"license": "other", "license_name": "see-below"}


def _about(counts: ExportCounts, origins: Origins) -> str:
    backends = sorted({name for figures in counts.figures.values() for name in figures.backends})
    models = sorted({name for figures in counts.figures.values() for name in figures.models})
    seeds = sorted({str(made.fingerprint["seed"]) for made in origins.stages.values() if "seed" in made.fingerprint})
    lines = [
        f"Made with toolace {toolace.__version__} after ToolACE (arXiv 2409.00920)"
        + (f", seed {', '.join(seeds)}." if seeds else "."),
        f"Who answered the roles: {', '.join(models or backends) or 'nobody'}.",
        "Words and tool results were computed; no person and no language model said them."
        if backends == ["simulator"]
        else "",
        "Dialogs of other data sets are among them; their terms apply." if "foreign" in backends else "",
    ]
    return " ".join(line for line in lines if line) + "\n"


def _rows(counts: ExportCounts, leaves_out: str) -> str:
    lines = [("rows in " + split + ".jsonl", number) for split, number in counts.rows.items()]
    lines += [(f"left out: {_spoken(reason)}", number) for reason, number in sorted(counts.left_out.items())]
    lines += [(f"not carried: {_spoken(reason)}", number) for reason, number in sorted(counts.not_carried.items())]
    lines += [("**dialogs read**", counts.read)]
    table = "## Rows\n\n| | |\n|---|---:|\n" + "".join(f"| {name} | {number:,} |\n" for name, number in lines)
    if EVAL in counts.rows:
        table += "\nThe split is by tool: no tool that a row of eval.jsonl offers stands in train.jsonl.\n"
    if counts.shortened:
        table += (
            f"\n{counts.shortened:,} rows end before a turn in which further tools are offered "
            f"({counts.turns_left_out:,} turns left out): a row has one list of tools.\n"
        )
    lacking = ["dialog ids, kinds, plans and provenance", *([leaves_out] if leaves_out else [])]
    return f"{table}\nRows of this format hold no {' and no '.join(lacking)}; the workspace's verified/ does.\n"


def _spoken(reason: str) -> str:
    return reason.replace("_", " ")


def _figures(counts: ExportCounts) -> str:
    facts = {split: figures.facts() for split, figures in counts.figures.items()}
    names = list(next(iter(facts.values())))
    lines = [f"| | {' | '.join(facts)} |", "|---|" + "---|" * len(facts)]
    lines += [
        f"| {name.replace('_', ' ')} | {' | '.join(_cell(one.get(name)) for one in facts.values())} |" for name in names
    ]
    return "## Figures\n\n" + "\n".join(lines) + "\n"


def _cell(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}: {number:,}" for key, number in value.items())
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return f"{value:,}" if isinstance(value, int) else str(value if value is not None else "")


def _lineage(counts: ExportCounts, origins: Origins) -> str:
    lines = [f"| {name} | {_cell(made.counts)} |" for name, made in origins.stages.items()]
    lines += [f"| APIs of the pool | {_cell(dict(origins.apis))} |"] if origins.apis else []
    if not lines:
        return ""
    return "## Lineage\n\n| stage | counts |\n|---|---|\n" + "\n".join(lines) + "\n"


def _licence_note(origins: Origins) -> str:
    if not origins.licences:
        return "## Licence\n\nThe tools' source documents name no licence; check their terms before publishing.\n"
    lines = [f"- {name}: {number:,}" for name, number in sorted(origins.licences.items())]
    return (
        "## Licence\n\nThe tools were grown from documents under these licences (number of APIs); "
        "their terms apply to what is taken from them.\n\n" + "\n".join(lines) + "\n"
    )
