"""Recognising by what the asks taught: linear models fitted when the curriculum is loaded."""

from bot.curriculum.model import Curriculum
from bot.matching.followup import FollowUps
from bot.matching.hearing import Heard, Hearing
from bot.matching.lessons import lessons
from bot.matching.parts import PartFinder
from bot.matching.recogniser import Recogniser
from bot.matching.regression import Floats
from bot.matching.subjects import ForeignWords

_FOREIGN = 0.85
_SURELY_FOREIGN = 1.2


class LearntEar:
    """Recognises topics, their parts and follow-ups."""

    def __init__(self, curriculum: Curriculum, hearing: Hearing) -> None:
        taught = lessons(curriculum, hearing)
        self._recogniser = Recogniser(taught, len(curriculum.topics))
        self._parts = [PartFinder(topic, hearing, taught, k) for k, topic in enumerate(curriculum.topics)]
        self._words = ForeignWords(taught)
        self._follow_ups = FollowUps(taught, self._parts, self._recogniser.held_out)

    def chances(self, heard: Heard) -> Floats:
        """For every topic the probability that it is asked."""
        return self._recogniser.probabilities(heard)

    def parts(self, topic: int, heard: Heard) -> tuple[str, ...]:
        """The parts of a topic that a message is after, the likeliest first."""
        return self._parts[topic].find(heard)

    def named(self, topic: int, heard: Heard) -> tuple[str, ...]:
        """The parts of a topic of which a term stands in the message, in the order found."""
        return self._parts[topic].named(heard)

    def follows(self, heard: Heard, alone: Floats, topic: int) -> float:
        """How likely a message follows up that topic; `alone` are its chances to ask each topic by itself."""
        return self._follow_ups.probability(heard, alone, topic)

    def foreign(self, heard: Heard) -> bool:
        """Whether it is surely about something else, and not just vague."""
        score = self._recogniser.nobody(heard)  # lines that ask none of ours were taught as 1, the others as -1
        if score > 0 and self._words.has(heard):
            return True
        return score > _SURELY_FOREIGN or (score > _FOREIGN and self._words.content(heard) > 1)

    def counted(self, heard: Heard, topic: int) -> list[tuple[str, float]]:
        """What in the message spoke for (above 0) or against a topic, the weightiest first."""
        return self._recogniser.counted(heard, topic)
