"""Which statement of a reference answer a message is about, and how much of the message that statement covers.

Nothing is fitted, so that it works for any topic: a word counts by how rare it is in all phrasings and in how few
sentences of the answer it stands; words that only name the topic, of which every statement could be said, are weighed
apart.
"""

import math
from collections import ChainMap, Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.curriculum.model import Curriculum, Topic
from bot.curriculum.statements import Statement, StatementKind, statements
from bot.matching.focus import KINDS, asked, given
from bot.matching.lines import content
from bot.matching.regression import Floats
from bot.text.normalise import remembered, stem
from bot.text.pipeline import ParsedText, TextPipeline

_ROOT_LETTERS = 5  # that two words of one root share at their beginning: stability, stabilise
_REMEMBERED = 2  # answers of topics beside those of another finder
# How much a word counts that shares its root only, a concept (two words), and a word that is in the title of the part.
# Any of them half or twice as large changes which statement is found for at most 2 of the 100 messages of
# tests/data/blind/statements-dev.jsonl.
_BY_ROOT, _CONCEPT, _BY_PART = 0.75, 2.0, 0.5
# How much a statement counts that is about the second part a message is after, and one that is about none of them.
_SECOND_PART, _OTHER_PART = 0.8, 0.4
# A statement is shown in front where it is this much ahead of the next sentence. Where a topic has parts of which the
# message names none, so that it may well want all of them, the statement must have so much of the message in so many
# words, or be far ahead. Chosen by reading what is shown for asks of the seven topics.
_AHEAD, _FAR_AHEAD = 1.15, 2.0
_HELD, _FEWEST, _ALL = 0.4, 2, 0.9
# Kinds of question that an answer has something of or not; of the others any answer may have something.
_VALUE, _NUMBER, _CAUSE = KINDS.index("value"), KINDS.index("number"), KINDS.index("cause")
_DEFINITE = np.array([kind in {"value", "variant", "place", "history", "derive", "own code"} for kind in KINDS])


@dataclass(frozen=True, slots=True)
class Addressed:
    """How a message meets the statement of a topic that it is most about."""

    number: int  # of the statement, in `statements(topic)`
    covered: float  # the share of the message that stands in the statement or names the topic, 0 to 1
    rest: float  # the same of what does not name the topic: of what is asked about it
    count: int  # words and concepts that stand in the statement and do not name the topic
    ahead: float  # how many times the evidence for the next best sentence it has; infinite without another


@dataclass(frozen=True, slots=True)
class _ReadStatement:
    """A statement as it is compared: stems, their beginnings, concepts, and those of the titles of its parts."""

    statement: Statement
    stems: frozenset[str]
    roots: frozenset[str]
    concepts: frozenset[str]
    gives: Floats  # 1 for every kind of thing that it has an answer for
    part_stems: frozenset[str]
    part_concepts: frozenset[str]

    def word(self, word: str) -> float:
        """Return how much of a word it has: all, only its root, or nothing."""
        return 1.0 if word in self.stems else _BY_ROOT if _root(word) in self.roots else 0.0


@dataclass(frozen=True, slots=True)
class _ReadAnswer:
    """All statements of an answer, and what stands in how many of its sentences."""

    read: tuple[_ReadStatement, ...]
    sentences: tuple[int, ...]  # the numbers of those that are whole sentences
    names: frozenset[str]  # stems of its title and id
    named: frozenset[str]  # concepts of these
    having: Mapping[str, int]  # in how many sentences each stem, root and concept stands
    holds: frozenset[str]  # the stems, roots and concepts of all statements and of the titles of their parts
    kinds: Floats  # for each kind of thing that can be asked for, whether a statement gives it

    def gives(self, number: int, kind: int) -> bool:
        """Return whether a statement gives something of a kind that can be asked for."""
        return bool(self.read[number].gives[kind])

    def telling(self, thing: str) -> float:
        """Return how much it tells about which sentence is meant that a thing stands in some of them."""
        return math.log(1 + len(self.sentences) / max(1, self.having.get(thing, 0)))


@dataclass(frozen=True, slots=True)
class _Message:
    """A message as one answer sees it: its words and concepts with their weights."""

    words: Mapping[str, float]
    concepts: Mapping[str, float]

    def without(self, things: Iterable[str]) -> "_Message":
        """Return what is left of it without these words and concepts."""
        gone = set(things)
        return _Message(
            {word: weight for word, weight in self.words.items() if word not in gone},
            {name: weight for name, weight in self.concepts.items() if name not in gone},
        )

    def found(self, read: _ReadStatement) -> float:
        """Return how much of it a statement has."""
        total = 0.0
        for word, weight in self.words.items():
            total += weight * max(read.word(word), _BY_PART * (word in read.part_stems))
        for name, weight in self.concepts.items():
            total += weight * (name in read.concepts or _BY_PART * (name in read.part_concepts))
        return total


class StatementFinder:
    """Finds the statement that a message is about. A topic is read when it is first asked for."""

    def __init__(self, curriculum: Curriculum, pipeline: TextPipeline, base: "StatementFinder | None" = None) -> None:
        """Take all topics; the first of them may be those of `base`, which then reads them."""
        self._topics = curriculum.topics
        self._pipeline = pipeline
        self._base = base
        self._own = remembered(self._read_answer, _REMEMBERED if base else None)
        met = Counter[str]()
        for word in pipeline.speller.met:
            met[stem(word)] += pipeline.speller.frequencies[word]
        shared: Mapping[str, int] = base._met if base else {}
        for word in met:
            met[word] += shared.get(word, 0)
        self._met: Mapping[str, int] = ChainMap(met, shared) if base else met  # type: ignore[arg-type]
        self._most: int = max(base._most if base else 1, 1 + max(met.values(), default=0))

    def shown(self, topic: int, parsed: ParsedText, parts: Sequence[str] = ()) -> int | None:
        """Return the number of the statement that answers a message; None where it asks for more than one of them, and
        where the answer is one sentence: it would be read twice.

        `parts` are those that the message is after, the likeliest first.
        """
        if len(self._read(topic).sentences) < 2:
            return None
        found = self.addressed(topic, parsed, parts)
        if found is None or found.ahead < _AHEAD:
            return None
        if not self._topics[topic].parts:
            return found.number
        if not parts:
            much = found.count >= _FEWEST and (found.rest >= _HELD or found.ahead >= _FAR_AHEAD)
            return found.number if much or (found.count and found.rest >= _ALL) else None
        of_statement = self._read(topic).read[found.number].statement.parts
        return found.number if found.count and not set(of_statement).isdisjoint(parts) else None

    def reason(self, topic: int, parsed: ParsedText, before: ParsedText, parts: Sequence[str] = ()) -> int | None:
        """Return the number of the sentence that gives the reason, where a message asks for that and for nothing else.

        Of several it is the one nearest to the question `before`; `parts` are those that were answered.
        """
        if content(parsed) or not asked(parsed)[_CAUSE]:
            return None
        answer = self._read(topic)
        scores = self._scores(answer, self._message(answer, before), parts)
        giving = [(score, -n) for score, n in zip(scores, answer.sentences, strict=True) if answer.gives(n, _CAUSE)]
        return -max(giving)[1] if giving else None

    def lacks(self, topic: int, parsed: ParsedText) -> bool:
        """Return whether a message asks for something definite, such as a value, of which no statement of the topic has
        any."""
        wanted = asked(parsed) * _DEFINITE
        return bool((wanted > self._read(topic).kinds).any())

    def addressed(self, topic: int, parsed: ParsedText, parts: Sequence[str] = ()) -> Addressed | None:
        """Return how a message meets the statements of a topic; None where none shares a word with it."""
        answer = self._read(topic)
        weights = {word: self._rarity(word) for word in content(parsed)}
        concepts, message = terms(parsed), self._message(answer, parsed)
        scores = self._scores(answer, message, parts)
        best = max(scores, default=0.0)
        if best <= 0:
            return None
        place = scores.index(best)
        second = max((score for i, score in enumerate(scores) if i != place), default=0.0)
        number = _narrowed(answer, answer.sentences[place], message)
        rest = {word: weight for word, weight in weights.items() if word not in answer.names}
        shared = {word: value for word, weight in rest.items() if (value := weight * answer.read[number].word(word))}
        named = sum(weights.values()) - sum(rest.values())
        return Addressed(
            number,
            (sum(shared.values()) + named) / max(sum(weights.values()), 1e-9),
            sum(shared.values()) / max(sum(rest.values()), 1e-9),
            len(shared) + len((concepts - answer.named) & answer.read[number].concepts),
            best / second if second > 0 else math.inf,
        )

    def _message(self, answer: _ReadAnswer, parsed: ParsedText) -> _Message:
        """What of a message stands anywhere in an answer."""
        words = (word for word in content(parsed) if word in answer.holds or _marked(_root(word)) in answer.holds)
        return _Message(
            {word: self._rarity(word) * answer.telling(_nearest(word, answer)) for word in words},
            {name: _CONCEPT * answer.telling(name) for name in terms(parsed) & answer.holds},
        )

    def _scores(self, answer: _ReadAnswer, message: _Message, parts: Sequence[str]) -> list[float]:
        """How much of a message each sentence has, less where it is about other parts."""
        sentences = [answer.read[number] for number in answer.sentences]
        return [message.found(read) * _for_parts(read, parts) for read in sentences]

    def _rarity(self, word: str) -> float:
        return math.log(self._most / (1 + self._met.get(word, 0))) + 0.5

    def _read(self, number: int) -> _ReadAnswer:
        base = self._base
        return base._read(number) if base and number < len(base._topics) else self._own(number)

    def _read_answer(self, number: int) -> _ReadAnswer:
        topic = self._topics[number]
        title = self._pipeline.parse(f"{topic.title} {topic.id.replace('-', ' ')}")
        read = tuple(self._read_statement(one, topic) for one in statements(topic))
        sentences = tuple(i for i, one in enumerate(read) if one.statement.kind is StatementKind.SENTENCE)
        having = Counter(
            thing for i in sentences for thing in {*read[i].stems, *map(_marked, read[i].roots), *read[i].concepts}
        )
        kinds = [read[i].gives for i in sentences]
        most = np.max(kinds, axis=0) if kinds else np.zeros(len(KINDS))
        most[_VALUE] = most[_NUMBER]  # "typically" gives no value
        holds = frozenset[str]().union(*map(_things, read))
        return _ReadAnswer(read, sentences, frozenset(content(title)), terms(title), having, holds, most)

    def _read_statement(self, statement: Statement, topic: Topic) -> _ReadStatement:
        parsed = self._pipeline.parse(statement.text)
        titles = self._pipeline.parse(". ".join(part.title for part in topic.parts if part.id in statement.parts))
        stems, of_parts = frozenset(content(parsed)), frozenset(content(titles))
        roots = frozenset(filter(None, map(_root, stems)))
        return _ReadStatement(statement, stems, roots, terms(parsed), given(parsed), of_parts, terms(titles))


def _narrowed(answer: _ReadAnswer, number: int, message: _Message) -> int:
    """The number of a sentence, or of a clause in it that has all of what the sentence has of a message, where that
    narrows down which of its claims is meant."""
    sentence = answer.read[number]
    if len(sentence.statement.claims) < 2:
        return number
    asked = message.without([*answer.names, *answer.named, *sentence.part_stems, *sentence.part_concepts])
    has = asked.found(sentence)
    if has <= 0:
        return number
    inside = [
        (len(read.statement.text), i)
        for i, read in enumerate(answer.read)
        if 0 < len(read.statement.claims) < len(sentence.statement.claims)
        and read.statement.within(sentence.statement)
        and math.isclose(asked.found(read), has)
    ]
    return max(inside)[1] if inside else number


def _things(read: _ReadStatement) -> frozenset[str]:
    """The stems, roots and concepts of a statement and of the titles of its parts."""
    return read.stems.union(map(_marked, read.roots), read.concepts, read.part_stems, read.part_concepts)


def _for_parts(read: _ReadStatement, parts: Sequence[str]) -> float:
    """How much a statement counts where a message is after these parts."""
    if not parts or not read.statement.parts:
        return 1.0
    places = [parts.index(part) for part in read.statement.parts if part in parts]
    return _OTHER_PART if not places else 1.0 if min(places) == 0 else _SECOND_PART


def _nearest(word: str, answer: _ReadAnswer) -> str:
    """The form in which a word stands in an answer: as it is, or its root."""
    return word if word in answer.having else _marked(_root(word))


def terms(parsed: ParsedText) -> frozenset[str]:
    """Return the concepts of a text that are terms of a topic, and not kinds of question."""
    return frozenset(name for name in parsed.concepts if name.startswith("term "))


def _root(word: str) -> str:
    """The beginning of a longer word; nothing of a shorter one, which has no more than its stem."""
    return word[:_ROOT_LETTERS] if len(word) >= _ROOT_LETTERS else ""


def _marked(root: str) -> str:
    return f"{root}-"
