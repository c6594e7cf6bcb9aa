"""Which of the topic's subjects each stretch of an answer speaks of."""

from itertools import pairwise

from bot.curriculum.key_points import KeyPoints
from bot.quiz.grading import english
from bot.quiz.grading.reading import AnswerWord, ReadAnswer
from bot.quiz.grading.statements import Found, PhraseBook

_MOST_AT_ONCE = 3  # whoever says something of more subjects in one breath says nothing of any

_Mention = tuple[int, int, str]  # first word, the one after its last, subject
_Group = tuple[int, int, frozenset[str]]  # likewise, subjects


class Subjects:
    """Finds which of the topic's subjects is spoken of."""

    def __init__(self, points: KeyPoints, book: PhraseBook) -> None:
        self._names = {name: [book.add(form) for form in forms] for name, forms in points.subjects.items()}
        self._shadows = [book.add(phrase) for phrase in points.not_subjects]  # these only seem to name one
        self._about, self._stays = points.about, points.last_named_stays

    def mark(self, reading: ReadAnswer, found: Found) -> None:
        """Give every word of an answer the subjects it is said of. `found` is what the book found in it."""
        if not self._names:
            return
        mentions = self._mentions(reading, found)
        start = frozenset([self._about] if self._about else [])
        current = start
        for sentence in reading.sentences():
            if self._about and not self._stays and sentence[0].text not in english.PRONOUNS:
                current = start
            current = self._mark_sentence(reading, sentence, mentions, current)

    def _mark_sentence(
        self, reading: ReadAnswer, sentence: list[AnswerWord], mentions: list[_Mention], current: frozenset[str]
    ) -> frozenset[str]:
        first = next(i for i, word in enumerate(reading.words) if word is sentence[0])
        last = first + len(sentence)
        groups = _compounds(reading.words, [m for m in mentions if first <= m[0] < last])
        for word in sentence:
            word.subjects = current
        cuts = _cuts(reading.words, groups, self._begins(reading.words, groups, first), last)
        for (start, end), (_, _, names) in zip(cuts, groups, strict=True):
            current = names if len(names) <= _MOST_AT_ONCE else frozenset()
            for word in reading.words[start:end]:
                word.subjects = current
        return current

    def _begins(self, words: list[AnswerWord], groups: list[_Group], first: int) -> int:
        """Where the stretch of the first subject named begins: with its clause, if another is meant anyway."""
        if not groups or not self._about:
            return first
        named = groups[0][0]
        begins = next(i for i in range(first, len(words)) if words[i].clause == words[named].clause)
        return named if begins > first and words[begins].text in english.REASONS else begins

    def _mentions(self, reading: ReadAnswer, found: Found) -> list[_Mention]:
        """Where a subject is named, in order: of overlapping names the longest, and none that is only compared with."""
        hits = [(hit, "") for hit in found.any_of(self._shadows)]
        hits += [(hit, name) for name, phrases in self._names.items() for hit in found.any_of(phrases)]
        hits.sort(key=lambda pair: (pair[0].start - pair[0].end, pair[0].start, pair[1]))
        taken: set[int] = set()
        kept = []
        for hit, name in hits:
            places = set(range(hit.start, hit.end))
            if not places & taken:
                taken |= places
                kept.append((hit.start, hit.end, name))
        kept.sort()
        named: list[_Mention] = []
        for mention in kept:
            if mention[2] and not self._compared(reading.words, mention, named):
                named.append(mention)
        return named

    def _compared(self, words: list[AnswerWord], mention: _Mention, named: list[_Mention]) -> bool:
        """Whether a subject is only compared with what is spoken of, given those named before it."""
        place = mention[0]
        earlier = [word.text for word in words[max(0, place - 3) : place] if word.sentence == words[place].sentence]
        earlier = [word for word in earlier if word not in english.LIGHT][-2:]
        if earlier and (earlier[-1] in english.COMPARING or tuple(earlier) in english.COMPARING_PAIRS):
            return True
        same = any(words[other[0]].sentence == words[place].sentence for other in named)
        if self._about and (mention[2] == self._about) == self._stays:
            if not self._leads(words, place):
                return True
            if self._stays and same and (not earlier or earlier[-1] not in english.CONTRASTS):
                return True
        return same and bool(earlier) and earlier[-1] in english.CONDITIONS

    def _leads(self, words: list[AnswerWord], place: int) -> bool:
        """Whether the word at a place is among the first of its clause."""
        early = [word for word in words[max(0, place - 3) : place] if word.clause == words[place].clause]
        return len(early) < 3 or early[-1].text in {"and", "or"}


def _compounds(words: list[AnswerWord], mentions: list[_Mention]) -> list[_Group]:
    """Join subjects named side by side ("tanh and ReLU"): they are spoken of together."""
    groups: list[_Group] = []
    for start, end, name in mentions:
        between = words[groups[-1][1] : start] if groups else []
        if groups and len(between) <= 2 and all(word.text in {"and", "or", "its", "variants"} for word in between):
            first, _, names = groups[-1]
            groups[-1] = (first, end, names | {name})
        else:
            groups.append((start, end, frozenset([name])))
    return groups


def _cuts(words: list[AnswerWord], groups: list[_Group], first: int, last: int) -> list[tuple[int, int]]:
    """Where the stretch of each group begins and ends."""
    starts = [first]
    for (_, end, _), (start, _, _) in pairwise(groups):
        starts.append(_border(words, end, start))
    ends = [*starts[1:], last]
    return list(zip(starts, ends, strict=True)) if groups else []


def _border(words: list[AnswerWord], end: int, start: int) -> int:
    """Where the stretch of the earlier of two mentions ends: at the last break of a clause between them, else at the
    last "and", else before the later mention.

    A break that only gives a reason or a condition for what was said of the earlier is none.
    """
    for i in range(start, end - 1, -1):
        if words[i].clause != words[i - 1].clause:
            if i == end and words[i].text in english.CONDITIONS and not _parted(words, i):
                break
            return start if words[i].text in english.REASONS else i
    for i in range(start - 1, end - 1, -1):
        if words[i].text in {"and", "or"}:
            return i
    return start


def _parted(words: list[AnswerWord], i: int) -> bool:
    """Whether more than a space stands before the word at `i`."""
    return words[i].start - words[i - 1].end > 1
