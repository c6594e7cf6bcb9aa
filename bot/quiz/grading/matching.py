"""Whether an answer says a thing in one of the ways listed for it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from bot.curriculum.key_points import Alternative, Mood, Pattern, parse_pattern
from bot.quiz.grading import english
from bot.quiz.grading.choosing import Placed, choices, ends
from bot.quiz.grading.finding import Finder, Hit
from bot.quiz.grading.lexicon import Lexicon
from bot.quiz.grading.reading import Reading

_CLAUSES = 2  # borders of clauses between them at most
_PLACES = 5  # where one saying is found, at most
_OPENING = 5  # words that count as the first


@dataclass(frozen=True, slots=True)
class Statement:
    """Where a saying was found, from character `start` to `end`; `opening` when it is but the first word or two."""

    start: int
    end: int
    opening: bool


class Sayings:
    """The ways of saying one thing."""

    def __init__(
        self, texts: Iterable[str], groups: Mapping[str, tuple[str, ...]], lexicon: Lexicon, one_clause: bool = False
    ) -> None:
        """With `one_clause` all parts have to stand in the same clause."""
        self._one_clause = one_clause
        self._sayings = [(saying, _finders(saying, groups, lexicon)) for saying in map(parse_pattern, texts)]
        self._without = {
            id(saying): Finder((p for way in saying.without for p in _phrases(way, groups)), lexicon)
            for saying, _ in self._sayings
            if saying.without
        }

    def statements(self, reading: Reading) -> Iterator[Statement]:
        """Where the answer says it."""
        for saying, finders in self._sayings:
            places = [_placed(ways, reading) for ways in finders]
            if not all(places):
                continue
            avoid = self._without[id(saying)].find(reading) if saying.without else []
            every = choices(saying, places, reading, self._borders(saying))
            held = (c for c in every if _holds(saying, c, reading) and not _beside(c, avoid, reading))
            yield from (_statement(chosen, reading) for chosen in islice(held, _PLACES))

    def _borders(self, saying: Pattern) -> int:
        """How many borders of clauses it may cross; a row of bare answers ("yes, no") crosses them anyway."""
        bare = all(way.mood is Mood.FIRST for item in saying.items for way in item.ways)
        return 0 if self._one_clause and not bare else _CLAUSES


Ways = list[tuple[Finder, Mood]]


def _finders(saying: Pattern, groups: Mapping[str, tuple[str, ...]], lexicon: Lexicon) -> list[Ways]:
    found = []
    for item in saying.items:
        by_mood: dict[Mood, list[str]] = {}
        for way in item.ways:
            by_mood.setdefault(way.mood, []).extend(_phrases(way, groups))
        found.append([(Finder(phrases, lexicon), mood) for mood, phrases in by_mood.items()])
    return found


def _phrases(way: Alternative, groups: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return groups[way.phrase] if way.group else (way.phrase,)


def _placed(ways: Ways, reading: Reading) -> list[Placed]:
    placed = [
        Placed(hit, mood, reading.words[hit.start].denied)
        for finder, mood in ways
        for hit in finder.find(reading)
        if not reading.words[hit.start].unmeant
    ]
    return sorted((p for p in placed if _in_mood(p)), key=lambda p: (p.hit, p.mood.value))


def _in_mood(placed: Placed) -> bool:
    if placed.mood is Mood.DENIED:
        return placed.denied
    return placed.mood is not Mood.FIRST or placed.hit.start < _OPENING


def _holds(saying: Pattern, chosen: tuple[Placed, ...], reading: Reading) -> bool:
    """Whether nothing is denied that has to be said, it is said of the right subject, and not just copied."""
    some_denied = any(p.mood is Mood.DENIED for p in chosen)
    if not some_denied and any(p.denied for p in chosen if p.mood in {Mood.SAID, Mood.FIRST}):
        return False
    words = [word for p in chosen for word in reading.words[p.hit.start : p.hit.end]]
    if saying.subject and not all(saying.subject in word.subjects for word in words):
        return False
    return not all(word.echoed for word in words) and not _passes_over(chosen, reading)


def _passes_over(chosen: tuple[Placed, ...], reading: Reading) -> bool:
    """Whether what should come first leaves out a yes or no before it."""
    first = [p.hit for p in chosen if p.mood is Mood.FIRST]
    before = reading.words[: max((hit.start for hit in first), default=0)]
    bare = {i for i, word in enumerate(before) if word.text in english.PLAIN_YES | english.NO}
    return not bare.issubset(i for hit in first for i in range(hit.start, hit.end))


def _beside(chosen: tuple[Placed, ...], avoid: list[Hit], reading: Reading) -> bool:
    """Whether something stands beside that must not."""
    clauses = {(word.clause, word.subjects) for word in (reading.words[p.hit.start] for p in chosen)}
    inside = {i for p in chosen for i in range(p.hit.start, p.hit.end)}
    own = [hit for hit in avoid if not inside.issuperset(range(hit.start, hit.end))]
    return any((word.clause, word.subjects) in clauses for word in (reading.words[hit.start] for hit in own))


def _statement(chosen: tuple[Placed, ...], reading: Reading) -> Statement:
    start, end = ends(chosen)
    opening = all(p.mood is Mood.FIRST for p in chosen)
    return Statement(reading.words[start].start, reading.words[end - 1].end, opening)
