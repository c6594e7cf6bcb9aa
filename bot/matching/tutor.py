"""The tutor: matches a message to topics and decides what to do about it."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from bot.curriculum.model import Curriculum
from bot.matching.decision import Answer, Choose, Context, Decision, Decline, Match
from bot.matching.ear import ear
from bot.matching.explain import Counted, Explanation, Library
from bot.matching.hearing import Hearing
from bot.matching.pieces import Piece, Weigh, asks, pieces
from bot.matching.pointing import excepts, others, placed
from bot.matching.unanswered import Unanswered
from bot.text.normalise import visible

# A choice counts half an answer and costs nothing where none is right, so it pays between these chances.
_SURE = 0.5
_UNSURE = 0.35
_FOLLOWS = 0.35
_FOLLOWS_PLAINLY = 0.13  # a question with no word that is foreign to the topics needs less to follow up the last answer
_SUGGESTED = 0.02
_BESIDE = 0.65  # of the surest topic's chance a second one must have: a long story touches on much that it does not ask
_MOST_CHARACTERS = 6000
_COUNTED = 8


class Tutor:
    """Decides messages. Built once per curriculum; what it remembers between messages is only how words are spelt."""

    def __init__(self, curriculum: Curriculum) -> None:
        self._hearing = Hearing(curriculum)
        self._ear = ear(curriculum, self._hearing)
        self._unanswered = Unanswered(self._ear)
        self._curriculum = curriculum
        self._library: Library | None = None
        self._topics = [topic.id for topic in curriculum.topics]
        self._part_ids = [tuple(part.id for part in topic.parts) for topic in curriculum.topics]

    def decide(self, message: str, context: Context | None = None) -> Decision:
        """Decides one message, read in the light of `context` where it does not stand on its own."""
        text = _cleaned(message)
        weigh = lru_cache(maxsize=None)(self._weigh)
        whole = weigh(text)
        followed = self._followed(whole, context) if context else None
        return followed or self._alone(whole, weigh)

    def explain(self, message: str, context: Context | None = None) -> Explanation:
        """Why a message is decided as it is. Slower than deciding, most of all the first time."""
        self._library = self._library or Library(self._curriculum, self._hearing)
        whole = self._weigh(_cleaned(message))
        first = np.argsort(-whole.chances, kind="stable")[:2]  # the runner-up is told however unlikely it is
        ranked = [self._match(int(topic), whole) for topic in first]
        counted = self._ear.counted(whole.heard, whole.best) if whole.best >= 0 else []
        follows = None
        if context and context.topic in self._topics:
            follows = self._ear.follows(whole.heard, whole.chances, self._topics.index(context.topic))
        return Explanation(
            whole.heard.words,
            self._library.nearest(_cleaned(message)),
            tuple(Counted(name, weight) for name, weight in counted[:_COUNTED]),
            ranked[0] if ranked else None,
            ranked[1] if len(ranked) > 1 else None,
            follows,
        )

    def _alone(self, whole: Piece, weigh: Weigh) -> Decision:
        found = pieces(whole.text, whole, weigh)
        asked = _asked(found, whole)
        if len(asked) > 1:
            matches = tuple(self._match(topic, piece) for topic, piece in asked)
            others = self._ranked(whole, {topic for topic, _ in asked})[:3]
            return Answer(matches, others, self._unanswered.named(found, weigh))
        ranked = self._ranked(whole)
        if ranked and ranked[0].score >= _SURE:
            return Answer(ranked[:1], ranked[1:4], self._unanswered.named(found, weigh))
        if ranked and ranked[0].score >= _UNSURE:
            return Choose(ranked[:3])
        return Decline(ranked[:3])

    def _followed(self, whole: Piece, context: Context) -> Answer | None:
        """The answer to a follow-up, or None for a message that is none."""
        if context.topic not in self._topics:
            return None
        topic = self._topics.index(context.topic)
        chance = self._ear.follows(whole.heard, whole.chances, topic)
        plainly = whole.asks and not self._ear.foreign(whole.heard)
        if chance < (_FOLLOWS_PLAINLY if plainly else _FOLLOWS) or whole.sure > max(chance, whole.chances[topic]):
            return None
        parts = self._pointed_at(whole, topic, context) or self._parts(topic, whole) or context.parts
        score = max(chance, float(whole.chances[topic]))
        return Answer((Match(context.topic, score, parts),), self._ranked(whole, {topic})[:3])

    def _pointed_at(self, whole: Piece, topic: int, context: Context) -> tuple[str, ...]:
        """The parts of the last answer that a follow-up points at."""
        ids, words = self._part_ids[topic], whole.heard.words
        return placed(words, ids) or others(words, ids, context.parts)

    def _parts(self, topic: int, piece: Piece) -> tuple[str, ...]:
        """The parts that a piece asks after, the likeliest first."""
        if excepts(piece.heard.words):
            left_out = self._ear.named(topic, piece.heard)
            return tuple(part for part in self._part_ids[topic] if part not in left_out) if left_out else ()
        return self._ear.parts(topic, piece.heard)

    def _weigh(self, text: str) -> Piece:
        heard = self._hearing.hear(text)
        return Piece(text, heard, self._ear.chances(heard), asks(text, heard))

    def _ranked(self, piece: Piece, without: Sequence[int] | set[int] = ()) -> tuple[Match, ...]:
        """The topics that come into question, best first."""
        order = np.argsort(-piece.chances, kind="stable")[:6]
        near = [int(topic) for topic in order if piece.chances[topic] >= _SUGGESTED and int(topic) not in without]
        return tuple(self._match(topic, piece) for topic in near[:4])

    def _match(self, topic: int, piece: Piece) -> Match:
        return Match(self._topics[topic], float(piece.chances[topic]), self._parts(topic, piece))


def _cleaned(message: str) -> str:
    """The lines of a message without what shows nothing."""
    return "\n".join(visible(line) for line in message[:_MOST_CHARACTERS].splitlines())


def _asked(found: Sequence[Piece], whole: Piece) -> list[tuple[int, Piece]]:
    """The topics that the pieces ask for, in the order asked, each with the piece that asks it.

    What is only stated comes after what is asked: mostly it tells how the question came up.
    """
    asked: dict[int, Piece] = {}
    questions = any(piece.asks for piece in found)
    for piece in found:
        if piece.best < 0 or piece.sure < _bar(piece, whole, questions):
            continue
        if piece.best not in asked or piece.sure > asked[piece.best].sure:
            asked[piece.best] = piece
    surest = max((piece.sure for piece in asked.values()), default=0.0)
    kept = [pair for pair in asked.items() if pair[1].sure >= _BESIDE * surest]
    return sorted(kept, key=lambda pair: not pair[1].asks)


def _bar(piece: Piece, whole: Piece, questions: bool) -> float:
    """How sure a piece must be: surer where nothing in the message as a whole speaks of the topic, and where it only
    states something beside a question."""
    agreed = float(whole.chances[piece.best])
    if questions and not piece.asks and agreed < 0.2:
        return 0.95
    return 0.9 if whole.best != piece.best and agreed < 0.02 else _SURE
