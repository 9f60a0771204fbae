"""What stands beside the rows: the dataset card, a trainer's recipe and what its loader needs, the manifest that a
rerun reads."""

from __future__ import annotations

from typing import Any

import toolace
from toolace.config import Config, Export
from toolace.errors import UserMistake
from toolace.export.card import Origins, dataset_card
from toolace.export.recipes import llamafactory_recipe, trl_recipe
from toolace.export.stage import ExportCounts, splits_of
from toolace.formats import FORMATS
from toolace.shards import Manifest, PartInfo, StageFolder


def fingerprint_of(config: Config, limit: int | None) -> dict[str, Any]:
    """What the rows depend on beside the dialogs."""
    settings = config.export.model_dump(mode="json", exclude={"out"})
    return {"export": settings, "limit": limit, "language": config.language, "toolace": toolace.__version__}


def is_done(folder: StageFolder, fingerprint: dict[str, Any], upstream: dict[str, str]) -> Manifest | None:
    """The manifest of an export with these settings from these dialogs, its files as they were written; else None.

    Raises UserMistake where the folder holds rows that no export wrote.
    """
    manifest = folder.manifest()
    if manifest is None:
        name = next((name for split in ("train", "eval") if folder.holds(name := f"{split}.jsonl")), None)
        if name:
            raise UserMistake(
                f"{folder.path}/{name} was not written by an export; give another folder with --out, or move it away"
            )
        return None
    same = manifest.fingerprint == fingerprint and manifest.upstream == upstream
    return manifest if same and folder.stands(manifest.notes.get("files", {})) else None


def put_beside(folder: StageFolder, counts: ExportCounts, config: Config, origins: Origins) -> None:
    """Writes the card, the recipe, the loader's files and, where wanted, the rows as Parquet."""
    has_eval = len(splits_of(config.export)) > 1
    folder.put("README.md", dataset_card(counts, config, origins))
    if config.export.parquet:
        from toolace.export.parquet import write_parquet

        for split in splits_of(config.export):
            write_parquet(folder, split, FORMATS[config.export.format].json_columns)
            counts.files[f"{split}.parquet"] = folder.digest(f"{split}.parquet")
    recipes = {"trl": trl_recipe, "llamafactory": llamafactory_recipe}
    if recipe := recipes.get(config.export.format):
        folder.put(f"{config.export.format}_sft.yaml", recipe(has_eval))
    beside = FORMATS[config.export.format].beside
    for name, text in (beside(splits_of(config.export)) if beside else {}).items():
        folder.put(name, text)


def record(
    folder: StageFolder, counts: ExportCounts, fingerprint: dict[str, Any], upstream: dict[str, str]
) -> Manifest:
    """Writes the manifest, last of all, and deletes data files of an earlier export that this one does not write."""
    before = folder.manifest()
    for name in before.notes.get("files", {}) if before else ():
        if name not in counts.files:
            folder.delete(name)
    manifest = Manifest(stage="export", fingerprint=fingerprint, upstream=upstream)
    first = 0
    for split, rows in counts.rows.items():
        name = f"{split}.jsonl"
        manifest.parts.append(
            PartInfo(name=name, sha256=counts.files[name], records=rows, first=first, end=first + rows)
        )
        first += rows
    manifest.parts[0].rejected = reasons_of(counts)
    manifest.notes = {
        "files": counts.files,
        "left_out": dict(counts.left_out),
        "not_carried": dict(counts.not_carried),
        "shortened": counts.shortened,
        "turns_left_out": counts.turns_left_out,
        "splits": {split: figures.facts() for split, figures in counts.figures.items()},
    }
    folder.save(manifest)
    return manifest


def reasons_of(counts: ExportCounts) -> dict[str, int]:
    """Why dialogs became no row, as other stages say it."""
    return dict(sorted((counts.left_out + counts.not_carried).items()))


def summary_of(counts: ExportCounts, settings: Export) -> str:
    """The rows in a line for people."""
    shown = ", ".join(f"{split}.jsonl {number}" for split, number in counts.rows.items())
    return f"  {settings.format} rows: {shown}; {counts.shortened} end before tools offered later"


def facts_of(counts: ExportCounts, settings: Export) -> dict[str, Any]:
    """The rows as JSON."""
    return {
        "format": settings.format,
        "rows": counts.rows,
        "left_out": dict(counts.left_out),
        "not_carried": dict(counts.not_carried),
        "shortened": counts.shortened,
    }


def refuse_what_cannot_be(settings: Export) -> None:
    """Raises UserMistake for settings that contradict each other, before work starts."""
    if settings.with_thinking and not FORMATS[settings.format].thinks:
        raise UserMistake(
            f"--with-thinking: {settings.format} rows have no place for it; leave it out or choose another --format"
        )
    if settings.parquet:
        from toolace.export.parquet import check_pyarrow

        check_pyarrow()
