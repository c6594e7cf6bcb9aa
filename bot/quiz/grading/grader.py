"""Grades open answers against the key points of a topic. Deterministic: the same answer has the same grade."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property

from bot.curriculum.key_points import KeyPoint, KeyPoints, Mistake
from bot.curriculum.model import Curriculum, Topic
from bot.curriculum.vocabulary import answers_to_more_topics
from bot.quiz.grading import Disputed, Grade, Met
from bot.quiz.grading.evidence import AnswerEvidence, EvidenceFinder, WordWeights, shipped_weights
from bot.quiz.grading.judging import Judge, Look
from bot.quiz.grading.pattern_matching import PatternHit, PatternMatcher, PhraseBook, Subjects
from bot.quiz.grading.reading import (
    ReadAnswer,
    mark_bare_words,
    mark_denials,
    mark_echoes,
    mark_heaps,
    pipeline_for,
    read,
)
from bot.text.pipeline import TextPipeline

_JOINTS = frozenset({"and", "or"})
_Stretch = tuple[int, int]  # the first character, the one after the last


class Grader:
    """Grades answers to every topic that has key points."""

    def __init__(
        self, curriculum: Curriculum, judge: Judge | None = None, weights: Mapping[str, WordWeights] | None = None
    ) -> None:
        """Take what is taught; the judge and the weights of words are those that ship unless others are given."""
        self.pipeline = pipeline_for(curriculum)
        self._language = curriculum.language
        self._judge = Judge() if judge is None else judge
        self._marking = self._marked(curriculum.topics, shipped_weights() if weights is None else weights)

    def with_more(self, topics: Sequence[Topic], alone: bool = False) -> "Grader":
        """Return a grader of these topics and more, or `alone` of those others only; the words of these are shared.
        Answers to these are graded as ever."""
        found = copy(self)
        found.pipeline = answers_to_more_topics(self.pipeline, topics)
        found._marking = ({} if alone else self._marking) | found._marked(topics, {})
        return found

    def _marked(self, topics: Sequence[Topic], weights: Mapping[str, WordWeights]) -> dict[str, "_Marking"]:
        words = self._language.paraphrases
        return {
            topic.id: _Marking(
                topic, topic.key_points.with_words(words), self.pipeline, self._judge, weights.get(topic.id)
            )
            for topic in topics
            if topic.key_points
        }

    @property
    def topics(self) -> tuple[str, ...]:
        """Return the ids of the topics whose answers can be graded."""
        return tuple(self._marking)

    def grade(self, topic: str, text: str) -> Grade:
        """Return the grade of one answer, any text. Raises KeyError for a topic that is not in `topics`."""
        return self._marking[topic].grade(text)

    def earned_by_its_hint(self, topic: str, point: str) -> bool:
        """Return whether the hint of a point, given as an answer, makes that very point: it tells too much then.

        Raises KeyError likewise.
        """
        return point in self._marking[topic].earned_by_hints

    def look(self, topic: str, text: str) -> Look:
        """Return what is found in one answer before it is judged. Raises KeyError likewise."""
        return self._marking[topic].look(text)


@dataclass(frozen=True, slots=True)
class _Found:
    """What an answer was found to say: where each point and each mistake stands in it."""

    points: list[tuple[KeyPoint, list[PatternHit]]]
    mistakes: list[tuple[Mistake, list[PatternHit]]]

    def of(self, point_id: str | None) -> list[PatternHit]:
        return next((said for point, said in self.points if point.id == point_id), [])


class _Marking:
    """The key points of one topic, ready to be looked for."""

    def __init__(
        self, topic: Topic, points: KeyPoints, pipeline: TextPipeline, judge: Judge, weights: WordWeights | None
    ) -> None:
        self._points, self._pipeline, self._judge = points, pipeline, judge
        self._question = [word for word in pipeline.words(topic.question) if word not in {"?", "="}]
        self._book = PhraseBook(pipeline)
        groups, book = dict(points.words), self._book
        self._said = [(point, PatternMatcher(point.say, groups, book)) for point in points.points]
        self._wrong = [(each, PatternMatcher(each.say, groups, book, one_clause=True)) for each in points.mistakes]
        self._subjects = Subjects(points, self._book)
        self._evidence = EvidenceFinder(self._said, self._book, pipeline, weights)

    def grade(self, text: str) -> Grade:
        return self._judge.grade(self._points, self.look(text))

    @cached_property
    def earned_by_hints(self) -> frozenset[str]:
        """The ids of the points whose own hint makes them."""
        hints = [(point.id, point.hint) for point in self._points.points if point.hint]
        return frozenset(id_ for id_, hint in hints if any(met.point == id_ for met in self.grade(hint).met))

    def look(self, text: str) -> Look:
        reading = read(text, self._pipeline)
        found = self._book.find(reading)
        mark_echoes(reading, self._question)
        mark_denials(reading)
        mark_heaps(reading)
        mark_bare_words(reading)
        self._subjects.mark(reading, found)
        mistakes = [(mistake, list(patterns.hits(reading, found))) for mistake, patterns in self._wrong]
        spoilt = _spoilt(reading, [each for _, said in mistakes for each in said if not each.opening])
        points = [(point, _sound(patterns.hits(reading, found), spoilt)) for point, patterns in self._said]
        return _looked(self._points, _Found(points, mistakes), reading, self._evidence.find(reading, found))


def _looked(points: KeyPoints, found: _Found, reading: ReadAnswer, evidence: AnswerEvidence) -> Look:
    """What the patterns say of an answer, beside everything else that was found in it."""
    wrong = [(mistake, said[0]) for mistake, said in found.mistakes if said and _stands(mistake, said, found)]
    refused = {mistake.against for mistake, _ in wrong if mistake.against}
    turned = any(mistake.thesis for mistake, _ in wrong)
    return Look(
        answer=reading.answer,
        words=len(reading.words),
        said=tuple(
            _met(point, statement, reading)
            for point, said in found.points
            if said and not point.disputed and not turned and point.id not in refused
            for statement in _ways(point, said)
        ),
        disputed=tuple(
            Disputed(p.id, _words(_best(said), reading), p.why or "") for p, said in found.points if said and p.disputed
        ),
        wrong=tuple((mistake, _words(said, reading)) for mistake, said in wrong),
        evidence=evidence,
    )


def _ways(point: KeyPoint, said: list[PatternHit]) -> list[PatternHit]:
    """The statements that count: the best; of a point that earns for each way the first of each that shares no word."""
    if point.up_to == 1:
        return [_best(said)]
    ways: dict[int, PatternHit] = {}
    for each in said:
        apart = all(each.end <= other.start or other.end <= each.start for other in ways.values())
        if each.way not in ways and apart:
            ways[each.way] = each
    return sorted(ways.values(), key=lambda each: each.start)[: point.up_to]


def _stands(mistake: Mistake, said: list[PatternHit], found: _Found) -> bool:
    """Whether a mistake counts: a bare "yes" or "no" gives way to what is then said in so many words."""
    if not mistake.thesis:
        return True
    right = found.of(mistake.against)
    if all(each.opening for each in said):
        return not any(not each.opening for each in right)
    return True


def _best(said: list[PatternHit]) -> PatternHit:
    """The statement to show: one in so many words, the earliest."""
    return min(said, key=lambda each: (each.opening, each.start, -each.end))


def _met(point: KeyPoint, statement: PatternHit, reading: ReadAnswer) -> Met:
    return Met(point.id, _words(statement, reading), statement.start, statement.end)


def _words(statement: PatternHit, reading: ReadAnswer) -> str:
    return reading.answer[statement.start : statement.end]


def _sound(said: Iterable[PatternHit], spoilt: Sequence[_Stretch]) -> list[PatternHit]:
    """The hits that share no words with a spoilt stretch."""
    return [each for each in said if not any(each.start < end and start < each.end for start, end in spoilt)]


def _spoilt(reading: ReadAnswer, wrong: Sequence[PatternHit]) -> list[_Stretch]:
    """What hits of mistakes take with them: each stretch of words, up to the next clause or "and", that holds some."""
    pieces: list[_Stretch] = []
    clause = -1
    for word in reading.words if wrong else ():
        if word.clause != clause or word.text in _JOINTS:
            pieces.append((word.start, word.end))
        else:
            pieces[-1] = (min(pieces[-1][0], word.start), max(pieces[-1][1], word.end))
        clause = word.clause
    return [(start, end) for start, end in pieces if any(each.start < end and start < each.end for each in wrong)]
