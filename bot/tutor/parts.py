"""Which parts of a topic a message is after: what its asks taught, and the terms of the parts."""

import numpy as np

from bot.curriculum.model import Topic
from bot.language.phrases import Phrases
from bot.tutor.features import Features, Floats, Ints
from bot.tutor.hearing import Heard, Hearing

_RIDGE = 1.0
_CONSTANT = 0.5
_NAMED = 0.6  # what finding a term of a part adds to its score
_ENOUGH = 0.0  # asks were taught as +1 and -1


class TermFinder:
    """Finds the parts of one topic by their terms."""

    def __init__(self, topic: Topic, hearing: Hearing) -> None:
        self.ids = tuple(part.id for part in topic.parts)
        self._terms = Phrases(
            (hearing.phrase(term), part.id) for part in topic.parts for term in (part.title, *part.terms)
        )

    def named(self, heard: Heard) -> tuple[str, ...]:
        """The parts of which a term stands in the message, in the order found."""
        return tuple(dict.fromkeys(name for _, _, name in self._terms.found(heard.stems)))


class PartFinder(TermFinder):
    """Finds the parts of one topic by their terms and by what its asks taught."""

    def __init__(self, topic: Topic, hearing: Hearing, features: Features) -> None:
        super().__init__(topic, hearing)
        self._features = features
        asks = [(topic.question, ()), *((ask.text, ask.parts) for ask in (*topic.asks, *topic.follow_ups))]
        self._columns, self._weights, self._offset = self._taught(
            [features.vector(hearing.hear(text)) for text, _ in asks],
            np.array([[1.0 if part in parts else -1.0 for part in self.ids] for _, parts in asks]),
        )

    def find(self, heard: Heard) -> tuple[str, ...]:
        """The parts that a message is after, the likeliest first."""
        if not self.ids:
            return ()
        scores = self._scores(heard)
        order = sorted(range(len(self.ids)), key=lambda i: (-scores[i], i))
        return tuple(self.ids[i] for i in order if scores[i] > _ENOUGH)

    def _scores(self, heard: Heard) -> Floats:
        columns, values = self._features.vector(heard)
        places = self._columns.searchsorted(columns)
        known = self._columns.take(places, mode="clip") == columns
        scores: Floats = values[known] @ self._weights[places[known]] + self._offset
        for part in self.named(heard):
            scores[self.ids.index(part)] += _NAMED
        return scores

    def _taught(self, vectors: list[tuple[Ints, Floats]], targets: Floats) -> tuple[Ints, Floats, Floats]:
        used = np.unique(np.concatenate([columns for columns, _ in vectors]))
        if not self.ids or not len(used):
            return used, np.zeros((len(used), len(self.ids))), np.full(len(self.ids), -1.0)
        rows = np.zeros((len(vectors), len(used)))
        for i, (columns, values) in enumerate(vectors):
            rows[i, used.searchsorted(columns)] = values
        products = rows @ rows.T + _CONSTANT**2 + _RIDGE * np.eye(len(rows))
        dual = np.linalg.solve(products, targets)
        return used, rows.T @ dual, dual.sum(0) * _CONSTANT**2
