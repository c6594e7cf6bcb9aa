"""Putting mistyped words right, without ever turning one known term into another."""

from collections.abc import Collection, Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.text.tokens import stem

_SHORTEST = 4
_LONG = 5  # shorter words are too close to each other to take one for a slip of the other
_SELDOM, _OFTEN = 3, 12
_REMEMBERED = 20_000


class Speller:
    """Corrects words to a vocabulary. Of several as near it takes the most frequent, but none where confusing them
    would change the meaning."""

    def __init__(
        self, frequencies: dict[str, int], never_equal: Iterable[Collection[str]] = (), chosen: Collection[str] = ()
    ) -> None:
        """`frequencies` counts the words of texts that people typed, slips included: a rare word one slip away from a
        frequent one is taken for that slip. Words of a `never_equal` group and `chosen` words never are."""
        self._groups: dict[str, set[str]] = {}
        for group in never_equal:
            for word in group:
                self._groups.setdefault(word, set()).update(group)
        self._known = {**dict.fromkeys(self._groups, 1), **frequencies}
        self._chosen = chosen
        self._frequent = _by_length(word for word, count in self._known.items() if count >= _OFTEN)
        self._slips = {word: right for word in self._known if (right := self._slip(word)) != word}
        self._by_length = _by_length(word for word in self._known if word not in self._slips)
        self._memory: dict[str, str] = {}

    def __contains__(self, word: str) -> bool:
        return word in self._known

    def _slip(self, word: str) -> str:
        """The frequent word that a rare one is a slip of, or the word itself."""
        if self._known[word] > _SELDOM or word in self._groups or word in self._chosen or not word.isalpha():
            return word
        near = [
            choice
            for length in range(len(word) - 1, len(word) + 2)
            for choice, _, _ in process.extract(
                word, self._frequent.get(length, ()), scorer=OSA.distance, score_cutoff=1, limit=3
            )
            if _slipped(word, choice) and stem(choice) != stem(word)
        ]
        return near[0] if len(near) == 1 else word

    def remembers(self, word: str) -> bool:
        """Whether `correct` answers at once, without a search."""
        return word in self._known or word in self._memory or len(word) < _SHORTEST

    def correct(self, word: str) -> str:
        """The known word that was meant, or the word as it is."""
        if word in self._known:
            return self._slips.get(word, word)
        if len(word) < _SHORTEST or not word.isalpha():
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


def _slipped(word: str, meant: str) -> bool:
    """Whether a word one edit from another looks like a slip: letters swapped, doubled or left out within a long word,
    and not another ending or, in a short word, another letter."""
    if min(len(word), len(meant)) < _LONG or word[0] != meant[0] or word[-1] != meant[-1]:
        return False
    return len(word) != len(meant) or sorted(word) == sorted(meant) or len(word) > _LONG + 1


def _by_length(words: Iterable[str]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for word in words:
        if len(word) >= _SHORTEST and word.isalpha():
            found.setdefault(len(word), []).append(word)
    return found
