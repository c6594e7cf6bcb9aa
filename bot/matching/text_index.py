"""An inverted index of short texts: how alike a message is to each of them, by tokens weighted by how rare they are.

Texts are lists of tokens (words, or runs of letters); all that is kept are arrays, so that an index of some hundred
thousand texts is small, and loads in a moment where it was made before.
"""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.matching.regression import Floats, Ints, Singles

Places = NDArray[np.int32]

_MOST_ENTRIES = 400_000  # looked through for one message, the rarest tokens first: a bound on time
_SMALL = 400_000  # places of a table of all tokens and texts up to which it is kept, as it is quicker to add up


@dataclass(frozen=True, slots=True)
class Overlap:
    """What a message shares with every text of an index."""

    shared: Floats  # for each text the squared rarities of the tokens that both have
    total: float  # the squared rarities of all tokens of the message
    lengths: Floats | Singles  # of each text: the root of its squared rarities

    def cosine(self, rows: Ints | slice = slice(None)) -> Floats:
        """Return how alike the message is to the texts in those rows, 0 to 1."""
        found: Floats = self.shared[rows] / (self.lengths[rows] * max(self.total, 1e-9) ** 0.5)
        return found


class Index(Protocol):
    """What finds texts by their tokens; see `TextIndex`."""

    unseen: float
    count: int

    def overlap(self, tokens: Iterable[str]) -> Overlap: ...
    def shares(self, weights: Mapping[str, float]) -> Floats: ...
    def rare(self, token: str) -> float: ...
    def having(self, token: str) -> Places: ...
    def grouped(self, group: Ints, count: int, base: "Index | None" = None) -> "Index": ...


class TextIndex:
    """An index of which every token is kept."""

    def __init__(  # noqa: PLR0913 - what is kept of it
        self,
        tokens: Sequence[str],
        starts: Places,
        texts: Places,
        rarity: Floats,
        count: int,
        *,
        numbers: Mapping[str, int] | None = None,
    ) -> None:
        """Take the entries, token by token: of the token numbered `t` those from `starts[t]` to `starts[t + 1]`, each
        the number of a text that has it. `rarity` is that of each token, `count` how many texts there are. `numbers`
        are those of the tokens, where they have been counted before."""
        self.tokens, self.starts, self.texts, self.rarity, self.count = tokens, starts, texts, rarity, count
        self.numbers = {token: i for i, token in enumerate(tokens)} if numbers is None else numbers
        # As quick to look one up in as lists, and a quarter of the size.
        self._bounds = array("q", starts.astype(np.int64).tobytes())
        self._squares = array("d", (rarity**2).tobytes())
        self.unseen = float(rarity.max(initial=1.0))
        sizes = np.diff(starts)
        squares = np.bincount(texts, np.repeat(rarity**2, sizes), minlength=count)
        self._lengths = np.maximum(np.sqrt(squares), 1e-9)
        self._table = _table(starts, texts, count) if len(tokens) * count <= _SMALL else None

    def overlap(self, tokens: Iterable[str]) -> Overlap:
        """Return what a message of those tokens shares with every text."""
        mine = list(dict.fromkeys(tokens))
        numbers = list(map(self.numbers.__getitem__, filter(self.numbers.__contains__, mine)))
        squares = [self._squares[number] for number in numbers]
        total = sum(squares) + (len(mine) - len(numbers)) * self.unseen**2
        return Overlap(self.sums(numbers, squares), total, self._lengths)

    def shares(self, weights: Mapping[str, float]) -> Floats:
        """Return for every text the weights of those of the tokens that it has."""
        known = self.numbers
        found = [(known[token], weight) for token, weight in weights.items() if token in known]
        return self.sums([number for number, _ in found], [weight for _, weight in found])

    def rare(self, token: str) -> float:
        """Return the rarity of a token; that of the rarest where no text has it."""
        number = self.numbers.get(token)
        return self.unseen if number is None else float(self.rarity[number])

    def having(self, token: str) -> Places:
        """Return the numbers of the texts that have a token, in order."""
        number = self.numbers.get(token)
        return self.texts[:0] if number is None else self.texts[self._bounds[number] : self._bounds[number + 1]]

    def __contains__(self, token: str) -> bool:
        return token in self.numbers

    def grouped(self, group: Ints, count: int, _: Index | None = None) -> "TextIndex":
        """Return an index in which a text is all texts of a group together; those whose group is below 0 are left out.

        Tokens keep their rarity.
        """
        owners = group[self.texts]
        kept = owners >= 0
        numbers = np.repeat(np.arange(len(self.tokens)), np.diff(self.starts))[kept]
        pairs = np.unique(numbers * count + owners[kept])
        starts = np.searchsorted(pairs // max(1, count), np.arange(len(self.tokens) + 1)).astype(np.int32)
        texts = (pairs % max(1, count)).astype(np.int32)
        return TextIndex(self.tokens, starts, texts, self.rarity, count, numbers=self.numbers)

    def sums(self, numbers: Sequence[int], weights: Sequence[float]) -> Floats:
        """Return for every text the weights of those of the tokens, given by their numbers, that it has."""
        if not numbers:
            return np.zeros(self.count)
        if self._table is not None:
            small: Floats = np.array(weights) @ self._table[numbers]
            return small
        bounds = self._bounds
        spans = [(bounds[n], bounds[n + 1]) for n in numbers]
        sizes = [end - start for start, end in spans]
        if sum(sizes) > _MOST_ENTRIES:
            kept = _rarest(sizes)
            spans, sizes = [spans[i] for i in kept], [sizes[i] for i in kept]
            weights = [weights[i] for i in kept]
        entries = np.concatenate([self.texts[start:end] for start, end in spans])
        each = np.repeat(np.array(weights, dtype=np.float64), sizes)
        sums: Floats = np.bincount(entries, each, minlength=self.count).astype(np.float64, copy=False)
        return sums


def held(starts: Places, texts: NDArray[Any], counts: Floats) -> Floats:
    """Return for each token of an index for how much the texts count that have it."""
    numbers = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    found: Floats = np.bincount(numbers, counts[texts], minlength=len(starts) - 1).astype(np.float64, copy=False)
    return found


def _table(starts: Places, texts: Places, count: int) -> NDArray[np.uint8]:
    """Tokens x texts: 1 where the text has the token."""
    found = np.zeros((len(starts) - 1, count), dtype=np.uint8)
    found[np.repeat(np.arange(len(starts) - 1), np.diff(starts)), texts] = 1
    return found


def _rarest(sizes: Sequence[int]) -> list[int]:
    """The places of those tokens with the fewest entries that together have few enough; at least one."""
    order = np.argsort(sizes, kind="stable")
    few = max(1, int((np.cumsum(np.array(sizes)[order]) <= _MOST_ENTRIES).sum()))
    return sorted(order[:few].tolist())


class IndexMaker:
    """Collects texts for an index."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._of, self._at, self._counts = array("i"), array("i"), array("d")

    def add(self, tokens: Iterable[str], count: float = 1.0) -> None:
        """Add a text; `count` is how much it says about how common its tokens are."""
        numbers = self._numbers
        mine = dict.fromkeys(tokens)
        self._of.extend([numbers.setdefault(token, len(numbers)) for token in mine])
        self._at.extend([len(self._counts)] * len(mine))
        self._counts.append(count)

    def made(self) -> TextIndex:
        """Return the index. How rare a token is: the logarithm of 1 + texts / texts that have it."""
        of, at = np.frombuffer(self._of, np.int32), np.frombuffer(self._at, np.int32)
        counts = np.frombuffer(self._counts, np.float64)
        held = np.bincount(of, counts[at], minlength=len(self._numbers)) if len(of) else np.empty(0)
        rarity = np.log(1 + counts.sum() / np.maximum(held, 1e-9))
        order = np.argsort(of, kind="stable")
        starts = np.searchsorted(of[order], np.arange(len(self._numbers) + 1)).astype(np.int32)
        return TextIndex(tuple(self._numbers), starts, at[order].astype(np.int32), rarity, len(counts))


def as_arrays(index: TextIndex) -> Mapping[str, NDArray[np.generic] | Sequence[str]]:
    """Return what `TextIndex` is made of, by the names of its arguments, but `count`."""
    return {"tokens": index.tokens, "starts": index.starts, "texts": index.texts, "rarity": index.rarity}
