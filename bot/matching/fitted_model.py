"""The model: what recognises topics, parts and follow-ups of one curriculum, fitted once and kept.

What was fitted is a handful of arrays and lists of words. They are kept under a fingerprint of the curriculum and of
the code that fitted them, so that the next process loads in a moment what took this one seconds.
"""

import hashlib
import platform
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol, TypeVar, get_origin

import numpy as np
import rapidfuzz
from numpy.typing import NDArray

from bot.curriculum import model as curriculum_model
from bot.curriculum import vocabulary
from bot.curriculum.model import Curriculum
from bot.curriculum.vocabulary import KnownWords, question_pipeline
from bot.matching import classifiers, examples, features, regression
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
from bot.matching.examples import training_set
from bot.matching.features import Features
from bot.matching.nearest import NearestModel
from bot.matching.regression import Floats
from bot.text import normalise, pipeline
from bot.text.pipeline import ParsedText, TextPipeline

_MOST_TOPICS = 100  # beyond this fitting takes longer than a start should: `python -m tests.bench matching`, the curve
_FEWEST_OF_NOBODY = 40  # with fewer phrasings that ask nothing of us there is nothing to learn declining from
# Scores for asking none of ours, from which a message is surely foreign: with more than one word of its own, and in any
# case. Chosen by "a piece no topic fits: named" and "all pieces fit: one named all the same" of that bench.
_FOREIGN, _SURELY_FOREIGN = 0.85, 1.2

Arrays = Mapping[str, NDArray[Any]]


class Model(Protocol):
    """Recognises topics (by their numbers), parts and follow-ups in parsed messages."""

    def chances(self, parsed: ParsedText) -> Floats:
        """Return for every topic the probability that it is asked."""
        ...

    def parts(self, topic: int, parsed: ParsedText) -> tuple[str, ...]:
        """Return the parts of a topic that a message is after, the likeliest first."""
        ...

    def named(self, topic: int, parsed: ParsedText) -> tuple[str, ...]:
        """Return the parts of a topic of which a term stands in the message, in the order found."""
        ...

    def follows(self, parsed: ParsedText, alone: Floats, topic: int) -> float:
        """Return how likely a message follows up a topic; `alone` are its chances to ask each topic by itself."""
        ...

    def foreign(self, parsed: ParsedText) -> bool:
        """Return whether a message is surely about something else, and not just vague."""
        ...

    def counted(self, parsed: ParsedText, topic: int) -> list[tuple[str, float]]:
        """Return what in the message spoke for (above 0) or against a topic, the weightiest first."""
        ...


class ModelStore(Protocol):
    """Where fitted arrays are kept from one process to the next."""

    def load(self, key: str) -> Arrays | None:
        """Return what was kept under a key; None where nothing is, or it cannot be read."""
        ...

    def save(self, key: str, arrays: Arrays) -> None:
        """Keep arrays under a key; where that cannot be done, nothing happens."""
        ...


@dataclass(frozen=True, slots=True)
class Fitted:
    """All that was learnt from a curriculum."""

    words: KnownWords
    features: Features
    topics: TopicClassifier
    follow_ups: FollowUpClassifier
    foreign: ForeignWords
    parts: tuple[PartClassifier, ...]  # one a topic


class FittedModel:
    """Recognises by linear models that were fitted to the phrasings. See `Model`."""

    def __init__(self, curriculum: Curriculum, pipeline: TextPipeline, fitted: Fitted) -> None:
        self._fitted = fitted
        self._terms = [PartTerms(topic, pipeline) for topic in curriculum.topics]

    def chances(self, parsed: ParsedText) -> Floats:
        """Return for every topic the probability that it is asked."""
        topics = self._fitted.topics
        return topics.probabilities(topics.scores(self._fitted.features.vector(parsed)), len(parsed.words))

    def parts(self, topic: int, parsed: ParsedText) -> tuple[str, ...]:
        """Return the parts of a topic that a message is after, the likeliest first."""
        terms = self._terms[topic]
        if not terms.ids:
            return ()
        return self._fitted.parts[topic].after(self._fitted.features.vector(parsed), terms.ids, terms.named(parsed))

    def named(self, topic: int, parsed: ParsedText) -> tuple[str, ...]:
        """Return the parts of a topic of which a term stands in the message, in the order found."""
        return self._terms[topic].named(parsed)

    def follows(self, parsed: ParsedText, alone: Floats, topic: int) -> float:
        """Return how likely a message follows up a topic; `alone` are its chances to ask each topic by itself."""
        named = bool(self._terms[topic].named(parsed))
        vector = self._fitted.features.vector(parsed)
        return self._fitted.follow_ups.probability(vector, alone, topic, named, len(parsed.words))

    def foreign(self, parsed: ParsedText) -> bool:
        """Return whether a message is surely about something else, and not just vague."""
        # Phrasings that ask none of ours were taught as 1, the others as -1.
        score = float(self._fitted.topics.scores(self._fitted.features.vector(parsed))[-1])
        if score > 0 and self._fitted.foreign.has(parsed):
            return True
        return score > _SURELY_FOREIGN or (score > _FOREIGN and self._fitted.foreign.content(parsed) > 1)

    def counted(self, parsed: ParsedText, topic: int) -> list[tuple[str, float]]:
        """Return what in the message spoke for (above 0) or against a topic, the weightiest first.

        Runs of letters are left out.
        """
        columns, values = self._fitted.features.vector(parsed)
        weights = values * self._fitted.topics.weights[columns, topic]
        order = np.argsort(-np.abs(weights), kind="stable")
        pairs = zip(self._fitted.features.names_of(columns[order]), weights[order].tolist(), strict=True)
        return [(name, weight) for name, weight in pairs if name]


def learn(curriculum: Curriculum, store: ModelStore | None = None) -> tuple[TextPipeline, Model]:
    """Return how messages of a curriculum are parsed, and the model that suits it: loaded from `store`, or fitted and
    kept there for the next."""
    if not _can_be_fitted(curriculum):
        parsing = question_pipeline(curriculum)
        return parsing, NearestModel(curriculum, parsing)
    key = fingerprint(curriculum) if store else None
    fitted = _restored(curriculum, store.load(key)) if store and key else None
    if fitted is not None:
        parsing = question_pipeline(curriculum, fitted.words)
        return parsing, FittedModel(curriculum, parsing, fitted)
    parsing = question_pipeline(curriculum)
    fitted = _fit(curriculum, parsing)
    if store and key:
        store.save(key, dict(_as_arrays(fitted)))
    return parsing, FittedModel(curriculum, parsing, fitted)


def _can_be_fitted(curriculum: Curriculum) -> bool:
    language = curriculum.language
    of_nobody = len(language.chatter) + len(language.elsewhere) + sum(len(t.not_asks) for t in curriculum.topics)
    return 0 < len(curriculum.topics) <= _MOST_TOPICS and of_nobody >= _FEWEST_OF_NOBODY


def _fit(curriculum: Curriculum, parsing: TextPipeline) -> Fitted:
    training = training_set(curriculum, parsing)
    topics, held_out = fit_topics(training, len(curriculum.topics))
    terms = [PartTerms(topic, parsing) for topic in curriculum.topics]
    return Fitted(
        KnownWords(parsing.speller.frequencies, parsing.speller.slips),
        training.features,
        topics,
        fit_follow_ups(training, terms, held_out),
        fit_foreign_words(training),
        tuple(fit_parts(training, k, each.ids) for k, each in enumerate(terms)),
    )


# What of a topic enters a fit, for its examples and for the known words.
_LEARNT_FROM = {"id", "title", "question", "answer", "asks", "follow_ups", "not_asks", "names", "terms", "parts"}
# The code that enters a fit: each of these in another version may fit other numbers.
_FITTING: tuple[ModuleType, ...] = (
    *(normalise, pipeline, curriculum_model, vocabulary),
    *(classifiers, examples, features, regression, sys.modules[__name__]),
)


def fingerprint(curriculum: Curriculum) -> str | None:
    """Return what a fit depends on as 32 hexadecimal digits: phrasings and terms of the curriculum, this code, and the
    libraries and machine that it computes with. None where the source of the code cannot be read."""
    learnt_from = curriculum.model_dump_json(include={"topics": {"__all__": _LEARNT_FROM}, "language": True})
    known = hashlib.sha256(learnt_from.encode("utf-8", "surrogatepass"))
    known.update(f"{np.__version__} {rapidfuzz.__version__} {platform.machine()} {platform.python_version()}".encode())
    try:
        for module in _FITTING:
            known.update(Path(str(module.__file__)).read_bytes())
    except OSError:
        return None
    return known.hexdigest()[:32]


_SINGLE: dict[str, type[Any]] = {
    "features": Features,
    "topics": TopicClassifier,
    "follow_ups": FollowUpClassifier,
    "foreign": ForeignWords,
}


def _as_arrays(fitted: Fitted) -> Iterator[tuple[str, NDArray[Any]]]:
    """Yield everything as named arrays; words as UTF-8 with a line break between two."""
    yield "words.words", _packed(fitted.words.frequencies)
    yield "words.counts", np.array(list(fitted.words.frequencies.values()), dtype=np.int64)
    yield "words.slips", _packed(fitted.words.slips)
    yield "words.meant", _packed(fitted.words.slips.values())
    named = [(name, getattr(fitted, name)) for name in _SINGLE]
    named += [(f"parts.{k}", part) for k, part in enumerate(fitted.parts)]
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
        single = {name: _rebuilt(kind, name, arrays) for name, kind in _SINGLE.items()}
        parts = tuple(_rebuilt(PartClassifier, f"parts.{k}", arrays) for k in range(len(curriculum.topics)))
        fitted = Fitted(words=known, parts=parts, **single)
    except (KeyError, ValueError, TypeError):
        return None
    shape = (len(fitted.features.keys), len(curriculum.topics) + 1)
    fits = fitted.topics.weights.shape == fitted.follow_ups.weights.shape == shape
    return fitted if fits else None


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
