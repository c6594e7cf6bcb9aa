"""Finding known phrases in a sequence of words."""

from collections.abc import Iterable, Sequence


class Phrases:
    """Finds every phrase of a book in a text, in one pass. A phrase stands for one or several names."""

    def __init__(self, entries: Iterable[tuple[Sequence[str], str]]) -> None:
        """`entries` are a phrase's words and the name that it stands for."""
        self._starting: dict[str, dict[tuple[str, ...], set[str]]] = {}
        for words, name in entries:
            if words:
                self._starting.setdefault(words[0], {}).setdefault(tuple(words), set()).add(name)
        self._ends = {
            first: tuple((words, len(words), tuple(sorted(names))) for words, names in phrases.items())
            for first, phrases in self._starting.items()
        }

    def found(self, words: Sequence[str]) -> list[tuple[int, int, str]]:
        """Where which name was found: from, to (exclusive), name; in order."""
        hits: list[tuple[int, int, str]] = []
        for i, word in enumerate(words):
            for phrase, length, names in self._ends.get(word, ()):
                if length == 1 or tuple(words[i : i + length]) == phrase:
                    hits += [(i, i + length, name) for name in names]
        return hits
