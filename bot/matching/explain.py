"""Why a message was decided as it was: for `ask --explain` and for whoever writes the knowledge."""

from dataclasses import dataclass

from bot.curriculum.model import Curriculum
from bot.matching.corpus import lines
from bot.matching.decision import Match
from bot.matching.hearing import Hearing
from bot.matching.index import Index


@dataclass(frozen=True, slots=True)
class Nearest:
    """The phrasing of the knowledge most like the message. `topic` is None for a near miss or small talk; `alike` goes
    from 0 to 1."""

    text: str
    topic: str | None
    alike: float


@dataclass(frozen=True, slots=True)
class Counted:
    """A word or term of the message, and how much it spoke for the best topic (below 0: against)."""

    what: str
    weight: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why: what was heard, the phrasing nearest to it, what counted most, and who came second."""

    heard: tuple[str, ...]
    nearest: Nearest | None
    counted: tuple[Counted, ...]
    best: Match | None
    runner_up: Match | None
    follow_up: float | None = None  # how likely it follows up the last answer, where there was one


class Library:
    """The phrasings of a curriculum, to look the nearest up. Built when first asked to explain."""

    def __init__(self, curriculum: Curriculum, hearing: Hearing) -> None:
        self._lines = lines(curriculum)
        self._topics = [topic.id for topic in curriculum.topics]
        self._hearing = hearing
        self._index = Index([hearing.hear(line.text) for line in self._lines])

    def nearest(self, message: str) -> Nearest | None:
        """The phrasing nearest to a message, or None where no word is shared."""
        found = self._index.nearest(self._hearing.hear(message))
        if not found:
            return None
        line = self._lines[found[0][0]]
        return Nearest(line.text, self._topics[line.topic] if line.topic >= 0 else None, found[0][1])
