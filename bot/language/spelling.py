"""Putting mistyped words right, without ever turning one known term into another."""

from collections.abc import Collection, Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

_SHORTEST = 4
_REMEMBERED = 20_000


class Speller:
    """Corrects words to a vocabulary. Of several as near it takes the most frequent, but none where confusing them
    would change the meaning."""

    def __init__(self, frequencies: dict[str, int], never_equal: Iterable[Collection[str]] = ()) -> None:
        """`frequencies` counts the words that are spelt right; the words of a `never_equal` group are too."""
        self._groups: dict[str, set[str]] = {}
        for group in never_equal:
            for word in group:
                self._groups.setdefault(word, set()).update(group)
        self._known = {**dict.fromkeys(self._groups, 1), **frequencies}
        self._by_length: dict[int, list[str]] = {}
        for word in self._known:
            if len(word) >= _SHORTEST and word.isalpha():
                self._by_length.setdefault(len(word), []).append(word)
        self._memory: dict[str, str] = {}

    def __contains__(self, word: str) -> bool:
        return word in self._known

    def remembers(self, word: str) -> bool:
        """Whether `correct` answers at once, without a search."""
        return word in self._known or word in self._memory or len(word) < _SHORTEST

    def correct(self, word: str) -> str:
        """The known word that was meant, or the word as it is."""
        if word in self._known or len(word) < _SHORTEST or not word.isalpha():
            return word
        found = self._memory.get(word)
        if found is None:
            found = self._nearest(word)
            if len(self._memory) >= _REMEMBERED:
                self._memory.clear()
            self._memory[word] = found
        return found

    def _nearest(self, word: str) -> str:
        if len(word) > 24:
            return word
        allowed = 1 if len(word) < 8 else 2
        near: list[tuple[str, float]] = []
        for length in range(len(word) - allowed, len(word) + allowed + 1):
            choices = self._by_length.get(length, ())
            near += [
                (choice, distance)
                for choice, distance, _ in process.extract(
                    word, choices, scorer=OSA.distance, score_cutoff=allowed, limit=5
                )
            ]
        if not near:
            return word
        best = min(near, key=lambda pair: (pair[1], pair[0][0] != word[0], -self._known[pair[0]], pair[0]))
        rivals = self._groups.get(best[0], set())
        if any(other in rivals for other, distance in near if other != best[0] and distance <= best[1]):
            return word
        return word if best[0][0] != word[0] and len(word) < 6 else best[0]
