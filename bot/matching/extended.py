"""Lines of more topics beside those of a curriculum that is indexed already, as a server has that adds its own.

What is large is shared: the lines of the curriculum keep their index, and only the new ones get one, which is small.
How rare a token is, is counted over both, so that a message is compared with all lines as if they had been indexed
together (but for rounding).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.curriculum.model import Curriculum, Language, Topic
from bot.matching.lines import KINDS, Lines, counted, made, ordered, unsure
from bot.matching.regression import Floats, Ints, Singles
from bot.matching.text_index import Index, Overlap, Places, TextIndex, held
from bot.text.pipeline import ParsedText, TextPipeline

_NOWHERE = -1
_NOBODYS = -1  # what nobody asks, as `Lines.stored_as` has it
_SHORT = np.int16  # holds the groups of 8,000 topics


class SmallIndex:
    """An index like `TextIndex` of few texts, a tenth of its size: of its tokens only hashes are kept."""

    def __init__(self, hashes: Ints, starts: NDArray[Any], texts: NDArray[Any], count: int) -> None:
        """Take the entries as `TextIndex` does, of tokens in the order of their hashes."""
        self.hashes, self.count = hashes, count
        self.starts = starts.astype(np.min_scalar_type(len(texts)), copy=False)
        self.texts = texts.astype(np.min_scalar_type(count), copy=False)

    @classmethod
    def of(cls, index: Index) -> "SmallIndex":
        """Return a small index of the same texts; that of the added ones where some were added."""
        if isinstance(index, ExtendedIndex):
            return index.more
        assert isinstance(index, TextIndex)  # noqa: S101 - there is no third
        hashes = np.fromiter(map(hash, index.tokens), np.int64, len(index.tokens))
        each = np.repeat(hashes, np.diff(index.starts))
        order = np.argsort(each, kind="stable")
        return cls._of_entries(each[order], index.texts[order], index.count)

    @classmethod
    def _of_entries(cls, each: Ints, texts: NDArray[Any], count: int) -> "SmallIndex":
        """Take the hash of the token of each entry, in order."""
        starts = np.flatnonzero(np.diff(each, prepend=each[:1] - 1))
        return cls(each[starts], np.append(starts, len(each)), texts, count)

    def merged(self, mine: Ints, other: "SmallIndex", others: Ints) -> "SmallIndex":
        """Return an index of texts of this one and of all of another. `mine` and `others` are their numbers in it, -1
        for one that is left out."""
        each = np.concatenate([np.repeat(one.hashes, np.diff(one.starts)) for one in (self, other)])
        texts = np.concatenate([mine[self.texts], others[other.texts]])
        each, texts = each[texts >= 0], texts[texts >= 0]
        order = np.lexsort((texts, each))
        return SmallIndex._of_entries(each[order], texts[order], int((mine >= 0).sum()) + len(others))

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
        starts = np.searchsorted(pairs // max(1, count), np.arange(len(self.hashes) + 1))
        return SmallIndex(self.hashes, starts, pairs % max(1, count), count)


@dataclass(frozen=True, slots=True)
class Rarities:
    """How rare each token is in the texts of two indexes together."""

    base: TextIndex
    held: Floats  # of the base, for each token for how much the texts count that have it
    more: SmallIndex
    amounts: Singles  # the different ones of the other, which are few
    beside: NDArray[Any]  # and of each token of it which of them the texts count that have it
    texts: float  # for how much all texts count

    def of(self, numbers: Ints, places: Ints) -> Floats:
        """Return the rarity of tokens by their numbers in the base and their places in the other; -1 is none."""
        have = np.where(numbers >= 0, self.held.take(numbers, mode="clip") if len(self.held) else 0.0, 0.0)
        if len(self.beside):
            have += np.where(places >= 0, self.amounts[self.beside.take(places, mode="clip")], 0.0)
        return np.log(1 + self.texts / np.maximum(have, 1e-9))

    def of_all(self) -> tuple[Floats, Floats]:
        """Return the rarities of all tokens of the base, and of all of the other."""
        hashes = np.fromiter(map(hash, self.base.tokens), np.int64, len(self.base.tokens))
        have = self.held.copy()
        beside = self.amounts[self.beside].astype(np.float64)
        if len(self.more.hashes):
            places = self.more.hashes.searchsorted(hashes)
            both = np.flatnonzero(self.more.hashes.take(places, mode="clip") == hashes)
            have[both] += self.amounts[self.beside[places[both]]]
            beside[places[both]] = have[both]
        return np.log(1 + self.texts / np.maximum(have, 1e-9)), np.log(1 + self.texts / np.maximum(beside, 1e-9))


class ExtendedIndex:
    """A `TextIndex` and a small one as one index: the texts of the small one come after those of the other."""

    def __init__(self, base: TextIndex, more: SmallIndex, rarities: Rarities, unseen: float, lengths: Singles) -> None:
        """`unseen` is the rarity of a token that no text has, `lengths` are those of all texts (see `Overlap`)."""
        self._base, self._more, self._rarities = base, more, rarities
        self.unseen, self._lengths, self.count = unseen, lengths, base.count + more.count

    @property
    def more(self) -> SmallIndex:
        """The index of the texts that were added."""
        return self._more

    @classmethod
    def of(  # noqa: PLR0913 - what it is made of
        cls, base: TextIndex, have: Floats, small: SmallIndex, counts: Floats, texts: float, *, compares: bool = True
    ) -> "ExtendedIndex":
        """Return the index of both; it `compares` texts whole where the cosine of its overlaps is asked for.

        `have` says of each token of the base for how much the texts count that have it, `counts` for how much each text
        counts that is added, `texts` for how much all do.
        """
        amounts, beside = np.unique(held(small.starts, small.texts, counts).astype(np.float32), return_inverse=True)
        rarities = Rarities(base, have, small, amounts, beside.astype(np.min_scalar_type(len(amounts))), texts)
        rare, theirs = rarities.of_all()
        lengths = [np.empty(0)]
        if compares:
            lengths.append(_lengths(base.starts, base.texts, rare, base.count))
            lengths.append(_lengths(small.starts, small.texts, theirs, small.count))
        unseen = max(rare.max(initial=0.0), theirs.max(initial=0.0)) or 1.0
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
class Added:
    """The lines of topics that are added, as `Lines` has them, and those topics."""

    topics: Sequence[Topic]
    words: SmallIndex
    letters: SmallIndex
    contents: SmallIndex
    groups: Ints
    focus: NDArray[np.uint8]
    name_words: Sequence[str]
    name_owners: Ints
    stored: Ints
    stored_as: Ints
    unsure: Sequence[Sequence[str]]  # of each topic the words that may be put right, as others' words are known or not

    @classmethod
    def of(cls, topics: Sequence[Topic], pipeline: TextPipeline) -> "Added":
        """Return the lines of topics, as the pipeline reads them."""
        parse = cache(pipeline.parse)  # most are read more than once
        one = made(Curriculum(topics=tuple(topics), language=Language()), parse)
        return cls(
            topics,
            SmallIndex.of(one.words),
            SmallIndex.of(one.letters),
            SmallIndex.of(one.contents),
            one.groups,
            one.focus,
            one.name_words,
            one.name_owners,
            one.stored,
            one.stored_as,
            tuple(unsure(topic, pipeline) for topic in topics),
        )

    def among(self, topics: Sequence[Topic], kept: Mapping[int, int], other: "Added") -> "Added":
        """Return the lines of `topics`: of those of this one that are `kept`, by their numbers here with their numbers
        among all, and of all of another, which has the rest in order."""
        here, there = np.full(len(self.topics), -1), np.setdiff1d(np.arange(len(topics)), [*kept.values()])
        here[[*kept]] = [*kept.values()]
        groups = np.concatenate([_renumbered(self.groups, here), _renumbered(other.groups, there)])
        order = np.argsort(groups, kind="stable")
        order = order[groups[order] >= 0]
        place = np.full(len(groups), -1)
        place[order] = np.arange(len(order))
        mine, others = np.split(place, [len(self.groups)])
        owners = np.concatenate([here[self.name_owners], there[other.name_owners]])
        named = np.argsort(owners, kind="stable")
        names = [*self.name_words, *other.name_words]
        asked = np.concatenate([_asked_by(self.stored_as, here), _asked_by(other.stored_as, there)])
        stored = np.concatenate([self.stored, other.stored])[asked != _NOBODYS]
        words = [*other.unsure]
        for number, at in sorted(kept.items(), key=lambda pair: pair[1]):
            words.insert(at, self.unsure[number])
        return Added(
            topics,
            self.words.merged(mine, other.words, others),
            self.letters.merged(mine, other.letters, others),
            self.contents.merged(mine, other.contents, others),
            groups[order],
            np.concatenate([self.focus, other.focus])[order],
            tuple(names[number] for number in named.tolist() if owners[number] >= 0),
            owners[named][owners[named] >= 0],
            *ordered(stored, asked[asked != _NOBODYS]),
            words,
        )

    def read_otherwise(self, before: TextPipeline, now: TextPipeline) -> frozenset[int]:
        """Return the numbers of the topics of which the pipeline `now` may read something in another way than the one
        `before` did, by which they were read."""
        stems = now.differs_from(before)
        if stems is None:
            return frozenset(range(len(self.topics)))
        places = self.words.places([*stems])
        lines = [self.words.having(place) for place in places[places >= 0].tolist()]
        found = {int(group) // KINDS for of_stem in lines for group in self.groups[of_stem]}
        right = (before.speller.correct, now.speller.correct)
        found.update(k for k, words in enumerate(self.unsure) if any(right[0](one) != right[1](one) for one in words))
        return frozenset(found)


def _renumbered(groups: Ints, numbers: Ints) -> Ints:
    """The groups of lines where their topics have other numbers; -1 for those whose topic has none."""
    topics = numbers[groups // KINDS]
    return np.where(topics >= 0, topics * KINDS + groups % KINDS, -1)


def _asked_by(stored_as: Ints, numbers: Ints) -> Ints:
    """As what lines of topics are stored where those have other numbers; `_NOBODYS` for those whose topic has none."""
    topics = numbers[np.where(stored_as >= 0, stored_as, -2 - stored_as)]
    return np.where(topics < 0, _NOBODYS, np.where(stored_as >= 0, topics, -2 - topics))


@dataclass(frozen=True, eq=False)
class ExtendedLines(Lines):
    """The lines of a curriculum, and after them those of more topics, whose numbers follow on its topics.

    `focus`, `stored` and `stored_as` are those of the lines that were added.
    """

    base: Lines
    unsure: Sequence[Sequence[str]]  # see `Added`

    def added(self, topics: Sequence[Topic]) -> Added:
        """Return the lines that were added, which are those of `topics`."""
        first, known = len(self.base.groups), len(self.base.name_words)
        return Added(
            topics,
            SmallIndex.of(self.words),
            SmallIndex.of(self.letters),
            SmallIndex.of(self.contents),
            self.groups[first:].astype(np.int64) - self.base.topics * KINDS,
            self.focus,
            self.name_words[known:],
            self.name_owners[known:] - self.base.topics,
            self.stored,
            self.stored_as - np.where(self.stored_as >= 0, self.base.topics, -self.base.topics),
            self.unsure,
        )

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


def extended(
    base: Lines, topics: Sequence[Topic], pipeline: TextPipeline, before: tuple[Added, TextPipeline] | None = None
) -> ExtendedLines:
    """Return the lines of a curriculum with those of more topics, which the pipeline reads. `before` are such lines of
    other topics with the pipeline that has read them: what both have is not read again."""
    more = _of_some(topics, pipeline, *before) if before else Added.of(topics, pipeline)
    counts = counted(more.groups)
    texts = float(counted(base.groups).sum() + counts.sum())

    def both(name: str) -> ExtendedIndex:
        one, have, small = getattr(base, name), base.held[name], getattr(more, name)
        return ExtendedIndex.of(one, have, small, counts, texts, compares=name != "contents")

    nobodys = base.topics * KINDS
    groups = np.where(base.groups < nobodys, base.groups, base.groups + len(topics) * KINDS)
    return ExtendedLines(
        base.topics + len(topics),
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
        more.unsure,
    )


def _of_some(topics: Sequence[Topic], pipeline: TextPipeline, before: Added, by: TextPipeline) -> Added:
    """The lines of topics, of which some were read before by the pipeline `by`."""
    otherwise = before.read_otherwise(by, pipeline)
    numbers = {id(topic): number for number, topic in enumerate(before.topics) if number not in otherwise}
    kept = {numbers[id(topic)]: at for at, topic in enumerate(topics) if id(topic) in numbers}
    return before.among(topics, kept, Added.of([one for one in topics if id(one) not in numbers], pipeline))


def of_nobody(lines: Lines) -> Lines:
    """Return of lines those that are of no topic."""
    kept = lines.homes < 0
    groups = lines.groups[kept] - lines.topics * KINDS
    counts = counted(groups)
    stored = (lines.stored_as == _NOBODYS) & (np.diff(lines.stored, prepend=lines.stored[:1] - 1) != 0)

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
