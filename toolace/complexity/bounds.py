"""The range in force, and the predictor: the configuration's bounds, else this workspace's calibration, else those shipped."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from toolace.assets import asset
from toolace.complexity.predictor import Predictor
from toolace.complexity.steering import Range
from toolace.config import ComplexitySection
from toolace.errors import UserMistake

SHIPPED = "data/complexity/smollm2.json"
"""A `calibration.json` of the embedded learner, as `toolace calibrate` wrote it."""


def bounds_for(settings: ComplexitySection, learner: str, calibration: Path) -> tuple[Range, str]:
    """The range and where it comes from. A calibration of another learner or measure does not count. Raises UserMistake."""
    made, source = _made(settings.measure, learner, calibration)
    found = Range(made["lower"], made["upper"]) if made else Range(None, None)
    if settings.lower is None and settings.upper is None:
        return found, source
    lower = found.lower if settings.lower is None else settings.lower
    upper = found.upper if settings.upper is None else settings.upper
    if lower is not None and upper is not None and lower >= upper:
        raise UserMistake(f"complexity.lower {lower} is not below complexity.upper {upper}; correct the configuration")
    return Range(lower, upper), "the configuration"


def predictor_for(settings: ComplexitySection, learner: str, calibration: Path) -> Predictor:
    """The predictor that a calibration of this learner and measure trained. Raises UserMistake where there is none."""
    made, _ = _made(settings.measure, learner, calibration)
    if made is None or not made.get("predictor"):
        raise UserMistake(
            "complexity.predictor: no calibration of this learner and measure holds a predictor; run `toolace calibrate`"
        )
    return Predictor(tuple(made["predictor"]["weights"]), made["predictor"]["error"])


def _made(measure: str, learner: str, calibration: Path) -> tuple[dict[str, Any] | None, str]:
    """This workspace's calibration, else the one shipped, which holds for the embedded learner in any precision."""
    if calibration.is_file() and (found := _held(calibration, measure, lambda name: name == learner)):
        return found, str(calibration)
    with contextlib.suppress(FileNotFoundError):
        if found := _held(asset(SHIPPED), measure, lambda name: name.partition(",")[0] == learner.partition(",")[0]):
            return found, "shipped for the embedded learner"
    return None, "no bounds: run `toolace calibrate`, or set complexity.lower and complexity.upper"


def _held(path: Path, measure: str, is_learner: Callable[[str], bool]) -> dict[str, Any] | None:
    """The calibration by this measure, where the file is one of this learner. Raises UserMistake."""
    try:
        made = json.loads(path.read_bytes())
        chosen = [one for one in made["calibrations"] if one["measure"] == measure and is_learner(made["learner"])]
        return {**chosen[0], "lower": float(chosen[0]["lower"]), "upper": float(chosen[0]["upper"])} if chosen else None
    except (ValueError, KeyError, TypeError) as error:
        raise UserMistake(f"{str(path)!r} is no calibration ({error!r}); run `toolace calibrate` again") from None
