"""Follow-ups: messages that only the last answer explains, told from thanks, chatter and questions of their own."""

from collections.abc import Sequence

import numpy as np

from bot.matching import regression
from bot.matching.corpus import ANY, NOBODY, Line
from bot.matching.hearing import Heard
from bot.matching.lessons import CONSTANT, Lessons
from bot.matching.parts import TermFinder
from bot.matching.regression import Floats

_RIDGE = 1.0
_EVERY = 3  # of the asks and of long lines every third is enough to learn what is no follow-up
_SHORT = 8  # words


class FollowUps:
    """Weighs whether a message follows up a topic. Built once per curriculum."""

    def __init__(self, lessons: Lessons, parts: Sequence[TermFinder], alone: Floats) -> None:
        """`alone` are the chances of every line to ask each topic by itself, of models that have not seen it."""
        self._features = lessons.features
        self._parts = parts
        chosen = [
            i for i, line in enumerate(lessons.lines) if line.follows or i % _EVERY == 0 or _could_follow(lessons, i)
        ]
        held_out = self._fitted(lessons, chosen)
        inputs, right = [], []
        for i, scores in zip(chosen, held_out, strict=True):
            for topic in self._topics(lessons.lines[i], i):
                inputs.append(self._evidence(lessons.heard[i], alone[i], scores, topic))
                right.append(lessons.lines[i].follows and lessons.lines[i].topic in (topic, ANY))
        self._coefficients = regression.fit(np.array(inputs), np.array(right))

    def probability(self, heard: Heard, alone: Floats, topic: int) -> float:
        """How likely the message follows up that topic; `alone` are its chances to ask each topic by itself."""
        columns, values = self._features.vector(heard)
        scores = values @ self._weights[columns] + self._offset
        inputs = np.array([self._evidence(heard, alone, scores, topic)])
        return float(regression.probability(inputs, self._coefficients)[0])

    def _evidence(self, heard: Heard, alone: Floats, scores: Floats, topic: int) -> list[float]:
        chances, (*topics, generic) = alone.tolist(), scores.tolist()  # seven numbers: quicker without arrays
        same, other = chances.pop(topic), max(chances, default=0.0)
        mine, rival = topics.pop(topic), max(topics, default=-1.0)
        named = bool(self._parts[topic].named(heard))
        length = float(np.log1p(len(heard.words)))
        return [mine, generic, rival, max(mine, generic), same**0.5, other**0.5, float(named), length, named * length]

    def _fitted(self, lessons: Lessons, chosen: list[int]) -> Floats:
        """Fits the weights, the last column for what follows up any topic; the held-out scores of the chosen lines."""
        kinds = len(self._parts) + 1
        taught = [lessons.lines[i] for i in chosen]
        follows = [(kinds - 1 if line.topic == ANY else line.topic) if line.follows else NOBODY for line in taught]
        targets = np.where(np.array(follows)[:, None] == np.arange(kinds), 1.0, -1.0)
        folds = np.array([line.fold for line in taught])
        dual, held_out = regression.solve(lessons.products[np.ix_(chosen, chosen)], targets, _RIDGE, folds)
        spread = np.zeros((len(lessons.lines), kinds))
        spread[chosen] = dual
        self._weights = regression.primal(lessons.features.learnt, spread)
        self._offset = dual.sum(0) * CONSTANT
        return held_out

    def _topics(self, line: Line, number: int) -> set[int]:
        """The topics in whose light a line is looked at while learning: its own and another."""
        count = len(self._parts)
        own = line.home if line.home != NOBODY else number % count
        return {own, (own + 1 + number % max(1, count - 1)) % count}


def _could_follow(lessons: Lessons, i: int) -> bool:
    """Whether a line that asks none of ours is short enough to be taken for a follow-up."""
    return lessons.lines[i].topic == NOBODY and len(lessons.heard[i].words) <= _SHORT
