"""How much each line teaches: a new topic with five asks is to be heard among topics with hundreds."""

from collections import Counter

import numpy as np

from bot.curriculum.model import Curriculum
from bot.matching.corpus import NOBODY, Line
from bot.matching.hearing import Heard, Hearing
from bot.matching.regression import Floats

_SMALL = 40  # asks; topics with fewer are young
_MOST = 6.0  # times that a line may count
_CORE = 0.5  # share of a young topic's asks that a term of its own must stand in to be what the topic is about


def weights(curriculum: Curriculum, hearing: Hearing, lines: list[Line], heard: list[Heard]) -> Floats:
    """A weight for every line.

    Asks of a young topic count more. Lines of nobody, written before there was such a topic, count nothing where they
    speak of what only that topic is about.
    """
    found = np.ones(len(lines))
    counts = Counter(line.topic for line in lines if not line.follows)
    claimed: dict[str, int] = {}
    for number in (k for k in range(len(curriculum.topics)) if counts[k] < _SMALL):
        claimed |= dict.fromkeys(_core(curriculum, hearing, lines, heard, number), number)
    for i, (line, each) in enumerate(zip(lines, heard, strict=True)):
        if line.topic >= 0:
            found[i] = min(_MOST, max(1.0, _SMALL / counts[line.topic])) if counts[line.topic] else 1.0
        elif line.topic == NOBODY and any(claimed.get(name, line.home) != line.home for name in each.names):
            found[i] = 0.0
    return found


def _core(curriculum: Curriculum, hearing: Hearing, lines: list[Line], heard: list[Heard], number: int) -> set[str]:
    """The terms that only this topic has and that most of its asks speak of."""
    others = {name for k, topic in enumerate(curriculum.topics) if k != number for name in hearing.names(topic)}
    asks = [set(each.names) for line, each in zip(lines, heard, strict=True) if line.topic == number]
    own = set(hearing.names(curriculum.topics[number])) - others
    return {name for name in own if sum(name in ask for ask in asks) >= _CORE * len(asks)}
