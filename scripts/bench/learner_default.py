"""Makes a calibration of the embedded learner the default that is shipped: data/complexity/smollm2.json, without its curves.

toolace synth-apis -w WORKSPACE
toolace calibrate -w WORKSPACE --set complexity.learner=smollm2
python scripts/bench/learner_default.py WORKSPACE
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from toolace.complexity.bounds import SHIPPED

LEFT_OUT = ("curve", "tuning_losses")


def main() -> None:
    """Writes the file and says what it holds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("workspace", type=Path)
    made = json.loads((parser.parse_args().workspace / "calibration" / "calibration.json").read_bytes())
    if not made["learner"].startswith("SmolLM2-135M-Instruct.Q4_1,"):
        raise SystemExit(f"{made['learner']} is not the embedded learner; calibrate with complexity.learner=smollm2")
    made["calibrations"] = [
        {name: value for name, value in one.items() if name not in LEFT_OUT} for one in made["calibrations"]
    ]
    shipped = {name: value for name, value in made.items() if name not in LEFT_OUT}
    target = Path(__file__).parents[2] / SHIPPED
    target.write_text(json.dumps(shipped, indent=1) + "\n")
    ranges = ", ".join(f"{one['measure']} {one['lower']} to {one['upper']}" for one in shipped["calibrations"])
    print(f"{target}: {ranges}, from {shipped['calibrations'][0]['samples']} exchanges")


if __name__ == "__main__":
    main()
