"""The one way from a text to what is compared: cut into tokens, put right, stemmed, and its concepts found.

Matching parses messages with it and grading reads answers with it. Each has its own list of known words (see
`bot.curriculum.vocabulary`): members' phrasings hold slips, key points do not.
"""

import re
from array import array
from bisect import bisect_left
from collections import ChainMap
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from sys import intern
from typing import Protocol

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.text.normalise import plain, remembered, shape, stem, written_out

SHORTEST_SLIP = 5  # letters; shorter words lie too close to each other to take one for a slip of the other
_SHORTEST, _LONGEST = 4, 24  # letters of a word that is put right
_LONG = 8  # letters; from here a word may hold two slips
_FIRST_LETTER = 6  # letters; a shorter word is put right only where its first letter was typed rightly
_SELDOM, _OFTEN = 3, 12  # times; a word seldom met may be a slip of one that is often met
_Frequent = tuple[Mapping[int, Sequence[str]], frozenset[tuple[int, str, str]]]
_NO_WORDS: _Frequent = {}, frozenset()
_REMEMBERED, _REMEMBERED_MORE = 20_000, 1_000  # words; of a speller that knows more than one that it shares


def slips_apart(one: str, other: str, most: int = 1) -> bool:
    """Return whether at most `most` letters were left out, added, exchanged or swapped between two long words."""
    if min(len(one), len(other)) < SHORTEST_SLIP:
        return False
    return OSA.distance(one, other, score_cutoff=most) <= most


def misplaced(one: str, other: str) -> bool:
    """Return whether words that are one slip apart differ by a letter that is missing or out of place.

    Another letter in its place may well make another word (micro, macro).
    """
    return len(one) != len(other) or sorted(one) == sorted(other)


class Speller:
    """Corrects words to a vocabulary. Of several as near it takes the most frequent, but none where confusing them
    would change the meaning."""

    def __init__(
        self,
        frequencies: Mapping[str, int],
        never_equal: Iterable[Collection[str]] = (),
        chosen: Collection[str] = (),
        slips: Mapping[str, str] | None = None,
        base: "Speller | None" = None,
    ) -> None:
        """Take how often each word was met, in an order that is always the same: it decides between equals.

        The texts may hold slips themselves: a rare word one slip away from a frequent one is taken for that slip, but
        no word of a `never_equal` group and none of the `chosen`. `slips` are those pairs, where they were found
        before with the same words. What `base` knows is known too, and shared with it; how often its words are met in
        other texts does not count.
        """
        self._groups: Mapping[str, set[str]] = _grouped(never_equal, base._groups if base else {})
        self._base = base
        self._base_words: Mapping[str, int] = base.frequencies if base else {}
        self._base_slips: Mapping[str, str] = {**base._base_slips, **base.slips} if base and base._base else {}
        if base and not base._base:
            self._base_slips = base.slips
        mine = {**dict.fromkeys({} if base else self._groups, 1), **frequencies}
        if base:
            # Those of questions and of answers are mostly the same.
            mine = {intern(word): n for word, n in mine.items() if word in chosen or not self.of_base(word)}
        self._mine: Mapping[str, int] = mine
        self.frequencies: Mapping[str, int] = ChainMap(mine, self._base_words) if base else mine  # type: ignore[arg-type]
        # Those of its own words alone; one that the base takes for a slip, and that is none here, stands for itself.
        itself = {word: word for word in mine if word in self._base_slips}
        self.slips: Mapping[str, str] = itself | dict(self._found_slips(chosen)) if slips is None else slips
        new = _by_length(word for word in mine if self.slips.get(word, word) == word)
        self._by_length: tuple[Mapping[int, Sequence[str]], ...] = (*(base._by_length if base else ()), new)
        self.met: Collection[str] = mine.keys()  # the words that it does not know from the base alone
        self._nearest = remembered(self._searched, _REMEMBERED_MORE if base else _REMEMBERED)

    def of_base(self, word: str) -> bool:
        """Return whether the base knows a word, and not as a slip."""
        return word in self._base_words and self._base_slips.get(word, word) == word

    def __contains__(self, word: str) -> bool:
        return word in self._mine or word in self._base_words

    def correct(self, word: str) -> str:
        """Return the known word that was meant, or the word as it is."""
        if word in self._mine or word in self._base_words:
            return self.slips.get(word) or self._base_slips.get(word, word)
        if len(word) < _SHORTEST or not word.isalpha():
            return word
        return self._nearest(word)

    def correct_all(self, words: Iterable[str], most: int) -> tuple[str, ...]:
        """Return the words put right, in order. Beyond `most` that would need a search they stay as they are."""
        mine, shared, slips, base_slips = self._mine, self._base_words, self.slips, self._base_slips
        found = []
        for word in words:
            right = slips.get(word) or base_slips.get(word, word)
            if word not in mine and word not in shared and len(word) >= _SHORTEST and word.isalpha():
                most -= 1
                right = self._nearest(word) if most >= 0 else word
            found.append(right)
        return tuple(found)

    def _frequent(self) -> _Frequent:
        """The words that are often met, by their length; and the lengths of such words with their first and last
        letters."""
        words, edges = self._base._frequent_alone if self._base else _NO_WORDS
        own = [word for word, count in self._mine.items() if word and count >= _OFTEN]
        known = {length: [one for one in some if one not in self._mine] for length, some in words.items()}
        mine = _by_length(own)
        found = known | {length: [*known.get(length, ()), *some] for length, some in mine.items()}
        return found, edges | {(len(word), word[0], word[-1]) for word in own}

    @cached_property
    def _frequent_alone(self) -> _Frequent:
        """The same, kept: of a speller that others extend."""
        return self._frequent()

    def _found_slips(self, chosen: Collection[str]) -> dict[str, str]:
        """Every rare one of its own words that is a slip of exactly one frequent word, and that word."""
        found = {}
        frequent, edges = self._frequent()
        for word, count in self._mine.items():
            if count > _SELDOM or word in self._groups or word in chosen or not word.isalpha():
                continue
            lengths = [len(word) + n for n in (-1, 0, 1)]
            if all((length, word[0], word[-1]) not in edges for length in lengths):
                continue  # it is quickly told of most
            near = (_near(word, frequent.get(length, ()), 1, 3) for length in lengths)
            meant = [one for others in near for one in others if _mistyped(word, one) and stem(one) != stem(word)]
            if len(meant) == 1 and meant[0] != word:
                found[word] = meant[0]
        return found

    def _searched(self, word: str) -> str:
        """Return the nearest known word to one that is not known, or the word itself."""
        if len(word) > _LONGEST:
            return word
        allowed = 1 if len(word) < _LONG else 2
        near: dict[str, float] = {}
        for length in range(len(word) - allowed, len(word) + allowed + 1):
            for known in self._by_length:
                near |= _near(word, known.get(length, ()), allowed, 5)
        if not near:
            return word
        best = min(near, key=lambda other: (near[other], other[0] != word[0], -self.frequencies[other], other))
        rivals = self._groups.get(best, ())
        if any(other in rivals for other, distance in near.items() if other != best and distance <= near[best]):
            return word
        return word if best[0] != word[0] and len(word) < _FIRST_LETTER else best


class InflectingSpeller(Speller):
    """A speller that leaves alone the inflections of the words that it knows, and whatever begins as listed."""

    def __init__(
        self,
        frequencies: Mapping[str, int],
        never_equal: Iterable[Collection[str]],
        everyday: Iterable[str],
        beginnings: Collection[str],
        base: "InflectingSpeller | None" = None,
    ) -> None:
        """`everyday` words are known too, but no word is corrected to one of them. What `base` knows is shared."""
        super().__init__(frequencies, never_equal, base=base)
        self._inflecting = base
        self._everyday = frozenset(everyday)
        stems = {stem(word) for word in (*self.met, *self._everyday)}
        # Of stems beside those of a base there are many such lists: hashes in order take a sixth of a set.
        self._stems: Collection[str] = () if base else stems
        self._stems_beside = array("q", sorted(hash(one) for one in stems if not base._has_stem(one)) if base else ())
        self._beginnings = tuple(sorted(beginnings))

    def __contains__(self, word: str) -> bool:
        known = self._inflecting is not None and word in self._inflecting
        return known or word in self._everyday or super().__contains__(word)

    def correct(self, word: str) -> str:
        """Return the known word that was meant, or the word as it is. No slip makes a word its contrary."""
        found = word if self._inflects(word) else super().correct(word)
        return word if found != word and _contrary(word, found) else found

    def _inflects(self, word: str) -> bool:
        """Whether a word is an inflection of a known one, or begins as listed."""
        return self._has_stem(stem(word)) or self._begins(word)

    def _has_stem(self, stemmed: str) -> bool:
        if self._inflecting is None:
            return stemmed in self._stems
        wanted, place = hash(stemmed), bisect_left(self._stems_beside, hash(stemmed))
        here = place < len(self._stems_beside) and self._stems_beside[place] == wanted
        return here or self._inflecting._has_stem(stemmed)

    def _begins(self, word: str) -> bool:
        known = self._inflecting is not None and self._inflecting._begins(word)
        return known or word.startswith(self._beginnings)


def _grouped(groups: Iterable[Collection[str]], known: Mapping[str, set[str]]) -> Mapping[str, set[str]]:
    """By each word of some groups those that it must not be taken for; `known` are such already."""
    groups = tuple(groups)
    found = dict(known) if groups else known
    for group in groups:
        for word in group:
            found[word] = found.get(word, set()).union(group)  # type: ignore[index]
    return found


_DENYING = re.compile(r"^(?:un|in|im|ir|il|dis|non|mis)")


def _contrary(word: str, meant: str) -> bool:
    """Whether one is the other with "un", "in" or the like before it, but for a slip: "incorrect" and "correct"."""
    short, long = sorted((word, meant), key=len)
    bare = _DENYING.sub("", long, count=1)
    if long in {bare, short}:
        return False
    return bare == short or (not _DENYING.match(short) and slips_apart(bare, short))


def _near(word: str, choices: Collection[str], allowed: int, most: int) -> dict[str, float]:
    """The choices at most so many slips away, and how many; the nearest first."""
    found = process.extract(word, choices, scorer=OSA.distance, score_cutoff=allowed, limit=most)
    return {choice: distance for choice, distance, _ in found}


def _mistyped(word: str, meant: str) -> bool:
    """Whether a word one slip from another is that word mistyped: letters swapped, doubled or left out within a long
    word, and not another ending or, in a short word, another letter."""
    if min(len(word), len(meant)) < SHORTEST_SLIP or word[0] != meant[0] or word[-1] != meant[-1]:
        return False
    return misplaced(word, meant) or len(word) > SHORTEST_SLIP + 1


def _by_length(words: Iterable[str]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for word in words:
        if len(word) >= _SHORTEST and word.isalpha():
            found.setdefault(len(word), []).append(word)
    return found


_LONG_BEGINNING = 6  # letters; from here the beginning of a word may hold one slip

Hit = tuple[int, int, str]
"""The first word of what was found, the one after its last, and the name that it stands for."""


class Placed(Protocol):
    """A word of a text that is divided into clauses."""

    text: str
    stem: str
    clause: int
    known: bool  # spelt as a known word is


class Phrases:
    """Finds every phrase of a book in a text, in one pass. A phrase stands for one or several names.

    A phrase is a sequence of stems. One that ends in "*" is the beginning of a word (only `loosely` looks for those).
    """

    def __init__(self, entries: Iterable[tuple[Sequence[str], str]], light: Container[str] = ()) -> None:
        """Take the phrases, each with the name that it stands for; `light` words may stand between two of a phrase."""
        names: dict[tuple[str, ...], set[str]] = {}
        for words, name in entries:
            if words:
                names.setdefault(tuple(words), set()).add(name)
        self._light = light
        self._names = {words: tuple(sorted(standing_for)) for words, standing_for in names.items()}
        self._starting: dict[str, list[tuple[str, ...]]] = {}
        for words in self._names:
            self._starting.setdefault(words[0], []).append(words)
        self._lengths = {first: sorted(set(map(len, phrases))) for first, phrases in self._starting.items()}
        self._beginnings = [first for first in self._starting if first.endswith("*")]

    @property
    def phrases(self) -> Mapping[tuple[str, ...], tuple[str, ...]]:
        """All phrases, with the names that each stands for."""
        return self._names

    def found(self, stems: Sequence[str]) -> list[Hit]:
        """Return where phrases stand word for word, in order."""
        hits: list[Hit] = []
        if self._starting.keys().isdisjoint(stems):
            return hits
        stems = tuple(stems)
        for i, first in enumerate(stems):
            for length in self._lengths.get(first, ()):
                if i + length <= len(stems):
                    names = self._names.get(stems[i : i + length], ())
                    hits.extend((i, i + length, name) for name in names)
        return hits

    def loosely(self, words: Sequence[Placed]) -> list[Hit]:
        """Return where phrases stand within one clause, light words in between or not, in order and none twice."""
        hits: set[Hit] = set()
        for i, word in enumerate(words):
            begun = [first for first in self._beginnings if _fits(first, word)]
            for first in (word.stem, *begun):
                for phrase in self._starting.get(first, ()):
                    end = self._end(phrase, words, i)
                    if end:
                        hits.update((i, end, name) for name in self._names[phrase])
        return sorted(hits)

    def _end(self, phrase: Sequence[str], words: Sequence[Placed], start: int) -> int:
        """Where the phrase whose first word stands at `start` ends, or 0."""
        place = start + 1
        for form in phrase[1:]:
            while place < len(words) and words[place].text in self._light and not _fits(form, words[place]):
                place += 1
            if place >= len(words) or words[place].clause != words[start].clause or not _fits(form, words[place]):
                return 0
            place += 1
        return place


def _fits(form: str, word: Placed) -> bool:
    """Whether a word has that stem, or that beginning."""
    if not form.endswith("*"):
        return word.stem == form
    beginning, size = form[:-1], len(form) - 1
    if word.text.startswith(beginning):
        return True
    if word.known or size < _LONG_BEGINNING:
        return False
    return any(OSA.distance(word.text[:n], beginning, score_cutoff=1) <= 1 for n in (size - 1, size, size + 1))


_MOST_WORDS = 400  # looked at; of a longer message the two ends, where it says what it wants
_MOST_SEARCHES = 24  # unknown words looked up in one message: a bound on time


@dataclass(frozen=True, slots=True)
class ParsedText:
    """A text as it is compared with others."""

    words: tuple[str, ...]  # its tokens, put right
    stems: tuple[str, ...]  # of each word
    concepts: tuple[str, ...]  # the names of the phrases in it, sorted, none twice


Parse = Callable[[str], ParsedText]
"""What makes a ParsedText of a text."""


class TextPipeline:
    """Parses texts with the words, spelling habits and concepts of one curriculum."""

    def __init__(
        self,
        spellings: Mapping[str, str],
        speller: Speller,
        concepts: Sequence[Phrases] = (),
        spoken: bool = False,
    ) -> None:
        """Take spelling habits (u: you), folded; the known words; and the phrases that are concepts, in some books.

        With `spoken` a text is read as speech written down: "they'll" are two words, "nooo" is "no".
        """
        self.spellings = spellings
        self.speller = speller
        self.concepts = tuple(concepts)
        self._spoken = spoken

    def parse(self, text: str) -> ParsedText:
        """Return what a text says, for comparing: the same for every way of typing it."""
        tokens = self.words(text)
        if not self._spoken:  # a question asks the same without its mark
            tokens = [word for word in tokens if word != "?"]
        if len(tokens) > _MOST_WORDS:
            tokens = tokens[: _MOST_WORDS // 2] + tokens[-_MOST_WORDS // 2 :]
        words = self.speller.correct_all(tokens, _MOST_SEARCHES)
        stems = tuple(map(stem, words))
        shapes = stems if all(map(str.isalpha, stems)) else tuple(map(shape, stems))
        found: set[str] = set()
        for concepts in self.concepts:
            found.update(name for _, _, name in concepts.found(stems))
            if shapes != stems:
                found.update(name for _, _, name in concepts.found(shapes))
        return ParsedText(words, stems, tuple(sorted(found)))

    def words(self, text: str) -> list[str]:
        """Return the tokens of a text as they were typed, slips and all."""
        return plain(written_out(text) if self._spoken else text, self.spellings)

    def differs_from(self, other: "TextPipeline") -> frozenset[str] | None:
        """Return stems of which each text of words that both know has one, if it is parsed otherwise than by another
        pipeline; None where that cannot be told so. Both extend the same one."""
        mine, theirs = self.concepts[-1].phrases.items(), other.concepts[-1].phrases.items()
        phrases = [phrase for phrase, _ in mine ^ theirs]
        if any(phrase[0].startswith("#") for phrase in phrases):  # a number of any kind
            return None
        words = {word for word, _ in self.speller.slips.items() ^ other.speller.slips.items()}
        return frozenset([*(phrase[0] for phrase in phrases), *(stem(other.speller.correct(word)) for word in words)])

    def phrase(self, text: str) -> tuple[str, ...]:
        """Return the stems of a term, as an entry for `Phrases`."""
        return tuple(stem(word) for word in self.words(text))


def entries(phrase: tuple[str, ...], name: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield a term as entries for `Phrases`: a number among words stands for all of its kind."""
    yield phrase, name
    shapes = tuple(map(shape, phrase))
    if shapes != phrase and (len(phrase) > 1 or shapes == ("#nearly1",)):
        yield shapes, name
