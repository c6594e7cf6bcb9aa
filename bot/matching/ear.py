"""What the tutor recognises with, and which kind suits a curriculum."""

from typing import Protocol

from bot.curriculum.model import Curriculum
from bot.matching.hearing import Heard, Hearing
from bot.matching.learnt_ear import LearntEar
from bot.matching.plain_ear import PlainEar
from bot.matching.regression import Floats

_MOST_TOPICS = 100  # beyond this learning takes longer than loading should
_FEWEST_OF_NOBODY = 40  # with fewer lines that ask nothing of us there is nothing to learn declining from


class Ear(Protocol):
    """Recognises topics (by their numbers), parts and follow-ups in what is heard."""

    def chances(self, heard: Heard) -> Floats:
        """For every topic the probability that it is asked."""
        ...

    def parts(self, topic: int, heard: Heard) -> tuple[str, ...]:
        """The parts of a topic that a message is after, the likeliest first."""
        ...

    def named(self, topic: int, heard: Heard) -> tuple[str, ...]:
        """The parts of a topic of which a term stands in the message, in the order found."""
        ...

    def follows(self, heard: Heard, alone: Floats, topic: int) -> float:
        """How likely a message follows up that topic; `alone` are its chances to ask each topic by itself."""
        ...

    def foreign(self, heard: Heard) -> bool:
        """Whether it is surely about something else, and not just vague."""
        ...

    def counted(self, heard: Heard, topic: int) -> list[tuple[str, float]]:
        """What in the message spoke for (above 0) or against a topic, the weightiest first."""
        ...


def ear(curriculum: Curriculum, hearing: Hearing) -> Ear:
    """The ear for a curriculum."""
    language = curriculum.language
    of_nobody = len(language.chatter) + len(language.elsewhere) + sum(len(t.not_asks) for t in curriculum.topics)
    if len(curriculum.topics) > _MOST_TOPICS or of_nobody < _FEWEST_OF_NOBODY or not curriculum.topics:
        return PlainEar(curriculum, hearing)
    return LearntEar(curriculum, hearing)
