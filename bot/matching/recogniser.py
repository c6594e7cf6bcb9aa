"""Which topics a message may be asking, each with a probability: a linear model over features, calibrated on lines
that it was not fitted to."""

import math

import numpy as np

from bot.matching import regression
from bot.matching.hearing import Heard
from bot.matching.lessons import CONSTANT, Lessons
from bot.matching.regression import Floats, Ints

_RIDGE = 1.5


class Recogniser:
    """Scores topics for what is heard. Built once per curriculum."""

    def __init__(self, lessons: Lessons, topics: int) -> None:
        self._features = lessons.features
        held_out = self._fitted(lessons, topics)
        evidence = _evidence(held_out, np.array([len(heard.words) for heard in lessons.heard]))
        owners = np.array([line.topic for line in lessons.lines])
        alone = np.array([not line.follows for line in lessons.lines])
        right = owners[:, None] == np.arange(topics)
        self._coefficients = regression.fit(evidence[alone].reshape(-1, evidence.shape[2]), right[alone].reshape(-1))
        self._plain = tuple(self._coefficients.tolist())
        self.held_out = regression.probability(evidence, self._coefficients)

    def probabilities(self, heard: Heard) -> Floats:
        """For every topic the probability that it is asked."""
        scores = self._scores(heard).tolist()
        size = math.log1p(len(heard.words)) / 3
        topics, none = scores[:-1], scores[-1]
        best, *others = sorted(topics, reverse=True)
        second = others[0] if others else -1.0
        linear = [self._total(t, t - (second if t >= best else best), t - none, size) for t in topics]
        return np.array([1 / (1 + math.exp(-min(40.0, max(-40.0, x)))) for x in linear])

    def _total(self, score: float, lead: float, over: float, size: float) -> float:
        """The logarithm of the odds; the same sum as in `_evidence`, without an array for one message."""
        a, b, c, aa, bb, cc, ab, ac, s, constant = self._plain
        total: float = (
            score * (a + aa * score + ab * lead + ac * over)
            + lead * (b + bb * lead)
            + over * (c + cc * over)
            + s * size
            + constant
        )
        return total

    def nobody(self, heard: Heard) -> float:
        """The score (about -1 to 1) for asking something that no topic answers."""
        return float(self._scores(heard)[-1])

    def counted(self, heard: Heard, topic: int) -> list[tuple[str, float]]:
        """What in the message spoke for (above 0) or against a topic, the weightiest first.

        Runs of letters are left out.
        """
        columns, values = self._features.vector(heard)
        weights = values * self._weights[columns, topic]
        order = np.argsort(-np.abs(weights), kind="stable")
        pairs = zip(self._features.names_of(columns[order]), weights[order].tolist(), strict=True)
        return [(name, weight) for name, weight in pairs if name]

    def _scores(self, heard: Heard) -> Floats:
        columns, values = self._features.vector(heard)
        scores: Floats = values @ self._weights[columns] + self._offset
        return scores

    def _fitted(self, lessons: Lessons, topics: int) -> Floats:
        """Fits the weights; the scores of all lines by models that have not seen them."""
        kinds = topics + 1
        asked = sum(not line.follows for line in lessons.lines)  # follow-ups come last and teach nothing here
        owners = np.array([line.topic % kinds for line in lessons.lines[:asked]])
        targets = np.where(owners[:, None] == np.arange(kinds), 1.0, -1.0)
        folds = np.array([line.fold for line in lessons.lines[:asked]])
        products = lessons.products[:asked, :asked]
        dual, held_out = regression.solve(products, targets, _RIDGE, folds, lessons.weights[:asked])
        self._weights = regression.primal(lessons.features.learnt, dual)
        self._offset = dual.sum(0) * CONSTANT
        return np.concatenate([held_out, lessons.products[asked:, :asked] @ dual.astype(np.float32)])


def _evidence(scores: Floats, lengths: Ints) -> Floats:
    """Inputs, message by message and topic by topic: its score, its lead over the other topics and over none."""
    topics = scores[:, :-1]
    ordered = np.sort(topics, axis=1)
    best, second = ordered[:, -1:], ordered[:, -2:-1] if topics.shape[1] > 1 else np.full((len(topics), 1), -1.0)
    lead = topics - np.where(topics >= best, second, best)
    over = topics - scores[:, -1:]
    size = np.broadcast_to(np.log1p(lengths)[:, None] / 3, topics.shape)
    inputs = [topics, lead, over, topics**2, lead**2, over**2, topics * lead, topics * over, size]
    return np.stack(inputs, axis=2)
