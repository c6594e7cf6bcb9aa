"""Lines of more topics beside those of a curriculum that is indexed already, as a server has that adds its own.

What is large is shared: the lines of the curriculum keep their index, and only the new ones get one, which is small.
How rare a token is, is counted over both, so that a message is compared with all lines as if they had been indexed
together (but for rounding).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.curriculum.model import Curriculum, Language, Topic
from bot.matching.lines import KINDS, Lines, counted, made
from bot.matching.regression import Floats, Ints, Singles
from bot.matching.text_index import Index, Overlap, Places, TextIndex, held
from bot.text.pipeline import Parse, ParsedText

_NOWHERE = -1
_NOBODYS = -1  # what nobody asks, as `Lines.stored_as` has it
_SHORT = np.int16  # holds the groups of 8,000 topics


class SmallIndex:
    """An index like `TextIndex` of few texts, a tenth of its size: of its tokens only hashes are kept."""

    def __init__(self, hashes: Ints, starts: Places, texts: NDArray[Any], held: Singles, count: int) -> None:
        """Take the entries as `TextIndex` does, of tokens in the order of their hashes. `held` says for how much the
        texts count that have each."""
        self.hashes, self.starts, self.texts, self.held, self.count = hashes, starts, texts, held, count

    @classmethod
    def of(cls, index: TextIndex, counts: Floats) -> "SmallIndex":
        """Return a small index of the same texts; `counts` say for how much each counts."""
        hashes = np.fromiter(map(hash, index.tokens), np.int64, len(index.tokens))
        order = np.argsort(hashes)
        sizes = np.diff(index.starts)[order]
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
        spans = [index.texts[index.starts[number] : index.starts[number + 1]] for number in order.tolist()]
        texts = np.concatenate([index.texts[:0], *spans]).astype(_narrow(index.count))
        return cls(hashes[order], starts, texts, held(starts, texts, counts).astype(np.float32), index.count)

    def places(self, tokens: Sequence[str]) -> Ints:
        """Return the place of each token, -1 of one that no text has."""
        if not len(self.hashes):
            return np.full(len(tokens), _NOWHERE)
        wanted = np.fromiter(map(hash, tokens), np.int64, len(tokens))
        places = self.hashes.searchsorted(wanted)
        return np.where(self.hashes.take(places, mode="clip") == wanted, places, _NOWHERE)

    def having(self, place: int) -> NDArray[Any]:
        """Return the numbers of the texts that have the token in that place, in order."""
        return self.texts[self.starts[place] : self.starts[place + 1]]

    def sums(self, places: Ints, weights: Floats) -> Floats:
        """Return for every text the weights of those of the tokens that it has; -1 is none."""
        here = places >= 0
        places, weights = places[here], weights[here]
        if not len(places):
            return np.zeros(self.count)
        entries = np.concatenate([self.having(place) for place in places.tolist()])
        each = np.repeat(weights, self.starts[places + 1] - self.starts[places])
        sums: Floats = np.bincount(entries, each, minlength=self.count).astype(np.float64, copy=False)
        return sums

    def grouped(self, group: Ints, count: int) -> "SmallIndex":
        """Return an index as `TextIndex.grouped` does."""
        owners = group[self.texts]
        kept = owners >= 0
        numbers = np.repeat(np.arange(len(self.hashes)), np.diff(self.starts))[kept]
        pairs = np.unique(numbers * count + owners[kept])
        starts = np.searchsorted(pairs // max(1, count), np.arange(len(self.hashes) + 1)).astype(np.int32)
        return SmallIndex(self.hashes, starts, (pairs % max(1, count)).astype(_narrow(count)), self.held, count)


def _narrow(count: int) -> type[np.generic]:
    """The smallest sort of number that tells so many texts apart."""
    return np.uint16 if count <= 1 << 16 else np.int32


@dataclass(frozen=True, slots=True)
class Rarities:
    """How rare each token is in the texts of two indexes together."""

    base: TextIndex
    held: Floats  # of the base, for each token
    more: SmallIndex
    texts: float  # for how much all texts count

    def of(self, numbers: Ints, places: Ints) -> Floats:
        """Return the rarity of tokens by their numbers in the base and their places in the other; -1 is none."""
        have = np.where(numbers >= 0, self.held.take(numbers, mode="clip") if len(self.held) else 0.0, 0.0)
        have += np.where(places >= 0, self.more.held.take(places, mode="clip") if len(self.more.held) else 0.0, 0.0)
        return np.log(1 + self.texts / np.maximum(have, 1e-9))

    def of_all(self) -> tuple[Floats, Floats]:
        """Return the rarities of all tokens of the base, and of all of the other."""
        hashes = np.fromiter(map(hash, self.base.tokens), np.int64, len(self.base.tokens))
        have = self.held.copy()
        beside = self.more.held.astype(np.float64)
        if len(self.more.hashes):
            places = self.more.hashes.searchsorted(hashes)
            both = np.flatnonzero(self.more.hashes.take(places, mode="clip") == hashes)
            have[both] += self.more.held[places[both]]
            beside[places[both]] = have[both]
        return np.log(1 + self.texts / np.maximum(have, 1e-9)), np.log(1 + self.texts / np.maximum(beside, 1e-9))


class ExtendedIndex:
    """A `TextIndex` and a small one as one index: the texts of the small one come after those of the other."""

    def __init__(self, base: TextIndex, more: SmallIndex, rarities: Rarities, unseen: float, lengths: Singles) -> None:
        """`unseen` is the rarity of a token that no text has, `lengths` are those of all texts (see `Overlap`)."""
        self._base, self._more, self._rarities = base, more, rarities
        self.unseen, self._lengths, self.count = unseen, lengths, base.count + more.count

    @classmethod
    def of(cls, base: TextIndex, have: Floats, more: TextIndex, counts: Floats, texts: float) -> "ExtendedIndex":
        """Return the index of both.

        `have` says of each token of the base for how much the texts count that have it, `counts` for how much each text
        counts that is added, `texts` for how much all do.
        """
        small = SmallIndex.of(more, counts)
        rarities = Rarities(base, have, small, texts)
        rare, beside = rarities.of_all()
        lengths = [_lengths(base.starts, base.texts, rare, base.count)]
        lengths.append(_lengths(small.starts, small.texts, beside, small.count))
        unseen = max(rare.max(initial=0.0), beside.max(initial=0.0)) or 1.0
        return cls(base, small, rarities, float(unseen), np.concatenate(lengths).astype(np.float32))

    def overlap(self, tokens: Iterable[str]) -> Overlap:
        """Return what a message of those tokens shares with every text."""
        mine = list(dict.fromkeys(tokens))
        numbers, places = self._numbers(mine), self._more.places(mine)
        known = (numbers >= 0) | (places >= 0)
        squares = self._rarities.of(numbers, places) ** 2
        total = float(squares[known].sum()) + (len(mine) - int(known.sum())) * self.unseen**2
        return Overlap(self._sums(numbers, places, squares), total, self._lengths)

    def shares(self, weights: Mapping[str, float]) -> Floats:
        """Return for every text the weights of those of the tokens that it has."""
        tokens = list(weights)
        each = np.fromiter(weights.values(), np.float64, len(tokens))
        return self._sums(self._numbers(tokens), self._more.places(tokens), each)

    def rare(self, token: str) -> float:
        """Return the rarity of a token; that of the rarest where no text has it."""
        numbers, places = self._numbers([token]), self._more.places([token])
        seen = numbers[0] >= 0 or places[0] >= 0
        return float(self._rarities.of(numbers, places)[0]) if seen else self.unseen

    def having(self, token: str) -> Places:
        """Return the numbers of the texts that have a token, in order."""
        place = int(self._more.places([token])[0])
        more = self._more.having(place) if place >= 0 else self._more.texts[:0]
        return np.concatenate([self._base.having(token), more.astype(np.int32) + self._base.count])

    def __contains__(self, token: str) -> bool:
        return token in self._base or self._more.places([token])[0] >= 0

    def grouped(self, group: Ints, count: int, base: Index | None = None) -> "ExtendedIndex":
        """Return an index in which a text is all texts of a group together, of groups of the texts that were added.
        Before these stand those of `base`, which is such an index of the other texts."""
        assert isinstance(base, TextIndex)  # noqa: S101 - whoever extends has it
        more = self._more.grouped(group, count)
        return ExtendedIndex(base, more, self._rarities, self.unseen, self._lengths[:0])

    def _numbers(self, tokens: Sequence[str]) -> Ints:
        known = self._base.numbers
        return np.fromiter((known.get(token, _NOWHERE) for token in tokens), np.int64, len(tokens))

    def _sums(self, numbers: Ints, places: Ints, weights: Floats) -> Floats:
        here = numbers >= 0
        base = self._base.sums(numbers[here].tolist(), weights[here].tolist())
        return np.concatenate([base, self._more.sums(places, weights)])


def _lengths(starts: Places, texts: NDArray[Any], rarity: Floats, count: int) -> Floats:
    squares = np.bincount(texts, np.repeat(rarity**2, np.diff(starts)), minlength=count)
    return np.maximum(np.sqrt(squares), 1e-9)


@dataclass(frozen=True, eq=False)
class ExtendedLines(Lines):
    """The lines of a curriculum, and after them those of more topics, whose numbers follow on its topics.

    `focus`, `stored` and `stored_as` are those of the lines that were added.
    """

    base: Lines

    def provided(self, rows: Ints) -> NDArray[np.uint8]:
        """Return of the lines in those rows what `focus` has of them."""
        first = len(self.base.groups)
        found = np.empty((len(rows), self.focus.shape[1]), dtype=np.uint8)
        known = rows < first
        found[known], found[~known] = self.base.focus[rows[known]], self.focus[rows[~known] - first]
        return found

    def as_stored(self, parsed: ParsedText) -> int | None:
        """Return what is known of a message that says the same as a stored line: what is asked before what is declined,
        and that before what nobody asks; of two topics the first counts."""
        known, more = self.base.as_stored(parsed), super().as_stored(parsed)
        if known is None or more is None:
            return more if known is None else known
        return known if known >= 0 or more < 0 else more


def extended(base: Lines, topics: Sequence[Topic], parse: Parse) -> ExtendedLines:
    """Return the lines of a curriculum with those of more topics, which `parse` reads."""
    more = made(Curriculum(topics=tuple(topics), language=Language()), parse)
    counts = counted(more.groups)
    texts = float(counted(base.groups).sum() + counts.sum())

    def both(name: str) -> ExtendedIndex:
        return ExtendedIndex.of(getattr(base, name), base.held[name], getattr(more, name), counts, texts)

    nobodys = base.topics * KINDS
    groups = np.where(base.groups < nobodys, base.groups, base.groups + more.topics * KINDS)
    return ExtendedLines(
        base.topics + more.topics,
        both("words"),
        both("letters"),
        both("contents"),
        np.concatenate([groups, more.groups + nobodys]).astype(_SHORT),
        more.focus,
        (*base.name_words, *more.name_words),
        np.concatenate([base.name_owners, more.name_owners + base.topics]),
        more.stored,
        more.stored_as + np.where(more.stored_as >= 0, base.topics, -base.topics),
        base,
    )


def of_nobody(lines: Lines) -> Lines:
    """Return of lines those that are of no topic."""
    kept = lines.homes < 0
    groups = lines.groups[kept] - lines.topics * KINDS
    counts, stored = counted(groups), lines.stored_as == _NOBODYS

    def among(name: str) -> TextIndex:
        return _among(getattr(lines, name), kept, counts)

    return Lines(
        0,
        among("words"),
        among("letters"),
        among("contents"),
        groups,
        lines.focus[kept],
        (),
        lines.name_owners[:0],
        lines.stored[stored],
        lines.stored_as[stored],
    )


def _among(index: TextIndex, kept: NDArray[np.bool_], counts: Floats) -> TextIndex:
    """An index of some of its texts; `counts` say for how much each of those counts."""
    found = index.grouped(np.where(kept, np.cumsum(kept) - 1, -1), int(kept.sum()))
    have = held(found.starts, found.texts, counts)
    met = np.flatnonzero(have)
    tokens = tuple(found.tokens[number] for number in met.tolist())
    starts = np.append(found.starts[met], found.starts[-1:]).astype(np.int32)
    return TextIndex(tokens, starts, found.texts, np.log(1 + counts.sum() / have[met]), found.count)
