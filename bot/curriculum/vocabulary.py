"""The words of a curriculum, for the text pipeline: which there are, how often they were met, and what they stand for.

Questions and answers are parsed by the same pipeline with two lists of words. With one list for both, fewer messages
that ask two things were answered (0.93 to 0.90) and fewer follow-ups (0.89 to 0.87), and grades came no nearer to the
fair ones: what members type is full of slips that must be known as such, and an answer is measured against words that
were chosen. (`python -m tests.bench matching` and `grading` show it again.)
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.curriculum.key_points import KeyPoints, parse_patterns
from bot.curriculum.model import Curriculum, Topic
from bot.text.normalise import folded, plain
from bot.text.pipeline import InflectingSpeller, Phrases, Speller, TextPipeline, entries

_IN_USE = 3  # phrasings are full of slips; what stands in this many of them is a word
_BEGINNING = 4  # letters; a shorter beginning says nothing of how the whole word is spelt
_CHOSEN = 1000  # times that a word of the key points counts as met: it is likelier to be meant than any other


@dataclass(frozen=True, slots=True)
class KnownWords:
    """The words of all phrasings, in the order first met, how many of the texts have each, and which are slips."""

    frequencies: Mapping[str, int]
    slips: Mapping[str, str]  # a mistyped word: the word that was meant


def question_pipeline(curriculum: Curriculum, known: KnownWords | None = None) -> TextPipeline:
    """Return the pipeline for what members ask. To count the words takes a while: `known` are they, counted before."""
    spellings = spelling_habits(curriculum)
    groups = _never_equal(curriculum, spellings)
    if known is None:
        speller = Speller(_met(_phrasings(curriculum), spellings), groups, _term_words(curriculum.topics, spellings))
    else:
        speller = Speller(known.frequencies, groups, slips=known.slips)
    pipeline = TextPipeline(spellings, speller)
    return TextPipeline(spellings, speller, [Phrases(_concepts(curriculum, pipeline))])


def with_more_topics(base: TextPipeline, topics: Iterable[Topic]) -> TextPipeline:
    """Return the pipeline for what members ask where more topics are taught than those of `base`, whose words and
    concepts it shares."""
    topics, spellings = tuple(topics), base.spellings
    met = _met((text for topic in topics for text in _of_topic(topic)), spellings)
    speller = Speller(met, chosen=_term_words(topics, spellings), base=base.speller)
    return TextPipeline(spellings, speller, [*base.concepts, Phrases(_terms_of(topics, base))])


def answer_pipeline(curriculum: Curriculum, english: Iterable[str], everyday: Iterable[str]) -> TextPipeline:
    """Return the pipeline for answers to a topic's question.

    `english` are words that any answer may be meant to have; `everyday` words are left alone, but no slip is taken for
    one of them.
    """
    spellings = spelling_habits(curriculum)
    words = TextPipeline(spellings, Speller({}), spoken=True).words
    known = _met_in_answers(curriculum.topics, words)
    known.update(word for text in curriculum.language.elsewhere for word in words(text))
    known.update(english)
    ways = [way for topic in curriculum.topics if topic.key_points for way in _ways(topic.key_points)]
    ways += [way for group in curriculum.language.paraphrases.values() for way in group]
    known.update(_chosen(ways, words))
    groups = [[word for term in group for word in words(term)] for group in curriculum.language.never_equal]
    return TextPipeline(spellings, InflectingSpeller(known, groups, everyday, _begun(ways)), spoken=True)


def answers_to_more_topics(base: TextPipeline, topics: Iterable[Topic]) -> TextPipeline:
    """Return the pipeline for answers where more topics are taught than those of `base`, which `answer_pipeline` made
    and whose words it shares."""
    topics = tuple(topics)
    known = _met_in_answers(topics, base.words)
    ways = [way for topic in topics if topic.key_points for way in _ways(topic.key_points)]
    known.update(_chosen(ways, base.words))
    assert isinstance(base.speller, InflectingSpeller)  # noqa: S101 - it made none other
    return TextPipeline(base.spellings, InflectingSpeller(known, (), (), _begun(ways), base.speller), spoken=True)


def _met_in_answers(topics: Collection[Topic], words: Callable[[str], list[str]]) -> Counter[str]:
    """How often each word stands in what was written with care, and those that are often typed."""
    known = Counter(word for topic in topics for text in _written(topic) for word in words(text))
    typed = Counter(word for topic in topics for text in _typed(topic) for word in words(text))
    known.update({word: count for word, count in typed.items() if count >= _IN_USE})
    return known


def _chosen(ways: Iterable[str], words: Callable[[str], list[str]]) -> dict[str, int]:
    """The whole words of phrases that key points look for, each as a word that counts as often met."""
    plainly = [" ".join(word for word in way.split() if not word.endswith("*")) for way in ways]
    return dict.fromkeys((word for text in plainly for word in words(text)), _CHOSEN)


def _begun(ways: Iterable[str]) -> set[str]:
    """The beginnings of words in phrases that key points look for."""
    return {word[:-1] for way in ways for word in way.split() if word.endswith("*") and len(word) > _BEGINNING}


def spelling_habits(curriculum: Curriculum) -> dict[str, str]:
    """Return how members spell (u, b/c) and what it stands for, both folded."""
    return {folded(key): folded(value) for key, value in curriculum.language.spellings.items()}


def concept(pipeline: TextPipeline, term: str) -> str:
    """Return the name, as in `ParsedText.concepts`, of the concept that a topic's term stands for."""
    return f"term {' '.join(pipeline.phrase(term)) or term}"


def _concepts(curriculum: Curriculum, pipeline: TextPipeline) -> Iterator[tuple[tuple[str, ...], str]]:
    """The terms of the topics, and the words by which kinds of question are known, with their names."""
    yield from _terms_of(curriculum.topics, pipeline)
    for kind, phrases in curriculum.language.question_words.items():
        for phrase in phrases:
            yield from entries(pipeline.phrase(phrase), f"asks {kind}")


def _terms_of(topics: Iterable[Topic], pipeline: TextPipeline) -> Iterator[tuple[tuple[str, ...], str]]:
    """The terms of topics, with their names."""
    for topic in topics:
        for term, variants in topic.terms.items():
            name = concept(pipeline, term)
            for variant in (term, *variants):
                yield from entries(pipeline.phrase(variant), name)


def _met(texts: Iterable[str], spellings: Mapping[str, str]) -> Counter[str]:
    """In how many of the texts, each counted once, each word stands."""
    return Counter(word for text in dict.fromkeys(texts) for word in dict.fromkeys(plain(text, spellings)))


def _term_words(topics: Iterable[Topic], spellings: Mapping[str, str]) -> set[str]:
    """The words of the terms of topics, which are never slips."""
    terms = dict.fromkeys(text for topic in topics for text in _terms(topic))
    return {word for text in terms for word in plain(text, spellings)}


def _never_equal(curriculum: Curriculum, spellings: Mapping[str, str]) -> list[list[str]]:
    """The groups of words that must never be taken for each other."""
    groups = curriculum.language.never_equal
    return [[word for term in group for word in plain(term, spellings)] for group in groups]


def _phrasings(curriculum: Curriculum) -> Iterator[str]:
    """All that was typed as members type, the answers, and the terms."""
    for topic in curriculum.topics:
        yield from _of_topic(topic)
    language = curriculum.language
    yield from (*language.follow_ups, *language.thanks, *language.chatter, *language.elsewhere)
    yield from (text for phrases in language.question_words.values() for text in phrases)


def _of_topic(topic: Topic) -> Iterator[str]:
    yield from (topic.question, topic.answer, topic.title)
    yield from _typed(topic)
    yield from _terms(topic)


def _typed(topic: Topic) -> Iterator[str]:
    yield from (ask.text for ask in (*topic.asks, *topic.follow_ups))
    yield from topic.not_asks


def _written(topic: Topic) -> Iterator[str]:
    """What was written with care: the question, the answer and the points to look for."""
    yield from (topic.question, topic.answer, topic.title)
    if topic.key_points:
        yield from (point.point for point in topic.key_points.points)
        yield from (mistake.why for mistake in topic.key_points.mistakes)


def _ways(points: KeyPoints) -> Iterator[str]:
    """Every phrase that the key points look for."""
    yield from points.not_subjects
    yield from (way for group in points.words.values() for way in group)
    yield from (form for forms in points.subjects.values() for form in forms)
    said = [*(point.say for point in points.points), *(mistake.say for mistake in points.mistakes)]
    read = (pattern for texts in said for text in texts for pattern in parse_patterns(text))
    for item in (item for pattern in read for item in pattern.items):
        yield from (way.phrase for way in item.ways if not way.group)


def _terms(topic: Topic) -> Iterator[str]:
    yield from (text for term, variants in topic.terms.items() for text in (term, *variants))
    yield from (text for part in topic.parts for text in (part.title, *part.terms))
