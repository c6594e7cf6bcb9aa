"""What speaks for a point in an answer, beside a pattern that holds: patterns that all but hold, words in common.

Two things are known of the words. What the topic's file says: a word of a point's patterns speaks for that point, the
more the fewer points have it. And, for topics to which answers were marked by hand, what was fitted to those
(`python -m tests.bench grading --fit`): how much each word, also denied, said of a subject, or beside another, speaks
for each point.
"""

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bot.curriculum.key_points import KeyPoint
from bot.quiz.grading import english
from bot.quiz.grading.pattern_matching import Found, PatternMatcher, PhraseBook
from bot.quiz.grading.reading import AnswerWord, ReadAnswer
from bot.text.normalise import stem
from bot.text.pipeline import TextPipeline

WORD_WEIGHTS = Path(__file__).with_name("word_weights.json")
FALSE = "false"
"""The name under which `WordWeights` holds what speaks for a false statement in the answer."""
_OF_POINT = 2  # times that a word of the point itself counts among those of its patterns
_EMPTY = english.GLUE | english.LIGHT


@dataclass(frozen=True, slots=True)
class PointEvidence:
    """What speaks for one point in one answer."""

    share: float  # of the pattern that holds best, the part that is there
    overlap: float  # the words that the nearest sentence has in common with the point and its patterns, by rarity
    likeness: float  # the log odds by the fitted weights of words; 0 where none were fitted
    start: int  # where the sentence that speaks for it most stands: its first character
    end: int  # the one after its last


@dataclass(frozen=True, slots=True)
class AnswerEvidence:
    """What was found in one answer beside its patterns."""

    points: dict[str, PointEvidence]  # by the id of the point
    false: float  # the log odds that it says something false, by the fitted weights; 0 where none were fitted
    features: frozenset[str]  # that the fitted weights look at
    fitted: bool  # whether there are such weights for its topic
    unknown: float  # the share of its words that the topic's points do not know


class WordWeights:
    """How much the words of an answer to one topic speak for each of its points, fitted to marked answers."""

    def __init__(self, points: Sequence[str], level: Sequence[float], weights: Mapping[str, Sequence[float]]) -> None:
        """Take the ids of the points, the log odds of each in an answer without words, and what each feature adds."""
        self.points = {point: i for i, point in enumerate(points)}
        self._level, self._weights = level, weights

    def speak(self, features: Iterable[str], point: str, level: bool = True) -> float:
        """Return the log odds of a point, or without `level` only what these features add to them."""
        i = self.points[point]
        known = self._weights
        return (self._level[i] if level else 0.0) + sum(known[each][i] for each in features if each in known)

    def as_written(self, least: float) -> dict[str, Any]:
        """Return them as they are kept: to two digits, without the features that add less than `least` to each."""
        told = {name: each for name, each in sorted(self._weights.items()) if max(map(abs, each)) >= least}
        return {
            "points": list(self.points),
            "level": [round(value, 2) for value in self._level],
            "weights": {name: [round(value, 2) for value in each] for name, each in told.items()},
        }


@cache
def shipped_weights(file: Path = WORD_WEIGHTS) -> dict[str, WordWeights]:
    """Return the fitted weights of words, by topic."""
    found = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    return {topic: WordWeights(each["points"], each["level"], each["weights"]) for topic, each in found.items()}


def features(words: Sequence[AnswerWord]) -> frozenset[str]:
    """Return what fitted weights look at: each word as it is meant, of what it is said, and which follows which.

    A denied word begins with "~", one said of a subject with the subject and "|".
    """
    found: set[str] = set()
    before, clause = "", -1
    for word in words:
        if word.text in english.LIGHT or word.echoed or word.unmeant:
            continue
        name = f"~{word.stem}" if word.denied else word.stem
        found.add(name)
        found.update(f"{subject}|{name}" for subject in word.subjects)
        if word.clause == clause:
            found.add(f"{before} {name}")
        before, clause = name, word.clause
    return frozenset(found)


class EvidenceFinder:
    """Finds what speaks for the points of one topic."""

    def __init__(
        self,
        said: Sequence[tuple[KeyPoint, PatternMatcher]],
        book: PhraseBook,
        pipeline: TextPipeline,
        weights: WordWeights | None = None,
    ) -> None:
        """Take the points with what looks for their patterns, and the book of all phrases."""
        self._said, self.weights = said, weights
        counts = {point.id: Counter(_words_of(point, matcher, book, pipeline)) for point, matcher in said}
        points = Counter(form for count in counts.values() for form in count)
        rarity = {form: math.log((len(counts) + 0.5) / number) for form, number in points.items()}
        self._rarity = {id_: {form: rarity[form] for form in count} for id_, count in counts.items()}
        self._known = frozenset(points)

    def find(self, reading: ReadAnswer, found: Found) -> "AnswerEvidence":
        """Return what speaks for each point. The reading is marked already."""
        sentences = reading.sentences()
        split = [features(words) for words in sentences]
        whole = frozenset[str]().union(*split)
        fitted = self.weights
        return AnswerEvidence(
            points={
                point.id: self._of(point.id, matcher.share(reading, found), sentences, split, whole)
                for point, matcher in self._said
            },
            false=fitted.speak(whole, FALSE) if fitted else 0.0,
            features=whole,
            fitted=fitted is not None,
            unknown=_share(word.stem not in self._known and word.text not in _EMPTY for word in reading.words),
        )

    def _of(
        self,
        point: str,
        share: float,
        sentences: Sequence[list[AnswerWord]],
        split: Sequence[frozenset[str]],
        whole: frozenset[str],
    ) -> PointEvidence:
        rarity = self._rarity[point]
        common = [sum(rarity.get(form, 0.0) for form in _meant(each)) for each in sentences]
        fitted = self.weights if self.weights and point in self.weights.points else None
        more = [fitted.speak(each, point, level=False) if fitted else 0.0 for each in split]
        speak = [one + other for one, other in zip(common, more, strict=True)]
        best = max(range(len(sentences)), key=speak.__getitem__, default=None)
        return PointEvidence(
            share=share,
            overlap=math.log1p(max(common, default=0.0)),
            likeness=fitted.speak(whole, point) if fitted else 0.0,
            start=sentences[best][0].start if best is not None else 0,
            end=sentences[best][-1].end if best is not None else 0,
        )


def _meant(words: Iterable[AnswerWord]) -> set[str]:
    return {word.stem for word in words if not word.echoed and not word.unmeant}


def _share(hits: Iterable[bool]) -> float:
    found = list(hits)
    return sum(found) / len(found) if found else 1.0


def _words_of(point: KeyPoint, matcher: PatternMatcher, book: PhraseBook, pipeline: TextPipeline) -> Iterator[str]:
    """The stems of a point and of the phrases of its patterns."""
    for phrase in matcher.phrases():
        yield from (form for form in book.forms(phrase) if not form.endswith("*"))
    for word in pipeline.words(point.point):
        if word not in _EMPTY:
            yield from [stem(word)] * _OF_POINT
