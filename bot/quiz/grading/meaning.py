"""How the words of an answer are meant: what it denies, what it leaves open, and what only looks like an answer (the
question typed back, a heap of terms, a list of everything)."""

import re
from collections.abc import Sequence

from bot.quiz.grading import english
from bot.quiz.grading.reading import AnswerWord, ReadAnswer, by_clause

# The numbers below were chosen on answers by several hands: change one and compare `python -m tests.bench grading`.
_ECHOED = 0.5  # of the words of a question: so many copied from the topic's question, and it is that question
_ECHO = 5  # so many words in a row from the question are a copy of it
_ASKED = 0.75  # so much of an answer that ends in a question mark is the question in short
_HEAP = 9  # so many words without ...
_GLUE_SHARE = 0.15  # ... this share of words that hold a sentence together are a heap
_ITEM = 3  # words at most of a bare item of a list
_PAIR = 2  # so few clauses, of more words than clauses, say something of each other
_LAYOUT = re.compile(r"[(:=→]|->")
_LAID_OUT = 3  # signs that set one thing beside another: "ReLU (default), tanh (RNN)" is no bare list
_LONG_LIST = 8  # nobody means so many bare items
_OR_NOT = [["do", "not"], ["does", "not"], ["is", "not"], ["are", "not"], ["it", "not"], ["will", "not"]]


def mark_echoes(reading: ReadAnswer, question: Sequence[str]) -> None:
    """Mark what was copied from the question, given as words."""
    runs = {tuple(question[i : i + _ECHO]) for i in range(len(question) - _ECHO + 1)}
    words = reading.words
    for i in range(len(words) - _ECHO + 1):
        if tuple(word.text for word in words[i : i + _ECHO]) in runs:
            for word in words[i : i + _ECHO]:
                word.echoed = True
    if reading.answer.rstrip().endswith("?") and _share(words, set(question)) >= _ASKED:
        for word in words:
            word.echoed = True


def _share(words: list[AnswerWord], question: set[str]) -> float:
    return sum(word.text in question for word in words) / max(1, len(words))


def mark_heaps(reading: ReadAnswer) -> None:
    """Mark terms that nothing holds together."""
    for sentence in reading.sentences():
        for clause in by_clause(sentence):
            if len({word.start for word in clause}) >= _HEAP and _glue(clause) < _GLUE_SHARE:
                _unmean(clause)
    bare = [clause for sentence in reading.sentences() for clause in _bare(sentence)]
    if (
        len(_LAYOUT.findall(reading.answer)) < _LAID_OUT
        and len(bare) >= _LONG_LIST
        and len(bare) >= 0.7 * len(reading.clauses())
    ):
        _unmean(reading.words)


def _bare(sentence: list[AnswerWord]) -> list[list[AnswerWord]]:
    """The items that a sentence only lists. Two of them ("tanh: recurrent, -1 to 1") say something of each other."""
    clauses = by_clause(sentence)
    items = [each for each in clauses if len(each) <= _ITEM and not any(word.text in english.GLUE for word in each)]
    return [] if len(clauses) <= _PAIR < len(sentence) else items


def _glue(words: list[AnswerWord]) -> float:
    return sum(word.text in english.GLUE for word in words) / len({word.start for word in words})


def mark_denials(reading: ReadAnswer) -> None:
    """Mark the words that are denied, and those that are not meant as a statement."""
    _questions_answered(reading)
    for clause in reading.clauses():
        _deny(clause)
    for sentence in reading.sentences():
        if _left_open(sentence):
            _unmean(sentence)
        _unmean(_shrugged(sentence))


def _deny(clause: list[AnswerWord]) -> None:
    for i in range(len(clause)):
        for other in _reach(clause, i):
            other.denied = not other.denied


def _reach(clause: list[AnswerWord], i: int) -> list[AnswerWord]:
    """The words of a clause that the one at `i` denies."""
    word, after = clause[i].text, clause[i + 1 :]
    following = after[0].text if after else ""
    before = clause[i - 1].text if i else ""
    if (word, following) in english.NO_DENIAL or (before, word) in english.NO_DENIAL:
        return []
    if (word, following) in english.NEGATOR_PAIRS:
        return _noun(after[1:])
    if word in english.VERB_NEGATORS:
        return _noun(after) if following.startswith("any") else _verb(after)
    if word in english.NOUN_NEGATORS:
        if word in english.NO and (i == 0 or not after) and _answers(after):
            return []
        return after[:1] if following in english.SHORT else _noun(after)
    return []


def _answers(after: list[AnswerWord]) -> bool:
    """Whether a "no" at the start of a clause stands for itself: "no it is not", "no because"."""
    return not after or after[0].text in english.CLAUSE_OPENERS or after[0].text in english.BREAKS


def _verb(after: list[AnswerWord]) -> list[AnswerWord]:
    for i, word in enumerate(after):
        if word.text == "and":
            return after[:i]
    return after


def _noun(after: list[AnswerWord]) -> list[AnswerWord]:
    for i, word in enumerate(after[: english.NOUN_REACH + 1]):
        if word.text in english.END_OF_NOUN or (i and word.text in {"no", "without"}):
            return after[:i]
    return after[: english.NOUN_REACH]


def _left_open(sentence: list[AnswerWord]) -> bool:
    """Whether a sentence says "this or its opposite"."""
    words = [word.text for word in sentence]
    for i, word in enumerate(words):
        if word != "or" or i == 0 or i + 1 == len(words):
            continue
        if words[i + 1] in {"not", "dont", "doesnt"} or words[i + 1 : i + 3] in _OR_NOT:
            return True
        if (words[i - 1], words[i + 1]) in english.OPPOSITES and not _names_a_choice(words, i):
            return True
    return False


def _names_a_choice(words: list[str], i: int) -> bool:
    """Whether "yes or no" around the word at `i` is a noun: "the probability of yes or no"."""
    return words[i - 1] == "yes" and i > 1 and words[i - 2] not in english.LEAVING_OPEN


def _shrugged(sentence: list[AnswerWord]) -> list[AnswerWord]:
    """The words of a sentence that only say that the writer does not know."""
    words = tuple(word.text for word in sentence)
    return [
        word
        for shrug in english.SHRUGS
        for i in range(len(words) - len(shrug) + 1)
        if words[i : i + len(shrug)] == shrug
        for word in sentence[i : i + len(shrug)]
    ]


def _questions_answered(reading: ReadAnswer) -> None:
    """Read a question that the writer answers as the statement; any other that begins like one is only asked."""
    sentences = reading.sentences()
    for i, sentence in enumerate(sentences):
        if sentence[0].sentence not in reading.asks:
            continue
        if sentence[0].text not in english.ASKING and not _mostly_echoed(sentence):
            continue
        answer = sentences[i + 1][0].text if i + 1 < len(sentences) else ""
        if answer not in english.NO | english.YES:
            _unmean(sentence)
            continue
        for word in sentence:
            word.echoed = False  # whoever answers a question may well repeat it
            word.denied ^= answer in english.NO


def _mostly_echoed(sentence: list[AnswerWord]) -> bool:
    return sum(word.echoed for word in sentence) >= _ECHOED * len(sentence)


def _unmean(sentence: list[AnswerWord]) -> None:
    for word in sentence:
        word.unmeant = True
