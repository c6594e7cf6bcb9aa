"""Finding phrases in an answer, through inflections, typos and small words in between."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from bot.quiz.grading import english
from bot.quiz.grading.lexicon import Lexicon
from bot.quiz.grading.reading import Reading, Word
from bot.text.normalise import folded

_LONG_PREFIX = 6  # from here a beginning may hold one typo


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """Words `start` to `end` (exclusive) of a reading."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Form:
    """One word of a phrase: a stem, or the beginning of a word."""

    text: str
    prefix: bool = False

    def fits(self, word: Word) -> bool:
        """Whether that word is meant."""
        if not self.prefix:
            return word.stem == self.text
        if word.text.startswith(self.text):
            return True
        if word.known or len(self.text) < _LONG_PREFIX:
            return False
        size = len(self.text)
        return any(OSA.distance(word.text[:n], self.text, score_cutoff=1) <= 1 for n in (size - 1, size, size + 1))


class Finder:
    """Finds any of several phrases."""

    def __init__(self, phrases: Iterable[str], lexicon: Lexicon) -> None:
        compiled = dict.fromkeys(_forms(phrase, lexicon) for phrase in phrases)
        self._by_stem: dict[str, list[tuple[_Form, ...]]] = {}
        self._open = [forms for forms in compiled if forms and forms[0].prefix]
        for forms in compiled:
            if forms and not forms[0].prefix:
                self._by_stem.setdefault(forms[0].text, []).append(forms)

    def find(self, reading: Reading) -> list[Hit]:
        """Every place, in order."""
        words, found = reading.words, set()
        for i, word in enumerate(words):
            begun = [forms for forms in self._open if forms[0].fits(word)]
            for forms in (*self._by_stem.get(word.stem, ()), *begun):
                if end := _end(forms, words, i):
                    found.add(Hit(i, end))
        return sorted(found)


def _forms(phrase: str, lexicon: Lexicon) -> tuple[_Form, ...]:
    forms: list[_Form] = []
    for piece in phrase.split():
        if piece.endswith("*"):
            forms.append(_Form(folded(piece[:-1]), prefix=True))
        else:
            forms += [_Form(lexicon.stem(word)) for word in lexicon.words(piece)]
    heavy = tuple(form for form in forms if form.prefix or form.text not in english.LIGHT)
    return heavy or tuple(forms)


def _end(forms: Sequence[_Form], words: list[Word], start: int) -> int | None:
    """Where the phrase that begins at `start` ends; light words may stand in between."""
    place = start + 1
    for form in forms[1:]:
        while place < len(words) and words[place].text in english.LIGHT and not form.fits(words[place]):
            place += 1
        if place >= len(words) or words[place].clause != words[start].clause or not form.fits(words[place]):
            return None
        place += 1
    return place
