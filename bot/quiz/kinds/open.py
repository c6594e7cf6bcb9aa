"""Answered in the member's own words and graded against the topic's key points."""

from dataclasses import dataclass
from typing import Literal

from bot.curriculum.questions import OpenQuestion
from bot.quiz.grading.grade import Grade


@dataclass(frozen=True, slots=True)
class Open:
    """`key_points` are the ids of those that count here (none: all of the topic), `full_marks` how many make 1
    (0: as many as the topic says)."""

    key_points: tuple[str, ...] = ()
    full_marks: int = 0
    kind: Literal["open"] = "open"


def composed(question: OpenQuestion) -> Open:
    """Nothing is drawn."""
    return Open(question.points, question.full_marks or 0)


def points(form: Open, grade: Grade) -> float:
    """The grade; where only some key points count, the share of those. A wrong thesis (score 0) earns nothing."""
    if not form.key_points or not grade.score:
        return grade.score
    met = {made.point for made in grade.met} & set(form.key_points)
    return min(1.0, len(met) / (form.full_marks or len(form.key_points)))
