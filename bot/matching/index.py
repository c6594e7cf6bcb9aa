"""The nearest phrasings to a message: candidates by shared rare words out of an inverted index, then ranked by
rapidfuzz."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from bot.matching.hearing import Heard

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_CANDIDATES = 12
_MOST_ENTRIES = 30_000  # postings looked through for one message, the rarest words first
_MOST_TOKENS = 60


class Index:
    """Finds phrasings by what was heard in them."""

    def __init__(self, heard: Sequence[Heard]) -> None:
        postings: dict[str, list[int]] = defaultdict(list)
        self._tokens = [tokens(each) for each in heard]
        for i, each in enumerate(self._tokens):
            for token in each:
                postings[token].append(i)
        count = max(1, len(heard))
        self._rarity = {token: float(np.log(1 + count / len(rows))) for token, rows in postings.items()}
        self._postings = {token: np.array(rows, dtype=np.int32) for token, rows in postings.items()}
        self._unseen = float(np.log(1 + count))
        self._sizes = np.array([self._weight(each) for each in self._tokens])
        self._texts = [" ".join(each.stems[:_MOST_TOKENS]) for each in heard]

    def nearest(self, heard: Heard) -> list[tuple[int, float]]:
        """The numbers of the nearest phrasings and how alike they are (0 to 1), best first."""
        mine = tokens(heard)
        rows, shared = self._candidates(mine)
        if not len(rows):
            return []
        alike = 2 * shared / (self._weight(mine) + self._sizes[rows])
        best = np.argsort(-alike, kind="stable")[:_CANDIDATES]
        text = " ".join(heard.stems[:_MOST_TOKENS])
        ranked = []
        for i in best:
            spelt = fuzz.token_sort_ratio(text, self._texts[rows[i]]) / 100
            ranked.append((int(rows[i]), 0.6 * float(alike[i]) + 0.4 * spelt))
        return sorted(ranked, key=lambda pair: (-pair[1], pair[0]))

    def shared(self, heard: Heard, row: int) -> list[tuple[str, float]]:
        """What a message shares with a phrasing, and how rare that is, the rarest first."""
        theirs = set(self._tokens[row])
        both = [(token, self._rarity[token]) for token in tokens(heard) if token in theirs]
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


def tokens(heard: Heard) -> list[str]:
    """The distinct stems and concepts of a message, in the order heard."""
    return list(dict.fromkeys([*heard.stems[:_MOST_TOKENS], *heard.names[:_MOST_TOKENS]]))
