"""Features of what is heard: words, neighbouring words, letters within words, concepts, pairs of concepts, and words
beside concepts.

Every feature is a whole number within its family, so that a message becomes numbers with a handful of numpy calls.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np

from bot.language.tokens import is_number, magnitude
from bot.tutor.hearing import Heard
from bot.tutor.ridge import Floats, Ints, Sparse, rounded

# How much each family of features counts, chosen by cross-validation over the asks.
FAMILIES = {"word": 1.0, "next": 0.7, "letters": 1.0, "concept": 0.8, "pair": 1.0, "beside": 1.4}
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


@dataclass(frozen=True, slots=True)
class Family:
    """The features of one family that were met often enough: their sorted keys, first column and weights."""

    keys: Ints
    first: int
    rarity: Floats
    weight: float


class Features:
    """Turns what is heard into columns and values of a sparse vector."""

    def __init__(self, heard: Sequence[Heard]) -> None:
        """Learns which features there are, and how rare, from `heard`."""
        self.words, self.grams, self.names = Coder(), Coder(), Coder()
        self.words.learn(["^", "$", *{stem: 0 for each in heard for stem in each.stems}, *_SIZES])
        self.names.learn(list({name: 0 for each in heard for name in each.names}))
        self.grams.learn([run for word in {word: 0 for each in heard for word in each.words} for run in runs(word)])
        raw = [self._keys(each) for each in heard]
        self.families: dict[str, Family] = {}
        self.count = 0
        parts = [self._learnt(name, [keys[i] for keys in raw]) for i, name in enumerate(FAMILIES)]
        rows: Ints = np.concatenate([part[0] for part in parts])
        order = np.argsort(rows, kind="stable")
        columns: Ints = np.concatenate([part[1] for part in parts])[order]
        values: Floats = rounded(np.concatenate([part[2] for part in parts])[order])
        self.learnt = Sparse(rows[order], columns, values, (len(heard), self.count))
        self._ends = np.cumsum(np.bincount(rows, minlength=len(heard)))

    def row(self, i: int) -> tuple[Ints, Floats]:
        """The columns and values of the text that was learnt from as number `i`."""
        part = slice(self._ends[i - 1] if i else 0, self._ends[i])
        return self.learnt.columns[part], self.learnt.values[part]

    def vector(self, heard: Heard) -> tuple[Ints, Floats]:
        """The columns and values of one message."""
        columns, values = [], []
        for family, keys in zip(self.families.values(), self._keys(heard), strict=True):
            if not len(keys) or not len(family.keys):
                continue
            places = family.keys.searchsorted(keys)
            places = places[family.keys.take(places, mode="clip") == keys]
            if len(places):
                weights = family.rarity[places]
                columns.append(places + family.first)
                values.append(weights * (family.weight / float(weights @ weights) ** 0.5))
        if not columns:
            return _NOTHING, np.empty(0)
        return np.concatenate(columns), np.concatenate(values)

    def names_of(self, columns: Ints) -> list[str]:
        """What the columns stand for, in words: for explaining, not for speed."""
        words, grams, names = (list(coder.known) for coder in (self.words, self.grams, self.names))
        tables = {
            "word": (words,),
            "next": (words, words),
            "letters": (grams,),
            "concept": (names,),
            "pair": (names, names),
            "beside": (names, words),
        }
        found = []
        for column in columns.tolist():
            kind = max(
                (k for k in self.families if self.families[k].first <= column), key=lambda k: self.families[k].first
            )
            key = int(self.families[kind].keys[column - self.families[kind].first])
            codes = (key,) if len(tables[kind]) == 1 else (key >> 32, key & 0xFFFFFFFF)
            found.append(" + ".join(table[code] for table, code in zip(tables[kind], codes, strict=True)))
        return found

    def _keys(self, heard: Heard) -> tuple[Ints, ...]:
        """The keys of a message, family by family in their order, none twice."""
        stems = heard.stems[:_MOST_WORDS]
        sizes = [f"#{magnitude(word)}" for word in heard.words[:_MOST_WORDS] if is_number(word)]
        sequence = self.words.codes(["^", *stems, "$"])
        words = np.array(list(dict.fromkeys([*sequence, *self.words.codes(sizes)])), dtype=np.int64)
        names = np.array(sorted(self.names.codes(heard.names[:_MOST_CONCEPTS])), dtype=np.int64)
        following = {(a << 32) | b for a, b in pairwise(sequence)}
        grams = [self.grams.letters(word) for word in dict.fromkeys(heard.words[:_MOST_WORDS]) if word[0].isalpha()]
        high = names << 32
        first, second = _upper(len(names))
        return (
            words,
            np.array(list(following), dtype=np.int64),
            np.unique(np.concatenate(grams)) if grams else _NOTHING,
            names,
            high[first] | names[second],
            (high[:, None] | words).reshape(-1),
        )

    def _learnt(self, name: str, keys: list[Ints]) -> tuple[Ints, Ints, Floats]:
        flat = np.concatenate(keys) if keys else _NOTHING
        rows = np.repeat(np.arange(len(keys)), [len(each) for each in keys])
        unique, inverse, counts = np.unique(flat, return_inverse=True, return_counts=True)
        kept = counts >= 2
        family = Family(unique[kept], self.count, np.log(1 + len(keys) / counts[kept]), FAMILIES[name])
        self.families[name] = family
        self.count += len(family.keys)
        place = np.cumsum(kept) - 1
        stays = kept[inverse]
        rows, places = rows[stays], place[inverse[stays]]
        weights = family.rarity[places]
        lengths = np.sqrt(np.bincount(rows, weights * weights, minlength=len(keys)))
        return rows, places + family.first, weights * family.weight / lengths[rows]


@cache
def _upper(size: int) -> tuple[Ints, Ints]:
    first, second = np.triu_indices(size, 1)
    return first, second


_SIZES = [f"#{magnitude(number)}" for number in ("0", "1", "2", "0.999", "0.5", "5", "50", "-1", "1e")]
