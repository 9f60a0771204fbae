"""From losses before and after a short fine-tune to a range (paper, section 2.2.2), and what is shown of it. Arithmetic only.

The paper says where the bounds come from and not how; ours: the lower bound is the median loss of the samples that the learner
already answers correctly; the upper bound is the median loss, before tuning, of the tenth whose loss stays highest after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

STAYS_HIGH = 0.1
"""Share of the samples that count as 'loss stays high after fine-tuning'."""

EASIEST = 0.1
"""Where nothing is answered correctly, the lower bound is this quantile of the losses before tuning."""

ENOUGH = 3
"""Correct answers from which their losses make a bound."""

BANDS = 5
QUANTILES = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)


@dataclass(frozen=True, slots=True)
class Sample:
    """One exchange of the prior set. `correct` is None where there is no call to compare."""

    kind: str
    candidates: int
    calls: int
    dissimilarity: float
    before: float
    after: float
    correct: bool | None
    correct_after: bool | None


def calibrated(samples: Sequence[Sample], learner: str, measure: str) -> dict[str, Any]:
    """One of the calibrations that `calibration.json` holds. Raises ValueError without samples."""
    if not samples:
        raise ValueError("a calibration needs samples")
    before = sorted(sample.before for sample in samples)
    right = [sample.before for sample in samples if sample.correct]
    hard = sorted(samples, key=lambda sample: sample.after)[-max(1, round(STAYS_HIGH * len(samples))) :]
    lower = median(right) if len(right) >= ENOUGH else quantile(before, EASIEST)
    upper = median(sample.before for sample in hard)
    note = f"{len(right)} samples are answered correctly before tuning; the lower bound is the median of their losses"
    if len(right) < ENOUGH:
        note = (
            f"{len(right)} samples are answered correctly before tuning, too few for a bound: the lower bound is the "
            f"{EASIEST:.0%} quantile of all losses instead"
        )
    if upper <= lower:
        upper = quantile(before, 1 - STAYS_HIGH)
        note += (
            f"; what stays hard was not harder before, so the upper bound is the {1 - STAYS_HIGH:.0%} quantile instead"
        )
    return {
        "learner": learner,
        "measure": measure,
        "lower": round(lower, 4),
        "upper": round(upper, 4),
        "note": note,
        "samples": len(samples),
        "quantiles": {
            name: {str(share): round(quantile(values, share), 4) for share in QUANTILES}
            for name, values in (("before", before), ("after", sorted(sample.after for sample in samples)))
        },
        "accuracy": {
            "before": accuracy([s.correct for s in samples]),
            "after": accuracy([s.correct_after for s in samples]),
        },
        "bands": bands(samples),
        "curve": [{key: value for key, value in asdict(sample).items() if value is not None} for sample in samples],
    }


def bands(samples: Sequence[Sample]) -> list[dict[str, Any]]:
    """Accuracy by loss before tuning, in bands of equal size."""
    called = sorted((sample for sample in samples if sample.correct is not None), key=lambda sample: sample.before)
    found = []
    for band in range(BANDS):
        inside = called[band * len(called) // BANDS : (band + 1) * len(called) // BANDS]
        if inside:
            found.append(
                {
                    "from": round(inside[0].before, 4),
                    "to": round(inside[-1].before, 4),
                    "samples": len(inside),
                    "accuracy": accuracy([sample.correct for sample in inside]),
                    "accuracy_after": accuracy([sample.correct_after for sample in inside]),
                }
            )
    return found


def accuracy(outcomes: Sequence[bool | None]) -> float | None:
    """Share of the correct among those that can be told; None where none can."""
    known = [outcome for outcome in outcomes if outcome is not None]
    return round(sum(known) / len(known), 4) if known else None


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value below which this share of an ordered sequence lies, linear between neighbours."""
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def picture(calibration: dict[str, Any], width: int = 640, height: int = 320) -> str:
    """The two curves as SVG: samples by their loss before tuning, with the loss after it and the range."""
    curve = sorted(calibration["curve"], key=lambda sample: float(sample["before"]))
    top: float = 1.05 * max(max(sample["before"], sample["after"]) for sample in curve)

    def y(value: float) -> float:
        return round(height - 30 - (height - 50) * value / top, 1)

    def line(key: str, colour: str) -> str:
        step = (width - 60) / max(1, len(curve) - 1)
        points = " ".join(f"{45 + at * step:.1f},{y(sample[key])}" for at, sample in enumerate(curve))
        return f'<polyline fill="none" stroke="{colour}" stroke-width="1.5" points="{points}"/>'

    low, high = y(calibration["lower"]), y(calibration["upper"])
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="11">',
            f"<title>Loss of {len(curve)} exchanges before and after a short fine-tune</title>",
            f'<rect x="45" y="{high}" width="{width - 60}" height="{max(0.0, low - high):.1f}" fill="#e4efe4"/>',
            line("before", "#1f4e8c"),
            line("after", "#c05a12"),
            f'<text x="4" y="{high + 4}">{calibration["upper"]}</text><text x="4" y="{low + 4}">{calibration["lower"]}</text>',
            f'<text x="45" y="{height - 10}">exchanges by {calibration["measure"]} before tuning; '
            '<tspan fill="#1f4e8c">before</tspan>, <tspan fill="#c05a12">after</tspan>, the range shaded</text>',
            "</svg>\n",
        )
    )
