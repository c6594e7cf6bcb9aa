"""Which topics a message may be asking, each with a probability: a linear model over features, calibrated on asks
that it was not fitted to."""

import numpy as np

from bot.curriculum.model import Curriculum
from bot.tutor import logistic, ridge
from bot.tutor.corpus import Line, lines
from bot.tutor.features import Features, Floats, Ints
from bot.tutor.hearing import Heard, Hearing

_RIDGE = 1.5
_CONSTANT = 0.5


class Recogniser:
    """Scores topics for what is heard. Built once per curriculum."""

    def __init__(self, curriculum: Curriculum, hearing: Hearing) -> None:
        taught = lines(curriculum)
        self.topics = tuple(topic.id for topic in curriculum.topics)
        self.features = Features([hearing.hear(line.text) for line in taught])
        dual, held_out = self._fitted(taught)
        values, rows, columns = self.features.values, self.features.rows, self.features.columns
        self._weights = np.stack(
            [np.bincount(columns, values * dual[rows, k], minlength=self.features.count) for k in range(dual.shape[1])],
            axis=1,
        )
        self._offset = dual.sum(0) * _CONSTANT**2
        self._calibrate(held_out, np.array([line.topic for line in taught]))

    def probabilities(self, heard: Heard) -> Floats:
        """For every topic the probability that it is asked."""
        columns, values = self.features.vector(heard)
        scores = values @ self._weights[columns] + self._offset
        return logistic.probability(_evidence(scores[None, :]), self._coefficients).reshape(-1)

    def _fitted(self, taught: list[Line]) -> tuple[Floats, Floats]:
        features = self.features
        matrix = ridge.Sparse(features.rows, features.columns, features.values, (len(taught), features.count))
        products = ridge.gram(matrix) + _CONSTANT**2
        kinds = len(self.topics) + 1
        owners: Ints = np.array([line.topic % kinds for line in taught])
        targets = np.where(owners[:, None] == np.arange(kinds), 1.0, -1.0)
        return ridge.solve(products, targets, _RIDGE, np.array([line.fold for line in taught]))

    def _calibrate(self, held_out: Floats, owners: Ints) -> None:
        evidence = _evidence(held_out)
        right = (owners[:, None] == np.arange(len(self.topics))).reshape(-1)
        self._coefficients = logistic.fit(evidence, right)


def _evidence(scores: Floats) -> Floats:
    """Rows of inputs, topic by topic for each message: its score, its lead over the other topics and over none."""
    topics = scores[:, :-1]
    ordered = np.sort(topics, axis=1)
    best, second = ordered[:, -1:], ordered[:, -2:-1] if topics.shape[1] > 1 else np.full((len(topics), 1), -1.0)
    others = np.where(topics >= best, second, best)
    none = np.broadcast_to(scores[:, -1:], topics.shape)
    return np.stack([topics, topics - others, topics - none], axis=2).reshape(-1, 3)
