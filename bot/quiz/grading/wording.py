"""Whether an answer is worded like another: the same words in the same order, each as much denied as the other.

Strict on purpose. What differs by more than articles, inflections and a slip of the keyboard is graded like any answer;
a "not" more, two words the other way round or another sign must never pass for what was accepted.
"""

import re
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from bot.curriculum.model import Curriculum
from bot.quiz.grading import denial, english
from bot.quiz.grading.lexicon import Lexicon
from bot.quiz.grading.reading import Reader, Word
from bot.text.normalise import folded
from bot.text.tokens import stem

_SIGNS = re.compile(r"[<>=≠≈≤≥→←↔⇒⇐↑↓+*/^%~¬?]|-?\d+(?:[.,]\d+)*")
_AS_THEY_STAND = english.VERB_NEGATORS | english.NOUN_NEGATORS | english.YES | english.NO
_MAY_HOLD_A_SLIP = 5  # letters
_ENOUGH = 2  # words that say something


@dataclass(frozen=True, slots=True)
class _Said:
    """A word as it was typed, as it was meant, and how."""

    typed: str
    word: Word
    known: bool

    def is_like(self, other: "_Said") -> bool:
        ours, theirs = self.word, other.word
        if (ours.denied, ours.unmeant) != (theirs.denied, theirs.unmeant):
            return False
        if self.typed == other.typed:
            return True
        if ours.text in _AS_THEY_STAND or theirs.text in _AS_THEY_STAND or self.typed[0] != other.typed[0]:
            return False
        return stem(self.typed) == stem(other.typed) or self._slipped(other)

    def _slipped(self, other: "_Said") -> bool:
        """Whether one of them is the other with a slip: of two words that there are neither is."""
        ours, theirs = self.typed, other.typed
        if min(len(ours), len(theirs)) < _MAY_HOLD_A_SLIP or OSA.distance(ours, theirs, score_cutoff=1) > 1:
            return False
        if self.word.stem == other.word.stem:
            return True
        # A letter that is missing or out of place is a slip; another letter may well be another word (micro, macro).
        return not (self.known and other.known) and (len(ours) != len(theirs) or sorted(ours) == sorted(theirs))


class Wordings:
    """Compares them."""

    def __init__(self, curriculum: Curriculum) -> None:
        self._lexicon = Lexicon(curriculum)
        self._reader = Reader(self._lexicon)

    def same(self, one: str, other: str) -> bool:
        """Whether what was accepted of one must be accepted of the other."""
        if folded(one) == folded(other):
            return True
        if len(one) > 2 * len(other) or len(other) > 2 * len(one) or _SIGNS.findall(one) != _SIGNS.findall(other):
            return False
        ours, theirs = self._said(one), self._said(other)
        return 0 < len(ours) == len(theirs) and all(a.is_like(b) for a, b in zip(ours, theirs, strict=True))

    def says_enough(self, text: str) -> bool:
        """Whether it is more than a "yes" or a word."""
        said = {one.word.text for one in self._said(text)}
        return len(said - english.GLUE - english.YES - english.NO) >= _ENOUGH

    def _said(self, text: str) -> list[_Said]:
        reading = self._reader.read(text)
        denial.mark(reading)
        typed = [(folded(text[word.start : word.end]) or word.text, word) for word in reading.words]
        return [_Said(each, word, self._lexicon.knows(each)) for each, word in typed if word.text not in english.LIGHT]
