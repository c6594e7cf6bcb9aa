"""Whether an answer says a thing in one of the ways listed for it, where, and of which of the topic's subjects.

The phrases of all key points are collected in a book and looked for at once; a pattern holds where its items stand near
each other, in order and mood as it asks.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import NamedTuple

from bot.curriculum.key_points import Alternative, KeyPoints, Mood, Pattern, PatternItem, parse_patterns
from bot.quiz.grading import english
from bot.quiz.grading.reading import AnswerWord, ReadAnswer
from bot.text.normalise import folded, stem
from bot.text.pipeline import Phrases, TextPipeline

# The numbers below were chosen on answers by several hands: change one and compare `python -m tests.bench grading`.
_NEAR = 16  # words that the parts of one statement lie apart at most
_CLAUSES = 2  # borders of clauses between them at most
_PLACES = 5  # where one pattern is found, at most: a bound on time
_OPENING = 5  # words that count as the first


class Hit(NamedTuple):
    """Words `start` to `end` (exclusive) of a reading."""

    start: int
    end: int


class Found:
    """Where each phrase of a book stands in one answer."""

    def __init__(self, hits: Mapping[str, Sequence[Hit]]) -> None:
        self._hits = hits

    def any_of(self, names: Iterable[str]) -> list[Hit]:
        """Return every place of any of the named phrases, in order and none twice."""
        return sorted({hit for name in names for hit in self._hits.get(name, ())})

    def names(self) -> Iterable[str]:
        """Return the names of all phrases that stand in the answer."""
        return self._hits.keys()

    def has_any_of(self, names: Iterable[str]) -> bool:
        """Return whether any of the named phrases stands in the answer."""
        return not self._hits.keys().isdisjoint(names)


class PhraseBook:
    """The phrases that the key points of one topic look for, each known by its own text."""

    def __init__(self, pipeline: TextPipeline) -> None:
        self._pipeline = pipeline
        self._forms: dict[str, tuple[str, ...]] = {}
        self._phrases: Phrases | None = None

    def add(self, phrase: str) -> str:
        """Add a phrase in the notation of patterns; return the name under which `Found` has it."""
        if phrase not in self._forms:
            self._forms[phrase] = self._compiled(phrase)
            self._phrases = None
        return phrase

    def find(self, reading: ReadAnswer) -> Found:
        """Look for all phrases, through inflections, slips and light words in between."""
        if self._phrases is None:
            self._phrases = Phrases(((forms, name) for name, forms in self._forms.items()), english.LIGHT)
        hits: dict[str, list[Hit]] = {}
        for start, end, name in self._phrases.loosely(reading.words):
            hits.setdefault(name, []).append(Hit(start, end))
        return Found(hits)

    def forms(self, phrase: str) -> tuple[str, ...]:
        """Return the stems and beginnings of words that a phrase of the book is looked for by."""
        return self._forms[phrase]

    def _compiled(self, phrase: str) -> tuple[str, ...]:
        """The stems of a phrase, and the beginnings of words in it, without light words unless it has no others."""
        forms: list[str] = []
        for piece in phrase.split():
            if piece.endswith("*"):
                forms.append(f"{folded(piece[:-1])}*")
            else:
                forms += [stem(word) for word in self._pipeline.words(piece)]
        return tuple(form for form in forms if form not in english.LIGHT) or tuple(forms)


@dataclass(frozen=True, slots=True)
class PatternHit:
    """Where a pattern was found."""

    start: int  # first character
    end: int  # the one after its last
    opening: bool  # whether it is but the first word or two of the answer: a bare yes or no
    way: int = 0  # which line of `say`


@dataclass(frozen=True, slots=True)
class _Placed:
    """A part of a pattern where it stands."""

    hit: Hit
    mood: Mood
    denied: bool


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A pattern with the names of its phrases in the book."""

    pattern: Pattern
    items: tuple[dict[Mood, list[str]], ...]
    without: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]  # of each item all names, in whatever mood
    way: int  # which line of `say` it stands in


class PatternMatcher:
    """Looks for one thing that can be said in several ways."""

    def __init__(
        self, texts: Iterable[str], groups: Mapping[str, tuple[str, ...]], book: PhraseBook, one_clause: bool = False
    ) -> None:
        """Take the patterns, the groups of words used in them, and the book to look them up with.

        With `one_clause` all parts have to stand in the same clause.
        """
        self._one_clause = one_clause
        self._compiled = []
        for way, pattern in ((way, each) for way, text in enumerate(texts) for each in parse_patterns(text)):
            items = tuple(_by_mood(item, groups, book) for item in pattern.items)
            without = tuple(name for way in pattern.without for name in _named(way, groups, book))
            names = tuple(tuple(name for each in item.values() for name in each) for item in items)
            self._compiled.append(_Compiled(pattern, items, without, names, way))

    def hits(self, reading: ReadAnswer, found: Found) -> Iterator[PatternHit]:
        """Yield where an answer says it. `found` is what the book found in the answer."""
        for one in self._compiled:
            places = []
            for item in one.items:
                places.append(_places(item, reading, found))
                if not places[-1]:
                    break
            else:
                avoid = found.any_of(one.without)
                every = _choices(one.pattern, places, reading, self._borders(one.pattern))
                held = (c for c in every if _holds(one.pattern, c, reading) and not _beside(c, avoid, reading))
                yield from (_hit(chosen, reading, one.way) for chosen in islice(held, _PLACES))

    def share(self, reading: ReadAnswer, found: Found) -> float:
        """Return how much of the pattern that is there most is there, wherever its parts stand: 0 to 1.

        Half of that where the subject that it has to be said of is never spoken of.
        """
        spoken_of = frozenset(subject for word in reading.words for subject in word.subjects)
        best = 0.0
        for one in self._compiled:
            items = one.names
            there = sum(found.has_any_of(names) for names in items) / len(items)
            best = max(best, there / (1 if not one.pattern.subject or one.pattern.subject in spoken_of else 2))
        return best

    def phrases(self) -> Iterator[str]:
        """Yield the names in the book of all phrases that are looked for, pattern by pattern."""
        for one in self._compiled:
            for names in one.names:
                yield from dict.fromkeys(names)

    def _borders(self, pattern: Pattern) -> int:
        """How many borders of clauses a pattern may cross; a row of bare answers ("yes, no") crosses them anyway."""
        bare = all(way.mood is Mood.FIRST for item in pattern.items for way in item.ways)
        return 0 if self._one_clause and not bare else _CLAUSES


def _by_mood(item: PatternItem, groups: Mapping[str, tuple[str, ...]], book: PhraseBook) -> dict[Mood, list[str]]:
    """The names in the book of the ways of saying one item, by how they have to stand."""
    names: dict[Mood, list[str]] = {}
    for way in item.ways:
        names.setdefault(way.mood, []).extend(_named(way, groups, book))
    return names


def _named(way: Alternative, groups: Mapping[str, tuple[str, ...]], book: PhraseBook) -> list[str]:
    """The names in the book of one alternative: of each phrase of its group, or of its own."""
    return [book.add(phrase) for phrase in (groups[way.phrase] if way.group else (way.phrase,))]


def _places(item: Mapping[Mood, Sequence[str]], reading: ReadAnswer, found: Found) -> list[_Placed]:
    """Where one item is said, meant and in its mood."""
    placed = [
        _Placed(hit, mood, reading.words[hit.start].denied)
        for mood, names in item.items()
        for hit in found.any_of(names)
        if not reading.words[hit.start].unmeant
    ]
    return sorted((p for p in placed if _in_mood(p)), key=lambda p: (p.hit, p.mood.value))


def _in_mood(placed: _Placed) -> bool:
    if placed.mood is Mood.DENIED:
        return placed.denied
    return placed.mood is not Mood.FIRST or placed.hit.start < _OPENING


def _choices(
    pattern: Pattern, places: list[list[_Placed]], reading: ReadAnswer, borders: int, chosen: tuple[_Placed, ...] = ()
) -> Iterator[tuple[_Placed, ...]]:
    """Every choice of one place an item that keeps near, in order and within `borders` of clauses."""
    if len(chosen) == len(places):
        yield chosen
        return
    item = pattern.items[len(chosen)]
    for placed in _nearby(places[len(chosen)], chosen):
        if chosen and item.after and placed.hit.start < chosen[-1].hit.end:
            continue
        if item.beside and reading.words[placed.hit.start].clause != reading.words[chosen[-1].hit.start].clause:
            continue
        if _fits((*chosen, placed), reading, borders):
            yield from _choices(pattern, places, reading, borders, (*chosen, placed))


def _nearby(places: list[_Placed], chosen: tuple[_Placed, ...]) -> list[_Placed]:
    """Those that lie near enough to what is chosen to be worth a look."""
    if not chosen:
        return places
    first = chosen[0].hit.start
    low = bisect_left(places, first - _NEAR, key=_start)
    return places[low : bisect_right(places, first + _NEAR, key=_start)]


def _start(placed: _Placed) -> int:
    return placed.hit.start


def _fits(chosen: tuple[_Placed, ...], reading: ReadAnswer, borders: int) -> bool:
    """Whether places are near each other and use no word twice."""
    *earlier, last = chosen
    if any(last.hit.start < other.hit.end and other.hit.start < last.hit.end for other in earlier):
        return False
    start, end = _ends(chosen)
    words = reading.words
    if end - start > _NEAR or words[end - 1].clause - words[start].clause > borders:
        return False
    return words[end - 1].sentence - words[start].sentence <= 1


def _ends(chosen: tuple[_Placed, ...]) -> tuple[int, int]:
    """The first word of a choice, and the one after its last."""
    return min(p.hit.start for p in chosen), max(p.hit.end for p in chosen)


def _holds(pattern: Pattern, chosen: tuple[_Placed, ...], reading: ReadAnswer) -> bool:
    """Whether a choice of places says it: nothing denied that has to be said, of the right subject, not just copied."""
    some_denied = any(p.mood is Mood.DENIED for p in chosen)
    if not some_denied and any(p.denied for p in chosen if p.mood in {Mood.SAID, Mood.FIRST}):
        return False
    words = [word for p in chosen for word in reading.words[p.hit.start : p.hit.end]]
    if pattern.subject and not all(pattern.subject in word.subjects for word in words):
        return False
    return not all(word.echoed for word in words) and not _passes_over(chosen, reading)


def _passes_over(chosen: tuple[_Placed, ...], reading: ReadAnswer) -> bool:
    """Whether what should come first leaves out a yes or no before it."""
    first = [p.hit for p in chosen if p.mood is Mood.FIRST]
    before = reading.words[: max((hit.start for hit in first), default=0)]
    bare = {i for i, word in enumerate(before) if word.text in english.PLAIN_YES | english.NO}
    return not bare.issubset(i for hit in first for i in range(hit.start, hit.end))


def _beside(chosen: tuple[_Placed, ...], avoid: list[Hit], reading: ReadAnswer) -> bool:
    """Whether something stands beside a choice that must not: a place of `avoid` in a clause of the same subject."""
    clauses = {(word.clause, word.subjects) for word in (reading.words[p.hit.start] for p in chosen)}
    inside = {i for p in chosen for i in range(p.hit.start, p.hit.end)}
    own = [hit for hit in avoid if not inside.issuperset(range(hit.start, hit.end))]
    return any((word.clause, word.subjects) in clauses for word in (reading.words[hit.start] for hit in own))


def _hit(chosen: tuple[_Placed, ...], reading: ReadAnswer, way: int) -> PatternHit:
    start, end = _ends(chosen)
    opening = all(p.mood is Mood.FIRST for p in chosen)
    return PatternHit(reading.words[start].start, reading.words[end - 1].end, opening, way)


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
