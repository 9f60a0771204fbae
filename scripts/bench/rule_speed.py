"""Speed of the rule layer on one core, from JSONL lines to verdicts; with BFCL's wheel, beside its AST checker.

    python scripts/bench/rule_speed.py WORKSPACE [--dialogs 3000] [--passes 5] [--wheel BFCL_EVAL_WHEEL]

CPU time of this process, not of the clock. `first` is a pass in which every definition is new, `again` the best of those
after it: a pool's definitions occur in many dialogs. The AST checker wants tree_sitter with its Java and JavaScript
grammars; it gets the same calls already parsed, and judges nothing but them.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import TypeVar

import orjson

from toolace.records import Dialog
from toolace.rules import check_dialog
from toolace.shards import Workspace
from toolace.shell import GARBAGE

sys.path.insert(0, str(Path(__file__).parents[1]))

T = TypeVar("T")


def main() -> None:
    """Prints dialogs a second for each kind of input, with the load of the machine."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--dialogs", type=int, default=3000, help="dialogs read [3000]")
    parser.add_argument("--passes", type=int, default=5, help="passes over them; the best after the first counts [5]")
    parser.add_argument("--wheel", type=Path, help="BFCL's wheel, for its checker on its gold answers")
    options = parser.parse_args()
    gc.set_threshold(*GARBAGE)  # as the command line does
    gc.freeze()
    folder = Workspace(options.workspace).stage("dialogs")
    lines = [line for _, line in islice(folder.lines(), options.dialogs)]
    tools = sum(len(orjson.loads(line)["tools"]) for line in lines) / len(lines)
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(f"{len(lines)} dialogs of {sum(map(len, lines)) / len(lines) / 1000:.1f} kB with {tools:.1f} tools each\n")
    print("| input | by | first, a second | again, a second |\n|---|---|---:|---:|")
    report("dialogs", "reading alone", len(lines), measured(parsed, lines, options.passes))
    report("dialogs", "rules", len(lines), measured(judged, lines, options.passes))
    if options.wheel:
        beside_bfcl(options.wheel, options.passes)


def parsed(line: bytes) -> None:
    Dialog.read(line)


def judged(line: bytes) -> None:
    check_dialog(Dialog.read(line))


def judged_as_foreign(line: bytes) -> None:
    check_dialog(Dialog.read(line), foreign=True)


def beside_bfcl(wheel: Path, passes: int) -> None:
    """BFCL's gold answers, as lines for the rules and as parsed calls for BFCL's checker."""
    from bfcl_rules import gold_rows
    from evaluation.bfcl import Bfcl

    lines = [orjson.dumps(row) for _, row in gold_rows(str(wheel))]
    bfcl = Bfcl(wheel, None)
    answers = bfcl.gold([question for question in bfcl.questions if question.category != "irrelevance"])
    assert len(answers) == len(lines), "both judge the same calls"
    report("BFCL's answers", "rules", len(lines), measured(judged_as_foreign, lines, passes))
    report("BFCL's answers", "BFCL's AST checker", len(answers), measured(bfcl.right, answers, passes))


def measured(work: Callable[[T], object], items: Sequence[T], passes: int) -> list[float]:
    """CPU seconds of each pass."""
    taken: list[float] = []
    for _ in range(max(2, passes)):
        start = time.process_time()
        for item in items:
            work(item)
        taken.append(time.process_time() - start)
    return taken


def report(input: str, by: str, number: int, taken: list[float]) -> None:
    print(f"| {input} | {by} | {number / taken[0]:,.0f} | {number / min(taken[1:]):,.0f} |", flush=True)


if __name__ == "__main__":
    main()
