"""Fits what grades are told from: the weights of words, and the numbers of the judge.

The weights of words are logistic regressions, one a point, solved in the dual. The judge is fitted to what it will
meet: answers in hands that neither the patterns nor the weights of words have seen. So for each hand the weights are
fitted to all others, and the patterns must be those from before the answers were written (`frozen`).
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.curriculum.key_points import KeyPoints
from bot.curriculum.loader import load
from bot.curriculum.model import Curriculum, Topic
from bot.quiz.grading import Grade
from bot.quiz.grading.evidence import FALSE, WORD_WEIGHTS, WordWeights
from bot.quiz.grading.grader import Grader
from bot.quiz.grading.judging import FAR, JUDGE_WEIGHTS, Judge, JudgeWeights, Look, doubtful, false, traits
from bot.quiz.kinds import Kinds
from tests.conftest import ROOT

Floats = NDArray[np.float64]
EARLY = ROOT / "tests/data/open-answers.jsonl"  # the patterns were written on these
FRESH = ROOT / "tests/data/blind/answers-dev.jsonl"  # these were written and marked by others afterwards
_FRESH_COUNTS = 2.0  # how much one of the fresh answers counts beside an early one
_RIDGE, _JUDGE_RIDGE = 1.0, 0.3  # 0.5 to 3 and 0.1 to 1 come within 0.003 of each other in mean error
_MET_TIMES = 2  # a feature that fewer answers have is left out
_LEAST = 0.1  # a feature that adds no more to the log odds of any point is left out of what ships


@dataclass(frozen=True, slots=True)
class Marked:
    """An answer with the marks of a fair tutor."""

    topic: str
    text: str
    fair: float
    points: tuple[str, ...]
    false: bool  # whether it says something false
    kind: str = ""
    hand: str = ""  # who wrote it; "" for an early answer
    style: str = ""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """A fresh answer, what was found in it, and how the weights that know all hands but its own see it."""

    marked: Marked
    look: Look


def marked(path_lines: Iterable[str]) -> list[Marked]:
    """Read answers, one JSON object a line."""
    rows = [json.loads(line) for line in path_lines if line.strip()]
    return [
        Marked(
            topic=row["topic"],
            text=row.get("answer", row.get("text", "")),
            fair=float(row["score"]),
            points=tuple(row.get("points", ())),
            false=bool(row.get("wrong", row.get("kind") == "wrong")),
            kind=row.get("kind", ""),
            hand=row.get("hand", ""),
            style=row.get("style") or "",
        )
        for row in rows
    ]


def training() -> list[Marked]:
    """Return all answers that are fitted to."""
    return [one for file in (EARLY, FRESH) if file.is_file() for one in marked(file.read_text("utf-8").splitlines())]


def run(knowledge: Path, frozen: Path) -> int:
    """Fit everything and write it; `frozen` is the knowledge from before the fresh answers were written."""
    answers = training()
    now, then = (load(folder, kinds=Kinds()) for folder in (knowledge, frozen))
    write(fit_words(now, answers), fit_judge(then, held_out(then, answers)))
    print(f"Fitted to {len(answers)} answers; written to {WORD_WEIGHTS.name} and {JUDGE_WEIGHTS.name}.")
    return 0


def fit_words(curriculum: Curriculum, answers: Sequence[Marked]) -> dict[str, WordWeights]:
    """Return the weights of words for every topic that has key points."""
    grader = Grader(curriculum, Judge(JudgeWeights()), {})
    return {topic.id: _Words.of(topic, grader, answers).fitted() for topic in curriculum.topics if topic.key_points}


def held_out(curriculum: Curriculum, answers: Sequence[Marked]) -> list[HeldOut]:
    """Return every answer that has a hand as the weights fitted to all the others see it."""
    grader = Grader(curriculum, Judge(JudgeWeights()), {})
    found: list[HeldOut] = []
    for topic in curriculum.topics:
        if topic.key_points:
            found += _Words.of(topic, grader, answers).by_the_others()
    return found


def fit_judge(curriculum: Curriculum, rows: Sequence[HeldOut]) -> JudgeWeights:
    """Return the numbers of the judge for answers as they were seen by weights that did not know them."""
    fitted = _logistic(*_rows_of_points(curriculum, rows))
    bare = [replace(row, look=_unfitted(row.look)) for row in rows]
    written = _logistic(*_rows_of_points(curriculum, bare))
    judge = JudgeWeights(fitted=fitted, written=written)
    judge = replace(judge, told=_fit_told(curriculum, rows, judge))
    return replace(judge, doubt=_fit_doubt(curriculum, rows, judge))


def judged(curriculum: Curriculum, rows: Sequence[HeldOut]) -> list[Grade]:
    """Return the grade of each answer by a judge that was fitted to the other hands."""
    judges = {
        hand: Judge(fit_judge(curriculum, [row for row in rows if row.marked.hand != hand]))
        for hand in {row.marked.hand for row in rows}
    }
    return [judges[row.marked.hand].grade(_points(curriculum, row.marked.topic), row.look) for row in rows]


def write(words: Mapping[str, WordWeights], judge: JudgeWeights) -> None:
    """Write what ships."""
    found = {topic: each.as_written(_LEAST) for topic, each in words.items()}
    WORD_WEIGHTS.write_text("{\n" + ",\n".join(map(_topic_lines, found, found.values())) + "\n}\n", "ascii")
    numbers = {
        name: [round(value, 4) for value in getattr(judge, name)] for name in ("fitted", "written", "told", "doubt")
    }
    JUDGE_WEIGHTS.write_text(json.dumps(numbers, indent=1) + "\n", "ascii")


def _topic_lines(topic: str, found: Mapping[str, object]) -> str:
    weights = found["weights"]
    assert isinstance(weights, dict)
    lines = ",\n".join(
        f"{json.dumps(name)}:{json.dumps(each, separators=(',', ':'))}" for name, each in weights.items()
    )
    head = f'"points":{json.dumps(found["points"])},"level":{json.dumps(found["level"])}'
    return f'{json.dumps(topic)}:{{{head},"weights":{{\n{lines}\n}}}}'


@dataclass(frozen=True, slots=True)
class _Words:
    """The answers to one topic as the regressions see them."""

    points: tuple[str, ...]  # and FALSE
    answers: list[Marked]
    looks: list[Look]
    names: list[str]  # of the features
    matrix: Floats  # answers x features
    wanted: Floats  # answers x points

    @classmethod
    def of(cls, topic: Topic, grader: Grader, answers: Sequence[Marked]) -> "_Words":
        assert topic.key_points
        points = (*(point.id for point in topic.key_points.points if not point.disputed), FALSE)
        own = [each for each in answers if each.topic == topic.id]
        looks = [grader.look(topic.id, each.text) for each in own]
        count = Counter(name for look in looks for name in look.evidence.features)
        names = sorted(name for name, times in count.items() if times >= _MET_TIMES)
        place = {name: i for i, name in enumerate(names)}
        matrix = np.zeros((len(own), len(names)))
        for row, look in zip(matrix, looks, strict=True):
            row[[place[name] for name in look.evidence.features if name in place]] = 1
        wanted = np.array([[float(p in each.points or (p == FALSE and each.false)) for p in points] for each in own])
        return cls(points, own, looks, names, matrix, wanted)

    def fitted(self) -> WordWeights:
        gram = self.matrix @ self.matrix.T
        duals, level = _dual(gram, self.wanted, self._counts())
        weights = self.matrix.T @ duals
        return WordWeights(self.points, level.tolist(), dict(zip(self.names, weights.tolist(), strict=True)))

    def by_the_others(self) -> list[HeldOut]:
        gram = self.matrix @ self.matrix.T
        hands = np.array([each.hand for each in self.answers])
        found = []
        for hand in sorted(set(hands.tolist()) - {""}):
            (known,), (new,) = np.nonzero(hands != hand), np.nonzero(hands == hand)
            duals, level = _dual(gram[np.ix_(known, known)], self.wanted[known], self._counts()[known])
            odds = gram[np.ix_(new, known)] @ duals + level
            found += [HeldOut(self.answers[i], self._seen(i, each)) for i, each in zip(new.tolist(), odds, strict=True)]
        return found

    def _counts(self) -> Floats:
        return np.array([_FRESH_COUNTS if each.hand else 1.0 for each in self.answers])

    def _seen(self, i: int, odds: Floats) -> Look:
        """What was found in an answer, with these log odds of its points and of a false statement."""
        look, by_point = self.looks[i], dict(zip(self.points, odds.tolist(), strict=True))
        points = {
            point: replace(each, likeness=by_point.get(point, 0.0)) for point, each in look.evidence.points.items()
        }
        return replace(look, evidence=replace(look.evidence, points=points, false=by_point[FALSE], fitted=True))


def _unfitted(look: Look) -> Look:
    return replace(look, evidence=replace(look.evidence, fitted=False, false=0.0))


def _points(curriculum: Curriculum, topic_id: str) -> KeyPoints:
    topic = curriculum.topic(topic_id)
    assert topic
    assert topic.key_points
    return topic.key_points


def _rows_of_points(curriculum: Curriculum, rows: Sequence[HeldOut]) -> tuple[Floats, Floats]:
    values, wanted = [], []
    for row in rows:
        said = {each.point for each in row.look.said}
        against = {mistake.against for mistake, _ in row.look.wrong}
        found = row.look.evidence
        for point in _points(curriculum, row.marked.topic).points:
            if not point.disputed:
                values.append(traits(found.points[point.id], point.id in said, point.id in against, found))
                wanted.append(float(point.id in row.marked.points))
    return np.array(values), np.array(wanted)


def _fit_told(curriculum: Curriculum, rows: Sequence[HeldOut], judge: JudgeWeights) -> tuple[float, ...]:
    """The numbers by which a mistake that was found is told or not."""
    values, wanted = [], []
    for row in rows:
        chances = Judge(judge).chances(_points(curriculum, row.marked.topic), row.look)
        values += [false(mistake, row.look, chances) for mistake, _ in row.look.wrong]
        wanted += [float(row.marked.false)] * len(row.look.wrong)
    return _logistic(np.array(values), np.array(wanted))


def _fit_doubt(curriculum: Curriculum, rows: Sequence[HeldOut], judge: JudgeWeights) -> tuple[float, ...]:
    """The numbers of doubt: each answer graded by a judge fitted to the other hands would be better still; with ten
    numbers fitted to two thousand points it is the same."""
    values, wanted = [], []
    for row in rows:
        points = _points(curriculum, row.marked.topic)
        judging = Judge(judge)
        score = judging.grade(points, row.look).score
        values.append(doubtful(points, row.look, judging.chances(points, row.look), score))
        wanted.append(float(abs(score - row.marked.fair) > FAR + 1e-9))
    return _logistic(np.array(values), np.array(wanted))


def _logistic(values: Floats, wanted: Floats) -> tuple[float, ...]:
    """The weights of a logistic regression, by Newton's method."""
    weights = np.zeros(values.shape[1])
    ridge = _JUDGE_RIDGE * np.eye(len(weights))
    for _ in range(40):
        found = 1 / (1 + np.exp(-values @ weights))
        slope = values.T @ (found - wanted) + ridge @ weights
        weights -= np.linalg.solve((values * (found * (1 - found))[:, None]).T @ values + ridge, slope)
    return tuple(weights.tolist())


def _dual(gram: Floats, wanted: Floats, counts: Floats) -> tuple[Floats, Floats]:
    """The dual weights (answers x points) and the level of ridge logistic regressions, by Newton's method."""
    duals, levels = np.zeros(wanted.shape), np.zeros(wanted.shape[1])
    ones = np.ones(len(gram))
    for j, goal in enumerate(wanted.T):
        for _ in range(8):
            odds = gram @ duals[:, j] + levels[j]
            found = 1 / (1 + np.exp(-odds))
            weight = counts * np.maximum(found * (1 - found), 1e-3)
            target = odds + counts * (goal - found) / weight
            solved = np.linalg.solve(gram + np.diag(_RIDGE / weight), np.stack([target, ones], axis=1))
            levels[j] = solved[:, 0].sum() / solved[:, 1].sum()
            duals[:, j] = solved[:, 0] - levels[j] * solved[:, 1]
    return duals, levels
