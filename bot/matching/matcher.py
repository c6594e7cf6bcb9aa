"""From a message to a decision: the message is cut into pieces, each is weighed, and what they ask is decided.

Of what asks none of the topics `SmallTalk` knows whether it wants no more than a word back.
"""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from bot.curriculum.model import Curriculum
from bot.curriculum.vocabulary import spelling_habits
from bot.matching.decision import Choose, Context, Counted, Decision, Decline, Explanation, Match, TopicAnswer
from bot.matching.fitted_model import ModelStore, learn
from bot.matching.nearest import PhrasingIndex
from bot.matching.regression import Floats
from bot.matching.statements import StatementFinder
from bot.text.normalise import clauses, opens_question, plain, sentences, visible
from bot.text.pipeline import ParsedText
from bot.text.unwrapping import unwrapped

# A choice counts half an answer and costs nothing where none is right, so it pays between these chances.
_SURE, _UNSURE = 0.5, 0.35
# The following were chosen on the asks and on messages written for it: change one, and compare what
# `python -m tests.bench matching` prints before and after (which of its figures is said with each).
_SUGGESTED = 0.02  # chance from which a topic is worth suggesting
_FOLLOWS = 0.35  # chance from which a message follows up the last answer: "follow-ups: right topic"
_FOLLOWS_PLAINLY = 0.13  # ... where it is a question with no word foreign to the topics
_BESIDE = 0.65  # of the surest topic's chance a second one must have: "asks one thing: more than one answered"
_APART = 0.5  # both sides of a cut must be at least this sure of different topics: "asks two things: both answered"
_CLEAR = 0.95  # a message this sure of one topic asks another only with a second question mark
_RIVAL = 0.004  # a second topic less likely than this is not looked for, which saves time
_AT_ALL = 0.1  # chance of any topic under which a message is not cut
# How sure a piece must be that only states something beside a question, and one of whose topic nothing else in the
# message speaks; both unless the message as a whole asks the topic with the second chance.
_STATED, _STATED_BY_ALL = 0.95, 0.2
_ALONE, _ALONE_BY_ALL = 0.9, 0.02
_NO_TOPIC = 0.1  # chance under which a piece asks none of the topics: "a piece no topic fits: named"
# Bounds on time.
_MOST_CHARACTERS = 6000
_LONGEST_CUT = 600  # characters of a sentence that is looked at for a second question
_FEW_SENTENCES, _MOST_SENTENCES = 3, 6  # of a longer story only what is asked in it
_MOST_CUTS, _DEEPEST = 4, 2
_RANKED, _MOST_RANKED, _MOST_OTHERS, _COUNTED = 6, 4, 3, 8

_ADDS = re.compile(r"\b(?:and|plus|also)\b|&", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a message, and what it asks by itself."""

    text: str
    parsed: ParsedText
    chances: Floats  # for every topic, that it is asked
    asks: bool  # whether it, or the sentence that it was cut from, has the shape of a question
    best: int  # the number of the likeliest topic; -1 without topics
    sure: float  # the chance of that topic


Weigh = Callable[[str], Piece]


class Matcher:
    """Decides messages. Built once per curriculum; what it remembers between messages is only how words are spelt."""

    def __init__(self, curriculum: Curriculum, store: ModelStore | None = None) -> None:
        """Load the model of the curriculum from `store`, or fit it (a second or two) and keep it there."""
        self.pipeline, self._model = learn(curriculum, store)
        self._curriculum = curriculum
        self._statements = StatementFinder(curriculum, self.pipeline)
        self._phrasings: PhrasingIndex | None = None
        self._topics = [topic.id for topic in curriculum.topics]
        self._part_ids = [tuple(part.id for part in topic.parts) for topic in curriculum.topics]

    def decide(self, message: str, context: Context | None = None) -> Decision:
        """Decide one message, read in the light of `context` where it does not stand on its own."""
        weigh = cache(self._weigh)  # for this message: a piece is looked at more than once
        whole = weigh(_cleaned(message))
        followed = self._followed(whole, context) if context else None
        return followed or self._alone(whole, weigh)

    def explain(self, message: str, context: Context | None = None) -> Explanation:
        """Return why a message is decided as it is. Slower than deciding, most of all the first time."""
        self._phrasings = self._phrasings or PhrasingIndex(self._curriculum, self.pipeline)
        whole = self._weigh(_cleaned(message))
        first = np.argsort(-whole.chances, kind="stable")[:2]  # the runner-up is told however unlikely it is
        ranked = [self._match(int(topic), whole) for topic in first]
        counted = self._model.counted(whole.parsed, whole.best) if whole.best >= 0 else []
        follows = None
        if context and context.topic in self._topics:
            follows = self._model.follows(whole.parsed, whole.chances, self._topics.index(context.topic))
        return Explanation(
            whole.parsed.words,
            self._phrasings.nearest(whole.parsed),
            tuple(Counted(name, weight) for name, weight in counted[:_COUNTED]),
            ranked[0] if ranked else None,
            ranked[1] if len(ranked) > 1 else None,
            follows,
        )

    def _weigh(self, text: str) -> Piece:
        """A piece with what it asks by itself."""
        parsed = self.pipeline.parse(text)
        chances = self._model.chances(parsed)
        best = int(chances.argmax()) if len(chances) else -1
        asks = "?" in text or opens_question(parsed.words)
        return Piece(text, parsed, chances, asks, best, float(chances[best]) if len(chances) else 0.0)

    def _alone(self, whole: Piece, weigh: Weigh) -> Decision:
        """The decision on a message that stands on its own."""
        found = _pieces(whole, weigh)
        asked = _asked(found, whole) if len(found) > 1 else []
        if len(asked) > 1:
            matches = tuple(self._answer(topic, piece) for topic, piece in asked)
            others = self._ranked(whole, [topic for topic, _ in asked])[:_MOST_OTHERS]
            return TopicAnswer(matches, others, self._unanswered(found, weigh))
        ranked = self._ranked(whole)
        if ranked and ranked[0].score >= _SURE:
            answer = self._answer(self._topics.index(ranked[0].topic), whole)
            return TopicAnswer((answer,), ranked[1 : 1 + _MOST_OTHERS], self._unanswered(found, weigh))
        if ranked and ranked[0].score >= _UNSURE:
            return Choose(ranked[:_MOST_OTHERS])
        return Decline(ranked[:_MOST_OTHERS])

    def _followed(self, whole: Piece, context: Context) -> TopicAnswer | None:
        """The answer to a follow-up, or None for a message that is none."""
        if context.topic not in self._topics:
            return None
        topic = self._topics.index(context.topic)
        chance = self._model.follows(whole.parsed, whole.chances, topic)
        plainly = whole.asks and not self._model.foreign(whole.parsed)
        if chance < (_FOLLOWS_PLAINLY if plainly else _FOLLOWS) or whole.sure > max(chance, whole.chances[topic]):
            return None
        ids, words = self._part_ids[topic], whole.parsed.words
        parts = placed(words, ids) or others(words, ids, context.parts) or self._parts(topic, whole) or context.parts
        score = max(chance, float(whole.chances[topic]))
        statement = self._statements.shown(topic, whole.parsed, parts)
        return TopicAnswer(
            (Match(context.topic, score, parts, statement),), self._ranked(whole, [topic])[:_MOST_OTHERS]
        )

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
        if self._part_ids[topic] and excepts(piece.parsed.words):
            left_out = self._model.named(topic, piece.parsed)
            return tuple(part for part in self._part_ids[topic] if part not in left_out) if left_out else ()
        return self._model.parts(topic, piece.parsed)

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


def _pieces(whole: Piece, weigh: Weigh) -> list[Piece]:
    """The pieces of a message in order; a single one where it cannot be asking two things."""
    found = sentences(whole.text)
    if not _may_ask_two(whole, len(found)):
        return [whole]
    if len(found) > _FEW_SENTENCES:
        found = [sentence for sentence in found if "?" in sentence or opens_question(sentence.lower().split())]
    parts = [weigh(sentence) for sentence in found[:_MOST_SENTENCES]] if len(found) > 1 else [whole]
    few = len(found) <= _FEW_SENTENCES
    return [piece for part in parts for piece in (_cut(part, weigh, _DEEPEST) if few or part.asks else [part])]


def _may_ask_two(whole: Piece, sentences_found: int) -> bool:
    if len(whole.chances) < 2:
        return False
    if sentences_found > 1 and (whole.text.count("?") > 1 or whole.sure < _CLEAR):
        return True
    return bool(_second(whole) > _RIVAL and whole.sure > _AT_ALL)


def _second(piece: Piece) -> float:
    """The chance of the second likeliest topic."""
    return float(np.partition(piece.chances, -2)[-2])


def _cut(piece: Piece, weigh: Weigh, depth: int) -> list[Piece]:
    """The piece, cut where its two sides ask for different topics."""
    if depth == 0 or len(piece.text) > _LONGEST_CUT or _second(piece) < _RIVAL:
        return [piece]
    best: tuple[float, list[Piece]] = (_APART, [])
    for end, start in clauses(piece.text)[:_MOST_CUTS]:
        left = weigh(piece.text[:end])
        if left.sure < best[0]:
            continue
        right = weigh(piece.text[start:])
        if left.best != right.best and right.sure >= best[0]:
            sides = [replace(side, asks=side.asks or piece.asks) for side in (left, right)]
            best = (min(left.sure, right.sure), sides)
    return [small for side in best[1] for small in _cut(side, weigh, depth - 1)] or [piece]


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
    if len(asked) < 2:
        return list(asked.items())
    surest = max(piece.sure for piece in asked.values())
    kept = [pair for pair in asked.items() if pair[1].sure >= _BESIDE * surest]
    return sorted(kept, key=lambda pair: not pair[1].asks)


def _bar(piece: Piece, whole: Piece, questions: bool) -> float:
    """How sure a piece must be: surer where nothing in the message as a whole speaks of the topic, and where it only
    states something beside a question."""
    agreed = float(whole.chances[piece.best])
    if questions and not piece.asks and agreed < _STATED_BY_ALL:
        return _STATED
    return _ALONE if whole.best != piece.best and agreed < _ALONE_BY_ALL else _SURE


# Parts that a message points at without naming them: "the second one", "any others?", "what else besides L1".
_PLACES = {
    "first": 0,
    "1st": 0,
    "second": 1,
    "2nd": 1,
    "third": 2,
    "3rd": 2,
    "fourth": 3,
    "4th": 3,
    "fifth": 4,
    "5th": 4,
    "sixth": 5,
    "6th": 5,
    "last": -1,
    "final": -1,
}
_OTHERS = frozenset({"other", "others", "else", "another", "besides", "apart", "except", "instead"})
_EXCEPT = (("besides",), ("except",), ("apart", "from"), ("aside", "from"), ("other", "than"), ("others", "than"))
_EXCEPTING = frozenset(first for first, *_ in _EXCEPT)


def placed(words: Sequence[str], parts: Sequence[str]) -> tuple[str, ...]:
    """Return the parts that words count out, such as the second or the last."""
    found = []
    for before, word in zip(("", *words), words, strict=False):
        place = _PLACES.get(word)
        if place is not None and before != "at" and place < len(parts) and parts:
            found.append(parts[place])
    return tuple(dict.fromkeys(found))


def others(words: Sequence[str], parts: Sequence[str], shown: Sequence[str]) -> tuple[str, ...]:
    """Return the parts not shown yet, where that is what words ask for."""
    if not shown or not _OTHERS.intersection(words):
        return ()
    return tuple(part for part in parts if part not in shown)


def excepts(words: Sequence[str]) -> bool:
    """Return whether what is named soon is named to be left out."""
    if _EXCEPTING.isdisjoint(words):
        return False
    return any(
        tuple(words[i : i + len(phrase)]) == phrase and i + len(phrase) < len(words)
        for phrase in _EXCEPT
        for i in range(len(words))
    )


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
