"""Fits the numbers of the ranker: on topics written for it, and on the seven cut to a few phrasings.

A draw is a curriculum of some of these topics, alone or beside the seven, each with a few of its phrasings; what was
taken away are the messages. Many small draws, since how rare a word is, and which topic comes next, depends on who else
is there.
"""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

from bot.curriculum.loader import load
from bot.curriculum.model import Curriculum, Phrasing, Topic
from bot.curriculum.vocabulary import question_pipeline
from bot.matching import lines
from bot.matching.classifiers import fit_logistic
from bot.matching.ranker import CONSTANT, FEATURES, WEIGHTS, Ranker
from bot.matching.regression import Floats, Ints
from bot.quiz.kinds import Kinds
from tests.bench.messages import DATA

FOLDER = DATA / "ranker"
_ALONE, _BESIDE, _CUT = 3, 2, 10  # draws of all topics alone in small curricula; of all beside the seven; of the seven
_TOPICS = (3, 5, 8)  # of a draw alone
_ASKS = (5, 5, 5, 6, 8)  # phrasings that a topic keeps
_KEPT_NEAR, _NEAR = 0.3, 2  # share of topics that keep near misses, and how many
_OF_NOBODY = 20  # lines about other things, as many of small talk and of follow-ups, that are messages of a draw
_OTHERS = 6  # asks of each of the seven that are messages of a draw beside them
_FROM_EACH = 30  # asks, and as many near misses, of each of the seven that are messages of a draw
# How much an answer counts beside a refusal; a near miss of the topic beside any other message; the seven beside topics
# written for this, which are of all sorts.
_RIGHT, _HARD, _SEVEN = 12.0, 3.0, 0.2
_RIDGE = 1.0


Sent = tuple[str, int, int]
"""A message, the topic that it asks and the one about which it was written; -1: none."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A topic to fit with, and what was written about it."""

    topic: Topic
    asks: tuple[str, ...]
    near: tuple[str, ...]
    off: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draw:
    """Messages and what the ranker sees in them with every topic."""

    features: Floats  # messages x topics x FEATURES
    asked: Ints  # of each message the topic that it asks; -1: none
    home: Ints  # of each message the topic about which it was written; -1: none
    names: tuple[str, ...]  # ids of the topics
    young: range  # the topics that the ranker is to be fitted to
    weight: float


def subjects(folder: Path = FOLDER) -> list[Subject]:
    """The topics of a folder, and their messages."""
    rows = [
        json.loads(line) for path in sorted(folder.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()
    ]
    found = []
    for path in sorted(folder.glob("*.yaml")):
        topic = Topic.model_validate(yaml.safe_load(path.read_text("utf-8")))
        mine = [row for row in rows if topic.id in row["topics"] or row.get("near") == topic.id]
        by_style = {style: tuple(r["text"] for r in mine if r["style"] == style) for style in ("ask", "near", "off")}
        found.append(Subject(topic, by_style["ask"], by_style["near"], by_style["off"]))
    return found


def _small(subject: Subject, rng: random.Random) -> tuple[Topic, list[str], list[str]]:
    """The topic with few phrasings; messages that ask it; messages that it declines."""
    asks = [*(ask.text for ask in subject.topic.asks), *subject.asks]
    near = list(subject.near)
    rng.shuffle(asks)
    rng.shuffle(near)
    size = rng.choice(_ASKS)
    kept = _NEAR if rng.random() < _KEPT_NEAR else 0
    changes = {"asks": tuple(Phrasing(ask=text) for text in asks[:size]), "not_asks": tuple(near[:kept])}
    return subject.topic.model_copy(update=changes), asks[size:], [*near[kept:], *subject.off]


def _drawn(known: Curriculum, chosen: Sequence[Subject], beside: bool, rng: random.Random) -> Draw:
    """A draw of topics written for this."""
    topics: list[Topic] = []
    messages: list[Sent] = []
    for topic in known.topics if beside else ():
        asks = rng.sample(topic.asks, len(topic.asks))
        messages += [(ask.text, len(topics), len(topics)) for ask in asks[:_OTHERS]]
        topics.append(topic.model_copy(update={"asks": tuple(asks[_OTHERS:])}))
    first = len(topics)
    for subject in chosen:
        small, asks, declined = _small(subject, rng)
        place = len(topics)
        topics.append(small)
        messages += [(text, place, place) for text in asks] + [(text, -1, place) for text in declined]
    return _looked_at(known, topics, messages, first, 1.0)


def _cut(known: Curriculum, rng: random.Random) -> Draw:
    """A draw of the seven, each cut to few phrasings, most of them without terms, parts and near misses."""
    topics, messages = [], []
    bare_all = rng.random() < 0.7
    for place, topic in enumerate(known.topics):
        asks, near = [ask.text for ask in topic.asks], list(topic.not_asks)
        rng.shuffle(asks)
        rng.shuffle(near)
        size, kept = rng.choice((5, 5, 10, 20)), rng.choice((0, 0, 4, 10))
        changes = {"asks": tuple(Phrasing(ask=text) for text in asks[:size]), "not_asks": tuple(near[:kept])}
        if bare_all or rng.random() < 0.5:
            changes |= {"terms": {}, "parts": (), "follow_ups": ()}
        topics.append(topic.model_copy(update=changes))
        messages += [(text, place, place) for text in asks[size : size + _FROM_EACH]]
        messages += [(text, -1, place) for text in near[kept : kept + _FROM_EACH]]
    return _looked_at(known, topics, messages, 0, _SEVEN)


def _looked_at(known: Curriculum, topics: Sequence[Topic], messages: Sequence[Sent], first: int, weight: float) -> Draw:
    """What the ranker sees in messages, and in some of the lines of nobody, which are taken out; the topics from
    `first` on are young."""
    kept, taken, rng = {}, [], random.Random(len(messages))
    for key in ("elsewhere", "chatter", "follow_ups"):  # what follows up says nothing by itself
        texts = list(getattr(known.language, key))
        rng.shuffle(texts)
        kept[key] = tuple(texts[_OF_NOBODY:])
        taken += [(text, -1, -1) for text in texts[:_OF_NOBODY]]
    language = known.language.model_copy(update=kept)
    curriculum = known.model_copy(update={"topics": tuple(topics), "language": language})
    parsing = question_pipeline(curriculum)
    ranker = Ranker(lines.made(curriculum, parsing.parse))
    rows = [*messages, *taken]
    features = np.stack([ranker.look(parsing.parse(text)).features for text, _, _ in rows])
    asked, home = (np.array(column) for column in list(zip(*rows, strict=True))[1:])
    return Draw(features, asked, home, tuple(topic.id for topic in topics), range(first, len(topics)), weight)


def draws(known: Curriculum, chosen: Sequence[Subject]) -> Iterator[Draw]:
    """All draws of those topics and of the seven."""
    for seed in range(_ALONE):
        rng = random.Random(seed)
        left = rng.sample(list(chosen), len(chosen))
        while left:
            size = rng.choice(_TOPICS)
            yield _drawn(known, left[:size], False, rng)
            left = left[size:]
    for seed in range(_BESIDE):
        rng = random.Random(100 + seed)
        mixed = rng.sample(list(chosen), len(chosen))
        for half in (mixed[::2], mixed[1::2]):
            yield _drawn(known, half, True, rng)
    for seed in range(_CUT):
        yield _cut(known, random.Random(200 + seed))


def pairs(found: Sequence[Draw], without: frozenset[str] = frozenset()) -> tuple[Floats, Ints, Floats]:
    """Of every message with every young topic the features, whether it asks it, and how much that counts; but none
    with or about the topics `without`."""
    rows, right, weights = [], [], []
    for draw in found:
        left_out = np.array([name in without for name in draw.names] + [False])
        kept = ~left_out[draw.home]
        for topic in (topic for topic in draw.young if not left_out[topic]):
            asks = draw.asked[kept] == topic
            hard = (draw.home[kept] == topic) & ~asks
            rows.append(draw.features[kept, topic])
            right.append(asks)
            weights.append(draw.weight * np.where(asks, _RIGHT, np.where(hard, _HARD, 1.0)))
    return np.concatenate(rows), np.concatenate(right), np.concatenate(weights)


def fitted(found: Sequence[Draw], without: frozenset[str] = frozenset()) -> Floats:
    """The weight of every feature, 0 where it would have the wrong sign, and the constant last."""
    rows, right, weights = pairs(found, without)
    return fitted_with_signs(rows, right, weights, np.array(list(FEATURES.values())), _RIDGE)


def fitted_with_signs(rows: Floats, right: Ints, weights: Floats, signs: Ints, ridge: float) -> Floats:
    """The weight of every column, 0 where it would have another than its sign, and the constant last."""
    mean, spread = rows.mean(0), rows.std(0) + 1e-9
    scaled, kept = (rows - mean) / spread, np.ones(len(signs), dtype=bool)
    while True:
        coefficients = np.zeros(len(signs))
        *coefficients[kept], constant = fit_logistic(scaled[:, kept], right.astype(bool), weights, ridge)
        wrong = -coefficients * signs
        if wrong.max() <= 0:
            break
        kept &= wrong < wrong.max() / 2
    return np.append(coefficients / spread, constant - (coefficients / spread) @ mean)


def write(weights: Floats, file: Path) -> None:
    """Write weights, with the constant last, as the ranker reads them."""
    kept = dict(zip((*FEATURES, CONSTANT), (round(weight, 4) for weight in weights.tolist()), strict=True))
    file.write_text(json.dumps(kept, indent=2) + "\n", "utf-8")


def run(knowledge: Path) -> int:
    """Fits, and writes the module of the numbers; the exit status."""
    found = list(draws(load(knowledge, kinds=Kinds()), subjects()))
    weights = fitted(found)
    write(weights, WEIGHTS)
    print(f"{len(found)} draws, {sum(len(draw.asked) for draw in found)} messages: {WEIGHTS} is written")
    return 0
