"""Follow-ups: messages that only the last answer explains, told from thanks, chatter and questions of their own."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bot.curriculum.model import Curriculum
from bot.tutor import logistic, ridge
from bot.tutor.corpus import NOBODY, Line, fold
from bot.tutor.features import Features, Floats, Ints
from bot.tutor.hearing import Heard, Hearing
from bot.tutor.parts import PartFinder

_RIDGE = 1.0
_CONSTANT = 0.5
_EVERY = 3  # of the asks and lines of nobody, every third is enough to learn what is no follow-up


@dataclass(frozen=True, slots=True)
class Example:
    """What is heard, what it may be asking alone, and the topic that it follows up (NOBODY: none, None: any)."""

    heard: Heard
    alone: Floats
    follows: int | None
    topic: int
    fold: int


class FollowUps:
    """Weighs whether a message follows up a topic. Built once per curriculum."""

    def __init__(
        self, curriculum: Curriculum, features: Features, parts: list[PartFinder], taught: list[Example]
    ) -> None:
        self._features = features
        self._parts = parts
        self._count = len(curriculum.topics)
        held_out = self._fitted(taught)
        inputs, right = self._lessons(taught, held_out)
        self._coefficients = logistic.fit(np.array(inputs), np.array(right))

    def probability(self, heard: Heard, alone: Floats, topic: int) -> float:
        """How likely the message follows up that topic; `alone` are its chances to ask each topic by itself."""
        columns, values = self._features.vector(heard)
        scores = values @ self._weights[columns] + self._offset
        inputs = np.array([self._evidence(heard, alone, scores, topic)])
        return float(logistic.probability(inputs, self._coefficients)[0])

    def _evidence(self, heard: Heard, alone: Floats, scores: Floats, topic: int) -> list[float]:
        others = np.delete(alone, topic)
        named = bool(self._parts[topic].named(heard))
        length = float(np.log1p(len(heard.words)))
        same, other = float(alone[topic]), float(others.max(initial=0.0))
        mine, generic = float(scores[topic]), float(scores[-1])
        best_other = float(np.delete(scores[:-1], topic).max(initial=-1.0))
        return [
            mine,
            generic,
            best_other,
            max(mine, generic),
            same**0.5,
            other**0.5,
            float(named),
            length,
            named * length,
        ]

    def _fitted(self, taught: list[Example]) -> Floats:
        vectors = [self._features.vector(each.heard) for each in taught]
        rows = np.repeat(np.arange(len(taught)), [len(columns) for columns, _ in vectors])
        columns: Ints = np.concatenate([columns for columns, _ in vectors])
        values = np.concatenate([values for _, values in vectors])
        matrix = ridge.Sparse(rows, columns, values, (len(taught), self._features.count))
        targets = np.array([self._targets(each) for each in taught])
        folds = np.array([each.fold for each in taught])
        dual, held_out = ridge.solve(ridge.gram(matrix) + _CONSTANT**2, targets, _RIDGE, folds)
        self._weights = ridge.primal(matrix, dual)
        self._offset = dual.sum(0) * _CONSTANT**2
        return held_out

    def _targets(self, example: Example) -> list[float]:
        kind = self._count if example.follows is None else example.follows
        return [1.0 if kind == k else -1.0 for k in range(self._count + 1)]

    def _lessons(self, taught: list[Example], held_out: Floats) -> tuple[list[list[float]], list[bool]]:
        """Each example in the light of two topics: one that it follows up, if there is one, and another."""
        inputs, right = [], []
        for i, (each, scores) in enumerate(zip(taught, held_out, strict=True)):
            near = each.topic if each.topic != NOBODY else i % self._count
            for topic in {near, (near + 1 + i % max(1, self._count - 1)) % self._count}:
                inputs.append(self._evidence(each.heard, each.alone, scores, topic))
                right.append(each.follows is None or each.follows == topic)
        return inputs, right


def examples(
    curriculum: Curriculum, hearing: Hearing, taught: list[tuple[Line, Heard, Floats]], alone: Callable[[Heard], Floats]
) -> list[Example]:
    """The follow-ups of the curriculum, and of what is taught else a part: that is no follow-up."""
    found = []
    for number, topic in enumerate(curriculum.topics):
        for i, ask in enumerate(topic.follow_ups):
            heard = hearing.hear(ask.text)
            found.append(Example(heard, alone(heard), number, number, fold(i, len(topic.follow_ups))))
    generic = curriculum.language.follow_ups
    for i, text in enumerate(generic):
        heard = hearing.hear(text)
        found.append(Example(heard, alone(heard), None, i % len(curriculum.topics), fold(i, len(generic))))
    for line, heard, chances in taught[::_EVERY]:
        found.append(Example(heard, chances, NOBODY, line.topic, line.fold))
    return found
