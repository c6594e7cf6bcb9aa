"""Answered in the member's own words and graded against the topic's key points."""

from dataclasses import dataclass
from typing import Literal

from bot.curriculum.questions import OpenQuestion


@dataclass(frozen=True, slots=True)
class Open:
    """`key_points` are the ids of those that count here (none: all of the topic), `full_marks` how many make 1
    (0: as many as the topic says)."""

    key_points: tuple[str, ...] = ()
    full_marks: int = 0
    kind: Literal["open"] = "open"


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something wrong that an answer says, with the words that say it; `point` is None where it is about no point."""

    point: str | None
    said: str
    why: str


@dataclass(frozen=True, slots=True)
class Mark:
    """What the grader found in an answer, over the whole topic: a score from 0 to 1 and the ids of key points."""

    score: float
    met: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    disputed: tuple[str, ...] = ()
    contradicted: tuple[Mistake, ...] = ()


def composed(question: OpenQuestion) -> Open:
    """Nothing is drawn."""
    return Open(question.points, question.full_marks or 0)


def points(form: Open, mark: Mark) -> float:
    """The grade; where only some key points count, the share of those. A wrong thesis (score 0) earns nothing."""
    if not form.key_points or not mark.score:
        return mark.score
    met = len((set(mark.met) & set(form.key_points)) - set(mark.disputed))
    return min(1.0, met / (form.full_marks or len(form.key_points)))
