"""The tutor: matches a message to topics and decides what to do about it."""

import numpy as np

from bot.curriculum.model import Curriculum
from bot.tutor.decision import Answer, Choose, Context, Decision, Decline, Match
from bot.tutor.hearing import Hearing
from bot.tutor.recogniser import Recogniser

_SURE = 0.5
_UNSURE = 0.35


class Tutor:
    """Decides messages. Built once per curriculum; what it remembers between messages is only how words are spelt."""

    def __init__(self, curriculum: Curriculum) -> None:
        self._hearing = Hearing(curriculum)
        self._recogniser = Recogniser(curriculum, self._hearing)

    def decide(self, message: str, context: Context | None = None) -> Decision:
        """Decides one message."""
        chances = self._recogniser.probabilities(self._hearing.hear(message))
        order = np.argsort(-chances, kind="stable")[:4]
        ranked = tuple(Match(self._recogniser.topics[i], float(chances[i])) for i in order)
        if ranked and ranked[0].score >= _SURE:
            return Answer(ranked[:1], ranked[1:])
        if ranked and ranked[0].score >= _UNSURE:
            return Choose(ranked[:3])
        return Decline(ranked[:3])
