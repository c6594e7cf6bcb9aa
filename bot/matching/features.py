"""Features of a message: words, neighbouring words, letters within words, concepts, pairs of concepts, and words beside
concepts.

Every feature is a whole number within its family, so that a message becomes numbers with a handful of numpy calls.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np

from bot.matching.regression import Floats, Ints, Places, Sparse, rounded
from bot.text.normalise import is_number, magnitude, remembered
from bot.text.pipeline import ParsedText

# How much each family of features counts, chosen by cross-validation over the asks: try others and compare what
# `python -m tests.bench matching` prints.
FAMILIES = {"word": 1.0, "next": 0.7, "letters": 1.0, "concept": 0.8, "pair": 1.0, "beside": 1.4}
_WEIGHTS = np.array(list(FAMILIES.values()))
_KIND, _HALF = 58, 29  # a key is its family, and below that one or two numbers of 29 bits
_NEXT, _LETTERS, _CONCEPT, _PAIR, _BESIDE = (kind << _KIND for kind in range(1, len(FAMILIES)))  # of words it is 0
_NOTHING = np.empty(0, dtype=np.int64)
_MOST_WORDS, _MOST_CONCEPTS = 120, 30  # of one message: a bound on time
_REMEMBERED = 20_000  # words whose runs of letters are remembered
_SIZES = [f"#{magnitude(number)}" for number in ("0", "1", "2", "0.999", "0.5", "5", "50", "-1", "1e")]

Vector = tuple[Ints, Floats]
"""The features of a message as columns, and their values."""


@dataclass(eq=False)
class Features:
    """The features that were met while learning, and how rare each is."""

    words: Sequence[str]  # stems, and kinds of numbers; the number of each is its place here
    runs: Sequence[str]  # of letters, numbered likewise
    concepts: Sequence[str]
    keys: Ints  # of the features, sorted; the column of each is its place here
    rarity: Floats  # of each feature

    def __post_init__(self) -> None:
        self._words, self._runs, self._concepts = map(_numbered, (self.words, self.runs, self.concepts))
        self._runs_within = remembered(self._coded_runs, _REMEMBERED)
        self._last: tuple[ParsedText, Vector] | None = None

    def vector(self, parsed: ParsedText) -> Vector:
        """Return the features of one message. Asked for the same message again, it does not count again."""
        last = self._last
        if last is not None and last[0] is parsed:
            return last[1]
        columns = _NOTHING
        if len(self.keys):
            keys = self.keys_of(parsed)
            places = self.keys.searchsorted(keys)
            columns = places[self.keys.take(places, mode="clip") == keys]
        found = columns, self.values(columns)
        self._last = parsed, found
        return found

    def values(self, columns: Places, rows: Places | None = None) -> Floats:
        """Return the value of each column: rarities, so that each family of a message has the length of its weight.

        `rows` tell whose feature each is, where the columns are those of several messages.
        """
        rarity: Floats = self.rarity[columns]
        family = self.keys[columns] >> _KIND
        group = family if rows is None else rows * len(_WEIGHTS) + family
        lengths = np.sqrt(np.bincount(group, rarity * rarity))
        values: Floats = rarity * _WEIGHTS[family] / lengths[group]
        return values

    def keys_of(self, parsed: ParsedText) -> Ints:
        """Return the keys of everything in a message that could be a feature, none twice."""
        typed = parsed.words[:_MOST_WORDS]
        known = self._words
        sequence = _codes(known, ("^", *parsed.stems[:_MOST_WORDS], "$"))
        sizes = [f"#{magnitude(word)}" for word in typed if is_number(word)]
        words = np.array(list(dict.fromkeys([*sequence, *_codes(known, sizes)])), dtype=np.int64)
        following = {(a << _HALF) | b for a, b in pairwise(sequence)}
        grams = [self._runs_within(word) for word in dict.fromkeys(typed) if word[0].isalpha()]
        concepts = np.array(sorted(_codes(self._concepts, parsed.concepts[:_MOST_CONCEPTS])), dtype=np.int64)
        high = concepts << _HALF
        first, second = _pairs(len(concepts))
        families = (
            words,
            np.array(list(following), dtype=np.int64) | _NEXT,
            (_distinct(np.concatenate(grams)) if grams else _NOTHING) | _LETTERS,
            concepts | _CONCEPT,
            high[first] | concepts[second] | _PAIR,
            (high[:, None] | words).reshape(-1) | _BESIDE,
        )
        return np.concatenate(families)

    def names_of(self, columns: Ints) -> list[str]:
        """Return what the columns stand for, in words ("" for runs of letters): for explaining, not for speed."""
        words, concepts = self.words, self.concepts
        tables = {"word": (words,), "next": (words, words), "concept": (concepts,), "pair": (concepts, concepts)}
        tables["beside"] = (concepts, words)
        found = []
        for key in self.keys[columns].tolist():
            kind, code = list(FAMILIES)[key >> _KIND], key & ((1 << _KIND) - 1)
            codes = (code >> _HALF, code & ((1 << _HALF) - 1))[-len(tables.get(kind, ())) :]
            found.append(" + ".join(table[c] for table, c in zip(tables.get(kind, ()), codes, strict=False)))
        return found

    def _coded_runs(self, word: str) -> Ints:
        return np.array(_codes(self._runs, _runs(word)), dtype=np.int64)


def learn(parsed: Sequence[ParsedText]) -> tuple[Features, Sparse]:
    """Return the features that were met at least twice in texts, and the texts as rows of them."""
    words = tuple(dict.fromkeys(["^", "$", *(stem for each in parsed for stem in each.stems), *_SIZES]))
    typed = dict.fromkeys(word for each in parsed for word in each.words)
    runs = tuple(dict.fromkeys(run for word in typed for run in _runs(word)))
    concepts = tuple(dict.fromkeys(name for each in parsed for name in each.concepts))
    all_keys = Features(words, runs, concepts, _NOTHING, np.empty(0)).keys_of
    keys = [all_keys(each) for each in parsed]
    flat = np.concatenate(keys) if keys else _NOTHING
    rows = np.repeat(np.arange(len(keys)), [len(each) for each in keys])
    del keys
    unique, counts = np.unique(flat, return_counts=True)
    often = unique[counts >= 2]
    features = Features(words, runs, concepts, often, np.log(1 + len(parsed) / counts[counts >= 2]))
    columns = often.searchsorted(flat)
    kept = np.append(often, -1)[columns] == flat  # no key is below 0
    rows, columns = rows[kept].astype(np.int32), columns[kept].astype(np.int32)
    values = rounded(features.values(columns, rows))
    return features, Sparse(rows, columns, values, (len(parsed), len(features.keys)))


def _numbered(names: Sequence[str]) -> dict[str, int]:
    return {name: i for i, name in enumerate(names)}


def _codes(numbers: Mapping[str, int], names: Iterable[str]) -> list[int]:
    """The numbers of the names that have one."""
    return list(map(numbers.__getitem__, filter(numbers.__contains__, names)))


def _runs(word: str) -> list[str]:
    """The runs of three to five letters in a word, its edges marked."""
    edged = f"<{word}>"
    return [edged[i : i + n] for n in (3, 4, 5) for i in range(len(edged) - n + 1)]


def _distinct(keys: Ints) -> Ints:
    keys = np.sort(keys)
    first = np.empty(len(keys), dtype=bool)
    first[:1] = True
    np.not_equal(keys[1:], keys[:-1], out=first[1:])
    return keys[first]


@cache
def _pairs(size: int) -> tuple[Ints, Ints]:
    first, second = np.triu_indices(size, 1)
    return first, second
