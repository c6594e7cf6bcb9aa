"""Which experiments a message means, by loose name: "show me dying relu", "simulate dropout", "momentum 0.99"."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bot.text.normalise import plain, stem, word_set

Catalogue = Sequence[Mapping[str, Any]]
"""The experiments there are: of each `experiment` (its name), `topic`, `title` and `question`, likeliest first."""

MOST = 3  # experiments that are offered
_BY_NAME, _BY_TITLE, _BY_QUESTION = 1.0, 0.6, 0.2  # how much a word counts that stands there
_AS_GOOD = 0.4  # of the best one's score must have what is offered beside it
_NAMED = 0.05  # from which the best one is meant: a word of a name that all experiments of a topic have reaches it
_FUNCTION_WORDS = frozenset(
    stem(word)
    for word in word_set(
        "a an and are at be by can close could do does for from four give happens happening how i in is it its let "
        "many me much must net network neurons of on or over please run see show side size start take that the their "
        "them three to two us use value watch we what when where which why with would you u "
        "simulate simulation sim experiment demo demonstrate plot graph animate animation visualize visualise "
        "visualization visualisation live action effect"
    )
)


@dataclass(frozen=True, slots=True)
class _Known:
    """An experiment with the stems that it may be meant by, and how much each counts."""

    name: str
    words: tuple[str, ...]  # of its name
    weights: Mapping[str, float]


class ExperimentNames:
    """Finds the experiments that messages mean. Reads the catalogue when the first message is looked at."""

    def __init__(self, catalogue: Callable[[], Catalogue]) -> None:
        self._catalogue = catalogue

    def meant(self, stems: Sequence[str]) -> tuple[str, ...]:
        """Return the names of at most three experiments that a message's stems mean, the likeliest first.

        A single one where its name stands in the message; otherwise those whose name, title or topic has its words.
        """
        said = set(stems)
        whole = [one for one in self._known if _stands(one.words, stems)]
        if whole:
            longest = max(len(one.words) for one in whole)
            return tuple(one.name for one in whole if len(one.words) == longest)[:MOST]
        scores = {one.name: sum(one.weights.get(word, 0.0) for word in said) for one in self._known}
        best = max(scores.values(), default=0.0)
        found = [name for name, score in scores.items() if best >= _NAMED and score >= _AS_GOOD * best]
        return tuple(sorted(found, key=lambda name: -scores[name])[:MOST])

    def speaks_of(self, stems: Sequence[str], names: Collection[str]) -> bool:
        """Return whether a message means an experiment and says nothing that no experiment is about; `names` are the
        stems of what topics are called."""
        words = {word for word in stems if word not in _FUNCTION_WORDS and word.isalpha()}
        return bool(self.meant(stems)) and all(word in self._words or word in names for word in words)

    @cached_property
    def _words(self) -> frozenset[str]:
        settings = (stem(name) for one in self._catalogue() for name in one["parameters"])
        meanings = (
            word for one in self._catalogue() for each in one["parameters"].values() for word in _stems(each["does"])
        )
        return frozenset((*settings, *meanings, *(word for one in self._known for word in one.weights)))

    @cached_property
    def _known(self) -> list[_Known]:
        rows = [(str(one["experiment"]), _texts(one)) for one in self._catalogue()]
        spread = Counter(word for _, texts in rows for word in set().union(*texts))
        return [_Known(name, tuple(texts[0]), _weights(texts, spread)) for name, texts in rows]


def _texts(one: Mapping[str, Any]) -> list[list[str]]:
    """The stems of its name, of its title with its topic's id, and of its question."""
    title = f"{one['title']} {str(one['topic']).replace('-', ' ')}"
    return [_stems(str(one["experiment"]).replace("-", " ")), _stems(title), _stems(str(one["question"]))]


def _weights(texts: Sequence[Sequence[str]], spread: Mapping[str, int]) -> dict[str, float]:
    """What each word counts: the fewer experiments have it the more."""
    found: dict[str, float] = {}
    for words, weight in zip(texts, (_BY_NAME, _BY_TITLE, _BY_QUESTION), strict=True):
        for word in set(words):
            found[word] = max(found.get(word, 0.0), weight / spread[word])
    return found


def _stems(text: str) -> list[str]:
    return [word for word in map(stem, plain(text)) if word not in _FUNCTION_WORDS and word[0].isalnum()]


def _stands(words: Sequence[str], stems: Sequence[str]) -> bool:
    """Whether words stand in a message one after the other."""
    size = len(words)
    return bool(words) and any(tuple(stems[i : i + size]) == tuple(words) for i in range(len(stems) - size + 1))
