"""What recognises topics, parts and follow-ups in a message: small linear models over its features.

Each is a set of fitted numbers and what is computed from them for one message; `fit_...` fits them to examples.
Logistic regression turns a handful of scores into a probability.
"""

import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.curriculum.model import Topic
from bot.matching.examples import ANY, CONSTANT, NOBODY, Example, TrainingSet
from bot.matching.features import Vector
from bot.matching.regression import Floats, Ints, Singles, Sparse, primal, solve
from bot.text.normalise import shape
from bot.text.pipeline import ParsedText, Phrases, TextPipeline, entries

# How much large weights cost, chosen by the held-out scores of the asks: fit with others and compare what
# `python -m tests.bench matching` prints.
_TOPIC_RIDGE, _PART_RIDGE, _FOLLOW_UP_RIDGE = 1.5, 1.0, 1.0
_NAMED = 0.6  # what a term of a part in the message adds to the part's score; chosen by "asks for a part" of that bench
_AFTER = 0.0  # score from which a part is asked after: halfway between the targets, -1 and +1
# While follow-ups are learnt, of asks and of long examples every third is enough to learn what is none.
_EVERY, _SHORT = 3, 8  # one in so many; words
_RATHER = 3.0  # how much more often than in asks a foreign word must occur in what asks none of ours
_SHORTEST_UNKNOWN = 4  # letters of a word that is foreign because it was never met


@dataclass(frozen=True, slots=True)
class TopicClassifier:
    """Which topics a message may be asking, each with a probability."""

    weights: Singles  # features x (topics, and last: none of them)
    offset: Floats  # of each topic, and of none
    calibration: Floats  # coefficients that turn scores into the logarithm of odds, see `_evidence`; the constant last

    def scores(self, vector: Vector) -> Floats:
        """Return how much (about -1 to 1) a message asks each topic, and last: that it asks something else."""
        columns, values = vector
        scores: Floats = values @ self.weights[columns] + self.offset
        return scores

    def log_odds(self, scores: Floats, words: int) -> Floats:
        """Return for every topic the logarithm of the odds that it is asked, of the scores of a message of so many
        words.

        The same sum as over `_evidence`, without an array for one message.
        """
        a, b, c, aa, bb, cc, ab, ac, s, constant = self.calibration.tolist()
        size = math.log1p(words) / 3
        *topics, none = scores.tolist()
        best, *others = sorted(topics, reverse=True)
        second = others[0] if others else -1.0
        found = []
        for score in topics:
            lead = score - (second if score >= best else best)
            over = score - none
            found.append(
                score * (a + aa * score + ab * lead + ac * over)
                + lead * (b + bb * lead)
                + over * (c + cc * over)
                + s * size
                + constant
            )
        return np.array(found)


def fit_topics(training: TrainingSet, topics: int) -> tuple[TopicClassifier, Floats]:
    """Return the classifier, and the probabilities of every example by classifiers that have not seen it."""
    kinds = topics + 1
    owners = np.array([each.topic for each in training.examples])
    targets = np.where((owners % kinds)[:, None] == np.arange(kinds), 1.0, -1.0)
    alone = np.array([not each.follows for each in training.examples])  # follow-ups teach nothing here
    folds = np.where(alone, [each.fold for each in training.examples], -1)
    dual, scores = solve(training.products, targets, _TOPIC_RIDGE, folds, training.weights * alone)
    evidence = _evidence(scores, np.array([len(each.words) for each in training.parsed]))
    right = owners[:, None] == np.arange(topics)
    calibration = fit_logistic(evidence[alone].reshape(-1, evidence.shape[2]), right[alone].reshape(-1))
    classifier = TopicClassifier(primal(training.rows, dual), dual.sum(0) * CONSTANT, calibration)
    return classifier, probability(evidence, calibration)


def _evidence(scores: Floats, lengths: Ints) -> Floats:
    """Inputs, message by message and topic by topic: its score, its lead over the other topics and over none."""
    topics = scores[:, :-1]
    ordered = np.sort(topics, axis=1)
    best, second = ordered[:, -1:], ordered[:, -2:-1] if topics.shape[1] > 1 else np.full((len(topics), 1), -1.0)
    lead = topics - np.where(topics >= best, second, best)
    over = topics - scores[:, -1:]
    size = np.broadcast_to(np.log1p(lengths)[:, None] / 3, topics.shape)
    inputs = [topics, lead, over, topics**2, lead**2, over**2, topics * lead, topics * over, size]
    return np.stack(inputs, axis=2)


class PartTerms:
    """Finds the parts of one topic by their titles and terms."""

    def __init__(self, topic: Topic, pipeline: TextPipeline) -> None:
        self.ids = tuple(part.id for part in topic.parts)
        self._terms = Phrases(
            entry
            for part in topic.parts
            for term in (part.title, *part.terms)
            for entry in entries(pipeline.phrase(term), part.id)
        )

    def named(self, parsed: ParsedText) -> tuple[str, ...]:
        """Return the parts of which a term stands in the message, in the order found."""
        if not self.ids:
            return ()
        found, shapes = self._terms.found(parsed.stems), tuple(map(shape, parsed.stems))
        if shapes != parsed.stems:
            found += self._terms.found(shapes)
        return tuple(dict.fromkeys(name for _, _, name in sorted(found)))


@dataclass(frozen=True, slots=True)
class PartClassifier:
    """Which parts of one topic a message is after, as learnt from the asks of the topic."""

    columns: Ints  # the features that the asks have, sorted
    weights: Singles  # those features x parts
    offset: Floats  # of each part

    def after(self, vector: Vector, ids: Sequence[str], named: Collection[str]) -> tuple[str, ...]:
        """Return which of the parts `ids` a message is after, the likeliest first; terms of `named` stand in it."""
        columns, values = vector
        places = self.columns.searchsorted(columns)
        known = self.columns.take(places, mode="clip") == columns
        scores = (values[known] @ self.weights[places[known]] + self.offset).tolist()
        for i, part in enumerate(ids):
            if part in named:
                scores[i] += _NAMED
        ranked = sorted(zip(scores, ids, strict=True), key=lambda pair: -pair[0])
        return tuple(part for score, part in ranked if score > _AFTER)


def fit_parts(training: TrainingSet, number: int, ids: Sequence[str]) -> PartClassifier:
    """Return the classifier for the parts `ids` of topic `number`."""
    asks = [i for i, each in enumerate(training.examples) if each.topic == number]
    targets = [[1.0 if part in training.examples[i].parts else -1.0 for part in ids] for i in asks]
    dual = np.zeros((len(asks), len(ids)))
    if ids:
        products = training.products.among(np.array(asks)).whole()
        dual = np.linalg.solve(products + _PART_RIDGE * np.eye(len(asks)), np.array(targets))
    vectors = [training.row(i) for i in asks]
    columns, places = np.unique(np.concatenate([each for each, _ in vectors]), return_inverse=True)
    values = np.concatenate([each for _, each in vectors])
    rows = np.repeat(np.arange(len(vectors)), [len(each) for each, _ in vectors])
    weights = primal(Sparse(rows, places, values, (len(vectors), len(columns))), dual)
    return PartClassifier(columns, weights, dual.sum(0) * CONSTANT)


@dataclass(frozen=True, slots=True)
class FollowUpClassifier:
    """Whether only the last answer explains a message: told from thanks, chatter and questions of their own."""

    weights: Singles  # features x (topics, and last: whatever the topic)
    offset: Floats
    calibration: Floats  # see `_follow_up_evidence`; the constant last

    def probability(self, vector: Vector, alone: Floats, topic: int, named: bool, words: int) -> float:
        """Return how likely a message of so many words follows up a topic.

        `alone` are its chances to ask each topic by itself; `named` says whether it has a term of a part of the topic.
        """
        columns, values = vector
        scores = values @ self.weights[columns] + self.offset
        inputs = np.array([_follow_up_evidence(alone, scores, topic, named, words)])
        return float(probability(inputs, self.calibration)[0])


def fit_follow_ups(training: TrainingSet, parts: Sequence[PartTerms], alone: Floats) -> FollowUpClassifier:
    """Return the classifier. `alone` are the chances of every example to ask each topic, as `fit_topics` gives them."""
    examples, kinds = training.examples, len(parts) + 1
    chosen = [i for i, each in enumerate(examples) if each.follows or i % _EVERY == 0 or _could_follow(training, i)]
    looked_at = [examples[i] for i in chosen]
    follows = [(kinds - 1 if each.topic == ANY else each.topic) if each.follows else NOBODY for each in looked_at]
    targets = np.where(np.array(follows)[:, None] == np.arange(kinds), 1.0, -1.0)
    folds = np.array([each.fold for each in looked_at])
    dual, held_out = solve(training.products.among(np.array(chosen)), targets, _FOLLOW_UP_RIDGE, folds)
    spread = np.zeros((len(examples), kinds))
    spread[chosen] = dual
    inputs, right = [], []
    for i, scores in zip(chosen, held_out, strict=True):
        parsed, each = training.parsed[i], examples[i]
        for topic in _in_the_light_of(each, i, len(parts)):
            named = bool(parts[topic].named(parsed))
            inputs.append(_follow_up_evidence(alone[i], scores, topic, named, len(parsed.words)))
            right.append(each.follows and each.topic in (topic, ANY))
    calibration = fit_logistic(np.array(inputs), np.array(right))
    return FollowUpClassifier(primal(training.rows, spread), dual.sum(0) * CONSTANT, calibration)


def _follow_up_evidence(alone: Floats, scores: Floats, topic: int, named: bool, words: int) -> list[float]:
    chances, (*topics, generic) = alone.tolist(), scores.tolist()  # seven numbers: quicker without arrays
    same, other = chances.pop(topic), max(chances, default=0.0)
    mine, rival = topics.pop(topic), max(topics, default=-1.0)
    length = float(np.log1p(words))
    return [mine, generic, rival, max(mine, generic), same**0.5, other**0.5, float(named), length, named * length]


def _could_follow(training: TrainingSet, i: int) -> bool:
    """Whether an example that asks none of ours is short enough to be taken for a follow-up."""
    return training.examples[i].topic == NOBODY and len(training.parsed[i].words) <= _SHORT


def _in_the_light_of(example: Example, number: int, topics: int) -> set[int]:
    """The topics after whose answer an example is looked at while learning: its own and another."""
    own = example.home if example.home != NOBODY else number % topics
    return {own, (own + 1 + number % max(1, topics - 1)) % topics}


@dataclass(frozen=True, slots=True)
class ForeignWords:
    """Which words show that a message is about something that no topic answers."""

    known: frozenset[str]  # every stem that was met
    foreign: frozenset[str]  # of these, those which near misses and talk of other things have rather than asks
    empty: frozenset[str]  # those of follow-ups to any topic: they only say that more is asked

    def content(self, parsed: ParsedText) -> int:
        """Return how many words say what the message is about, and not only that more is asked."""
        return sum(len(stem) > 2 and stem.isalpha() and stem not in self.empty for stem in set(parsed.stems))

    def has(self, parsed: ParsedText) -> bool:
        """Return whether a word of the message is foreign to the topics, or was never met."""
        return any(
            stem in self.foreign or (stem not in self.known and len(stem) >= _SHORTEST_UNKNOWN and stem.isalpha())
            for stem in parsed.stems
        )


def fit_foreign_words(training: TrainingSet) -> ForeignWords:
    """Count the stems of the examples."""
    asked, elsewhere = Counter[str](), Counter[str]()
    for each, parsed in zip(training.examples, training.parsed, strict=True):
        (elsewhere if each.topic == NOBODY and not each.small_talk else asked).update(set(parsed.stems))
    ratio = sum(each.topic >= 0 for each in training.examples) / max(1, len(training.examples))
    foreign = (s for s, count in elsewhere.items() if count > 1 and count * ratio > _RATHER * (asked[s] + 0.5))
    pairs = zip(training.examples, training.parsed, strict=True)
    empty = (stem for each, parsed in pairs if each.topic == ANY for stem in parsed.stems)
    return ForeignWords(frozenset([*asked, *elsewhere]), frozenset(foreign), frozenset(empty))


def fit_logistic(inputs: Floats, right: NDArray[np.bool_], weights: Floats | None = None, ridge: float = 1.0) -> Floats:
    """Return the coefficients, the constant last, under which `probability` makes what was `right` most likely.

    By Newton's method. `inputs` has a row an example; `weights` say how much each counts.
    """
    rows = np.hstack([inputs, np.ones((len(inputs), 1))])
    counts = np.ones(len(rows)) if weights is None else weights
    penalty = np.full(rows.shape[1], ridge)
    penalty[-1] = 1e-6
    found = np.zeros(rows.shape[1])
    for _ in range(25):
        chance = _sigmoid(rows @ found)
        slope = rows.T @ (counts * (chance - right)) + penalty * found
        curve = (rows * (counts * chance * (1 - chance))[:, None]).T @ rows + np.diag(penalty)
        step = np.linalg.solve(curve, slope)
        found -= np.clip(step, -5, 5)
        if np.abs(step).max() < 1e-9:
            break
    return found


def probability(inputs: Floats, coefficients: Floats) -> Floats:
    """Return the probability for each row of inputs."""
    return _sigmoid(inputs @ coefficients[:-1] + coefficients[-1])


def _sigmoid(x: Floats) -> Floats:
    result: Floats = 1 / (1 + np.exp(-np.clip(x, -40, 40)))
    return result
