"""Which parts of a topic a message is after: what its asks taught, and the terms of the parts."""

import numpy as np

from bot.curriculum.model import Topic
from bot.matching.hearing import Heard, Hearing
from bot.matching.lessons import CONSTANT, Lessons
from bot.matching.regression import Floats, Ints, Sparse, primal
from bot.text.phrases import Phrases
from bot.text.tokens import shape

_RIDGE = 1.0
_NAMED = 0.6  # what finding a term of a part adds to its score
_ENOUGH = 0.0  # asks were taught as +1 and -1


class TermFinder:
    """Finds the parts of one topic by their terms."""

    def __init__(self, topic: Topic, hearing: Hearing) -> None:
        self.ids = tuple(part.id for part in topic.parts)
        self._terms = Phrases(
            entry
            for part in topic.parts
            for term in (part.title, *part.terms)
            for entry in hearing.phrases(term, part.id)
        )

    def named(self, heard: Heard) -> tuple[str, ...]:
        """The parts of which a term stands in the message, in the order found."""
        found = [*self._terms.found(heard.stems), *self._terms.found([shape(stem) for stem in heard.stems])]
        return tuple(dict.fromkeys(name for _, _, name in sorted(found)))


class PartFinder(TermFinder):
    """Finds the parts of one topic by their terms and by what its asks taught."""

    def __init__(self, topic: Topic, hearing: Hearing, lessons: Lessons, number: int) -> None:
        super().__init__(topic, hearing)
        self._features = lessons.features
        asks = [i for i, line in enumerate(lessons.lines) if line.topic == number]
        targets = [[1.0 if part in lessons.lines[i].parts else -1.0 for part in self.ids] for i in asks]
        dual = np.zeros((len(asks), len(self.ids)))
        if self.ids:
            products = lessons.products[np.ix_(asks, asks)]
            dual = np.linalg.solve(products + _RIDGE * np.eye(len(asks)), np.array(targets))
        self._offset = dual.sum(0) * CONSTANT
        self._columns, self._weights = self._primal([self._features.row(i) for i in asks], dual)

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

    def _primal(self, vectors: list[tuple[Ints, Floats]], dual: Floats) -> tuple[Ints, Floats]:
        """The columns that the asks have, and their weights."""
        columns, places = np.unique(np.concatenate([each for each, _ in vectors]), return_inverse=True)
        values = np.concatenate([each for _, each in vectors])
        rows = np.repeat(np.arange(len(vectors)), [len(each) for each, _ in vectors])
        matrix = Sparse(rows, places, values, (len(vectors), len(columns)))
        return columns, primal(matrix, dual)
