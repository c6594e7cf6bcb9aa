"""The statements of a reference answer: its sentences, the clauses they are made of, and the claims, word for word.

A statement is the smallest thing that a message can be about ("why is it turned off?") and that can be shown in front
of the rest with its verdict. Nothing has to be written for it: it is read from the answer, the passages of the parts
and the claims.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from itertools import pairwise
from weakref import ref

from bot.curriculum.claims import Claim
from bot.curriculum.model import Part, Topic
from bot.text.normalise import plain, stem


class StatementKind(StrEnum):
    """What of an answer a statement is."""

    SENTENCE = "sentence"
    CLAUSE = "clause"
    CLAIM = "claim"


@dataclass(frozen=True, slots=True)
class Statement:
    """A stretch of a reference answer that says one thing."""

    text: str  # word for word as it stands in the answer
    start: int  # where it stands in the answer
    kind: StatementKind
    parts: tuple[str, ...] = ()  # ids of the parts that it is about; none where the topic has no parts with passages
    claims: tuple[Claim, ...] = ()  # the claims that it states; the one it is stated in, where it is less than one

    @property
    def end(self) -> int:
        """The place in the answer where it ends."""
        return self.start + len(self.text)

    def within(self, other: "Statement") -> bool:
        """Return whether all of it stands in another statement of the same answer."""
        return other.start <= self.start and self.end <= other.end


_BULLETS = {"-", "*", "•"}
_WORD = re.compile(r"\w")
_BETWEEN_WORDS = r"\s+(?:[-*•]\s+)?"
_LIST_MARK = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")
_LIST_ITEM = re.compile(_LIST_MARK.pattern + r"(.*\S)")
# A full stop ends a sentence only before something that begins one, and not after the dot of "e.g." or "vs.".
_SENTENCE_END = re.compile(r"(?<=[.!?])(?<!e\.g\.)(?<!i\.e\.)(?<!vs\.)(?<!cf\.)(?<!etc\.)\s+(?=[A-Z\"'(\d`])")
_HEADING = ":"  # a line that ends with it announces what follows and says nothing itself
_LONGEST_LABEL = 60  # characters before the colon of "Softmax: Used in ...": chosen, a label is no sentence
_LABEL_END = ": "
_LONGEST_JOINER = len("which ")
_FEWEST_WORDS = 3  # of a clause; less says nothing that the sentence around it does not say better

# Words that begin a clause after a comma, and those that begin one without a comma.
_AFTER_COMMA = r"which|who|where|when|while|whereas|although|though|and|but|so|or|as|because|since|if|unless|then|yet"
_ANYWHERE = r"because|since|but|while|whereas|although|unless|(?:even )?(?:if|when|though)|which|and then|so that"
_CLAUSE_CUT = re.compile(
    rf";\s+|,\s+(?=(?:{_AFTER_COMMA})\b)"  # ", so it does not slow down inference"
    r"|,\s+(?=\w+(?:ing|ly)\b)"  # ", making them learn the same", ", potentially causing"
    rf"|\s+(?=(?:{_ANYWHERE})\s)"  # " because it introduces randomness"
    r"|\s+(?=and\s+(?:\w+ly\s+\w+(?:s|ed)|it|they|this|we|you)\s)"  # " and effectively reduces", " and it does"
)
# What a sentence opens with, up to the comma: a clause of its own ("While He initialization helps, ..."), or only the
# condition of what follows ("When the momentum is very high, ..."), which says nothing by itself.
_OPENING = re.compile(r"^(?:While|Although|Because|Since|As)\b[^,]*,\s+")
_CONDITION = re.compile(r"^(?:(?:When|If|During|After|Before|Once|In|On|At|For)\b[^,]*|However),\s+")
# Left out at the start of a clause: it joins, and says nothing by itself.
_JOINER = re.compile(r"^(?:and then|and|but|or|so that|then|yet)\s+", re.IGNORECASE)
_STOPS = " .;:,"

_Span = tuple[int, int]


_KEPT: dict[int, tuple["ref[Topic]", tuple[Statement, ...]]] = {}  # by the identity of a topic, while there is one


def statements(topic: Topic) -> tuple[Statement, ...]:
    """Return what a reference answer says, in order: each sentence, and after it the clauses and claims in it."""
    kept = _KEPT.get(id(topic))
    if kept is None or kept[0]() is not topic:
        kept = _KEPT[id(topic)] = ref(topic, partial(_forget, id(topic))), _read(topic)
    return kept[1]


def _forget(key: int, _: "ref[Topic]") -> None:
    _KEPT.pop(key, None)


def _read(topic: Topic) -> tuple[Statement, ...]:
    claims = [(span, claim) for claim in topic.claims if (span := _span(topic.answer, claim.says))]
    found: dict[_Span, StatementKind] = {}
    for span, _ in claims:
        found[span] = StatementKind.CLAIM
    for sentence in _sentences(topic.answer):
        found[sentence] = StatementKind.SENTENCE
        for clause in _clauses(topic.answer, sentence):
            found.setdefault(clause, StatementKind.CLAUSE)
    passages = [(span, part) for part in topic.parts if part.passage and (span := _span(topic.answer, part.passage))]
    ordered = sorted(filter(lambda span: not _repeats(span, found), found), key=lambda span: (span[0], -span[1]))
    return tuple(
        Statement(topic.answer[start:end], start, found[start, end], _parts((start, end), topic, passages), stated)
        for start, end in ordered
        for stated in (_claims((start, end), claims),)
    )


def summary(topic: Topic) -> str:
    """Return a reference answer in one line: its first sentence, or what is on the list that it announces."""
    heading = topic.answer.strip().partition("\n")[0].rstrip()
    items = [match for line in topic.answer.splitlines() if (match := _LIST_ITEM.match(line))]
    if items and heading.endswith(_HEADING):
        return f"{heading} {'; '.join(_label(item.group(1), topic.parts) for item in items)}."
    first = next((one for one in statements(topic) if one.kind is StatementKind.SENTENCE), None)
    return first.text if first else topic.answer


def _label(item: str, parts: Sequence[Part]) -> str:
    """What a list item is about: what stands before its colon, or the title of its part, or all of it."""
    label, colon, _ = item.partition(_LABEL_END)
    if colon and len(label) <= _LONGEST_LABEL:
        return label
    titles = [part.title for part in parts if part.passage and part.passage.startswith(item[:_LONGEST_LABEL])]
    return titles[0] if titles else item.rstrip(_STOPS)


def _span(answer: str, passage: str) -> _Span | None:
    """Where a passage stands in the answer, whatever the white space and the marks of list items between its words."""
    start = answer.find(passage)
    if start >= 0 and _BULLETS.isdisjoint(passage.split()) and _stands_alone(answer, start, start + len(passage)):
        return start, start + len(passage)  # word for word, as nearly all; else it takes some milliseconds
    words = [re.escape(word) for word in passage.split() if word not in _BULLETS]
    found = re.search(r"(?<!\w)" + _BETWEEN_WORDS.join(words) + r"(?!\w)", answer) if words else None
    return found.span() if found else None


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a stretch of a text begins and ends at no letter or digit that belongs to what is beside it."""
    return not (_WORD.match(text[start - 1 : start]) or _WORD.match(text[end : end + 1]))


def _sentences(answer: str) -> Iterator[_Span]:
    """The sentences of every line, without the marks of list items; headings left out."""
    place = 0
    for line in answer.splitlines(keepends=True):
        mark = _LIST_MARK.match(line)
        start, end = place + (mark.end() if mark else 0), place + len(line.rstrip())
        place += len(line)
        if end <= start or line.rstrip().endswith(_HEADING):
            continue
        for cut in _SENTENCE_END.finditer(answer[:end], start):
            yield start, cut.start()
            start = cut.end()
        yield start, end


def _clauses(answer: str, sentence: _Span) -> Iterator[_Span]:
    """The clauses of a sentence; none where it is a single one."""
    text = answer[slice(*sentence)]
    label = text.find(_LABEL_END, 0, _LONGEST_LABEL)
    condition = _CONDITION.match(text)
    start = condition.end() if condition else label + len(_LABEL_END) if label > 0 else 0
    opening = _OPENING.match(text)
    cuts = {match.end() for match in _CLAUSE_CUT.finditer(text) if not _in_brackets(text, match.start())}
    places = sorted({start, len(text), *(cut for cut in cuts if cut > start), *([opening.end()] if opening else [])})
    for place, end in pairwise(places):
        joiner = _JOINER.match(text[place:end])
        left = place + (joiner.end() if joiner else 0)
        clause = text[left:end].rstrip(_STOPS)
        if len(clause.split()) >= _FEWEST_WORDS:
            yield sentence[0] + left, sentence[0] + left + len(clause)


def _repeats(span: _Span, found: Mapping[_Span, StatementKind]) -> bool:
    """Whether a clause or claim is no more than another statement: but for its full stop or the word that joins it."""
    return found[span] is not StatementKind.SENTENCE and any(
        _near(span, other) and (kind is StatementKind.SENTENCE or found[span] is StatementKind.CLAUSE)
        for other, kind in found.items()
        if other != span and kind is not StatementKind.CLAUSE
    )


def _near(span: _Span, other: _Span) -> bool:
    return abs(span[0] - other[0]) <= _LONGEST_JOINER and abs(span[1] - other[1]) <= len(".")


def _in_brackets(text: str, place: int) -> bool:
    return text.count("(", 0, place) > text.count(")", 0, place)


def _parts(span: _Span, topic: Topic, passages: Sequence[tuple[_Span, Part]]) -> tuple[str, ...]:
    """The parts in whose passage it stands. Where several share the passage, those that it names, if it names any."""
    around = [part for (start, end), part in passages if start <= span[0] and span[1] <= end]
    if len(around) < 2:
        return tuple(part.id for part in around)
    said = set(map(stem, plain(topic.answer[slice(*span)])))
    named = [part for part in around if said & set(map(stem, plain(part.title)))]
    return tuple(part.id for part in named or around)


def _claims(span: _Span, claims: Sequence[tuple[_Span, Claim]]) -> tuple[Claim, ...]:
    """The claims that stand in it; else the narrowest that it stands in; else those that reach into it."""
    inside = [claim for (start, end), claim in claims if span[0] <= start and end <= span[1]]
    if inside:
        return tuple(inside)
    around = [((end - start), i) for i, ((start, end), _) in enumerate(claims) if start <= span[0] and span[1] <= end]
    if around:
        return (claims[min(around)[1]][1],)
    return tuple(claim for (start, end), claim in claims if start < span[1] and span[0] < end)
