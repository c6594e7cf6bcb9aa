"""Choosing, of all places where the parts of a saying stand, those that stand together."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from bot.curriculum.key_points import Mood, Pattern
from bot.quiz.grading.finding import Hit
from bot.quiz.grading.reading import Reading

_NEAR = 16  # words that the parts of one statement lie apart at most


@dataclass(frozen=True, slots=True)
class Placed:
    """A part of a saying where it stands."""

    hit: Hit
    mood: Mood
    denied: bool


def choices(
    saying: Pattern, places: list[list[Placed]], reading: Reading, borders: int, chosen: tuple[Placed, ...] = ()
) -> Iterator[tuple[Placed, ...]]:
    """Every choice of one place a part that keeps near, in order and within `borders` of clauses."""
    if len(chosen) == len(places):
        yield chosen
        return
    item = saying.items[len(chosen)]
    for placed in _near(places[len(chosen)], chosen):
        if chosen and item.after and placed.hit.start < chosen[-1].hit.end:
            continue
        if item.beside and reading.words[placed.hit.start].clause != reading.words[chosen[-1].hit.start].clause:
            continue
        if _fits((*chosen, placed), reading, borders):
            yield from choices(saying, places, reading, borders, (*chosen, placed))


def _near(places: list[Placed], chosen: tuple[Placed, ...]) -> list[Placed]:
    """Those that lie near enough to what is chosen to be worth a look."""
    if not chosen:
        return places
    first = chosen[0].hit.start
    low = bisect_left(places, first - _NEAR, key=_start)
    return places[low : bisect_right(places, first + _NEAR, key=_start)]


def _start(placed: Placed) -> int:
    return placed.hit.start


def _fits(chosen: tuple[Placed, ...], reading: Reading, borders: int) -> bool:
    """Near each other, and no word used twice."""
    *earlier, last = chosen
    if any(last.hit.start < other.hit.end and other.hit.start < last.hit.end for other in earlier):
        return False
    start, end = ends(chosen)
    words = reading.words
    if end - start > _NEAR or words[end - 1].clause - words[start].clause > borders:
        return False
    return words[end - 1].sentence - words[start].sentence <= 1


def ends(chosen: tuple[Placed, ...]) -> tuple[int, int]:
    """The first word of a choice, and the one after its last."""
    return min(p.hit.start for p in chosen), max(p.hit.end for p in chosen)
