"""Parts that a message points at without naming them: "the second one", "any others?", "what else besides L1"."""

from collections.abc import Sequence

_PLACES = {
    "first": 0,
    "1st": 0,
    "second": 1,
    "2nd": 1,
    "third": 2,
    "3rd": 2,
    "fourth": 3,
    "4th": 3,
    "fifth": 4,
    "5th": 4,
    "sixth": 5,
    "6th": 5,
    "last": -1,
    "final": -1,
}
_OTHERS = frozenset({"other", "others", "else", "another", "besides", "apart", "except", "instead"})
_EXCEPT = (("besides",), ("except",), ("apart", "from"), ("aside", "from"), ("other", "than"), ("others", "than"))


def placed(words: Sequence[str], parts: Sequence[str]) -> tuple[str, ...]:
    """The parts that words count out, such as the second or the last."""
    found = []
    for before, word in zip(("", *words), words, strict=False):
        place = _PLACES.get(word)
        if place is not None and before != "at" and place < len(parts) and parts:
            found.append(parts[place])
    return tuple(dict.fromkeys(found))


def others(words: Sequence[str], parts: Sequence[str], shown: Sequence[str]) -> tuple[str, ...]:
    """The parts not shown yet, where that is what words ask for."""
    if not shown or not _OTHERS.intersection(words):
        return ()
    return tuple(part for part in parts if part not in shown)


def excepts(words: Sequence[str]) -> bool:
    """Whether what is named soon is named to be left out."""
    return any(
        tuple(words[i : i + len(phrase)]) == phrase and i + len(phrase) < len(words)
        for phrase in _EXCEPT
        for i in range(len(words))
    )
