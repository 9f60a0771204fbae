"""The range in force: the configuration's bounds, else this workspace's calibration, else those shipped."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from toolace.assets import asset
from toolace.complexity.steering import Range
from toolace.config import ComplexitySection
from toolace.errors import UserMistake

SHIPPED = "data/complexity/smollm2.json"
"""Bounds measured with the embedded learner; the file says how."""


def bounds_for(settings: ComplexitySection, learner: str, calibration: Path) -> tuple[Range, str]:
    """The range and where it comes from. A calibration of another learner or measure does not count. Raises UserMistake."""
    found, source = (
        Range(None, None),
        "no bounds: run `toolace calibrate`, or set complexity.lower and complexity.upper",
    )
    shipped = _shipped(settings.measure)
    if calibration.is_file():
        made = _read(calibration)
        if (made.get("learner"), made.get("measure")) == (learner, settings.measure):
            found, source = Range(made["lower"], made["upper"]), str(calibration)
    if source != str(calibration) and shipped and learner.partition(",")[0] == shipped["learner"].partition(",")[0]:
        found, source = Range(shipped["lower"], shipped["upper"]), "shipped for the embedded learner"
    if settings.lower is None and settings.upper is None:
        return found, source
    lower = found.lower if settings.lower is None else settings.lower
    upper = found.upper if settings.upper is None else settings.upper
    if lower is not None and upper is not None and lower >= upper:
        raise UserMistake(f"complexity.lower {lower} is not below complexity.upper {upper}; correct the configuration")
    return Range(lower, upper), "the configuration"


def _shipped(measure: str) -> dict[str, Any] | None:
    try:
        return next((one for one in _read(asset(SHIPPED))["calibrations"] if one["measure"] == measure), None)
    except FileNotFoundError:
        return None


def _read(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_bytes())
    except ValueError as error:
        raise UserMistake(f"{str(path)!r} is no calibration ({error}); run `toolace calibrate` again") from None
    return found
