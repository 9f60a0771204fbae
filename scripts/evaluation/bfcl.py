"""BFCL's Python non-live single-turn categories, with its own data and its own AST checker, out of its PyPI wheel.

The wheel's dependencies (gigabytes of serving libraries) are not needed: the checker asks them only whether a model's
names were changed, and the module that says so is stubbed.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import types
from collections.abc import Callable, Collection, Mapping, Sequence
from importlib import import_module, resources
from pathlib import Path
from typing import Any

from evaluation.questions import Answer, Question
from toolace.assets import cache_folder
from toolace.errors import UserMistake
from toolace.formats.types import from_dialect
from toolace.records import Function, Message

REQUIREMENT = "bfcl-eval==2026.3.23"
CATEGORIES = {
    "simple": "simple_python",
    "multiple": "multiple",
    "parallel": "parallel",
    "parallel_multiple": "parallel_multiple",
    "irrelevance": "irrelevance",
}
"""Our names, and those of BFCL's files."""

_MODEL = "any"

Check = Callable[[str, Answer], bool]
"""Whether the answer to the question of this id is right."""


class Bfcl:
    """Questions, accepted answers and the checker. Raises UserMistake where the package cannot be had."""

    def __init__(self, wheel: Path | None, limit: int | None, skip: int = 0):
        items = slice(skip, None if limit is None else skip + limit)
        sys.path.insert(0, str(wheel or fetched()))
        data = resources.files("bfcl_eval") / "data"
        self._checker, self._language = _checker()
        self._items: dict[str, tuple[str, list[dict[str, Any]]]] = {}
        self._accepted: dict[str, list[dict[str, Any]]] = {}
        self.questions: list[Question] = []
        for category, name in CATEGORIES.items():
            for row in _rows(data / f"BFCL_v4_{name}.json")[items]:
                self._items[row["id"]] = category, row["function"]
                self.questions.append(as_question(category, row))
            if category != "irrelevance":
                rows = _rows(data / "possible_answer" / f"BFCL_v4_{name}.json")[items]
                self._accepted |= {row["id"]: row["ground_truth"] for row in rows}

    def right(self, answer: Answer) -> bool:
        """BFCL's verdict: for irrelevance, that nothing is called; else that the calls are accepted."""
        category, functions = self._items[answer.id]
        if category == "irrelevance":
            return not answer.calls
        if not answer.calls:
            return False
        named = {legal(function["name"]): function["name"] for function in functions}
        calls = [{named.get(call.name, call.name): call.arguments} for call in answer.calls]
        truth = self._accepted[answer.id]
        try:
            return bool(self._checker(functions, calls, truth, self._language, CATEGORIES[category], _MODEL)["valid"])
        except (TypeError, AttributeError, KeyError):  # an argument of a shape that the checker does not foresee
            return False

    def gold(self, questions: Sequence[Question]) -> list[Answer]:
        """The first accepted answers as if a model had given them."""
        found = []
        for question in questions:
            functions = self._items[question.id][1]
            required = {function["name"]: function["parameters"].get("required", ()) for function in functions}
            found.append(Answer(question.id, first_accepted(self._accepted.get(question.id, []), required)))
        return found


def as_question(category: str, row: dict[str, Any]) -> Question:
    """A row as a question: types as JSON Schema names them, function names as OpenAI-compatible endpoints take them."""
    tools = tuple(
        {"type": "function", "function": from_dialect({**function, "name": legal(function["name"])})}
        for function in row["function"]
    )
    messages = tuple(Message(role=message["role"], content=message["content"]) for message in row["question"][0])
    return Question(row["id"], category, tools, messages)


def legal(name: str) -> str:
    """A function name without what endpoints refuse; BFCL does the same to dots."""
    return re.sub(r"[^a-zA-Z0-9_-]", "_", name)[:64]


def first_accepted(
    truth: list[dict[str, dict[str, list[Any]]]], required: Mapping[str, Collection[str]]
) -> tuple[Function, ...]:
    """The calls with each argument's first accepted value; one that may be left out is, if its function allows it."""
    calls = []
    for name, given in (pair for call in truth for pair in call.items()):
        needed = required.get(name, ())
        kept = {key: accepted for key, accepted in given.items() if "" not in accepted or key in needed}
        arguments = {key: _plain(next((one for one in accepted if one != ""), "")) for key, accepted in kept.items()}
        calls.append(Function(name=legal(name), arguments=arguments))
    return tuple(calls)


def _plain(value: Any) -> Any:
    """An accepted value as a model writes it: the fields of an object are lists of accepted values."""
    if isinstance(value, dict):
        return {
            key: _plain(accepted[0]) if isinstance(accepted, list) else accepted
            for key, accepted in value.items()
            if not (isinstance(accepted, list) and "" in accepted)
        }
    if isinstance(value, list):
        return [_plain(one) if isinstance(one, dict) else one for one in value]
    return value


def _rows(path: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _checker() -> tuple[Callable[..., dict[str, Any]], Any]:
    stub = types.ModuleType("bfcl_eval.constants.model_config")
    vars(stub)["MODEL_CONFIG_MAPPING"] = {_MODEL: types.SimpleNamespace(underscore_to_dot=False)}
    sys.modules[stub.__name__] = stub
    language = import_module("bfcl_eval.constants.enums").Language.PYTHON
    return import_module("bfcl_eval.eval_checker.ast_eval.ast_checker").ast_checker, language


def fetched() -> Path:
    """The wheel in the cache, fetched once with pip; Python imports from it as it is."""
    folder = cache_folder()
    pattern = f"bfcl_eval-{REQUIREMENT.partition('==')[2]}-*.whl"
    if not list(folder.glob(pattern)):
        command = [sys.executable, "-m", "pip", "download", "-qq", "--disable-pip-version-check", "--no-deps"]
        done = subprocess.run(
            [*command, "--dest", str(folder), REQUIREMENT], capture_output=True, text=True, check=False
        )
        if done.returncode or not list(folder.glob(pattern)):
            reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise UserMistake(f"pip download {REQUIREMENT} failed: {reason}; give the wheel with --bfcl")
    return next(folder.glob(pattern))
