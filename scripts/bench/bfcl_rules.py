"""BFCL's gold answers as foreign rows, rules only: how many are accepted, and what of the rest is wrong with BFCL.

    python scripts/bench/bfcl_rules.py BFCL_EVAL_WHEEL

The wheel comes with `pip download --no-deps bfcl-eval==2026.3.23`. Each answer is then spoilt in four ways, all of which must
be rejected.
"""

from __future__ import annotations

import copy
import json
import random
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from toolace.formats.types import from_dialect
from toolace.records import Dialog, Finding
from toolace.rules import check_dialog

CATEGORIES = ("simple_python", "multiple", "parallel", "parallel_multiple")
Json = dict[str, Any]
WRONG: Json = {"string": 17, "integer": "many", "number": "many", "boolean": "maybe", "array": "all", "object": "x"}


def main() -> None:
    """Prints the share accepted by category, each rejected answer with its reason, and recall of spoilt ones."""
    rows = list(gold_rows(sys.argv[1]))
    accepted: Counter[str] = Counter()
    rejected: list[str] = []
    for category, row in rows:
        errors = errors_in(row)
        accepted[category] += not errors
        rejected += [f"- {row['id']}: {errors[0].check}: {errors[0].message}"] if errors else []
    print("| category | answers | accepted |\n|---|---:|---:|")
    for category in CATEGORIES:
        total = sum(name == category for name, _ in rows)
        print(f"| {category} | {total} | {accepted[category]} |")
    print("\nRejected, each for a mistake of BFCL's own:\n" + "\n".join(rejected))
    print("\n| spoilt by | answers | rejected |\n|---|---:|---:|")
    for name, spoil in SPOILERS.items():
        rng = random.Random(name)
        spoilt = [changed for _, row in rows if (changed := spoilt_copy(row, spoil, rng))]
        print(f"| {name} | {len(spoilt)} | {sum(bool(errors_in(row)) for row in spoilt)} |")


def gold_rows(wheel: str) -> Iterator[tuple[str, Json]]:
    """(category, dialog) with the first accepted value of each argument."""
    with zipfile.ZipFile(wheel) as archive:
        for category in CATEGORIES:
            name = f"BFCL_v4_{category}.json"
            questions = archive.read(f"bfcl_eval/data/{name}").splitlines()
            answers = archive.read(f"bfcl_eval/data/possible_answer/{name}").splitlines()
            for question, answer in zip(map(json.loads, questions), map(json.loads, answers), strict=True):
                yield category, dialog_of(question, answer["ground_truth"])


def dialog_of(question: Json, truth: list[Json]) -> Json:
    """A question row and its answer as a foreign dialog that ends with its calls."""
    calls = [
        {"id": f"call_{at}", "function": {"name": tool, "arguments": first_accepted(arguments)}}
        for at, one in enumerate(truth)
        for tool, arguments in one.items()
    ]
    messages = [*question["question"][0], {"role": "assistant", "tool_calls": calls}]
    users = [at for at, message in enumerate(messages) if message["role"] == "user"]
    kind = "parallel" if len(calls) > 1 else "single"
    turns = [{"kind": kind if at == users[-1] else "none", "first": at} for at in users]
    tools = [{"type": "function", "function": from_dialect(function)} for function in question["function"]]
    return {"id": question["id"], "kind": kind, "turns": turns, "tools": tools, "messages": messages}


def first_accepted(arguments: Json) -> Json:
    """The first accepted value of each argument; one that is left out by preference is left out."""
    return {name: value(accepted[0]) for name, accepted in arguments.items() if accepted and accepted[0] != ""}


def value(accepted: Any) -> Any:
    """A value as a model writes it: the fields of an object are lists of accepted values."""
    if isinstance(accepted, dict):
        return {key: value(one[0]) for key, one in accepted.items() if isinstance(one, list) and one and one[0] != ""}
    return [value(one) for one in accepted] if isinstance(accepted, list) else accepted


def errors_in(row: Json) -> list[Finding]:
    """What rejects a foreign dialog."""
    return [one for one in check_dialog(Dialog.model_validate(row), foreign=True) if one.severity == "error"]


def drop_required(call: Json, function: Json, rng: random.Random) -> bool:
    given = [name for name in function["parameters"].get("required", ()) if name in call["arguments"]]
    return bool(given) and call["arguments"].pop(rng.choice(given), None) is not None


def rename(call: Json, function: Json, rng: random.Random) -> bool:
    call["name"] += "_v2"
    return True


def add_argument(call: Json, function: Json, rng: random.Random) -> bool:
    call["arguments"]["extra_argument"] = 1
    return True


def change_type(call: Json, function: Json, rng: random.Random) -> bool:
    typed = {name: function["parameters"]["properties"].get(name, {}).get("type") for name in call["arguments"]}
    names = [name for name, type in typed.items() if type in WRONG]
    if names:
        name = rng.choice(names)
        call["arguments"][name] = WRONG[str(typed[name])]
    return bool(names)


SPOILERS: dict[str, Callable[[Json, Json, random.Random], bool]] = {
    "a required argument dropped": drop_required,
    "the function renamed": rename,
    "an undeclared argument": add_argument,
    "a wrong type": change_type,
}


def spoilt_copy(row: Json, spoil: Callable[[Json, Json, random.Random], bool], rng: random.Random) -> Json | None:
    """The dialog with one call spoilt; None where there is no room for it."""
    made = copy.deepcopy(row)
    call = rng.choice(made["messages"][-1]["tool_calls"])["function"]
    functions = {tool["function"]["name"]: tool["function"] for tool in made["tools"]}
    return made if call["name"] in functions and spoil(call, functions[call["name"]], rng) else None


if __name__ == "__main__":
    main()
