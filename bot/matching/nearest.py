"""The nearest phrasings to a message, and what can be recognised by them alone, without fitting anything."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from rapidfuzz import fuzz

from bot.curriculum.model import Curriculum
from bot.matching.classifiers import PartTerms
from bot.matching.decision import NearestPhrasing
from bot.matching.examples import ANY, NOBODY, examples
from bot.matching.regression import Floats, Ints
from bot.text.pipeline import ParsedText, TextPipeline

_CANDIDATES = 12
_MOST_ENTRIES = 30_000  # postings looked through for one message, the rarest words first
_MOST_TOKENS = 60
_WORDS, _LETTERS = 0.6, 0.4  # how much shared rare words and the spelling of the whole count for likeness
# How alike to a topic's nearest ask a message must be, and how much more so than to anything else, to be asking it:
# fitted once on held-out asks of the seven topics that ship. To fit again: logistic regression of "asks this topic" on
# the two, over pairs of a held-out ask and each topic.
_ALIKE, _AHEAD, _OFFSET = 9.0, 6.0, -4.6
_MOST_AHEAD = 0.3
_CHANCE_LIKENESS = 0.3  # two texts that have nothing to do with each other are this alike
_VAGUE = 0.3  # likeness to the nearest phrasing under which a message is about something else
_SHORT = 8  # words; what only the last answer explains is said in few
_NAMED = 0.6  # how likely a short message that names a part follows up the topic


class Index:
    """Finds phrasings: candidates by shared rare words out of an inverted index, then ranked by rapidfuzz."""

    def __init__(self, phrasings: Sequence[ParsedText]) -> None:
        postings: dict[str, list[int]] = defaultdict(list)
        self._tokens = [_tokens(each) for each in phrasings]
        for i, each in enumerate(self._tokens):
            for token in each:
                postings[token].append(i)
        count = max(1, len(phrasings))
        self._rarity = {token: float(np.log(1 + count / len(rows))) for token, rows in postings.items()}
        self._postings = {token: np.array(rows, dtype=np.int32) for token, rows in postings.items()}
        self._unseen = float(np.log(1 + count))
        self._sizes = np.array([self._weight(each) for each in self._tokens])
        self._texts = [" ".join(each.stems[:_MOST_TOKENS]) for each in phrasings]

    def nearest(self, parsed: ParsedText) -> list[tuple[int, float]]:
        """Return the numbers of the nearest phrasings and how alike they are (0 to 1), best first."""
        mine = _tokens(parsed)
        rows, shared = self._candidates(mine)
        if not len(rows):
            return []
        alike = 2 * shared / (self._weight(mine) + self._sizes[rows])
        best = np.argsort(-alike, kind="stable")[:_CANDIDATES]
        text = " ".join(parsed.stems[:_MOST_TOKENS])
        ranked = []
        for i in best:
            spelt = fuzz.token_sort_ratio(text, self._texts[rows[i]]) / 100
            ranked.append((int(rows[i]), _WORDS * float(alike[i]) + _LETTERS * spelt))
        return sorted(ranked, key=lambda pair: (-pair[1], pair[0]))

    def shared(self, parsed: ParsedText, row: int) -> list[tuple[str, float]]:
        """Return what a message shares with a phrasing, and how rare that is, the rarest first."""
        theirs = set(self._tokens[row])
        both = [(token, self._rarity[token]) for token in _tokens(parsed) if token in theirs]
        return sorted(both, key=lambda pair: (-pair[1], pair[0]))

    def _candidates(self, mine: list[str]) -> tuple[Ints, Floats]:
        """The phrasings that share a word with the message, and the weight of what they share."""
        known = sorted((token for token in mine if token in self._postings), key=lambda t: (-self._rarity[t], t))
        taken: list[str] = []
        entries = 0
        for token in known:
            entries += len(self._postings[token])
            if taken and entries > _MOST_ENTRIES:
                break
            taken.append(token)
        if not taken:
            return np.empty(0, dtype=np.int64), np.empty(0)
        rows = np.concatenate([self._postings[token] for token in taken])
        weights = np.repeat([self._rarity[t] for t in taken], [len(self._postings[t]) for t in taken])
        unique, inverse = np.unique(rows, return_inverse=True)
        return unique.astype(np.int64), np.bincount(inverse, weights).astype(np.float64)

    def _weight(self, these: list[str]) -> float:
        return sum(self._rarity.get(token, self._unseen) for token in these)


def _tokens(parsed: ParsedText) -> list[str]:
    """The distinct stems and concepts of a message, in the order met."""
    return list(dict.fromkeys([*parsed.stems[:_MOST_TOKENS], *parsed.concepts[:_MOST_TOKENS]]))


class PhrasingIndex:
    """The phrasings of a curriculum, to look the nearest up: for explaining a decision."""

    def __init__(self, curriculum: Curriculum, pipeline: TextPipeline) -> None:
        self._examples = examples(curriculum)
        self._topics = [topic.id for topic in curriculum.topics]
        self._index = Index([pipeline.parse(each.text) for each in self._examples])

    def nearest(self, parsed: ParsedText) -> NearestPhrasing | None:
        """Return the phrasing nearest to a message, or None where no word is shared."""
        found = self._index.nearest(parsed)
        if not found:
            return None
        row, alike = found[0]
        topic = self._examples[row].topic
        return NearestPhrasing(self._examples[row].text, self._topics[topic] if topic >= 0 else None, alike)


class NearestModel:
    """Recognises by the nearest phrasing alone: for a curriculum with too little to learn from, or too many topics to
    learn fast. See `bot.matching.fitted_model.Model`."""

    def __init__(self, curriculum: Curriculum, pipeline: TextPipeline) -> None:
        asked = [each for each in examples(curriculum) if not each.follows]
        later = [each for each in examples(curriculum) if each.follows]
        self._owners = [each.topic for each in asked]
        self._index = Index([pipeline.parse(each.text) for each in asked])
        self._followed = [each.topic for each in later]
        self._follow_ups = Index([pipeline.parse(each.text) for each in later])
        self._count = len(curriculum.topics)
        self._parts = [PartTerms(topic, pipeline) for topic in curriculum.topics]

    def chances(self, parsed: ParsedText) -> Floats:
        """Return for every topic the probability that it is asked."""
        alike: dict[int, float] = {}
        for row, score in self._index.nearest(parsed):
            alike.setdefault(self._owners[row], score)
        found = np.zeros(self._count)
        for owner, score in alike.items():
            rival = max((other for who, other in alike.items() if who != owner), default=0.0)
            ahead = min(score - max(rival, _CHANCE_LIKENESS), _MOST_AHEAD)
            if owner != NOBODY:
                found[owner] = 1 / (1 + np.exp(-(_ALIKE * score + _AHEAD * ahead + _OFFSET)))
        return found

    def parts(self, topic: int, parsed: ParsedText) -> tuple[str, ...]:
        """Return the parts of a topic that a message is after, the likeliest first."""
        return self._parts[topic].named(parsed)

    def named(self, topic: int, parsed: ParsedText) -> tuple[str, ...]:
        """Return the parts of a topic of which a term stands in the message, in the order found."""
        return self._parts[topic].named(parsed)

    def follows(self, parsed: ParsedText, alone: Floats, topic: int) -> float:
        """Return how likely a message follows up that topic."""
        near = [score for row, score in self._follow_ups.nearest(parsed) if self._followed[row] in (topic, ANY)]
        named = len(parsed.words) <= _SHORT and bool(self._parts[topic].named(parsed))
        return max(*near, _NAMED * named, 0.0) if near else _NAMED * named

    def foreign(self, parsed: ParsedText) -> bool:
        """Return whether a message is surely about something else, and not just vague."""
        return all(score < _VAGUE for _, score in self._index.nearest(parsed))

    def counted(self, parsed: ParsedText, topic: int) -> list[tuple[str, float]]:
        """Return what in the message spoke for a topic: the rare words that it shares with the topic's nearest ask."""
        row = next((row for row, _ in self._index.nearest(parsed) if self._owners[row] == topic), None)
        return [] if row is None else self._index.shared(parsed, row)
