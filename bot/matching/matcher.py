"""From a message to a decision: the message is cut into pieces, each is weighed, and what they ask is decided.

Of what asks none of the topics `SmallTalk` knows whether it wants no more than a word back.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cache
from itertools import islice

import numpy as np

from bot.curriculum.model import Curriculum
from bot.curriculum.vocabulary import spelling_habits
from bot.matching.decision import (
    Choose,
    Context,
    Counted,
    Decision,
    Decline,
    Explanation,
    Match,
    NearestPhrasing,
    TopicAnswer,
)
from bot.matching.fitted_model import ModelStore, learn
from bot.matching.following import FollowUps, parts_after
from bot.matching.lines import Kind, texts
from bot.matching.pieces import Piece, Weigh, asked, pieces
from bot.matching.statements import StatementFinder
from bot.text.normalise import clauses, opens_question, plain, visible
from bot.text.pipeline import ParsedText
from bot.text.unwrapping import unwrapped

# A choice counts half an answer and costs nothing where none is right, so it pays between these chances.
_SURE, _UNSURE = 0.5, 0.35
# The following were chosen on the asks and on messages written for it: change one, and compare what
# `python -m tests.bench matching` prints before and after (which of its figures is said with each).
_SUGGESTED = 0.02  # chance from which a topic is worth suggesting
_NO_TOPIC = 0.1  # chance under which a piece asks none of the topics: "a piece no topic fits: named"
# Bounds on time.
_MOST_CHARACTERS = 6000
_RANKED, _MOST_RANKED, _MOST_OTHERS, _COUNTED = 6, 4, 3, 8

_ADDS = re.compile(r"\b(?:and|plus|also)\b|&", re.IGNORECASE)


class Matcher:
    """Decides messages. Built once per curriculum; what it remembers between messages is only how words are spelt."""

    def __init__(self, curriculum: Curriculum, store: ModelStore | None = None) -> None:
        """Load the model of the curriculum from `store`, or fit it (a second or two) and keep it there."""
        self.pipeline, self._model = learn(curriculum, store)
        self._curriculum = curriculum
        self._statements = StatementFinder(curriculum, self.pipeline)
        self._following = FollowUps(curriculum, self.pipeline, self._model, self._statements)
        self._topics = [topic.id for topic in curriculum.topics]
        self._part_ids = [tuple(part.id for part in topic.parts) for topic in curriculum.topics]

    def decide(self, message: str, context: Context | None = None) -> Decision:
        """Decide one message, read in the light of `context` where it does not stand on its own."""
        weigh = cache(self._weigh)  # for this message: a piece is looked at more than once
        whole = weigh(_cleaned(message))
        followed = self._followed(message, whole, context, weigh) if context else None
        return followed or self._alone(whole, weigh)

    def explain(self, message: str, context: Context | None = None) -> Explanation:
        """Return why a message is decided as it is. Slower than deciding."""
        whole = self._weigh(_cleaned(message))
        first = np.argsort(-whole.chances, kind="stable")[:2]  # the runner-up is told however unlikely it is
        ranked = [self._match(int(topic), whole) for topic in first]
        counted = self._model.counted(whole.parsed, whole.best) if whole.best >= 0 else []
        follows = self._following.chance(whole, context, self._weigh) if context else None
        return Explanation(
            whole.parsed.words,
            self._nearest(whole.parsed),
            tuple(Counted(name, weight) for name, weight in counted[:_COUNTED]),
            ranked[0] if ranked else None,
            ranked[1] if len(ranked) > 1 else None,
            follows,
        )

    def follow_up_evidence(self, message: str, context: Context) -> list[float]:
        """Return what `FollowUps.evidence` sees in a message, for fitting its weights."""
        whole = self._weigh(_cleaned(message))
        return self._following.evidence(whole, context, self._topics.index(context.topic), self._weigh)

    def _nearest(self, parsed: ParsedText) -> NearestPhrasing | None:
        """The phrasing or near miss nearest to a message."""
        found = self._model.lines.nearest(parsed)
        if found is None:
            return None
        line, alike = found
        text, home = next(islice(texts(self._curriculum), line, None))[0], int(self._model.lines.homes[line])
        asks = home >= 0 and self._model.lines.kinds[line] != Kind.NEAR_MISS
        return NearestPhrasing(text, self._topics[home] if asks else None, alike)

    def _weigh(self, text: str) -> Piece:
        """A piece with what it asks by itself."""
        parsed = self.pipeline.parse(text)
        chances = self._model.chances(parsed)
        best = int(chances.argmax()) if len(chances) else -1
        asks = "?" in text or opens_question(parsed.words)
        return Piece(text, parsed, chances, asks, best, float(chances[best]) if len(chances) else 0.0)

    def _alone(self, whole: Piece, weigh: Weigh) -> Decision:
        """The decision on a message that stands on its own."""
        found = pieces(whole, weigh)
        several = asked(found, whole) if len(found) > 1 else []
        if len(several) > 1:
            matches = tuple(self._answer(topic, piece) for topic, piece in several)
            others = self._ranked(whole, [topic for topic, _ in several])[:_MOST_OTHERS]
            return TopicAnswer(matches, others, self._unanswered(found, weigh))
        ranked = self._ranked(whole)
        if ranked and ranked[0].score >= _SURE:
            answer = self._answer(self._topics.index(ranked[0].topic), whole)
            return TopicAnswer((answer,), ranked[1 : 1 + _MOST_OTHERS], self._unanswered(found, weigh))
        if ranked and ranked[0].score >= _UNSURE:
            return Choose(ranked[:_MOST_OTHERS])
        return Decline(ranked[:_MOST_OTHERS])

    def _followed(self, message: str, whole: Piece, context: Context, weigh: Weigh) -> TopicAnswer | None:
        """The answer to a message that only the context explains; None for one that stands on its own."""
        found = self._following.found(message, whole, context, weigh)
        if found is None:
            return None
        topic = self._topics.index(found.topic)
        if not found.in_short:
            found = replace(found, statement=self._statements.shown(topic, whole.parsed, found.parts))
        return TopicAnswer((found,), self._ranked(whole, [topic])[:_MOST_OTHERS])

    def _ranked(self, piece: Piece, without: Collection[int] = ()) -> tuple[Match, ...]:
        """The topics that come into question, best first."""
        found: list[Match] = []
        for topic in np.argsort(-piece.chances, kind="stable")[:_RANKED].tolist():
            if piece.chances[topic] >= _SUGGESTED and topic not in without and len(found) < _MOST_RANKED:
                found.append(self._match(topic, piece))
        return tuple(found)

    def _match(self, topic: int, piece: Piece) -> Match:
        return Match(self._topics[topic], float(piece.chances[topic]), self._parts(topic, piece))

    def _answer(self, topic: int, piece: Piece) -> Match:
        """A topic that is answered, with its statement that answers the piece, where one does."""
        match = self._match(topic, piece)
        return replace(match, statement=self._statements.shown(topic, piece.parsed, match.parts))

    def _parts(self, topic: int, piece: Piece) -> tuple[str, ...]:
        """The parts that a piece asks after, the likeliest first."""
        return parts_after(self._model, topic, self._part_ids[topic], piece.parsed)

    def _unanswered(self, pieces: Sequence[Piece], weigh: Weigh) -> tuple[str, ...]:
        """The texts of pieces that ask something no topic fits, so that nobody thinks they were overlooked."""
        found = []
        for piece in pieces:
            if len(pieces) > 1 and self._asks_none(piece):
                found.append(piece.text)
            elif piece.sure >= _SURE:
                found += self._unanswered_end(piece, weigh)
        return tuple(found)

    def _unanswered_end(self, piece: Piece, weigh: Weigh) -> list[str]:
        """A question of another kind at the end of a piece that asks one of ours."""
        if not _ADDS.search(piece.text):
            return []
        for end, start in clauses(piece.text)[-3:]:
            if not _ADDS.search(piece.text[end:start]):
                continue
            right = weigh(piece.text[start:])
            if opens_question(right.parsed.words) and self._asks_none(right) and weigh(piece.text[:end]).sure >= _SURE:
                return [right.text]
        return []

    def _asks_none(self, piece: Piece) -> bool:
        return piece.asks and piece.sure < _NO_TOPIC and self._model.foreign(piece.parsed)


def _cleaned(message: str) -> str:
    """The lines of a message without its social wrapping and without what shows nothing."""
    return "\n".join(map(visible, unwrapped(message[:_MOST_CHARACTERS]).splitlines()))


_LONGEST_THANKS = 8  # words of thanks alone; a longer message has more to say
_SPOILS = frozenset({"?", "no", "not", "but", "dont", "doesnt", "didnt", "isnt", "cant"})  # "that makes no sense"


class SmallTalk:
    """Knows small talk by the lines of the language. Built once per curriculum."""

    def __init__(self, curriculum: Curriculum) -> None:
        language = curriculum.language
        self._spellings = spelling_habits(curriculum)
        self._lines = {self._words(line) for line in (*language.thanks, *language.chatter) if not _a_number(line)}
        thanks = [self._words(line) for line in language.thanks]
        self._thankful = {word for line in thanks for word in line}
        self._openers = {line[0] for line in thanks if len(line) == 1}

    def is_it(self, message: str) -> bool:
        """Return whether a message is one of the lines, or made of the words of thanks alone, or shows no word."""
        said = self._words(message)
        if _a_number(message):
            return message.strip().startswith("+")
        if said in self._lines or not said:
            return True
        thanks = len(said) <= _LONGEST_THANKS and set(said) <= self._thankful - _SPOILS
        return thanks and not self._openers.isdisjoint(said)

    def _words(self, text: str) -> tuple[str, ...]:
        return tuple(word for word in plain(text, self._spellings) if word[0].isalnum() or word == "?")


def _a_number(text: str) -> bool:
    """ "+1" agrees; "1" picks from a list."""
    return text.strip().removeprefix("+").isdecimal()
