"""Finding known phrases in the words of a text."""

from collections.abc import Container, Iterable, Sequence
from typing import Protocol

from rapidfuzz.distance import OSA

_LONG_BEGINNING = 6  # letters; from here the beginning of a word may hold one slip

Hit = tuple[int, int, str]
"""The first word of what was found, the one after its last, and the name that it stands for."""


class Placed(Protocol):
    """A word of a text that is divided into clauses."""

    text: str
    stem: str
    clause: int
    known: bool  # spelt as a known word is


class Phrases:
    """Finds every phrase of a book in a text, in one pass. A phrase stands for one or several names.

    A phrase is a sequence of stems. One that ends in "*" is the beginning of a word (only `loosely` looks for those).
    """

    def __init__(self, entries: Iterable[tuple[Sequence[str], str]], light: Container[str] = ()) -> None:
        """Take the phrases, each with the name that it stands for; `light` words may stand between two of a phrase."""
        names: dict[tuple[str, ...], set[str]] = {}
        for words, name in entries:
            if words:
                names.setdefault(tuple(words), set()).add(name)
        self._light = light
        self._starting: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
        for words, standing_for in names.items():
            self._starting.setdefault(words[0], []).append((words, tuple(sorted(standing_for))))
        self._beginnings = [first for first in self._starting if first.endswith("*")]

    def found(self, stems: Sequence[str]) -> list[Hit]:
        """Return where phrases stand word for word, in order."""
        hits: list[Hit] = []
        for i, stem in enumerate(stems):
            for phrase, names in self._starting.get(stem, ()):
                length = len(phrase)
                if length == 1 or tuple(stems[i : i + length]) == phrase:
                    for name in names:
                        hits.append((i, i + length, name))
        return hits

    def loosely(self, words: Sequence[Placed]) -> list[Hit]:
        """Return where phrases stand within one clause, light words in between or not, in order and none twice."""
        hits: set[Hit] = set()
        for i, word in enumerate(words):
            begun = [first for first in self._beginnings if _fits(first, word)]
            for first in (word.stem, *begun):
                for phrase, names in self._starting.get(first, ()):
                    end = self._end(phrase, words, i)
                    if end:
                        hits.update((i, end, name) for name in names)
        return sorted(hits)

    def _end(self, phrase: Sequence[str], words: Sequence[Placed], start: int) -> int:
        """Where the phrase whose first word stands at `start` ends, or 0."""
        place = start + 1
        for form in phrase[1:]:
            while place < len(words) and words[place].text in self._light and not _fits(form, words[place]):
                place += 1
            if place >= len(words) or words[place].clause != words[start].clause or not _fits(form, words[place]):
                return 0
            place += 1
        return place


def _fits(form: str, word: Placed) -> bool:
    """Whether a word has that stem, or that beginning."""
    if not form.endswith("*"):
        return word.stem == form
    beginning, size = form[:-1], len(form) - 1
    if word.text.startswith(beginning):
        return True
    if word.known or size < _LONG_BEGINNING:
        return False
    return any(OSA.distance(word.text[:n], beginning, score_cutoff=1) <= 1 for n in (size - 1, size, size + 1))
