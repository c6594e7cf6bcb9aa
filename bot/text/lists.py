"""What a list means that a person typed: names of a few known things, parted by commas, semicolons, lines or "and",
with slips of the finger, as numbers, or all of them but some."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from bot.text.normalise import folded, visible

MOST_NEAR = 3  # suggestions
NEAR = 70.0  # of 100: from which likeness on a name is suggested; chosen: "weights" finds its topic, "cooking" none
FEWEST_BEGUN = 2  # letters from which on a name that begins with them is suggested
ONE_SLIP, TWO_SLIPS = 4, 8  # letters from which on a name may have one, and two

_WORD = re.compile(r"[^\W_]+")
_PARTING = re.compile(r"[,;\n/|&+•]|\s[-–]\s")
_RANGE = re.compile(r"\s*(?:[-–]|\.\.+)\s*")
_BULLET = re.compile(r"[.)]\s+")
_AND = {"and", "und", "et", "or", "plus", "then"}
_ALL = {"all", "everything", "every", "any", "anything"}
_BUT = {"but", "except", "without", "not", "no", "minus"}
_BESIDE = _AND | {"also", "with", "the", "of", "on", "about", "topic", "topics", "kind", "kinds", "questions", "please"}
_SIGNS = _ALL | _BUT | _BESIDE


@dataclass(frozen=True, slots=True)
class Entry:
    """One of the known things: its names, and those by which it goes where nothing else has that name."""

    id: str
    names: tuple[str, ...]
    lesser: tuple[tuple[str, ...], ...] = ()  # each gives way to the ones before


@dataclass(frozen=True, slots=True)
class Unknown:
    """A stretch of a list that names nothing, or could name more than one thing."""

    typed: str
    near: tuple[str, ...] = ()  # ids of what may be meant, the likeliest first


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list means."""

    ids: tuple[str, ...] = ()  # each once, in the order typed; none: all there are
    unknown: tuple[Unknown, ...] = ()  # where there is any, there are no ids


@dataclass(frozen=True, slots=True)
class _Word:
    said: str  # folded
    start: int
    end: int
    gap: str  # what stands before it, after the last word

    @property
    def parted(self) -> bool:
        return bool(_PARTING.search(self.gap)) or self.said in _AND | _BUT


@dataclass(slots=True)
class _Reading:
    """What has been read of a list so far."""

    everything: bool = False
    wanted: list[str] = field(default_factory=list)
    left_out: list[str] | None = None  # from an "except" on
    unknown: list[Unknown] = field(default_factory=list)

    def add(self, ids: Sequence[str]) -> None:
        (self.wanted if self.left_out is None else self.left_out).extend(ids)

    def sign(self, word: str) -> None:
        self.everything |= word in _ALL and self.left_out is None
        self.left_out = [] if self.left_out is None and word in _BUT else self.left_out


class Entries:
    """Known things, found by their names, by slips of them, and by their numbers from 1."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._ids = [entry.id for entry in entries]
        self._named: dict[tuple[str, ...], list[str]] = {}
        levels = [[(entry.id, (entry.id, *entry.names)) for entry in entries]]
        deepest = max((len(entry.lesser) for entry in entries), default=0)
        for level in range(deepest):
            levels.append([(entry.id, name) for entry in entries for name in entry.lesser[level : level + 1]])
        for one in levels:
            found: dict[tuple[str, ...], list[str]] = {}
            for id_, names in one:
                for said in dict.fromkeys(tuple(word.said for word in _words(name)) for name in names):
                    found.setdefault(said, []).append(id_)
            self._named = {**found, **self._named}
        self._longest = max(map(len, self._named), default=0)
        self._joined = {" ".join(said): ids for said, ids in self._named.items()}

    def read(self, typed: str) -> Listed:
        """What the list means; all there are, where nothing is typed."""
        words, reading, at = list(_words(typed)), _Reading(), 0
        while at < len(words):
            at += self._take(words[at:], typed, reading)
        if not words and visible(_PARTING.sub(" ", typed)).strip(" .\"'`*-"):
            reading.unknown.append(Unknown(visible(typed)))
        if reading.unknown:
            return Listed(unknown=tuple(reading.unknown))
        if reading.left_out is None and (reading.everything or not reading.wanted):
            return Listed()
        chosen = self._ids if reading.everything or not reading.wanted else dict.fromkeys(reading.wanted)
        ids = tuple(one for one in chosen if one not in (reading.left_out or ()))
        return Listed(ids) if ids and reading.left_out != [] else Listed(unknown=(Unknown(visible(typed)),))

    def _take(self, words: Sequence[_Word], typed: str, reading: _Reading) -> int:
        """Read what stands first, and return how many words that is."""
        ids, taken = self._exact(words)
        bullet = len(words) > 1 and words[0].said.isdecimal() and _BULLET.fullmatch(words[1].gap)
        if taken == 0 and (words[0].said in _SIGNS or (bullet and not words[1].said.isdecimal())):
            reading.sign(words[0].said)
            return 1
        if taken == 0 and (numbers := self._numbers(words)):
            taken = len(numbers)
            first, last = int(numbers[0]), int(numbers[-1])
            if 1 <= first <= last <= len(self._ids):
                reading.add(self._ids[first - 1 : last])
                return taken
        if taken == 0:
            ids, taken = self._slip(words)
        if len(ids) == 1:
            reading.add(ids)
            return taken
        taken = taken or self._stretch(words)
        said = " ".join(word.said for word in words[:taken])
        stretch = visible(typed[words[0].start : words[taken - 1].end])
        reading.unknown.append(Unknown(stretch, tuple(ids) or self._near(said)))
        return taken

    def _exact(self, words: Sequence[_Word]) -> tuple[list[str], int]:
        """What the words begin with, by the longest name that fits, and how many words that has."""
        for taken in range(min(self._longest, len(words)), 0, -1):
            if ids := self._named.get(tuple(word.said for word in words[:taken])):
                return ids, taken
        return [], 0

    def _numbers(self, words: Sequence[_Word]) -> list[str]:
        """A number, or the two of a range, which the words begin with; numbers too long for places are none."""
        if not words[0].said.isdecimal() or len(words[0].said) > 4:
            return []
        second = words[1] if len(words) > 1 else None
        ranged = second is not None and second.said.isdecimal() and len(second.said) <= 4
        return [one.said for one in words[:2]] if ranged and _RANGE.fullmatch(words[1].gap) else [words[0].said]

    def _stretch(self, words: Sequence[_Word]) -> int:
        """How many words belong together: up to the next comma, "and" or name."""
        ends = (at for at in range(1, len(words)) if words[at].parted or self._exact(words[at:])[1])
        return next(ends, len(words))

    def _slip(self, words: Sequence[_Word]) -> tuple[list[str], int]:
        """A name with a slip or two, which the words begin with, as long as only one thing can be meant."""
        for taken in range(self._stretch(words), 0, -1):
            said = " ".join(word.said for word in words[:taken])
            found: dict[int, set[str]] = {}
            for name, ids in self._joined.items():
                shorter = min(len(said), len(name))
                most = (shorter >= ONE_SLIP) + (shorter >= TWO_SLIPS)
                if most and (slips := OSA.distance(said, name, score_cutoff=most)) <= most:
                    found.setdefault(slips, set()).update(ids)
            if found and len(nearest := found[min(found)]) == 1:
                return [*nearest], taken
        return [], 0

    def _near(self, said: str) -> tuple[str, ...]:
        begun = [name for name in self._joined if len(said) >= FEWEST_BEGUN and name.startswith(said)]
        found = process.extract(said, [*self._joined], scorer=fuzz.token_set_ratio, score_cutoff=NEAR, limit=20)
        found.sort(key=lambda one: (-one[1], one[2]))  # of equals the first named
        names = (*begun, *(name for name, _, _ in found))
        return tuple(dict.fromkeys(id_ for name in names for id_ in self._joined[name]))[:MOST_NEAR]


def _words(typed: str) -> Iterator[_Word]:
    end = 0
    for found in _WORD.finditer(typed):
        yield _Word(folded(found[0]), found.start(), found.end(), typed[end : found.start()])
        end = found.end()
