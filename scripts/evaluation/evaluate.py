"""One evaluation from questions to scores.json, the same for every benchmark."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from evaluation.answers import AnswerLog
from evaluation.models import Choice
from evaluation.questions import Answer, Question
from evaluation.scores import as_table, scored
from toolace.errors import UserMistake
from toolace.tables import printed
from toolace.wholefiles import replace


class Benchmark(Protocol):
    """Questions, and who says whether an answer is right."""

    questions: list[Question]

    def right(self, answer: Answer) -> bool:
        """The verdict on one answer."""
        ...

    def gold(self, questions: Sequence[Question]) -> list[Answer]:
        """The accepted answers themselves."""
        ...


def evaluate(
    benchmark: Benchmark,
    title: str,
    categories: Iterable[str],
    out: Path | None,
    choice: Choice | None,
    *,
    as_json: bool,
) -> int:
    """Asks (without a model: takes the gold answers), checks, writes and prints. 1 where questions stay owed."""
    settings = {"benchmark": title, **(choice.settings() if choice else {"model": "gold"})}
    owed = 0
    if choice is None:
        answers = benchmark.gold(benchmark.questions)
    else:
        if out is None:
            raise UserMistake("--out FOLDER is missing: answers are kept there")
        log = AnswerLog(out / "answers.jsonl", settings)
        owed = len(log.collect(benchmark.questions, choice.opened))
        answers = [log.known[question.id] for question in benchmark.questions if question.id in log.known]
    category = {question.id: question.category for question in benchmark.questions}
    verdicts = [(category[answer.id], benchmark.right(answer), bool(answer.broken)) for answer in answers]
    scores = scored(verdicts, categories)
    facts = {"settings": settings, "owed": owed, "scores": {name: one.facts() for name, one in scores.items()}}
    if out is not None and not owed:
        out.mkdir(parents=True, exist_ok=True)
        replace(out / "scores.json", [json.dumps(facts, indent=1).encode()])
    note = f"{owed} questions stay unanswered; run the same command again" if owed else ""
    print(json.dumps(facts) if as_json else printed([as_table(title, scores, note)]))
    return 1 if owed else 0
