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
        heard = [hearing.hear(line.text) for line in taught]
        self.features = Features(heard)
        held_out = self._fitted(taught)
        evidence = _evidence(held_out, np.array([len(each.words) for each in heard]))
        right = np.array([line.topic == k for line in taught for k in range(len(self.topics))])
        self._coefficients = logistic.fit(evidence, right)
        chances = logistic.probability(evidence, self._coefficients).reshape(len(taught), -1)
        self.lessons = list(zip(taught, heard, chances, strict=True))

    def probabilities(self, heard: Heard) -> Floats:
        """For every topic the probability that it is asked."""
        columns, values = self.features.vector(heard)
        scores = values @ self._weights[columns] + self._offset
        lengths = np.array([len(heard.words)])
        return logistic.probability(_evidence(scores[None, :], lengths), self._coefficients).reshape(-1)

    def _fitted(self, taught: list[Line]) -> Floats:
        features = self.features
        matrix = ridge.Sparse(features.rows, features.columns, features.values, (len(taught), features.count))
        kinds = len(self.topics) + 1
        owners: Ints = np.array([line.topic % kinds for line in taught])
        targets = np.where(owners[:, None] == np.arange(kinds), 1.0, -1.0)
        folds = np.array([line.fold for line in taught])
        dual, held_out = ridge.solve(ridge.gram(matrix) + _CONSTANT**2, targets, _RIDGE, folds)
        self._weights = ridge.primal(matrix, dual)
        self._offset = dual.sum(0) * _CONSTANT**2
        return held_out


def _evidence(scores: Floats, lengths: Ints) -> Floats:
    """Rows of inputs, topic by topic for each message: its score, its lead over the other topics and over none."""
    topics = scores[:, :-1]
    ordered = np.sort(topics, axis=1)
    best, second = ordered[:, -1:], ordered[:, -2:-1] if topics.shape[1] > 1 else np.full((len(topics), 1), -1.0)
    lead = topics - np.where(topics >= best, second, best)
    over = topics - scores[:, -1:]
    size = np.broadcast_to(np.log1p(lengths)[:, None] / 3, topics.shape)
    inputs = [topics, lead, over, topics**2, lead**2, over**2, topics * lead, topics * over, size]
    return np.stack(inputs, axis=2).reshape(-1, len(inputs))
