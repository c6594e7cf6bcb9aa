"""An answer as it is read: its words where they stand, the clauses they form, and how each word is meant."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.curriculum.model import Curriculum
from bot.curriculum.vocabulary import answer_pipeline
from bot.quiz.grading import english
from bot.text.normalise import folded, stem
from bot.text.pipeline import TextPipeline

LONGEST = 500  # words read
_CHUNK = re.compile(
    r"(?P<stop>[!?;\n]+|\.{2,}(?!\d)|…|\.(?=\s|$))|(?P<pause>,(?!\s?-?\d)|(?<!\d),|\(|\)|\"|“|”|(?<=\s)/(?=\s))|(?P<label>:|\s-+\s|—|–|->|=>|→|=+)"
    r"|(?P<joint>[+&])|(?P<word>(?:(?!->|=>|\.{2,}(?!\d)|\.(?:\s|$))[^\s,;:!?()\[\]=+&\"“”…—–→])+)"
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
    return answer_pipeline(curriculum, (word for words in lists for word in sorted(words)), english.EVERYDAY)


def read(answer: str, pipeline: TextPipeline) -> ReadAnswer:
    """Return the words and clauses of an answer; nothing is decided yet on how they are meant."""
    reading = ReadAnswer(answer)
    clause = sentence = since_break = 0
    for match in _CHUNK.finditer(answer):
        kind, chunk = match.lastgroup, match.group()
        if kind == "word":
            reading.words += _words(chunk, match.start(), clause, sentence, pipeline)
            since_break += 1
        elif kind == "joint":
            reading.words += _words("and", match.start(), clause, sentence, pipeline)
        elif kind in {"stop", "pause"} or since_break > _LABEL or _states(reading.words, since_break):
            _drop_list_mark(reading, sentence, chunk)
            if kind == "stop" and not ("?" in chunk and _labels(reading, sentence, answer[match.end() :])):
                reading.asks.update({sentence} if "?" in chunk else ())
                sentence += 1
            clause, since_break = clause + bool(since_break), 0
        if len(reading.words) >= LONGEST:
            break
    _break_clauses(reading)
    return reading


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
