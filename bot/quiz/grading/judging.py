"""From what speaks for and against a point to the chance that a fair tutor finds it in the answer.

Logistic regressions on a handful of things that mean the same for every topic. Their numbers were fitted to answers in
ten hands that were written after the patterns, each hand judged by what the others taught
(`python -m tests.bench grading --fit` fits them again).
"""

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.curriculum.key_points import KeyPoints, Mistake
from bot.quiz.grading import Contradicted, Disputed, Grade, Met
from bot.quiz.grading.evidence import AnswerEvidence, PointEvidence

JUDGE_WEIGHTS = Path(__file__).with_name("judge_weights.json")
MET = 0.45
"""The chance from which a point counts as made. On answers in ten hands, each judged by what the others taught, 0.5,
0.45 and 0.4 give full answers at least 0.8 in 80, 83 and 84 %, worthless ones at most 0.2 in 90, 89 and 88 %."""
_TOLD = 0.7
"""The chance of a false statement from which a mistake that was found is told. Of right answers in ten hands, each
judged by what the others taught, 15 % were told one where every mistake was, 1.7 % with this; of answers that say
something false 61 % and 50 %. (0.6: 2.9 and 52 %; 0.8: 1.1 and 44 %.)"""
_ELSEWHERE = 0.05  # stands for the chance of a point where a mistake stands against none
FAR = 0.2
"""A fair tutor who differs by more than this differs."""


@dataclass(frozen=True, slots=True)
class JudgeWeights:
    """The numbers of the regressions, in the order of `traits`, of `false` and of `doubtful`."""

    fitted: tuple[float, ...] = ()  # for topics to which answers were marked
    written: tuple[float, ...] = ()  # for any other topic
    told: tuple[float, ...] = ()
    doubt: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """What was found in an answer, before it is judged."""

    answer: str
    words: int
    said: tuple[Met, ...]  # points that a pattern finds, and no mistake speaks against
    disputed: tuple[Disputed, ...]
    wrong: tuple[tuple[Mistake, str], ...]  # mistakes that a pattern finds, with the words that state them
    evidence: AnswerEvidence


@cache
def shipped_judge(file: Path = JUDGE_WEIGHTS) -> JudgeWeights:
    """Return the numbers that ship."""
    found = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    return JudgeWeights(**{name: tuple(values) for name, values in found.items()})


class Judge:
    """Makes a grade of what was found in an answer."""

    def __init__(self, weights: JudgeWeights | None = None) -> None:
        """Take the numbers; those that ship unless others are given. Without any, the patterns alone decide."""
        self._weights = shipped_judge() if weights is None else weights

    def grade(self, points: KeyPoints, look: Look) -> Grade:
        """Return the grade. `points` are those of the topic."""
        chances = self.chances(points, look)
        told = [(m, said) for m, said in look.wrong if self._is_told(m, look, chances)]
        refused = {mistake.against for mistake, _ in told if mistake.against}
        turned = any(mistake.thesis for mistake, _ in told)
        met = [
            made
            for point in points.points
            if not turned and point.id not in refused and chances.get(point.id, 0.0) >= MET
            for made in _made(point.id, look)
        ]
        names = {each.point for each in met} | refused
        score = min(1.0, len(met) / points.full_marks)
        return Grade(
            score=score,
            met=tuple(met),
            missing=tuple(p.id for p in points.points if not p.disputed and p.id not in names),
            disputed=look.disputed,
            contradicted=tuple(Contradicted(m.against, said, m.why, m.misconception or "") for m, said in told),
            doubt=self._doubt(points, look, chances, score),
        )

    def chances(self, points: KeyPoints, look: Look) -> dict[str, float]:
        """Return for each undisputed point how likely a fair tutor finds it in the answer."""
        said = {each.point for each in look.said}
        against = {mistake.against for mistake, _ in look.wrong}
        found = look.evidence
        weights = self._weights.fitted if found.fitted else self._weights.written
        ids = [point.id for point in points.points if not point.disputed]
        if not weights:
            return {each: float(each in said) for each in ids}
        return {each: chance(weights, traits(found.points[each], each in said, each in against, found)) for each in ids}

    def _is_told(self, mistake: Mistake, look: Look, chances: dict[str, float]) -> bool:
        return not self._weights.told or chance(self._weights.told, false(mistake, look, chances)) >= _TOLD

    def _doubt(self, points: KeyPoints, look: Look, chances: dict[str, float], score: float) -> float:
        if not self._weights.doubt:
            return 0.0
        return chance(self._weights.doubt, doubtful(points, look, chances, score))


def _made(point: str, look: Look) -> list[Met]:
    """Where a point that counts is made: where patterns find it, else in the sentence that speaks for it most."""
    said = [each for each in look.said if each.point == point]
    near = look.evidence.points[point]
    return said or [Met(point, look.answer[near.start : near.end], near.start, near.end)]


def traits(evidence: PointEvidence, said: bool, told: bool, whole: AnswerEvidence) -> tuple[float, ...]:
    """Return what the chance of a point is told from.

    `said`: one of its patterns holds; `told`: a mistake was found that stands against it.
    """
    common = (1.0, float(said), evidence.share, evidence.overlap, float(told))
    if not whole.fitted:
        return common
    like = evidence.likeness
    return (*common, like, said * like, told * like, whole.false, said * whole.false)


def false(mistake: Mistake, look: Look, chances: dict[str, float]) -> tuple[float, ...]:
    """Return what the chance is told from that an answer in which a mistake was found does say something false."""
    right = chances.get(mistake.against or "", _ELSEWHERE)
    return (1.0, look.evidence.false, _odds(right), math.log1p(look.words))


def doubtful(points: KeyPoints, look: Look, chances: dict[str, float], score: float) -> tuple[float, ...]:
    """Return what the doubt of a grade is told from: above all how likely so many points more or less are made."""
    found = Counter(each.point for each in look.said)
    each_way = [p for point, p in chances.items() for _ in range(max(1, found[point]))]
    far = far_off(each_way, score, points.full_marks)
    torn = sum(abs(each - (point in found)) for point, each in chances.items())  # patterns and the rest disagree
    return (1.0, _odds(far), torn, look.evidence.unknown, math.log1p(look.words), float(bool(look.wrong)))


def _odds(probability: float) -> float:
    """The log odds of a probability, finite."""
    return math.log((probability + 0.01) / (1.01 - probability))


def chance(weights: Sequence[float], values: Sequence[float]) -> float:
    """Return the logistic of a weighted sum."""
    total = sum(weight * value for weight, value in zip(weights, values, strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def far_off(chances: Sequence[float], score: float, full_marks: int) -> float:
    """Return how likely the fair score lies more than `FAR` from ours, if each point is made with its own chance."""
    spread = [1.0]  # of so many points made, how likely
    for each in chances:
        more = [*spread, 0.0], [0.0, *spread]
        spread = [less * (1 - each) + one * each for less, one in zip(*more, strict=True)]
    return sum(p for n, p in enumerate(spread) if abs(min(1.0, n / full_marks) - score) > FAR + 1e-9)
