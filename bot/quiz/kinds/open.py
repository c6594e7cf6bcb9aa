"""Answered in the member's own words and graded against the topic's key points."""

import re
from dataclasses import dataclass, replace
from typing import Literal

from bot.curriculum.questions import OpenQuestion
from bot.quiz.grading.grade import Grade, Met
from bot.text.normalise import folded

MOST_REPEATED = 0.9  # of the words of an answer; what is not its own earns nothing


@dataclass(frozen=True, slots=True)
class Open:
    """`key_points` are the ids of those that count here (none: all of the topic), `full_marks` how many make 1
    (0: as many as the topic says). `asked` is the question, `subject` what it is about."""

    asked: str
    key_points: tuple[str, ...] = ()
    full_marks: int = 0
    subject: str = ""
    kind: Literal["open"] = "open"


def composed(question: OpenQuestion) -> Open:
    """Nothing is drawn."""
    return Open(question.ask, question.points, question.full_marks or 0, question.subject or "")


def to_grade(form: Open, text: str) -> str:
    """The answer as the grader should read it: with the subject that the question had already named."""
    return f"{form.subject}: {text}" if form.subject else text


def as_typed(form: Open, text: str, grade: Grade) -> Grade:
    """The grade of `to_grade`, with the words that made each point where they stand in the answer as it was typed."""
    ahead = len(to_grade(form, text)) - len(text)
    if not ahead:
        return grade
    put_before = to_grade(form, "")
    return replace(
        grade,
        met=tuple(_moved(met, text, ahead) for met in grade.met),
        disputed=tuple(replace(each, said=each.said.removeprefix(put_before)) for each in grade.disputed),
        contradicted=tuple(replace(each, said=each.said.removeprefix(put_before)) for each in grade.contradicted),
    )


def _moved(met: Met, text: str, ahead: int) -> Met:
    start, end = max(0, met.start - ahead), max(0, met.end - ahead)
    end = end or len(text)  # what the question had named already: the whole answer makes it
    return Met(met.point, text[start:end], start, end)


def points(form: Open, text: str, grade: Grade) -> float:
    """The grade of `to_grade`; where only some key points count, the share of those.

    A wrong thesis (score 0) earns nothing, and neither does repeating the question.
    """
    if repeats(form.asked, text):
        return 0.0
    if grade.accepted:
        return 1.0
    if not form.key_points or not grade.score:
        return grade.score
    met = {made.point for made in grade.met} & set(form.key_points)
    return min(1.0, len(met) / (form.full_marks or len(form.key_points)))


def repeats(asked: str, text: str) -> bool:
    """Whether an answer says hardly a word that was not in the question."""
    words = set(re.findall(r"\w+", folded(text)))
    return len(words & set(re.findall(r"\w+", folded(asked)))) >= MOST_REPEATED * len(words)
