"""How words are spelt and stemmed while grading: the curriculum's words and habits, and those of its key points."""

import re
from collections import Counter
from collections.abc import Iterator

from bot.curriculum.key_points import KeyPoints, parse_pattern
from bot.curriculum.model import Curriculum, Topic
from bot.quiz.grading import english
from bot.quiz.grading.everyday import EVERYDAY
from bot.text.normalise import folded
from bot.text.spelling import Speller
from bot.text.tokens import plain, stem

_SHORTENED = re.compile(r"(\w)['’](ll|re|ve|d|m)\b", re.IGNORECASE)  # they'll: two words
_DRAWN_OUT = re.compile(r"([a-hj-z])\1{2,}", re.IGNORECASE)  # nooo; but iii is a number
_COMMON = 3  # phrasings are full of typos; what stands in this many of them is a word
_BEGINNING = 4  # letters
_OURS = 1000  # a word of the key points is likelier to be meant than any other


class Lexicon:
    """Turns what was typed into words."""

    def __init__(self, curriculum: Curriculum) -> None:
        language = curriculum.language
        self._spellings = {folded(key): folded(value) for key, value in language.spellings.items()}
        known = Counter(word for topic in curriculum.topics for text in _prose(topic) for word in self.words(text))
        typed = Counter(word for topic in curriculum.topics for text in _phrasings(topic) for word in self.words(text))
        known.update({word: count for word, count in typed.items() if count >= _COMMON})
        known.update(word for text in language.elsewhere for word in self.words(text))
        known.update(_function_words())
        ways = [way for topic in curriculum.topics for way in _ways(topic.key_points)]
        plainly = [" ".join(word for word in way.split() if not word.endswith("*")) for way in ways]
        ours = {word for text in plainly for word in self.words(text)}
        begun = {word[:-1] for way in ways for word in way.split() if word.endswith("*") and len(word) > _BEGINNING}
        self._beginnings = tuple(sorted(begun))
        known.update(dict.fromkeys(ours, _OURS))
        self._stems = {stem(word) for word in (*known, *EVERYDAY)}
        groups = [[word for term in group for word in self.words(term)] for group in language.never_equal]
        self._speller = Speller(dict(known), groups)

    def words(self, text: str) -> list[str]:
        """The words of a text in one spelling, typos and all."""
        return plain(_DRAWN_OUT.sub(r"\1", _SHORTENED.sub(r"\1 \2", text)), self._spellings)

    def corrected(self, word: str) -> str:
        """The word that was meant. An inflection of a known word, or of what the key points list, is spelt well."""
        if stem(word) in self._stems or word.startswith(self._beginnings):
            return word
        return self._speller.correct(word)

    def knows(self, word: str) -> bool:
        """Whether it is spelt as a known word is."""
        return word in EVERYDAY or word in self._speller

    def is_habit(self, chunk: str) -> bool:
        """Whether it is an abbreviation or another spelling habit as it stands (w/o, e.g.)."""
        return chunk in self._spellings

    def stem(self, word: str) -> str:
        """The stem of a word."""
        return stem(word)


def _prose(topic: Topic) -> Iterator[str]:
    yield from (topic.question, topic.answer, topic.title)
    if topic.key_points:
        yield from (point.point for point in topic.key_points.points)
        yield from (mistake.why for mistake in topic.key_points.mistakes)


def _phrasings(topic: Topic) -> Iterator[str]:
    yield from (ask.text for ask in (*topic.asks, *topic.follow_ups))
    yield from topic.not_asks


def _ways(points: KeyPoints | None) -> Iterator[str]:
    if not points:
        return
    texts = [*points.not_subjects, *(way for ways in points.words.values() for way in ways)]
    texts += [form for forms in points.subjects.values() for form in forms]
    sayings = [saying for point in points.points for saying in point.say]
    sayings += [saying for mistake in points.mistakes for saying in mistake.say]
    for saying in sayings:
        texts += [way.phrase for item in parse_pattern(saying).items for way in item.ways if not way.group]
    yield from texts


def _function_words() -> Iterator[str]:
    for words in (english.GLUE, english.BREAKS, english.LIGHT, english.YES, english.NO, english.CLAUSE_OPENERS):
        yield from words
