"""Features of what is heard: words, neighbouring and near words, letters within words, concepts and pairs of concepts.

Every feature is a whole number within its family, so that a message becomes numbers with a handful of numpy calls.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.language.tokens import is_number, magnitude
from bot.tutor.hearing import Heard

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# How much each family of features counts, chosen by cross-validation over the asks.
FAMILIES = {"word": 1.0, "next": 0.7, "near": 0.5, "letters": 1.0, "concept": 1.0, "pair": 1.0}
_REACH = 4
_NONE = np.empty(0, dtype=np.int64)
_MOST_CONCEPTS = 40


class Coder:
    """Numbers for names, given out while learning; afterwards unknown names have none."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}
        self._letters: dict[str, Ints] = {}
        self.learning = True

    def code(self, name: str) -> int:
        """The number of a name; -1 where it was never learnt."""
        if self.learning:
            return self._codes.setdefault(name, len(self._codes))
        return self._codes.get(name, -1)

    def codes(self, names: Sequence[str]) -> Ints:
        """The numbers of names, those without one included as -1."""
        return np.array([self.code(name) for name in names], dtype=np.int64)

    def letters(self, word: str) -> Ints:
        """The numbers of the runs of three to five letters in a word, its edges marked."""
        found = self._letters.get(word)
        if found is None:
            edged = f"<{word}>"
            found = self.codes([edged[i : i + n] for n in (3, 4, 5) for i in range(len(edged) - n + 1)])
            if len(self._letters) < 50_000:
                self._letters[word] = found
        return found

    def names(self) -> list[str]:
        """All names in the order of their numbers."""
        return list(self._codes)


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
        self._words, self._grams, self._names = Coder(), Coder(), Coder()
        raw = [self._keys(each) for each in heard]
        for coder in (self._words, self._grams, self._names):
            coder.learning = False
        self.families: dict[str, Family] = {}
        self.count = 0
        parts = [self._learnt(name, [keys[name] for keys in raw]) for name in FAMILIES]
        self.rows: Ints = np.concatenate([part[0] for part in parts])
        self.columns: Ints = np.concatenate([part[1] for part in parts])
        self.values: Floats = np.concatenate([part[2] for part in parts])

    def vector(self, heard: Heard) -> tuple[Ints, Floats]:
        """The columns and values of one message."""
        columns, values = [], []
        for name, keys in self._keys(heard).items():
            family = self.families[name]
            if not len(keys) or not len(family.keys):
                continue
            places = family.keys.searchsorted(keys)
            places = places[family.keys.take(places, mode="clip") == keys]
            if len(places):
                weights = family.rarity[places]
                columns.append(places + family.first)
                values.append(weights * (family.weight / np.sqrt(weights @ weights)))
        if not columns:
            return _NONE, np.empty(0)
        return np.concatenate(columns), np.concatenate(values)

    def _keys(self, heard: Heard) -> dict[str, Ints]:
        sizes = [f"#{magnitude(word)}" for word in heard.words if is_number(word)]
        words = self._words.codes(["^", *heard.stems, "$", *sizes])
        sequence = words[: len(heard.stems) + 2]
        names = self._names.codes(heard.names[:_MOST_CONCEPTS])
        grams = [self._grams.letters(word) for word in dict.fromkeys(heard.words) if word[0].isalpha()]
        inner = sequence[1:-1]
        return {
            "word": _distinct(words),
            "next": _distinct(_joined(sequence[:-1], sequence[1:])),
            "near": _distinct(np.concatenate([_nearby(inner, reach) for reach in range(2, _REACH + 1)])),
            "letters": _distinct(np.concatenate(grams)) if grams else _NONE,
            "concept": _distinct(names),
            "pair": _distinct(_pairs(names)),
        }

    def _learnt(self, name: str, keys: list[Ints]) -> tuple[Ints, Ints, Floats]:
        flat = np.concatenate(keys) if keys else _NONE
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


def _distinct(keys: Ints) -> Ints:
    keys = np.unique(keys)
    return keys[keys.searchsorted(0) :]


def _joined(left: Ints, right: Ints) -> Ints:
    keys: Ints = np.where((left < 0) | (right < 0), -1, (left << 32) | right)
    return keys


def _nearby(words: Ints, reach: int) -> Ints:
    left, right = words[:-reach], words[reach:]
    return _joined(np.minimum(left, right), np.maximum(left, right))


def _pairs(names: Ints) -> Ints:
    names = np.sort(names)
    first, second = np.triu_indices(len(names), 1)
    return _joined(names[first], names[second])
