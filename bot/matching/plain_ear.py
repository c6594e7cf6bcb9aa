"""Recognising without learning: for a curriculum with too little to learn from, or too many topics to learn fast."""

import numpy as np

from bot.curriculum.model import Curriculum
from bot.matching.corpus import ANY, NOBODY, lines
from bot.matching.hearing import Heard, Hearing
from bot.matching.index import Index
from bot.matching.parts import TermFinder
from bot.matching.regression import Floats

# How alike to a topic's nearest ask a message must be, and how much more so than to anything else, to be asking it:
# fitted once on held-out asks of the seven topics that ship.
_ALIKE, _AHEAD, _OFFSET = 9.0, 6.0, -4.6
_CHANCE_LIKENESS = 0.3  # two texts that have nothing to do with each other are this alike
_VAGUE = 0.3
_SHORT = 8  # words; what only the last answer explains is said in few


class PlainEar:
    """Recognises by the nearest phrasing alone."""

    def __init__(self, curriculum: Curriculum, hearing: Hearing) -> None:
        asked = [line for line in lines(curriculum) if not line.follows]
        later = [line for line in lines(curriculum) if line.follows]
        self._owners = [line.topic for line in asked]
        self._index = Index([hearing.hear(line.text) for line in asked])
        self._followed = [line.topic for line in later]
        self._follow_ups = Index([hearing.hear(line.text) for line in later])
        self._count = len(curriculum.topics)
        self._parts = [TermFinder(topic, hearing) for topic in curriculum.topics]

    def chances(self, heard: Heard) -> Floats:
        """For every topic the probability that it is asked."""
        alike: dict[int, float] = {}
        for row, score in self._index.nearest(heard):
            alike.setdefault(self._owners[row], score)
        found = np.zeros(self._count)
        for owner, score in alike.items():
            rival = max((other for who, other in alike.items() if who != owner), default=0.0)
            rival = max(rival, _CHANCE_LIKENESS)
            if owner != NOBODY:
                found[owner] = _chance(_ALIKE * score + _AHEAD * min(score - rival, 0.3) + _OFFSET)
        return found

    def parts(self, topic: int, heard: Heard) -> tuple[str, ...]:
        """The parts of a topic that a message is after, the likeliest first."""
        return self._parts[topic].named(heard)

    def named(self, topic: int, heard: Heard) -> tuple[str, ...]:
        """The parts of a topic of which a term stands in the message, in the order found."""
        return self._parts[topic].named(heard)

    def follows(self, heard: Heard, alone: Floats, topic: int) -> float:
        """How likely a message follows up that topic."""
        near = [score for row, score in self._follow_ups.nearest(heard) if self._followed[row] in (topic, ANY)]
        named = len(heard.words) <= _SHORT and bool(self._parts[topic].named(heard))
        return max(*near, 0.6 * named, 0.0) if near else 0.6 * named

    def foreign(self, heard: Heard) -> bool:
        """Whether it is surely about something else, and not just vague."""
        return all(score < _VAGUE for _, score in self._index.nearest(heard))

    def counted(self, heard: Heard, topic: int) -> list[tuple[str, float]]:
        """What in the message spoke for a topic: the rare words that it shares with the topic's nearest ask."""
        row = next((row for row, _ in self._index.nearest(heard) if self._owners[row] == topic), None)
        return [] if row is None else self._index.shared(heard, row)


def _chance(evidence: float) -> float:
    return float(1 / (1 + np.exp(-evidence)))
