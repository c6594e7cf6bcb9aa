"""The model: what recognises topics, parts and follow-ups of one curriculum, fitted once and kept.

What was fitted is a handful of arrays and lists of words. They are kept under a fingerprint of the curriculum and of
the code that fitted them, so that the next process loads in a moment what took this one seconds.
"""

import hashlib
import platform
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol, TypeVar, get_origin

import numpy as np
import rapidfuzz
from numpy.typing import NDArray

from bot.curriculum import model as curriculum_model
from bot.curriculum import statements, vocabulary
from bot.curriculum.model import Curriculum, Topic
from bot.curriculum.vocabulary import KnownWords, question_pipeline
from bot.matching import classifiers, features, focus, lines, regression, text_index
from bot.matching import examples as examples_module
from bot.matching.classifiers import (
    FollowUpClassifier,
    ForeignWords,
    PartClassifier,
    PartTerms,
    TopicClassifier,
    fit_follow_ups,
    fit_foreign_words,
    fit_parts,
    fit_topics,
)
from bot.matching.examples import examples, training_set
from bot.matching.extended import Added, ExtendedLines, extended, of_nobody
from bot.matching.features import Features
from bot.matching.lines import Lines
from bot.matching.ranker import Ranker
from bot.matching.regression import Floats
from bot.matching.text_index import TextIndex
from bot.text import normalise, pipeline
from bot.text.pipeline import Parse, ParsedText, TextPipeline

_MOST_EXAMPLES = 9_000
"""Examples, beyond which no topic gets weights of its own: to fit them takes memory and time by the square of it (a
tenth of a gigabyte at 5,000). All topics are then known by the ranker alone."""
_FEWEST_ASKS = 20  # with fewer phrasings of every topic no own weights are fitted: they would hardly speak
_AS_MUCH = 60.0
"""Phrasings at which a topic's own weights speak as much as the ranker. They speak by the square of the phrasings: of
own weights that five phrasings taught even a tenth answered fewer of a new topic's messages beside the seven (.34, now
.40) and refused no more. A topic cut to 20 asks: .59 of its messages answered and .6 % of others wrongly at 40, .65 and
1.5 % at 60, .65 and 2.3 % at 80. To choose again: `python -m tests.bench matching --cut 5,10,20,40`."""
_SAID = 1.5  # the logarithm of the odds that a message that is an ask asks its topic; below 0 for a near miss
_NEVER = -12.0  # the logarithm of the odds of a topic that was not looked at
# Without own weights: how likely a short message that names a part follows up the topic, and the coverage of a message
# by the best of all topics under which it is about something else.
_SHORT, _NAMED, _VAGUE = 8, 0.6, 0.3
# Scores for asking none of ours, from which a message is surely foreign: with more than one word of its own, and in any
# case. Chosen by "a piece no topic fits: named" and "all pieces fit: one named all the same" of that bench.
_FOREIGN, _SURELY_FOREIGN = 0.85, 1.2

Arrays = Mapping[str, NDArray[Any]]


class ModelStore(Protocol):
    """Where fitted arrays are kept from one process to the next."""

    def load(self, key: str) -> Arrays | None:
        """Return what was kept under a key; None where nothing is, or it cannot be read."""
        ...

    def save(self, key: str, arrays: Arrays) -> None:
        """Keep arrays under a key; where that cannot be done, nothing happens."""
        ...


@dataclass(frozen=True, slots=True)
class OwnWeights:
    """What was fitted to the phrasings of this curriculum alone."""

    features: Features
    topics: TopicClassifier
    follow_ups: FollowUpClassifier
    foreign: ForeignWords
    parts: tuple[PartClassifier, ...]  # one a topic


@dataclass(frozen=True, slots=True)
class Fitted:
    """All that was learnt from a curriculum."""

    words: KnownWords
    lines: Lines
    own: OwnWeights | None  # None where there is too much to fit


class Model:
    """Recognises topics (by their numbers), parts and follow-ups in parsed messages.

    Of a topic two things are known: what its own weights say, which were fitted to its phrasings, and what the ranker
    says, which knows no topic and needs none. The more phrasings, the more its own weights count.
    """

    def __init__(
        self,
        topics: Sequence[Topic],
        pipeline: TextPipeline,
        lines: Lines,
        own: OwnWeights | None,
        base: "Model | None" = None,
    ) -> None:
        """Take the topics with their lines and the weights of their own.

        Where they are more than those of another model, `base`, `topics` are those that it does not know, and `lines`
        extend its lines. What is large of it is shared: its topics keep their own weights, the others have none.
        """
        self._own, self.lines = own, lines
        self._ranker: Ranker = Ranker(lines, base._ranker if base else None)
        terms = [PartTerms(topic, pipeline) for topic in topics]
        self._terms: list[PartTerms] = [*base._terms, *terms] if base else terms
        asks = np.array([len(topic.asks) for topic in topics], dtype=np.float64)
        share = asks**2 / (asks**2 + _AS_MUCH**2) if own and not base else np.zeros(len(asks))
        # How many topics have weights of their own; they are the first.
        self._fitted: int = base._fitted if base else len(share) if own else 0
        self._share: Floats = np.concatenate([base._share, share]) if base else share

    def with_more(
        self, topics: Sequence[Topic], pipeline: TextPipeline, before: tuple[Added, TextPipeline] | None = None
    ) -> "Model":
        """Return the model of these topics and more, of which `pipeline` knows the words; see `extended` for `before`,
        which was made beside the same lines."""
        return Model(topics, pipeline, extended(self.lines, topics, pipeline, before), self._own, self)

    def added(self, base: "Model", topics: Sequence[Topic]) -> Added | None:
        """Return the lines that it has more than a base: those of `topics`. None where it does not extend that."""
        mine = self.lines
        return mine.added(topics) if isinstance(mine, ExtendedLines) and mine.base is base.lines else None

    def of_nobody(self, pipeline: TextPipeline) -> "Model":
        """Return the model of no topic at all, which knows only what is not a question to anybody."""
        return Model((), pipeline, of_nobody(self.lines), None)

    def chances(self, parsed: ParsedText) -> Floats:
        """Return for every topic the probability that it is asked."""
        sight = self._ranker.look(parsed)
        odds = np.full(len(self._share), _NEVER)
        odds[sight.topics] = sight.log_odds
        if self._own:
            scores = self._own.topics.scores(self._own.features.vector(parsed))
            own, share = self._own.topics.log_odds(scores, len(parsed.words)), self._share[: self._fitted]
            odds[: self._fitted] = share * own + (1 - share) * odds[: self._fitted]
            if self._fitted < len(odds):
                odds[self._fitted :] = _beside(
                    odds[self._fitted :], float((_chance(odds[: self._fitted]) * share).max())
                )
        asks, declined = sight.topics[sight.stored > 0], sight.topics[sight.stored < 0]
        odds[asks], odds[declined] = np.maximum(odds[asks], _SAID), np.minimum(odds[declined], -_SAID)
        return _chance(odds)

    @property
    def known(self) -> Floats:
        """Of every topic how far (0 to 1) its own weights speak."""
        return self._share

    def parts(self, topic: int, parsed: ParsedText) -> tuple[str, ...]:
        """Return the parts of a topic that a message is after, the likeliest first."""
        terms = self._terms[topic]
        named = terms.named(parsed)
        if not terms.ids or not self._own or topic >= self._fitted:
            return named
        return self._own.parts[topic].after(self._own.features.vector(parsed), terms.ids, named)

    def named(self, topic: int, parsed: ParsedText) -> tuple[str, ...]:
        """Return the parts of a topic of which a term stands in the message, in the order found."""
        return self._terms[topic].named(parsed)

    def follows(self, parsed: ParsedText, alone: Floats, topic: int) -> float:
        """Return how likely a message follows up a topic; `alone` are its chances to ask each topic by itself."""
        named = bool(self._terms[topic].named(parsed))
        if self._own and topic < self._fitted:
            vector = self._own.features.vector(parsed)
            return self._own.follow_ups.probability(vector, alone, topic, named, len(parsed.words))
        return _NAMED if named and len(parsed.words) <= _SHORT else 0.0

    def foreign(self, parsed: ParsedText) -> bool:
        """Return whether a message is surely about something else, and not just vague."""
        if not self._own:
            return self._ranker.most_covered(parsed) < _VAGUE
        if self._fitted < len(self._share) and self._ranker.most_covered(parsed, self._fitted) >= _VAGUE:
            return False  # it may well be about a topic that has no weights of its own
        # Phrasings that ask none of ours were taught as 1, the others as -1.
        score = float(self._own.topics.scores(self._own.features.vector(parsed))[-1])
        if score > 0 and self._own.foreign.has(parsed):
            return True
        return score > _SURELY_FOREIGN or (score > _FOREIGN and self._own.foreign.content(parsed) > 1)

    def strange(self, parsed: ParsedText, topic: int) -> dict[str, float]:
        """Return the words of a message that nothing of a topic has, in their order, and how rare each is (0 to 1)."""
        return self._ranker.strange(parsed, topic)

    def missed(self, parsed: ParsedText, topic: int) -> tuple[str, ...]:
        """Return what a message asks for that a topic does not give, as kinds of `bot.matching.focus`."""
        return self._ranker.missed(parsed, topic)

    def counted(self, parsed: ParsedText, topic: int) -> list[tuple[str, float]]:
        """Return what in the message spoke for (above 0) or against a topic, the weightiest first.

        Runs of letters are left out.
        """
        share = float(self._share[topic])
        found = [(name, weight * (1 - share)) for name, weight in self._ranker.counted(parsed, topic)]
        if self._own and topic < self._fitted:
            columns, values = self._own.features.vector(parsed)
            weights = values * self._own.topics.weights[columns, topic] * share
            names = self._own.features.names_of(columns)
            found += [(name, weight) for name, weight in zip(names, weights.tolist(), strict=True) if name]
        return sorted(found, key=lambda pair: -abs(pair[1]))


def _chance(odds: Floats) -> Floats:
    found: Floats = 1 / (1 + np.exp(-odds.clip(-40, 40)))
    return found


def _beside(odds: Floats, known: float) -> Floats:
    """The odds of topics that only the ranker knows, where one with weights of its own is asked with the chance
    `known`: a message asks one topic, and that chance is the surer one.

    It is the chance of the one without the other, of those in which not both are asked.
    """
    chance = _chance(odds)
    less = chance * (1 - known) / np.maximum(1 - chance * known, 1e-9)
    found: Floats = np.log(np.maximum(less, 1e-9) / np.maximum(1 - less, 1e-9))
    return found


def learn(curriculum: Curriculum, store: ModelStore | None = None) -> tuple[TextPipeline, Model]:
    """Return how messages of a curriculum are parsed, and the model of it: loaded from `store`, or fitted and kept
    there for the next."""
    key = fingerprint(curriculum) if store else None
    fitted = _restored(curriculum, store.load(key)) if store and key else None
    if fitted is not None:
        parsing = question_pipeline(curriculum, fitted.words)
        return parsing, Model(curriculum.topics, parsing, fitted.lines, fitted.own)
    parsing = question_pipeline(curriculum)
    fitted = _fit(curriculum, parsing)
    if store and key:
        store.save(key, dict(_as_arrays(fitted)))
    return parsing, Model(curriculum.topics, parsing, fitted.lines, fitted.own)


def _fit(curriculum: Curriculum, parsing: TextPipeline) -> Fitted:
    words = KnownWords(parsing.speller.frequencies, parsing.speller.slips)
    most = max((len(topic.asks) for topic in curriculum.topics), default=0)
    fits = most >= _FEWEST_ASKS and len(examples(curriculum)) <= _MOST_EXAMPLES
    parse = cache(parsing.parse) if fits else parsing.parse  # most lines are examples, too
    own = _fit_own(curriculum, parsing, parse) if fits else None
    return Fitted(words, lines.made(curriculum, parse), own)


def _fit_own(curriculum: Curriculum, parsing: TextPipeline, parse: Parse) -> OwnWeights:
    training = training_set(curriculum, parsing, parse)
    topics, held_out = fit_topics(training, len(curriculum.topics))
    terms = [PartTerms(topic, parsing) for topic in curriculum.topics]
    return OwnWeights(
        training.features,
        topics,
        fit_follow_ups(training, terms, held_out),
        fit_foreign_words(training),
        tuple(fit_parts(training, k, each.ids) for k, each in enumerate(terms)),
    )


# What of a topic enters a fit, for its examples and for the known words.
_LEARNT_FROM = {
    *("id", "title", "question", "answer", "asks", "follow_ups", "not_asks", "names", "terms", "parts"),
    "claims",  # they are statements
}
# The code that enters a fit: each of these in another version may fit other numbers.
_FITTING: tuple[ModuleType, ...] = (
    *(normalise, pipeline, curriculum_model, vocabulary, statements),
    *(classifiers, examples_module, features, focus, lines, regression, text_index, sys.modules[__name__]),
)


def fingerprint(curriculum: Curriculum) -> str | None:
    """Return what a fit depends on as 32 hexadecimal digits: phrasings and terms of the curriculum, this code, and the
    libraries and machine that it computes with. None where the source of the code cannot be read."""
    learnt_from = curriculum.model_dump_json(include={"topics": {"__all__": _LEARNT_FROM}, "language": True})
    known = hashlib.sha256(learnt_from.encode("utf-8", "surrogatepass"))
    known.update(f"{np.__version__} {rapidfuzz.__version__} {platform.machine()} {platform.python_version()}".encode())
    try:
        for path in (*(Path(str(module.__file__)) for module in _FITTING), lines.MEANINGS):
            known.update(path.read_bytes())
    except OSError:
        return None
    return known.hexdigest()[:32]


_SINGLE: dict[str, type[Any]] = {
    "features": Features,
    "topics": TopicClassifier,
    "follow_ups": FollowUpClassifier,
    "foreign": ForeignWords,
}
_PLAIN = ("groups", "name_owners", "stored", "stored_as")
_INDEXES = ("words", "letters", "contents")


def _as_arrays(fitted: Fitted) -> Iterator[tuple[str, NDArray[Any]]]:
    """Yield everything as named arrays; words as UTF-8 with a line break between two."""
    yield "words.words", _packed(fitted.words.frequencies)
    yield "words.counts", np.array(list(fitted.words.frequencies.values()), dtype=np.int64)
    yield "words.slips", _packed(fitted.words.slips)
    yield "words.meant", _packed(fitted.words.slips.values())
    for index in _INDEXES:
        for name, value in text_index.as_arrays(getattr(fitted.lines, index)).items():
            yield f"lines.{index}.{name}", value if isinstance(value, np.ndarray) else _packed(value)
    yield "lines.focus", np.packbits(fitted.lines.focus, axis=1)
    yield "lines.name_words", _packed(fitted.lines.name_words)
    for name in _PLAIN:
        yield f"lines.{name}", getattr(fitted.lines, name)
    if not fitted.own:
        return
    named = [(name, getattr(fitted.own, name)) for name in _SINGLE]
    named += [(f"parts.{k}", part) for k, part in enumerate(fitted.own.parts)]
    for name, one in named:
        for field in fields(one):
            value = getattr(one, field.name)
            yield f"{name}.{field.name}", value if isinstance(value, np.ndarray) else _packed(value)


def _restored(curriculum: Curriculum, arrays: Arrays | None) -> Fitted | None:
    """The fit that arrays stand for; None where they are not those of a fit to this curriculum."""
    if arrays is None:
        return None
    try:
        words, counts = _unpacked(arrays["words.words"]), arrays["words.counts"].tolist()
        slips = dict(zip(_unpacked(arrays["words.slips"]), _unpacked(arrays["words.meant"]), strict=True))
        known = KnownWords(dict(zip(words, counts, strict=True)), slips)
        stored = _restored_lines(len(curriculum.topics), arrays)
        own = _restored_own(len(curriculum.topics), arrays) if "features.keys" in arrays else None
    except (KeyError, ValueError, TypeError, IndexError):
        return None
    return Fitted(known, stored, own)


def _restored_lines(topics: int, arrays: Arrays) -> Lines:
    groups = arrays["lines.groups"]

    def index(name: str) -> TextIndex:
        starts, numbers, rarity = (arrays[f"lines.{name}.{array}"] for array in ("starts", "texts", "rarity"))
        return TextIndex(_unpacked(arrays[f"lines.{name}.tokens"]), starts, numbers, rarity, len(groups))

    indexes: dict[str, Any] = {name: index(name) for name in _INDEXES}
    plain: dict[str, Any] = {name: arrays[f"lines.{name}"] for name in _PLAIN}
    kinds = np.unpackbits(arrays["lines.focus"], axis=1, count=len(focus.KINDS))
    return Lines(topics, focus=kinds, name_words=_unpacked(arrays["lines.name_words"]), **indexes, **plain)


def _restored_own(topics: int, arrays: Arrays) -> OwnWeights:
    single = {name: _rebuilt(kind, name, arrays) for name, kind in _SINGLE.items()}
    parts = tuple(_rebuilt(PartClassifier, f"parts.{k}", arrays) for k in range(topics))
    own = OwnWeights(parts=parts, **single)
    if not own.topics.weights.shape == own.follow_ups.weights.shape == (len(own.features.keys), topics + 1):
        raise ValueError("these are the weights of other features")
    return own


Piece = TypeVar("Piece")


def _rebuilt(kind: type[Piece], name: str, arrays: Arrays) -> Piece:
    values: dict[str, Any] = {}
    for field in fields(kind):  # type: ignore[arg-type]  # they are dataclasses
        array = arrays[f"{name}.{field.name}"]
        value = _unpacked(array) if array.dtype == np.uint8 else array
        values[field.name] = frozenset(value) if get_origin(field.type) is frozenset else value
    return kind(**values)


def _packed(words: Any) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(words).encode("utf-8", "surrogatepass"), dtype=np.uint8)


def _unpacked(array: NDArray[np.uint8]) -> tuple[str, ...]:
    return tuple(array.tobytes().decode("utf-8", "surrogatepass").split("\n")) if array.size else ()
