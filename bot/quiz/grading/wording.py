"""Whether an answer is worded like another: the same words in the same order, each as much denied as the other.

Strict on purpose. What differs by more than articles, inflections and a slip of the keyboard is graded like any answer;
a "not" more, two words the other way round or another sign must never pass for what was accepted.
"""

import re
from dataclasses import dataclass

from bot.quiz.grading import english
from bot.quiz.grading.reading import AnswerWord, mark_denials, read
from bot.text.normalise import folded, stem
from bot.text.pipeline import TextPipeline, misplaced, slips_apart

_SIGNS = re.compile(r"[<>=≠≈≤≥→←↔⇒⇐↑↓+*/^%~¬?]|-?\d+(?:[.,]\d+)*")
_AS_THEY_STAND = english.VERB_NEGATORS | english.NOUN_NEGATORS | english.YES | english.NO
_ENOUGH = 2  # words that say something


@dataclass(frozen=True, slots=True)
class _Said:
    """A word of a wording."""

    typed: str  # folded
    word: AnswerWord  # as it was meant, and how
    known: bool  # whether what was typed is spelt as a known word is

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
        """Whether one word is the other with a slip; of two known words neither is."""
        ours, theirs = self.typed, other.typed
        if not slips_apart(ours, theirs):
            return False
        if self.word.stem == other.word.stem:
            return True
        return not (self.known and other.known) and misplaced(ours, theirs)


class Wordings:
    """Compares wordings of one curriculum."""

    def __init__(self, pipeline: TextPipeline) -> None:
        """Take the pipeline that the grader reads answers with."""
        self._pipeline = pipeline

    def same(self, one: str, other: str) -> bool:
        """Return whether what was accepted of one must be accepted of the other."""
        if folded(one) == folded(other):
            return True
        if len(one) > 2 * len(other) or len(other) > 2 * len(one) or _SIGNS.findall(one) != _SIGNS.findall(other):
            return False
        ours, theirs = self._said(one), self._said(other)
        return 0 < len(ours) == len(theirs) and all(a.is_like(b) for a, b in zip(ours, theirs, strict=True))

    def says_enough(self, text: str) -> bool:
        """Return whether a wording is more than a "yes" or a word."""
        said = {one.word.text for one in self._said(text)}
        return len(said - english.GLUE - english.YES - english.NO) >= _ENOUGH

    def _said(self, text: str) -> list[_Said]:
        reading = read(text, self._pipeline)
        mark_denials(reading)
        known = self._pipeline.speller
        typed = [(folded(text[word.start : word.end]) or word.text, word) for word in reading.words]
        return [_Said(each, word, each in known) for each, word in typed if word.text not in english.LIGHT]
