"""Answers are kept as they come; a killed evaluation asks only for what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from evaluation.answers import AnswerLog, Ask
from evaluation.questions import Answer, Question

from toolace.errors import UserMistake

SETTINGS = {"model": "smollm2", "adapter": None}
QUESTIONS = [Question(str(number), "simple", (), ()) for number in range(5)]


class Model:
    """Answers the first `able` questions, and remembers what it was asked."""

    def __init__(self, able: int = 99):
        self.able = able
        self.asked: list[str] = []

    def opened(self) -> Ask:
        return self.answers

    def answers(self, questions: Sequence[Question]) -> Iterator[list[Answer]]:
        self.asked += [question.id for question in questions]
        for question in questions[: self.able]:
            yield [Answer(question.id, text=f"answer {question.id}")]


def test_only_what_is_owed_is_asked(tmp_path: Path) -> None:
    """The second run asks for what the first one left."""
    path = tmp_path / "answers.jsonl"
    assert [one.id for one in AnswerLog(path, SETTINGS).collect(QUESTIONS, Model(2).opened)] == ["2", "3", "4"]
    again = Model()
    log = AnswerLog(path, SETTINGS)
    assert log.collect(QUESTIONS, again.opened) == []
    assert again.asked == ["2", "3", "4"]
    assert log.known == {question.id: Answer(question.id, text=f"answer {question.id}") for question in QUESTIONS}


def test_nothing_owed_opens_no_model(tmp_path: Path) -> None:
    """A finished evaluation is only read."""
    path = tmp_path / "answers.jsonl"
    AnswerLog(path, SETTINGS).collect(QUESTIONS, Model().opened)

    def refuse() -> Ask:
        raise AssertionError("opened")

    assert AnswerLog(path, SETTINGS).collect(QUESTIONS, refuse) == []


@pytest.mark.parametrize("torn", range(1, 40, 6))
def test_a_torn_last_line_is_owed_again(tmp_path: Path, torn: int) -> None:
    """Cut anywhere inside its last line, the log ends up as if it had never been cut."""
    path = tmp_path / "answers.jsonl"
    AnswerLog(path, SETTINGS).collect(QUESTIONS, Model().opened)
    whole = path.read_bytes()
    path.write_bytes(whole[:-torn])
    again = Model()
    AnswerLog(path, SETTINGS).collect(QUESTIONS, again.opened)
    assert (again.asked, path.read_bytes()) == (["4"], whole)


def test_another_adapter_is_refused_by_name(tmp_path: Path) -> None:
    """Answers of two models never mix."""
    path = tmp_path / "answers.jsonl"
    AnswerLog(path, SETTINGS)
    with pytest.raises(UserMistake, match="adapter: None there, 'ab12' now"):
        AnswerLog(path, {**SETTINGS, "adapter": "ab12"})


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    """A whole line that is no answer is the user's to mend."""
    path = tmp_path / "answers.jsonl"
    AnswerLog(path, SETTINGS)
    with path.open("ab") as file:
        file.write(b'{"id": "1"}\n')
    with pytest.raises(UserMistake, match=r"answers\.jsonl:2: no answer"):
        AnswerLog(path, SETTINGS)
