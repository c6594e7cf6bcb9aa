"""What the classifiers learn from: the phrasings of a curriculum, each with whom it belongs to and its weight."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bot.curriculum.model import Curriculum
from bot.curriculum.vocabulary import concept
from bot.matching.features import Features, learn
from bot.matching.regression import Floats, Gram, Ints, Sparse, gram
from bot.text.pipeline import Parse, ParsedText, TextPipeline

NOBODY = -1
ANY = -2
FOLDS = 4
CONSTANT = 0.25  # the inner product of the constant that every text has
# Chosen so that a topic with five asks is recognised and spoils no other: tests/matching/test_eighth_topic.py.
_YOUNG = 40  # asks; topics with fewer count more
_MOST = 6.0  # times that an example may count
_CORE = 0.5  # share of a young topic's asks that a term of its own must stand in to be what the topic is about


@dataclass(frozen=True, slots=True)
class Example:
    """A phrasing to learn from."""

    text: str
    topic: int  # the number of the topic that it asks or follows up; NOBODY: none; ANY: it follows up any
    parts: tuple[str, ...]
    fold: int  # 0 to FOLDS - 1: the fold that it is held out with
    follows: bool = False  # whether it only makes sense after an answer
    home: int = NOBODY  # the topic in whose file it stands
    small_talk: bool = False


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """The examples of a curriculum as the classifiers take them. Needed only while fitting."""

    examples: list[Example]
    parsed: list[ParsedText]
    features: Features
    rows: Sparse  # examples x features
    products: Gram  # inner products of all examples with each other
    weights: Floats  # how much each example counts

    def row(self, i: int) -> tuple[Ints, Floats]:
        """Return the columns and values of the features of example `i`."""
        start, end = np.searchsorted(self.rows.rows, np.array((i, i + 1), dtype=self.rows.rows.dtype))
        return self.rows.columns[start:end].astype(np.int64), self.rows.values[start:end]


def training_set(curriculum: Curriculum, pipeline: TextPipeline, parse: Parse) -> TrainingSet:
    """Parse every example of a curriculum and compare all with each other. `parse` is that of the pipeline."""
    found = examples(curriculum)
    parsed = [parse(example.text) for example in found]
    features, rows = learn(parsed)
    products = gram(rows, CONSTANT)
    return TrainingSet(found, parsed, features, rows, products, _weights(curriculum, pipeline, found, parsed))


def examples(curriculum: Curriculum) -> list[Example]:
    """Return all asks and all that asks nothing of us, then all follow-ups.

    Neighbours share a fold, since authors vary what they just wrote.
    """
    found: list[Example] = []
    for number, topic in enumerate(curriculum.topics):
        asks = [(topic.question, ()), *((ask.text, ask.parts) for ask in topic.asks)]
        found += [
            Example(text, number, parts, _fold(i, len(asks)), home=number) for i, (text, parts) in enumerate(asks)
        ]
        found += _of_nobody(topic.not_asks, number)
    language = curriculum.language
    for texts in (language.thanks, language.chatter, language.elsewhere):
        found += _of_nobody(texts, small_talk=texts is not language.elsewhere)
    return found + list(_follow_ups(curriculum))


def _follow_ups(curriculum: Curriculum) -> Iterator[Example]:
    for number, topic in enumerate(curriculum.topics):
        for i, ask in enumerate(topic.follow_ups):
            yield Example(ask.text, number, ask.parts, _fold(i, len(topic.follow_ups)), True, number)
    generic = curriculum.language.follow_ups
    for i, text in enumerate(generic):
        yield Example(text, ANY, (), _fold(i, len(generic)), True)


def _of_nobody(texts: tuple[str, ...], home: int = NOBODY, small_talk: bool = False) -> list[Example]:
    return [Example(text, NOBODY, (), _fold(i, len(texts)), False, home, small_talk) for i, text in enumerate(texts)]


def _fold(place: int, count: int) -> int:
    return place * 2 * FOLDS // count % FOLDS


def _weights(
    curriculum: Curriculum, pipeline: TextPipeline, all_examples: Sequence[Example], parsed: Sequence[ParsedText]
) -> Floats:
    """How much each example counts: a new topic with five asks is to be recognised among topics with hundreds.

    Asks of a young topic count more. Examples of nobody, written before there was such a topic, count nothing where
    they speak of what only that topic is about.
    """
    found = np.ones(len(all_examples))
    counts = Counter(example.topic for example in all_examples if not example.follows)
    claimed: dict[str, int] = {}
    for number in (k for k in range(len(curriculum.topics)) if counts[k] < _YOUNG):
        claimed |= dict.fromkeys(_core(curriculum, pipeline, all_examples, parsed, number), number)
    for i, (example, each) in enumerate(zip(all_examples, parsed, strict=True)):
        if example.topic >= 0:
            found[i] = min(_MOST, max(1.0, _YOUNG / counts[example.topic])) if counts[example.topic] else 1.0
        elif example.topic == NOBODY and any(claimed.get(name, example.home) != example.home for name in each.concepts):
            found[i] = 0.0
    return found


def _core(
    curriculum: Curriculum,
    pipeline: TextPipeline,
    all_examples: Sequence[Example],
    parsed: Sequence[ParsedText],
    number: int,
) -> set[str]:
    """The concepts that only this topic has and that most of its asks speak of."""
    named = [{concept(pipeline, term) for term in topic.terms} for topic in curriculum.topics]
    others = {name for k, names in enumerate(named) if k != number for name in names}
    asks = [set(each.concepts) for example, each in zip(all_examples, parsed, strict=True) if example.topic == number]
    return {name for name in named[number] - others if sum(name in ask for ask in asks) >= _CORE * len(asks)}
