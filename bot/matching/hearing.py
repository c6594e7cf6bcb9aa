"""What is heard in a message: its words put right, their stems, and the concepts and kinds of question in them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.curriculum.model import Curriculum, Language, Topic
from bot.text.normalise import folded
from bot.text.phrases import Phrases
from bot.text.spelling import Speller
from bot.text.tokens import plain, shape, stem

LONGEST = 400  # words looked at; of a longer message the two ends
_CORRECTIONS = 24  # unknown words looked up in one message: a bound on time


@dataclass(frozen=True, slots=True)
class Heard:
    """A message as the tutor hears it."""

    words: tuple[str, ...]
    stems: tuple[str, ...]
    names: tuple[str, ...]


class Hearing:
    """Turns text into what is heard, with the words and terms of one curriculum."""

    def __init__(self, curriculum: Curriculum) -> None:
        language = curriculum.language
        self.spellings = {folded(key): folded(value) for key, value in language.spellings.items()}
        self._stems: dict[str, str] = {}
        frequencies = Counter(
            word for text in dict.fromkeys(_texts(curriculum)) for word in set(plain(text, self.spellings))
        )
        terms = (text for topic in curriculum.topics for text in _term_texts(topic))
        chosen = {word for text in dict.fromkeys(terms) for word in plain(text, self.spellings)}
        self._speller = Speller(dict(frequencies), _groups(language, self.spellings), chosen)
        self._phrases = Phrases(self._entries(curriculum))

    def hear(self, text: str) -> Heard:
        """Hears one message."""
        tokens = plain(text, self.spellings)
        if len(tokens) > LONGEST:
            tokens = tokens[: LONGEST // 2] + tokens[-LONGEST // 2 :]
        words = self._corrected(tokens)
        stems = tuple([self.stem(word) for word in words])
        found = self._phrases.found(stems)
        shapes = tuple([shape(each) for each in stems])
        if shapes != stems:
            found += self._phrases.found(shapes)
        names = sorted({name for _, _, name in found})
        return Heard(tuple(words), stems, tuple(names))

    def phrase(self, text: str) -> tuple[str, ...]:
        """The stems of a term, to look for in what is heard."""
        return tuple(self.stem(word) for word in plain(text, self.spellings))

    def phrases(self, text: str, name: str) -> Iterator[tuple[tuple[str, ...], str]]:
        """A term as entries for a book of phrases; a number among words stands for all of its kind."""
        words = self.phrase(text)
        yield words, name
        shapes = tuple(shape(word) for word in words)
        if shapes != words and (len(words) > 1 or shapes == ("#nearly1",)):
            yield shapes, name

    def names(self, topic: Topic) -> list[str]:
        """The names, as in `Heard`, of the concepts of a topic's terms."""
        return [self._name(concept) for concept in topic.terms]

    def _name(self, concept: str) -> str:
        return f"term {' '.join(self.phrase(concept)) or concept}"

    def stem(self, word: str) -> str:
        """The stem of a word that was put right."""
        found = self._stems.get(word)
        if found is None:
            found = stem(word)
            if len(self._stems) < 50_000:
                self._stems[word] = found
        return found

    def _corrected(self, tokens: list[str]) -> list[str]:
        left = _CORRECTIONS
        words = []
        for token in tokens:
            if not self._speller.remembers(token):
                left -= 1
                if left < 0:
                    words.append(token)
                    continue
            words.append(self._speller.correct(token))
        return words

    def _entries(self, curriculum: Curriculum) -> Iterator[tuple[tuple[str, ...], str]]:
        for topic in curriculum.topics:
            for concept, variants in topic.terms.items():
                for variant in (concept, *variants):
                    yield from self.phrases(variant, self._name(concept))
        for kind, phrases in curriculum.language.question_words.items():
            for phrase in phrases:
                yield from self.phrases(phrase, f"asks {kind}")


def _texts(curriculum: Curriculum) -> Iterator[str]:
    for topic in curriculum.topics:
        yield from _topic_texts(topic)
    language = curriculum.language
    yield from (*language.follow_ups, *language.thanks, *language.chatter, *language.elsewhere)
    yield from (text for phrases in language.question_words.values() for text in phrases)


def _topic_texts(topic: Topic) -> Iterator[str]:
    yield from (topic.question, topic.answer, topic.title)
    yield from (ask.text for ask in (*topic.asks, *topic.follow_ups))
    yield from topic.not_asks
    yield from _term_texts(topic)


def _term_texts(topic: Topic) -> Iterator[str]:
    yield from (text for concept, variants in topic.terms.items() for text in (concept, *variants))
    yield from (text for part in topic.parts for text in (part.title, *part.terms))


def _groups(language: Language, spellings: dict[str, str]) -> Iterable[list[str]]:
    return [[word for term in group for word in plain(term, spellings)] for group in language.never_equal]
