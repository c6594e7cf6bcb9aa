"""Features of what is heard: words, neighbouring words, letters within words, concepts, pairs of concepts, and words
beside concepts.

Every feature is a whole number within its family, so that a message becomes numbers with a handful of numpy calls.
"""

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import numpy as np

from bot.matching.hearing import Heard
from bot.matching.regression import Floats, Ints, Sparse, rounded
from bot.text.tokens import is_number, magnitude

# How much each family of features counts, chosen by cross-validation over the asks.
FAMILIES = {"word": 1.0, "next": 0.7, "letters": 1.0, "concept": 0.8, "pair": 1.0, "beside": 1.4}
_WEIGHTS = np.array(list(FAMILIES.values()))
_KIND, _HALF = 58, 29  # a key is its family, and below that one or two numbers of 29 bits
_NOTHING = np.empty(0, dtype=np.int64)
_MOST_WORDS = 120
_MOST_CONCEPTS = 30
_REMEMBERED = 50_000


class Coder:
    """Numbers for names, given out while learning; afterwards unknown names have none."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}
        self._letters: dict[str, Ints] = {}

    def learn(self, names: Sequence[str]) -> None:
        """Gives every new name a number."""
        for name in names:
            self.known.setdefault(name, len(self.known))

    def codes(self, names: Sequence[str]) -> list[int]:
        """The numbers of the names that have one."""
        known = self.known
        return [known[name] for name in names if name in known]

    def letters(self, word: str) -> Ints:
        """The numbers of the runs of letters in a word."""
        found = self._letters.get(word)
        if found is None:
            found = np.array(self.codes(runs(word)), dtype=np.int64)
            if len(self._letters) < _REMEMBERED:
                self._letters[word] = found
        return found


def runs(word: str) -> list[str]:
    """The runs of three to five letters in a word, its edges marked."""
    edged = f"<{word}>"
    return [edged[i : i + n] for n in (3, 4, 5) for i in range(len(edged) - n + 1)]


class Features:
    """Turns what is heard into columns and values of a sparse vector."""

    def __init__(self, heard: Sequence[Heard]) -> None:
        """Learns which features there are, and how rare, from `heard`: those that were met at least twice."""
        self._words, self._grams, self._names = Coder(), Coder(), Coder()
        self._words.learn(["^", "$", *{stem: 0 for each in heard for stem in each.stems}, *_SIZES])
        self._names.learn(list({name: 0 for each in heard for name in each.names}))
        self._grams.learn([run for word in {word: 0 for each in heard for word in each.words} for run in runs(word)])
        keys = [self._keys(each) for each in heard]
        flat = np.concatenate(keys) if keys else _NOTHING
        unique, inverse, counts = np.unique(flat, return_inverse=True, return_counts=True)
        often = counts >= 2
        self._known: Ints = unique[often]  # a feature's column is its place here
        self._rarity = np.log(1 + len(heard) / counts[often])
        self.count = len(self._known)
        kept = often[inverse]
        rows = np.repeat(np.arange(len(keys)), [len(each) for each in keys])[kept]
        columns = (np.cumsum(often) - 1)[inverse[kept]]
        self.learnt = Sparse(rows, columns, rounded(self._values(columns, rows)), (len(heard), self.count))
        self._ends = np.cumsum(np.bincount(rows, minlength=len(heard)))
        self._last: tuple[Heard, tuple[Ints, Floats]] | None = None

    def row(self, i: int) -> tuple[Ints, Floats]:
        """The columns and values of the text that was learnt from as number `i`."""
        part = slice(self._ends[i - 1] if i else 0, self._ends[i])
        return self.learnt.columns[part], self.learnt.values[part]

    def vector(self, heard: Heard) -> tuple[Ints, Floats]:
        """The columns and values of one message. Asked for the same again, it need not count again."""
        last = self._last
        if last is not None and last[0] is heard:
            return last[1]
        keys = self._keys(heard)
        places = self._known.searchsorted(keys)
        columns = places[self._known.take(places, mode="clip") == keys] if self.count else _NOTHING
        found = columns, self._values(columns)
        self._last = heard, found
        return found

    def names_of(self, columns: Ints) -> list[str]:
        """What the columns stand for, in words ("" for runs of letters): for explaining, not for speed."""
        words, names = list(self._words.known), list(self._names.known)
        tables = {"word": (words,), "next": (words, words), "concept": (names,), "pair": (names, names)}
        tables["beside"] = (names, words)
        found = []
        for key in self._known[columns].tolist():
            kind, code = list(FAMILIES)[key >> _KIND], key & ((1 << _KIND) - 1)
            codes = (code >> _HALF, code & ((1 << _HALF) - 1))[-len(tables.get(kind, ())) :]
            found.append(" + ".join(table[c] for table, c in zip(tables.get(kind, ()), codes, strict=False)))
        return found

    def _values(self, columns: Ints, rows: Ints | None = None) -> Floats:
        """Rarities, so that each family of a text together has the length of its weight."""
        rarity: Floats = self._rarity[columns]
        family = self._known[columns] >> _KIND
        group = family if rows is None else rows * len(_WEIGHTS) + family
        lengths = np.sqrt(np.bincount(group, rarity * rarity))
        values: Floats = rarity * _WEIGHTS[family] / lengths[group]
        return values

    def _keys(self, heard: Heard) -> Ints:
        """The keys of a message, none twice."""
        stems = heard.stems[:_MOST_WORDS]
        sizes = [f"#{magnitude(word)}" for word in heard.words[:_MOST_WORDS] if is_number(word)]
        sequence = self._words.codes(["^", *stems, "$"])
        words = np.array(list(dict.fromkeys([*sequence, *self._words.codes(sizes)])), dtype=np.int64)
        names = np.array(sorted(self._names.codes(heard.names[:_MOST_CONCEPTS])), dtype=np.int64)
        following = {(a << _HALF) | b for a, b in pairwise(sequence)}
        grams = [self._grams.letters(word) for word in dict.fromkeys(heard.words[:_MOST_WORDS]) if word[0].isalpha()]
        high = names << _HALF
        first, second = _upper(len(names))
        families = (
            words,
            np.array(list(following), dtype=np.int64),
            _distinct(np.concatenate(grams)) if grams else _NOTHING,
            names,
            high[first] | names[second],
            (high[:, None] | words).reshape(-1),
        )
        return np.concatenate([keys | (kind << _KIND) for kind, keys in enumerate(families)])


def _distinct(keys: Ints) -> Ints:
    keys = np.sort(keys)
    first = np.empty(len(keys), dtype=bool)
    first[:1] = True
    np.not_equal(keys[1:], keys[:-1], out=first[1:])
    return keys[first]


@cache
def _upper(size: int) -> tuple[Ints, Ints]:
    first, second = np.triu_indices(size, 1)
    return first, second


_SIZES = [f"#{magnitude(number)}" for number in ("0", "1", "2", "0.999", "0.5", "5", "50", "-1", "1e")]
