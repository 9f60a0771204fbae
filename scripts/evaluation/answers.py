"""The log of answers: one JSON line each, written as they come, so that a killed run asks only for what is missing.

The first line holds the settings. Another model, adapter or limit is refused; more questions are not.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from evaluation.questions import Answer, Question
from toolace.errors import UserMistake

SECONDS = 10.0
"""One line of progress in this time."""

Ask = Callable[[Sequence[Question]], Iterator[Sequence[Answer]]]
"""Answers questions in any order, a few at a time; one that cannot be answered now is left out, and owed."""


class AnswerLog:
    """`answers.jsonl` of an evaluation. Raises UserMistake for a log of another evaluation, or a damaged one."""

    def __init__(self, path: Path, settings: dict[str, Any]):
        self.path = path
        self.known: dict[str, Answer] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        first, *lines = self._whole_lines() or [b""]
        if first:
            self._compare(json.loads(first).get("settings", {}), settings)
            self._read(lines)
        else:
            path.write_bytes(json.dumps({"settings": settings}).encode() + b"\n")

    def collect(self, questions: Iterable[Question], ask: Callable[[], Ask]) -> list[Question]:
        """Asks what is not answered yet; `ask` opens the model, if anything is owed. Returns what stays owed."""
        wanted = list(questions)
        owed = [question for question in wanted if question.id not in self.known]
        if owed:
            print(f"eval: {len(wanted) - len(owed)} answered before, {len(owed)} to ask", file=sys.stderr, flush=True)
            start = last = time.monotonic()
            with self.path.open("ab") as file:
                number = 0
                for answers in ask()(owed):
                    file.write(b"".join(answer.line() + b"\n" for answer in answers))
                    file.flush()
                    self.known |= {answer.id: answer for answer in answers}
                    number += len(answers)
                    now = time.monotonic()
                    if number and now - last >= SECONDS:
                        last = now
                        left = (now - start) / number * (len(owed) - number)
                        print(f"eval: {number}/{len(owed)}, {left / 60:.1f} min left", file=sys.stderr, flush=True)
        return [question for question in wanted if question.id not in self.known]

    def _whole_lines(self) -> list[bytes]:
        """The lines; a last one without its end was torn by a kill, and is cut off."""
        if not self.path.is_file():
            return []
        content = self.path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        if len(whole) < len(content):
            self.path.write_bytes(whole)
        return whole.splitlines()

    def _read(self, lines: list[bytes]) -> None:
        for number, line in enumerate(lines, 2):
            try:
                answer = Answer.of_line(line)
            except (ValueError, KeyError, TypeError) as error:
                raise UserMistake(
                    f"{self.path}:{number}: no answer ({error}); delete the line, it is asked again"
                ) from None
            self.known[answer.id] = answer

    def _compare(self, there: dict[str, Any], now: dict[str, Any]) -> None:
        names = [name for name in {**there, **now} if there.get(name) != now.get(name)]
        if names:
            differing = "; ".join(f"{name}: {there.get(name)!r} there, {now.get(name)!r} now" for name in names)
            raise UserMistake(f"{str(self.path)!r} holds another evaluation ({differing}); use another --out")
