"""What an answer denies, and what it leaves open."""

from bot.quiz.grading import english
from bot.quiz.grading.reading import Reading, Word

_ECHOED = 0.5  # of its words: a question that is the tutor's own


def mark(reading: Reading) -> None:
    """Marks the words that are denied, and those that are not meant as a statement."""
    _questions_answered(reading)
    for clause in reading.clauses():
        _deny(clause)
    for sentence in reading.sentences():
        if _left_open(sentence):
            _unmean(sentence)
        _unmean(_shrugged(sentence))


def _deny(clause: list[Word]) -> None:
    for i in range(len(clause)):
        for other in _reach(clause, i):
            other.denied = not other.denied


def _reach(clause: list[Word], i: int) -> list[Word]:
    """The words that the one at `i` denies."""
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


def _answers(after: list[Word]) -> bool:
    """Whether a "no" at the start of a clause stands for itself: "no it is not", "no because"."""
    return not after or after[0].text in english.CLAUSE_OPENERS or after[0].text in english.BREAKS


def _verb(after: list[Word]) -> list[Word]:
    for i, word in enumerate(after):
        if word.text == "and":
            return after[:i]
    return after


def _noun(after: list[Word]) -> list[Word]:
    for i, word in enumerate(after[: english.NOUN_REACH + 1]):
        if word.text in english.END_OF_NOUN or (i and word.text in {"no", "without"}):
            return after[:i]
    return after[: english.NOUN_REACH]


def _left_open(sentence: list[Word]) -> bool:
    """Whether it says "this or its opposite"."""
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
    """Whether "yes or no" is a noun: "the probability of yes or no"."""
    return words[i - 1] == "yes" and i > 1 and words[i - 2] not in english.LEAVING_OPEN


def _shrugged(sentence: list[Word]) -> list[Word]:
    """The words in it that only say that the writer does not know."""
    words = tuple(word.text for word in sentence)
    return [
        word
        for shrug in english.SHRUGS
        for i in range(len(words) - len(shrug) + 1)
        if words[i : i + len(shrug)] == shrug
        for word in sentence[i : i + len(shrug)]
    ]


_OR_NOT = [["do", "not"], ["does", "not"], ["is", "not"], ["are", "not"], ["it", "not"], ["will", "not"]]


def _questions_answered(reading: Reading) -> None:
    """A question that the writer answers counts as the statement; any other that begins like one is only asked."""
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


def _mostly_echoed(sentence: list[Word]) -> bool:
    return sum(word.echoed for word in sentence) >= _ECHOED * len(sentence)


def _unmean(sentence: list[Word]) -> None:
    for word in sentence:
        word.unmeant = True
