"""An answer as it is read: its words where they stand, the clauses they form, and how each word is meant.

That is: what is denied, what is left open, and what only looks like an answer (the question typed back, a heap of
terms, a list of everything).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from bot.curriculum.model import Curriculum
from bot.curriculum.vocabulary import answer_pipeline
from bot.quiz.grading import english
from bot.quiz.grading.formulas import formulas
from bot.quiz.grading.layout import flattened
from bot.text.normalise import folded, stem
from bot.text.pipeline import TextPipeline
from bot.text.unwrapping import GOOD, GREETINGS, PARTS_OF_DAY, THANKS

LONGEST = 500  # words read
_FORMULA = "\ue000"  # stands for each character of a formula
_CHUNK = re.compile(
    r"(?P<formula>\ue000+)|(?P<stop>[!?;\n]+|\.{2,}(?!\d)|…|\.(?=\s|$))"
    r"|(?P<pause>,(?!\s?-?\d)|(?<!\d),|\(|\)|\"|“|”|(?<=\s)/(?=\s))"
    r"|(?P<label>:|\s-+\s|—|–|->|=>|→|=+)"
    r"|(?P<joint>[+&])|(?P<word>(?:(?!->|=>|\.{2,}(?!\d)|\.(?:\s|$))[^\ue000\s,;:!?()\[\]=+&\"“”…—–→])+)"
)
_LABEL = 4  # so many words may stand before a colon that sets a label; after more it ends a clause
_TITLE = 10  # so many words with a question mark name what is spoken of: "Dead units? Leaky ReLU."
_MORE = re.compile(r"^>=?")
_SIGNS = {"?", "=", "->", "+-"}
_LIST_MARK = re.compile(r"^(?:\d{1,2}|[a-f]|i{1,3}|iv|v)$", re.IGNORECASE)


@dataclass(slots=True)
class AnswerWord:
    """A word, where it stands in the answer, and how it is meant."""

    text: str  # put right
    stem: str
    start: int  # first character
    end: int  # the one after its last
    clause: int  # numbers from 0
    sentence: int
    known: bool = True  # spelt as a known word is
    denied: bool = False
    echoed: bool = False  # copied from the question
    unmeant: bool = False  # asked, left open or only listed
    subjects: frozenset[str] = frozenset()  # that it is said of


@dataclass(slots=True)
class ReadAnswer:
    """The words of an answer in order."""

    answer: str
    words: list[AnswerWord] = field(default_factory=list)
    asks: set[int] = field(default_factory=set)  # the sentences that end in a question mark

    def clauses(self) -> list[list[AnswerWord]]:
        """Return the words clause by clause."""
        return by_clause(self.words)

    def sentences(self) -> list[list[AnswerWord]]:
        """Return the words sentence by sentence."""
        groups: dict[int, list[AnswerWord]] = {}
        for word in self.words:
            groups.setdefault(word.sentence, []).append(word)
        return list(groups.values())


def by_clause(words: list[AnswerWord]) -> list[list[AnswerWord]]:
    """Return words clause by clause, in the order in which the clauses begin."""
    groups: dict[int, list[AnswerWord]] = {}
    for word in words:
        groups.setdefault(word.clause, []).append(word)
    return list(groups.values())


def pipeline_for(curriculum: Curriculum) -> TextPipeline:
    """Return the text pipeline that answers are read with. To make it takes a while: it is made once a process."""
    lists = (english.GLUE, english.BREAKS, english.LIGHT, english.YES, english.NO, english.CLAUSE_OPENERS)
    everyday = english.EVERYDAY | english.VERB_NEGATORS | english.NOUN_NEGATORS
    return answer_pipeline(curriculum, (word for words in lists for word in sorted(words)), everyday)


def read(answer: str, pipeline: TextPipeline) -> ReadAnswer:
    """Return the words and clauses of an answer; nothing is decided yet on how they are meant."""
    reading = ReadAnswer(answer)
    clause = sentence = since_break = 0
    said, text = {}, answer
    for start, end, words in formulas(answer):
        said[start] = words
        text = text[:start] + _FORMULA * (end - start) + text[end:]
    text = flattened(text)
    for match in _CHUNK.finditer(text):
        kind, chunk = match.lastgroup, match.group()
        if kind == "formula":
            reading.words += _spoken(said.get(match.start(), ""), match.span(), clause, sentence)
            since_break += 1
        elif kind == "word":
            reading.words += _words(chunk, match.start(), clause, sentence, pipeline)
            since_break += 1
        elif kind == "joint":
            reading.words += _words("and", match.start(), clause, sentence, pipeline)
        elif kind in {"stop", "pause"} or since_break > _LABEL or _states(reading.words, since_break):
            _drop_list_mark(reading, sentence, chunk)
            if kind == "stop" and not ("?" in chunk and _labels(reading, sentence, text[match.end() :])):
                reading.asks.update({sentence} if "?" in chunk else ())
                sentence += 1
            clause, since_break = clause + bool(since_break), 0
        if len(reading.words) >= LONGEST:
            break
    _break_clauses(reading)
    return reading


def _spoken(words: str, place: tuple[int, int], clause: int, sentence: int) -> Iterator[AnswerWord]:
    """The words that a formula stands for, all where the formula stands."""
    for word in words.split():
        yield AnswerWord(word, stem(word), *place, clause, sentence)


def _words(chunk: str, start: int, clause: int, sentence: int, pipeline: TextPipeline) -> Iterator[AnswerWord]:
    """The words of a run of characters without space; one with a slash is two, unless that is a habit (w/o)."""
    pieces = [(chunk, 0)]
    if "/" in chunk and folded(chunk) not in pipeline.spellings:
        pieces = [(piece.group(), piece.start()) for piece in re.finditer(r"[^/]+", chunk)]
    for piece, offset in pieces:
        for token in pipeline.words(_MORE.sub("more than ", piece).replace("..", " to ")):
            if token in _SIGNS:
                continue
            text = pipeline.speller.correct(token)
            at = start + offset
            yield AnswerWord(text, stem(text), at, at + len(piece), clause, sentence, text in pipeline.speller)


def _drop_list_mark(reading: ReadAnswer, sentence: int, sign: str) -> None:
    """Take back the last word where it only numbers a list, as "1." and "b)" do."""
    words = reading.words
    if not words or words[-1].sentence != sentence or sign not in {".", ")", ":"}:
        return
    alone = len(words) == 1 or words[-2].clause != words[-1].clause
    if alone and _LIST_MARK.match(reading.answer[words[-1].start : words[-1].end]):
        words.pop()


def _states(words: list[AnswerWord], count: int) -> bool:
    """Whether the last so many words say something by themselves, and do not just name what a colon explains."""
    return count > 0 and any(word.text in english.STATING for word in words[-count:])


def _labels(reading: ReadAnswer, sentence: int, rest: str) -> bool:
    """Whether the question mark of a sentence only sets a title for the rest of the answer."""
    words = [word.text for word in reading.words[-_TITLE - 1 :] if word.sentence == sentence]
    return 0 < len(words) <= _TITLE and words[0] not in english.ASKING | english.YES | english.NO and bool(rest.strip())


def _break_clauses(reading: ReadAnswer) -> None:
    """Let conjunctions begin clauses too: number the clauses anew."""
    words, extra, before = reading.words, 0, -1
    for i, word in enumerate(words):
        here = word.clause
        if before == here and _opens(words, i):
            extra += 1
        word.clause, before = here + extra, here


def _opens(words: list[AnswerWord], i: int) -> bool:
    """Whether the word at `i` begins a clause of its own within what punctuation holds together."""
    word, before = words[i], words[i - 1].text
    following = words[i + 1].text if i + 1 < len(words) and words[i + 1].sentence == word.sentence else ""
    if before == "and" or (before, word.text) in english.SO_SAID:
        return False
    if word.text in english.BREAKS or (word.text == "and" and following in english.CLAUSE_OPENERS):
        return True
    if before in english.PLAIN_YES and _begins_sentence(words, i - 1):
        return word.text not in english.SCOPES
    return word.text in english.SUBJECTS and following in english.AUXILIARIES and before not in english.BREAKS


def _begins_sentence(words: list[AnswerWord], i: int) -> bool:
    return i == 0 or words[i - 1].sentence != words[i].sentence


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
_WONDERS = 3  # words from "not sure" on in which "whether" follows
_DISMISSAL = 6  # words of a sentence that is no more than "ok next question please"
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


def mark_bare_words(reading: ReadAnswer) -> None:
    """Mark words that say nothing by themselves: a row of "yes" and "no", "bad", "ok, next question", a greeting."""
    said = [word.text for word in reading.words]
    bare = english.YES | english.NO
    for words in (*reading.clauses(), *reading.sentences()):
        if _is_polite(words, reading.answer):
            _unmean(words)
    if len(said) > 1 and (bare | {"and", "or"}).issuperset(said):
        _unmean(reading.words)
    if said and not bare & set(said) and (english.EVALUATIVE | english.LIGHT | english.GLUE).issuperset(said):
        _unmean(reading.words)
    for sentence in reading.sentences():
        texts = [word.text for word in sentence]
        if len(texts) <= _DISMISSAL and any(pair in english.DISMISSALS for pair in pairwise(texts)):
            _unmean(sentence)


def _is_polite(words: Sequence[AnswerWord], answer: str) -> bool:
    """Whether words only greet or thank, with a "yes" or "no" to an offer at most."""
    typed: list[str] = []
    for word in words:
        typed.append(folded(answer[word.start : word.end]))
        if typed[-1] not in _POLITE:
            return False
    greets = not (GREETINGS | THANKS | english.PLEASE).isdisjoint(typed)
    return greets or any(a in GOOD and b in PARTS_OF_DAY for a, b in pairwise(typed))


_POLITE = english.POLITE | english.YES | english.NO | english.PLEASE


def _wondered(sentence: list[AnswerWord]) -> list[AnswerWord]:
    """What is asked in a clause like "whether it diverges" of which the writer says that they do not know it."""
    words = [word.text for word in sentence]
    if english.WONDERING.isdisjoint(words):
        return []
    untold = [i for i in range(len(words)) for one in english.UNTOLD if tuple(words[i : i + len(one)]) == one]
    if not untold:
        return []
    if words[0] in english.WONDERING - {"if", "what", "which"}:
        return sentence
    begins = next((i for i in range(untold[0] + 1, len(words)) if words[i] in english.WONDERING), None)
    if begins is None or begins > untold[0] + _WONDERS:
        return []
    return [word for word in sentence[begins:] if word.clause == sentence[begins].clause]


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
    clauses = reading.clauses()
    for clause in clauses:
        _deny(clause)
    for before, clause in pairwise(clauses):
        if _denies_next(before, clause):
            for word in clause:
                word.denied = not word.denied
    for sentence in reading.sentences():
        if _left_open(sentence):
            _unmean(sentence)
        _unmean(_follows_denied(sentence))
        _unmean(_wondered(sentence))
        _unmean(_shrugged(sentence))


def _deny(clause: list[AnswerWord]) -> None:
    for i in range(len(clause)):
        for other in _reach(clause, i):
            other.denied = not other.denied


def _denies_next(before: list[AnswerWord], clause: list[AnswerWord]) -> bool:
    """Whether one clause denies the next: "not because ...", "it is a myth that ..."."""
    if before[-1].sentence != clause[0].sentence:
        return False
    last = before[-1].text
    return last in english.VERB_NEGATORS and clause[0].text in english.BREAKS - {"but", "so", "then"}


def _reach(clause: list[AnswerWord], i: int) -> list[AnswerWord]:
    """The words of a clause that the one at `i` denies."""
    word, after = clause[i].text, clause[i + 1 :]
    following = after[0].text if after else ""
    before = clause[i - 1].text if i else ""
    found: list[AnswerWord] = []
    if (word, following) in english.NO_DENIAL or (before, word) in english.NO_DENIAL:
        pass
    elif (word, following) in english.NEGATOR_PAIRS:
        found = _noun(after[1:])
    elif word in english.VERB_NEGATORS:
        found = _noun(after) if following.startswith("any") else _verb(after)
    elif word in english.MYTHS and following == "that":
        found = after[1:]
    elif word in english.MYTHS and following == "to" and len(after) > 1 and after[1].text in english.THINKING:
        found = after[2:]
    elif word in english.NOUN_NEGATORS and not (word in english.NO and (i == 0 or not after) and _answers(after)):
        found = after[:1] if following in english.SHORT else _noun(after)
    return found


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


def _follows_denied(sentence: list[AnswerWord]) -> list[AnswerWord]:
    """The rest of a whole statement that is denied, and what is said to follow from it: "it is not true that it starts
    slowly and ends fast, so ..."."""
    for i, (word, following) in enumerate(pairwise(sentence)):
        denies = word.denied if word.text in english.TRUE else word.text in english.MYTHS and not word.denied
        if not denies or following.text != "that":
            continue
        found = [each for each in sentence[i + 1 :] if each.clause == word.clause and not each.denied]
        for clause in by_clause([each for each in sentence[i + 1 :] if each.clause != word.clause]):
            if clause[0].text in english.BREAKS - english.FOLLOWING:
                break
            found += clause
        return found
    return []


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
