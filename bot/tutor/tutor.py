"""The tutor: matches a message to topics and decides what to do about it."""

from collections.abc import Sequence

import numpy as np

from bot.curriculum.model import Curriculum
from bot.tutor.decision import Answer, Choose, Context, Decision, Decline, Match
from bot.tutor.ear import ear
from bot.tutor.hearing import Hearing
from bot.tutor.pieces import Piece, pieces

_SURE = 0.5
_UNSURE = 0.35
_FOLLOWS = 0.35
_MOST_CHARACTERS = 6000


class Tutor:
    """Decides messages. Built once per curriculum; what it remembers between messages is only how words are spelt."""

    def __init__(self, curriculum: Curriculum) -> None:
        self._hearing = Hearing(curriculum)
        self._ear = ear(curriculum, self._hearing)
        self._topics = [topic.id for topic in curriculum.topics]

    def decide(self, message: str, context: Context | None = None) -> Decision:
        """Decides one message."""
        text = message[:_MOST_CHARACTERS]
        whole = self._weigh(text)
        followed = self._followed(whole, context) if context else None
        if followed:
            return followed
        asked = self._asked(pieces(text, whole, self._weigh), whole)
        if len(asked) > 1:
            matches = tuple(self._match(topic, piece) for topic, piece in asked)
            return Answer(matches, self._rest(whole, {topic for topic, _ in asked}))
        ranked = self._ranked(whole)
        if ranked and ranked[0].score >= _SURE:
            return Answer(ranked[:1], ranked[1:])
        if ranked and ranked[0].score >= _UNSURE:
            return Choose(ranked[:3])
        return Decline(ranked[:3])

    def _followed(self, whole: Piece, context: Context) -> Answer | None:
        """The answer to a follow-up, or None for a message that is none."""
        if context.topic not in self._topics:
            return None
        topic = self._topics.index(context.topic)
        chance = self._ear.follows(whole.heard, whole.chances, topic)
        if chance < _FOLLOWS or whole.sure > max(chance, whole.chances[topic]):
            return None
        parts = self._ear.parts(topic, whole.heard) or context.parts
        return Answer((Match(context.topic, chance, parts),), self._rest(whole, {topic}))

    def _weigh(self, text: str) -> Piece:
        heard = self._hearing.hear(text)
        return Piece(text, heard, self._ear.chances(heard))

    def _asked(self, found: Sequence[Piece], whole: Piece) -> list[tuple[int, Piece]]:
        """The topics that the pieces ask for, in the order asked, each with the piece that asks it."""
        asked: dict[int, Piece] = {}
        for piece in found:
            topic = piece.best if len(piece.chances) else -1
            if topic < 0 or piece.sure < _bar(topic, whole):
                continue
            if topic not in asked or piece.sure > asked[topic].sure:
                asked[topic] = piece
        return list(asked.items())

    def _ranked(self, piece: Piece) -> tuple[Match, ...]:
        order = np.argsort(-piece.chances, kind="stable")[:4]
        return tuple(self._match(int(topic), piece) for topic in order)

    def _rest(self, piece: Piece, without: set[int]) -> tuple[Match, ...]:
        order = np.argsort(-piece.chances, kind="stable")[:5]
        return tuple(self._match(int(topic), piece) for topic in order if int(topic) not in without)[:3]

    def _match(self, topic: int, piece: Piece) -> Match:
        parts = self._ear.parts(topic, piece.heard)
        return Match(self._topics[topic], float(piece.chances[topic]), parts)


def _bar(topic: int, whole: Piece) -> float:
    """How sure a piece must be of a topic: surer where the message as a whole speaks clearly of another one."""
    clear = whole.best != topic and whole.sure > 0.93 and whole.chances[topic] < 0.02
    return 0.9 if clear else 0.5
