"""What only looks like an answer: the question typed back, a heap of terms, a list of everything."""

import re
from collections.abc import Sequence

from bot.quiz.grading import english
from bot.quiz.grading.reading import Reading, Word

_ECHO = 5  # so many words in a row from the question are a copy of it
_ASKED = 0.75  # so much of an answer that ends in a question mark is the question in short
_HEAP = 9  # so many words without ...
_GLUE_SHARE = 0.15  # ... this share of words that hold a sentence together are a heap
_ITEM = 3  # words
_PAIR = 2  # clauses, of more words than clauses
_LAYOUT = re.compile(r"[(:=→]|->")
_LAID_OUT = 3  # signs that set one thing beside another: "ReLU (default), tanh (RNN)" is no bare list
_LONG_LIST = 8  # nobody means so many bare items


def mark_echoes(reading: Reading, question: Sequence[str]) -> None:
    """Marks what was copied from the question."""
    runs = {tuple(question[i : i + _ECHO]) for i in range(len(question) - _ECHO + 1)}
    words = reading.words
    for i in range(len(words) - _ECHO + 1):
        if tuple(word.text for word in words[i : i + _ECHO]) in runs:
            for word in words[i : i + _ECHO]:
                word.echoed = True
    if reading.answer.rstrip().endswith("?") and _share(words, set(question)) >= _ASKED:
        for word in words:
            word.echoed = True


def _share(words: list[Word], question: set[str]) -> float:
    return sum(word.text in question for word in words) / max(1, len(words))


def mark_heaps(reading: Reading) -> None:
    """Marks terms that nothing holds together."""
    for sentence in reading.sentences():
        for clause in _by_clause(sentence):
            if len({word.start for word in clause}) >= _HEAP and _glue(clause) < _GLUE_SHARE:
                _unmean(clause)
    bare = [clause for sentence in reading.sentences() for clause in _bare(sentence)]
    if (
        len(_LAYOUT.findall(reading.answer)) < _LAID_OUT
        and len(bare) >= _LONG_LIST
        and len(bare) >= 0.7 * len(reading.clauses())
    ):
        _unmean(reading.words)


def _bare(sentence: list[Word]) -> list[list[Word]]:
    """The items that it only lists. Two of them ("tanh: recurrent, -1 to 1") say something of each other."""
    clauses = _by_clause(sentence)
    items = [each for each in clauses if len(each) <= _ITEM and not any(word.text in english.GLUE for word in each)]
    return [] if len(clauses) <= _PAIR < len(sentence) else items


def _by_clause(sentence: list[Word]) -> list[list[Word]]:
    groups: dict[int, list[Word]] = {}
    for word in sentence:
        groups.setdefault(word.clause, []).append(word)
    return list(groups.values())


def _glue(words: list[Word]) -> float:
    return sum(word.text in english.GLUE for word in words) / len({word.start for word in words})


def _unmean(words: list[Word]) -> None:
    for word in words:
        word.unmeant = True
